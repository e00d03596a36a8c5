"""Publications through a real server: tested, promoted, processed and released, or held back."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from pipl_ci import CiError, Ledger, Run, conduct, follow
from pipl_core import Workspace, plan_publish
from pipl_core.tasks import make
from pipl_hooks import Outcome, QaCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipl_core import Packl, Project
    from pipl_testing import PluginRegistrar

pytestmark = [pytest.mark.slow, pytest.mark.needs_tools]

PASSED = "It installs; it imports, its entry points load, its plugins register, it has no editor."


def runs(project: Project, name: str) -> list[Run]:
    """Return a packl's runs, the oldest first."""
    with Ledger(project) as ledger:
        return list(reversed(ledger.runs(name)))


def released(project: Project, name: str) -> list[str]:
    with contextlib.closing(project.client()) as client:
        return [release.version for release in client.releases("root/PROJ", name)]


def test_what_passes_is_released(ci_project: Project, submit) -> None:
    submit("good_code", '"""Fine."""\n')
    assert conduct(ci_project, once=True) == 2

    qa, process = runs(ci_project, "good_code")
    assert (qa.stage, qa.handler, qa.state, qa.summary) == ("submitted", "qa", "passed", PASSED)
    assert (process.stage, process.handler, process.state, process.summary) == (
        *("checked", "process", "passed"),
        "A code packl is released as it is.",
    )
    assert released(ci_project, "good_code") == ["0.1.0"]
    assert not list((ci_project.system / "handlers" / "runs").glob(f"{qa.id}-*"))


def test_doing_it_again_does_nothing(ci_project: Project, submit) -> None:
    submit("again_code", '"""Fine."""\n')
    first = conduct(ci_project, once=True)
    submit("again_code", '"""Fine."""\n')

    assert (first, conduct(ci_project, once=True)) == (2, 0)


def test_what_does_not_import_stays_and_says_why(ci_project: Project, submit) -> None:
    submit("broken_code", "import no_such_module\n")
    conduct(ci_project, once=True)

    (qa,) = runs(ci_project, "broken_code")
    assert (qa.state, qa.summary) == ("failed", "Failed: it imports.")
    assert "No module named 'no_such_module'" in qa.log.read_text()
    assert released(ci_project, "broken_code") == []


def test_an_entry_point_that_does_not_load_is_found(ci_project: Project, submit) -> None:
    submit("pointless", '"""Fine."""\n', entry_points={"studio": {"x": "pointless:missing"}})
    conduct(ci_project, once=True)

    (qa,) = runs(ci_project, "pointless")
    assert (qa.state, qa.summary) == ("failed", "Failed: its entry points load.")


def test_a_misspelt_hook_is_found(ci_project: Project, submit) -> None:
    code = "from pipl_hooks import hookimpl\n@hookimpl\ndef pipl_produckt_name(task, output): ...\n"
    plugin = {"pipl": {"misspelt": "misspelt"}}
    submit("misspelt", code, dependencies=["pipl-hooks"], entry_points=plugin)
    conduct(ci_project, once=True)

    (qa,) = runs(ci_project, "misspelt")
    assert (qa.state, qa.summary) == ("failed", "Failed: its plugins register.")
    assert "unknown hook 'pipl_produckt_name'" in qa.log.read_text()


def test_what_cannot_be_installed_is_explained(ci_project: Project, submit) -> None:
    submit("needy", '"""Fine."""\n', dependencies=["note-types>=7"])
    conduct(ci_project, once=True)

    (qa,) = runs(ci_project, "needy")
    assert qa.state == "failed"
    assert qa.summary == (
        "needy 0.1.0 (which the run asks for) asks for note-types>=7, "
        "but there is only note-types==0.1.0."
    )
    assert qa.summary in qa.log.read_text()


@pytest.fixture
def constrained(ci_project: Project) -> Iterator[None]:
    """Have the project constrain names of these tests alone, for a while."""
    file = ci_project.folder / "pipl.toml"
    before = file.read_text(encoding="utf-8")
    constraints = 'constraints = ["banned_lib<0", "banned_tool<0"]'
    file.write_text(before.replace("[workspace]\n", f"[workspace]\n{constraints}\n"))
    yield
    file.write_text(before, encoding="utf-8")


