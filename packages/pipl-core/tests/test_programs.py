"""Programs of the one Task of a workspace, and that there is only one."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from pipl_core import ConflictError
from pipl_core.programs import write_programs
from pipl_core.tasks import make
from pipl_hooks import PacklInfo
from pipl_testing import release_note_types

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]

EDITOR = """
from pipl_pipe import command


@command("open-scene")
def open_it(task, *args):
    \"\"\"Open the scene.\"\"\"
    print("opens", task.name, *args)
"""


@pytest.fixture(scope="module")
def note_types(running_project, pipl_wheels, tmp_path_factory):
    return release_note_types(running_project, tmp_path_factory.mktemp("types"))


def stands(workspace, *names):
    scripts = str(workspace.environment.scripts)
    return [name for name in names if shutil.which(name, path=scripts)]


def test_stand_as_long_as_the_task_has_the_commands(
    workspace, note_types, throw_away_packl, unique, tmp_path
):
    project, editor, name = workspace.project, unique("editor"), unique("sh")
    packl = throw_away_packl(
        tmp_path,
        editor,
        files={f"src/{editor}/__init__.py": EDITOR},
        entry_points={"pipl_pipe.task_command": {"note.open": f"{editor}:open_it"}},
    )
    throw_away_packl.publish(packl, project)
    workspace.install([note_types, editor])
    plain = ("task-info", "task-build", "open-scene", f"{name}-open")
    assert stands(workspace, *plain) == []

    # What stands there already is not ours to replace.
    foreign = workspace.environment.scripts / "task-info"
    foreign.write_text("#!/bin/sh\nexit 9\n")
    foreign.chmod(0o755)
    made = make(workspace, "task", name, "note")
    assert stands(workspace, *plain) == list(plain)
    assert foreign.read_text() == "#!/bin/sh\nexit 9\n"
    for program in ("open-scene", f"{name}-open"):
        argv, variables, cwd = workspace.launch([program, "--frame", "7"])
        done = subprocess.run(
            argv, env=variables, cwd=cwd, check=True, capture_output=True, text=True
        )
        assert done.stdout == f"opens {name} --frame 7\n"
    argv, variables, cwd = workspace.launch(["task-build"])
    assert subprocess.run(argv, env=variables, cwd=cwd, check=False).returncode == 0
    assert (workspace.work / name / "draft" / f"{name}_draft").read_text() == "hello"
    argv, variables, cwd = workspace.launch([f"{name}-build", "--help"])
    done = subprocess.run(argv, env=variables, cwd=cwd, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(f"usage: {name}-build [-h]\n\nWrite a draft.\n")

    # Code that is being edited takes no program away.
    code = made.packl.folder / "src" / name / "__init__.py"
    text = code.read_text()
    code.write_text(text + "\n1 / 0\n")
    workspace.install_edited()
    assert stands(workspace, *plain) == list(plain)
    code.write_text(text)

    workspace.environment.uninstall([editor])
    assert write_programs(workspace.environment) == ["task-build"]
    assert stands(workspace, *plain) == ["task-info", "task-build"]
    shutil.rmtree(made.packl.folder)
    workspace.install_edited()
    assert stands(workspace, *plain) == ["task-info"]
    record = workspace.environment.folder / "pipl-programs.json"
    assert json.loads(record.read_text()) == []


def test_of_a_task_that_is_only_installed_stand_too_and_no_second_one_comes(
    workspace, note_types, throw_away_packl, unique, tmp_path
):
    project = workspace.project
    tasks = [unique("task"), unique("task")]
    for name in tasks:
        packl = throw_away_packl(
            tmp_path,
            name,
            info=PacklInfo("task", "note"),
            files={
                f"src/{name}/__init__.py": f"from {note_types} import NoteTask\n\n"
                "TASK = NoteTask(__name__)\n"
            },
            dependencies=[note_types],
            entry_points={"pipl_pipe.task": {name: f"{name}:TASK"}},
        )
        throw_away_packl.publish(packl, project)
    one, other = tasks
    workspace.install([one])
    assert workspace.tasks == [one]
    assert stands(workspace, "task-build") == ["task-build"]
    workspace.install([one])  # again is no second one
    before = (workspace.installed(), workspace.requirements)
    with pytest.raises(ConflictError) as error:
        workspace.install([note_types, f"{other}>=0.1"])
    assert error.value.message == (
        f"{other} is a task, and the workspace {workspace.name} has one already."
    )
    assert error.value.context == f"It is {one}."
    assert error.value.hint == f"Work on it elsewhere: `pipl work create --task {other}`."
    with pytest.raises(ConflictError, match="has a task already"):
        make(workspace, "task", unique("task"), "note")
    assert (workspace.installed(), workspace.requirements) == before
