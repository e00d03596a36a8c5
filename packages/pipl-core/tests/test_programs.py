"""Programs of the one Task of a workspace, and that there is only one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

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


@pytest.mark.skipif(os.name == "nt", reason="Windows has launchers, and no such names")
@pytest.mark.parametrize(
    "name", ["it's", "my film", 'Jane\'s "big" film $1', "it's " + 30 * "long "]
)
def test_run_in_folders_of_any_name(tmp_path, name):
    folder = tmp_path / name / ".venv"
    places = [folder / "bin", folder / "lib/site-packages/sh-1.dist-info", tmp_path / "pipl_pipe"]
    for place in places:
        place.mkdir(parents=True)
    (places[0] / "python").symlink_to(sys.executable)
    (places[1] / "METADATA").write_text("Name: sh\n")
    (places[1] / "entry_points.txt").write_text("[pipl_pipe.task]\nsh = sh:TASK\n")
    says = "import sys\n\n\ndef main():\n    print(sys.argv)\n"
    (places[2] / "_programs.py").write_text(says)
    environment = SimpleNamespace(
        folder=folder,
        scripts=places[0],
        python=places[0] / "python",
        site_packages=[places[1].parent],
        ask=lambda verb: {"task-build": "build"},
    )
    assert write_programs(environment) == ["task-build"]
    program = str(folder / "bin/task-build")
    done = subprocess.run(
        [program, "a b"],
        env={"PYTHONPATH": str(tmp_path), "PATH": os.defpath},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"{[program, 'a b']}\n"


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