@pytest.mark.usefixtures("constrained")
def test_what_the_project_does_not_allow_stays_and_says_why(ci_project: Project, submit) -> None:
    submit("banned_tool", '"""Fine: nobody gets it while the project does not allow it."""\n')
    submit("banned_lib", '"""Fine."""\n')
    submit("wants_banned", '"""Fine."""\n', dependencies=["banned_lib"])
    conduct(ci_project, once=True)

    assert released(ci_project, "banned_tool") == ["0.1.0"]
    (qa,) = runs(ci_project, "wants_banned")
    assert qa.state == "failed"
    assert qa.summary == (
        "The project allows no banned_lib (banned_lib<0 in pipl.toml), "
        "but wants-banned 0.1.0 (which the run asks for) asks for it."
    )


def test_a_run_that_failed_can_be_tried_again(ci_project: Project, submit) -> None:
    submit("patient", '"""Fine."""\n', dependencies=["note_later"])
    conduct(ci_project, once=True)
    (failed,) = runs(ci_project, "patient")
    submit("note_later", '"""Now it is there."""\n')
    conduct(ci_project, once=True)
    with Ledger(ci_project) as ledger:
        ledger.retry(failed.id)
    conduct(ci_project, once=True)

    assert [(run.state, run.attempt) for run in runs(ci_project, "patient")] == [
        ("passed", 2),
        ("passed", 1),
    ]


