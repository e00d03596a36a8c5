"""Hooks of commands and handlers, all overridden in the environment in which `pipl` runs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psutil
import pytest

from pipl_core import Project
from pipl_hooks.specs import handlers, tools
from pipl_testing import (
    new_project,
    publish_wheels,
    release_wheel,
    wheels_folder,
    write_wheel,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Bench

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("overrides-on-the-tool-side")]

HOOKS = [name for module in (tools, handlers) for name in vars(module) if name.startswith("pipl_")]


class Studio:
    """A project whose tool side has all examples installed.

    Args:
        bench: The workspace whose Python is that tool side.
        project: The project.
    """

    def __init__(self, bench: Bench, project: Project) -> None:
        self.pipl = bench.pipl
        self.project = project
        self.desk = project.workarea / "desk"

    def board(self) -> list[str]:
        """Return what `pipl_run_ended` has written."""
        return (self.project.folder / "board.txt").read_text(encoding="utf-8").splitlines()

    def publish(self, name: str, *, released: bool = True) -> str:
        """Publish a packl of the desk, and return what `pipl` says of its runs when they ended."""
        folder = self.desk / "packls" / name
        self.pipl("packl", "publish", "--wait", folder=folder, status=0 if released else 1)
        return self.pipl("ci", "history", name, folder=folder)


@pytest.fixture(scope="module")
def studio(
    tool_bench: Bench,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Studio]:
    """Make a project with a stage, a runner and an installer of the examples, and start it."""
    from pipl_core import set_up

    with tool_bench.overriding(HOOKS):
        project = new_project(tmp_path_factory.mktemp("studio") / "PROJECT")
        file = project.folder / "pipl.toml"
        text = file.read_text(encoding="utf-8")
        for before, after in (
            ('runner = "local"', 'runner = "careful"'),
            ('installer = "uv"', 'installer = "noted"'),
            ('handler = "process"', 'handler = "approval"'),
        ):
            assert before in text
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")
        (project.folder / "approved.txt").write_text("thing==0.1.0\n", encoding="utf-8")
        project = Project(project.folder)
        tool_bench.pipl("proj", "start", "--detach", folder=project.folder)
        try:
            set_up(project, "artist", lambda _: None)
            wheels = wheels_folder(pytestconfig.rootpath, tmp_path_factory.mktemp("wheels"))
            assert wheels is not None
            publish_wheels(project, wheels)
            tool_bench.pipl("work", "create", "desk", folder=project.folder)
            made = Studio(tool_bench, project)
            for name in ("thing", "other", "robot_thing"):
                summary = ["--summary", "A thing"]
                made.pipl("packl", "create", name, "--shadow", *summary, folder=made.desk)
            yield made
        finally:
            tool_bench.pipl("proj", "stop", folder=project.folder)


def test_none_is_left_out() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_pipl_")}

    assert tested == set(HOOKS)


def test_pipl_commands(studio: Studio) -> None:
    assert studio.pipl("studio", "hello") == "The studio says hello.\n"


def test_pipl_installer(studio: Studio) -> None:
    noted = (studio.desk / "installed.txt").read_text(encoding="utf-8").splitlines()

    assert noted[0] == "pipl-pipe pipl-assetstore pipl-envset"


def test_pipl_catalogue(studio: Studio, tmp_path: Path) -> None:
    for name in ("secret_sequel", "known_prequel"):
        release_wheel(studio.project, write_wheel(tmp_path, name, requires=["pipl-pipe"]))

    users = studio.pipl("packl", "users", "pipl-pipe", folder=studio.desk)
    assert "known-prequel 1.0.0\n" in users
    assert "secret" not in users


def test_pipl_workspace_created(studio: Studio) -> None:
    text = (studio.desk / "README.txt").read_text(encoding="utf-8")

    assert text == "Type `pipl work shell` to work in desk.\n"


def test_pipl_packl_files(studio: Studio) -> None:
    text = (studio.desk / "packls" / "thing" / "LICENSE").read_text(encoding="utf-8")

    assert text == "All rights reserved.\n"


def test_pipl_publish_checks(studio: Studio) -> None:
    studio.pipl("packl", "create", "no_summary", folder=studio.desk)
    folder = studio.desk / "packls" / "no_summary"

    assert studio.pipl("packl", "publish", folder=folder, status=1) == (
        "Publishing no_summary 0.1.0\n"
        "error: no_summary 0.1.0 cannot be published.\n"
        "  Nobody said what it is for.\n"
        "hint: Write a description in pyproject.toml.\n"
    )


def test_pipl_handler(studio: Studio) -> None:
    assert "Approved." in studio.publish("thing")
    assert "Nobody has approved it yet." in studio.publish("other", released=False)


def test_pipl_run_ended(studio: Studio) -> None:
    studio.publish("thing")

    assert studio.board()[:2] == ["thing 0.1.0 passed submitted", "thing 0.1.0 passed checked"]


def test_pipl_qa_checks(studio: Studio) -> None:
    assert "it has a summary" in studio.publish("thing")


def test_pipl_runner(studio: Studio) -> None:
    from pipl_core.plugins import plugins

    studio.publish("thing")

    # This process has no such plugin; the handlers that performed the runs found theirs.
    assert plugins().hook.pipl_runner(name="careful", perform=print) is None
    assert "thing 0.1.0 passed checked" in studio.board()


def test_pipl_event_source(studio: Studio) -> None:
    folder = studio.desk / "packls" / "robot_thing"
    studio.pipl("packl", "publish", folder=folder)
    studio.publish("thing")

    with contextlib.closing(studio.project.client()) as client:
        assert "robot-thing" in client.packls("root/submitted")
    assert not [line for line in studio.board() if line.startswith("robot")]


def test_pipl_companions(studio: Studio) -> None:
    record = studio.project.server.record()
    assert record is not None
    children = psutil.Process(record.supervisor).children()

    assert ["http.server", "0"] in [child.cmdline()[2:4] for child in children]
