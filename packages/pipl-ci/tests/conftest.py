"""A project of these tests' own, since its handlers work on whatever arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipl_core import Project, Workspace, set_up
from pipl_hooks import PacklInfo
from pipl_testing import WHEELS_VARIABLE, new_running_project, publish_wheels, wheels_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipl_testing import PacklMaker

TYPES = '''\
"""A type of Task that makes one Product of one text file."""

from pipl_pipe import Asset, Product, Task, command


class NoteProduct(Product):
    type_name = "note"
    text = Asset("file")


class NoteTask(Task):
    type_name = "note"
    draft = Asset("file")
    outputs = {"txt": NoteProduct}

    @command
    def build(self):
        """Write a draft."""
        with self.draft.edit() as path:
            path.write_text("hello")

    def export(self, outputs):
        text = self.draft.path().read_text()
        if text == "never":
            raise RuntimeError("the text is not fit to be exported")
        outputs["txt"].path("text").write_text(text.upper())
'''


@pytest.fixture(scope="session")
def ci_project(
    pipl_home: Path,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    """A project whose server runs without handlers, with pipl's packls and the note types."""
    from pipl_testing import PacklMaker

    del pipl_home
    folder = wheels_folder(pytestconfig.rootpath, tmp_path_factory.mktemp("wheels"))
    if folder is None:
        pytest.skip(f"{WHEELS_VARIABLE} names no folder with the wheels of pipl's packls")
    project = new_running_project(tmp_path_factory.mktemp("ci"))
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, folder)
        make = PacklMaker()
        types = make(
            tmp_path_factory.mktemp("types"),
            "note_types",
            files={"src/note_types/__init__.py": TYPES},
            dependencies=["pipl-pipe>=0.1,<0.2", "pipl-assetstore>=0.1,<0.2"],
            entry_points={
                "pipl_pipe.task_type": {"note": "note_types:NoteTask"},
                "pipl_pipe.product_type": {"note": "note_types:NoteProduct"},
            },
        )
        make.publish(types, project)
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