def test_a_packl_s_code_sees_no_secret_and_an_empty_home(
    ci_project: Project,
    submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIPL_PASSWORD", "secret")
    monkeypatch.setenv("STUDIO_TOKEN", "secret")
    code = "import os, pathlib\nassert 'secret' not in os.environ.values(), 'leaked'\n"
    code += "assert not list(pathlib.Path.home().iterdir()), 'a home'\n"
    submit("curious", code)
    conduct(ci_project, once=True)

    assert [run.state for run in runs(ci_project, "curious")] == ["passed", "passed"]


def test_a_studio_adds_a_check_and_is_told_of_each_end(
    ci_project: Project,
    submit,
    plugin_packl: PluginRegistrar,
) -> None:
    told: list[tuple[str, str, bool]] = []

    def checks() -> list[QaCheck]:
        return [QaCheck("it is named well", ("-c", "raise SystemExit('{name}' == 'x')"))]

    def ended(stage: str, name: str, outcome: Outcome) -> None:
        told.append((stage, name, outcome.passed))
        msg = "a webhook is down"
        raise RuntimeError(msg)

    plugin_packl(pipl_qa_checks=checks, pipl_run_ended=ended)
    submit("watched", '"""Fine."""\n')
    conduct(ci_project, once=True)

    assert runs(ci_project, "watched")[0].summary == f"{PASSED[:-1]}, it is named well."
    assert told == [("submitted", "watched", True), ("checked", "watched", True)]


@pytest.fixture
def note(ci_project: Project, request: pytest.FixtureRequest) -> Packl:
    """A Task of the type note in a workspace of its own."""
    name = request.node.name.replace("test_", "")[:40]
    workspace = Workspace.create(ci_project, name, requirements=["note-types"])
    return make(workspace, "task", name, "note", {"shot": "sh010"}).packl


def build(packl: Packl) -> Workspace:
    workspace = Workspace.find(packl.folder)
    arguments, variables, folder = workspace.launch([f"{packl.module}-build"])
    subprocess.run(arguments, env=variables, cwd=folder, check=True)
    return workspace


def test_a_task_makes_its_product(ci_project: Project, note: Packl) -> None:
    workspace = build(note)
    publication = plan_publish(note, workspace).execute()
    assert publication.index == "root/submitted"
    conduct(ci_project, once=True)

    run = follow(ci_project, note.name, note.version, digest=publication.digest)
    product = f"{note.name}_txt"
    assert (run.state, run.products) == ("passed", (f"{product}==0.1.0",))
    assert released(ci_project, note.name) == ["0.1.0"]
    assert released(ci_project, product) == ["0.1.0"]
    folder = ci_project.folder / "assets" / "products"
    assert (folder / product / "0.1.0" / "text" / f"{product}_text").read_text() == "HELLO"

    other = Workspace.create(ci_project, f"{note.name}_user", requirements=[product])
    code = f"import {product} as p; print(p.PRODUCT.text.path().read_text(), p.PRODUCT.entity)"
    done = other.environment.run_python(["-c", code], quiet=True)
    assert done.stdout == "HELLO {'shot': 'sh010'}\n"


def test_an_export_that_fails_releases_nothing(ci_project: Project, note: Packl) -> None:
    workspace = build(note)
    (workspace.work / note.module / "draft" / f"{note.module}_draft").write_text("never")
    plan_publish(note, workspace).execute()
    conduct(ci_project, once=True)

    qa, process = runs(ci_project, note.name)
    assert (qa.state, process.state) == ("passed", "failed")
    assert "the text is not fit to be exported" in process.log.read_text()
    assert released(ci_project, note.name) == []
    assert released(ci_project, f"{note.name}_txt") == []


def test_a_damaged_asset_fails(ci_project: Project, note: Packl) -> None:
    workspace = build(note)
    plan_publish(note, workspace).execute()
    for path in (ci_project.folder / "assets" / "objects").rglob("*"):
        if path.is_file() and path.read_bytes() == b"hello":
            path.chmod(0o644)
            path.write_bytes(b"hullo")
            damaged: Path = path
    try:
        conduct(ci_project, once=True)
        (qa,) = runs(ci_project, note.name)
        assert (qa.state, qa.summary) == ("failed", "Failed: its Assets verify.")
    finally:
        damaged.write_bytes(b"hello")


def test_nobody_follows_where_no_handlers_run(
    ci_project: Project,
    submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipl_ci._follow.GRACE", 0.0)
    submit("unseen", '"""Fine."""\n')

    with pytest.raises(CiError, match="No handlers run for PROJECT, so unseen"):
        follow(ci_project, "unseen", "0.1.0")


def test_a_product_belongs_to_its_task(ci_project, submit, note) -> None:
    submit(f"{note.name}_txt", '"""Somebody else\'s."""\n')
    conduct(ci_project, once=True)
    workspace = build(note)
    plan_publish(note, workspace).execute()
    conduct(ci_project, once=True)

    process = runs(ci_project, note.name)[-1]
    assert process.state == "failed"
    assert process.summary == f"{note.name}_txt is not a Product of {note.name.replace('_', '-')}."
    assert released(ci_project, note.name) == []


def test_editors_stay_out_of_clean_environments(ci_project: Project, submit) -> None:
    submit("drawing_tool", '"""What only people who edit need."""\n')
    conduct(ci_project, once=True)
    code = "from importlib.util import find_spec\nassert find_spec('drawing_tool') is None\n"
    packl = submit.make(submit.folder, "drawn", files={"src/drawn/__init__.py": code})
    with packl.editing("add") as document:
        document["project"]["optional-dependencies"] = {"edit": ["drawing-tool"]}
    submit.make.publish(packl, ci_project, "root/submitted", "ci")
    conduct(ci_project, once=True)

    assert [run.state for run in runs(ci_project, "drawn")] == ["passed", "passed"]
    people = Workspace.create(ci_project, "people_who_draw", requirements=["drawn[edit]"])
    assert {"drawn", "drawing-tool"} <= people.installed().keys()


TOOL = """
from pipl_envset import EnvSet, Set, Tool


class Drawing(EnvSet):
    tool = Tool("no-such-pen", ">=2", search=["/nowhere/pen"])

    def changes(self):
        yield Set("PEN_ROOT", lambda context: str(context.tool.folder))


ENV = Drawing(__name__)
"""


def test_an_env_set_passes_where_its_tool_is_not_installed(ci_project: Project, submit) -> None:
    submit(
        "drawing_env",
        TOOL,
        dependencies=["pipl-envset"],
        entry_points={"pipl_pipe.envset": {"drawing_env": "drawing_env:ENV"}},
    )
    conduct(ci_project, once=True)
    assert [run.state for run in runs(ci_project, "drawing_env")] == ["passed", "passed"]

    code = "import shutil\nassert shutil.which('no-such-pen') is None\n"
    packl = submit.make(submit.folder, "drawing", files={"src/drawing/__init__.py": code})
    with packl.editing("add") as document:
        document["project"]["optional-dependencies"] = {"edit": ["drawing-env"]}
    submit.make.publish(packl, ci_project, "root/submitted", "ci")
    conduct(ci_project, once=True)
    assert [run.state for run in runs(ci_project, "drawing")] == ["passed", "passed"]

    people = Workspace.create(ci_project, "people_with_pens", requirements=["drawing[edit]"])
    assert list(people.environment.settings.missing) == ["no-such-pen"]
    arguments, _, _ = people.launch(["no-such-pen"])
    assert arguments == [str(people.environment.folder / "pipl" / "bin" / "no-such-pen")]
