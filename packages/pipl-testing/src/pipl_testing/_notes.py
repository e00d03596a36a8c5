"""Types for tests of tasks: small enough to be processed in no time, and with real bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ._packls import PacklMaker

if TYPE_CHECKING:
    from pipl_core import Project

NOTE_TYPES = "note_types"

_CODE = '''\
"""A type of Task that makes one Product of one text file, and an EnvSet."""

from pipl_envset import Alias, EnvSet, Prepend, Set
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


class Pens(EnvSet):
    def changes(self):
        return [Set("PEN_ROOT", "/pens"), Prepend("PEN_PATH", "/pens/lib"), Alias("pen", "pen2")]


ENV = Pens(__name__)
'''


def release_note_types(project: Project, folder: Path) -> str:
    """Release a packl with the Task and Product type `note`, and return its name.

    A task of the type has a command `build`, which writes `hello` into its Asset `draft`; its
    Product `<task>_txt` has the same in capitals, and a draft that says `never` fails.

    Args:
        project: A project whose server runs and is set up, with pipl's packls.
        folder: Folder to write the packl into.
    """
    make = PacklMaker()
    types = make(
        folder,
        NOTE_TYPES,
        files={f"src/{NOTE_TYPES}/__init__.py": _CODE},
        dependencies=["pipl-pipe", "pipl-assetstore", "pipl-envset"],
        entry_points={
            "pipl_pipe.task_type": {"note": f"{NOTE_TYPES}:NoteTask"},
            "pipl_pipe.product_type": {"note": f"{NOTE_TYPES}:NoteProduct"},
            "pipl_pipe.envset": {NOTE_TYPES: f"{NOTE_TYPES}:ENV"},
        },
    )
    make.publish(types, project)
    return NOTE_TYPES
