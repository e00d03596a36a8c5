"""A project of these tests' own, since its handlers work on whatever arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipl_core import Project, Workspace, set_up
from pipl_hooks import PacklInfo
from pipl_testing import (
    WHEELS_VARIABLE,
    new_running_project,
    publish_wheels,
    release_note_types,
    wheels_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipl_testing import PacklMaker


@pytest.fixture(scope="session")
def ci_project(
    pipl_home: Path,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    """A project whose server runs without handlers, with pipl's packls and the note types."""
    del pipl_home
    folder = wheels_folder(pytestconfig.rootpath, tmp_path_factory.mktemp("wheels"))
    if folder is None:
        pytest.skip(f"{WHEELS_VARIABLE} names no folder with the wheels of pipl's packls")
    project = new_running_project(tmp_path_factory.mktemp("ci"))
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, folder)
        release_note_types(project, tmp_path_factory.mktemp("types"))
        yield project
    finally:
        project.server.stop()


@pytest.fixture(scope="session")
def ci_workspace(ci_project: Project) -> Workspace:
    """A workspace for packls that have no Task."""
    return Workspace.create(ci_project, "code")


@pytest.fixture
def submit(ci_project: Project, throw_away_packl: PacklMaker, tmp_path: Path) -> Submit:
    """A function that submits a packl of the kind code."""
    return Submit(ci_project, throw_away_packl, tmp_path)


class Submit:
    """Writes a packl and uploads it to the first stage, past the checks of publishing."""

    def __init__(self, project: Project, make: PacklMaker, folder: Path) -> None:
        self.project = project
        self.make = make
        self.folder = folder

    def __call__(self, name: str, code: str, **settings: object) -> str:
        """Submit a packl with that code, and return the digest of its wheel."""
        packl = self.make(
            self.folder,
            name,
            info=PacklInfo("code"),
            files={f"src/{name}/__init__.py": code},
            **settings,  # type: ignore[arg-type]
        )
        return self.make.publish(packl, self.project, "root/submitted", "ci").digest
