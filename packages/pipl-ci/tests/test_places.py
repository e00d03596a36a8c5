"""Where Assets are: as the naming packl of whoever published them said, whatever readers have."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from pipl_ci import conduct, follow
from pipl_core import CoreError, Workspace, plan_publish
from pipl_core.tasks import make

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_core import Packl, Project
    from pipl_testing import PacklMaker

pytestmark = [pytest.mark.slow, pytest.mark.needs_tools]

NAMES = """
from pipl_hooks import hookimpl


@hookimpl(tryfirst=True)
def pipl_asset_base_name(packl: str, asset: str, suffix: str) -> str:
    return f"{asset}{suffix}"


@hookimpl(tryfirst=True)
def pipl_asset_location(packl: str, revision: str, asset: str) -> str:
    return f"PLACE"
"""


def naming(make_packl: PacklMaker, project: Project, folder: Path, name: str, place: str) -> str:
    """Release a packl that puts Assets at a place, an f-string, and return its name."""
    packl = make_packl(
        folder,
        name,
        files={f"src/{name}/__init__.py": NAMES.replace("PLACE", place)},
        dependencies=["pipl-hooks"],
        entry_points={"pipl": {name: name}},
    )
    make_packl.publish(packl, project)
    return name


def task(project: Project, name: str, *packls: str) -> Packl:
    """Make a Task that was built, in a workspace of its own that holds some packls."""
    workspace = Workspace.create(project, name, requirements=["note-types", *packls])
    packl = make(workspace, "task", name, "note").packl
    arguments, variables, folder = workspace.launch([f"{name}-build"])
    subprocess.run(arguments, env=variables, cwd=folder, check=True)
    return packl


def release(project: Project, packl: Packl) -> tuple[str, ...]:
    """Publish a Task, have the handlers process it, and return the Products that it made."""
    publication = plan_publish(packl, Workspace.find(packl.folder)).execute()
    conduct(project, once=True)
    run = follow(project, packl.name, packl.version, digest=publication.digest)
    assert run.state == "passed", run.log.read_text()
    return run.products


def read(workspace: Workspace, product: str) -> list[str]:
    """Return where a Product's Asset is, in two ways, and what can be read there."""
    code = (
        f"from {product} import PRODUCT\n"
        "text = PRODUCT.text\n"
        "print(text.location, text.path(), text.path().read_text(), sep='\\n')\n"
    )
    done = workspace.environment.run_python(["-c", code], quiet=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_product_is_where_it_was_published_whoever_reads_it(
    ci_project: Project, throw_away_packl: PacklMaker, tmp_path: Path
) -> None:
    packl = task(ci_project, "sq010_place_note", "sample-naming")
    product = "sq010_place_note_txt"
    assert release(ci_project, packl) == (f"{product}==0.1.0",)
    location = f"sq010/{product}/v0.1.0/text/{product}.text"
    expected = [location, str(ci_project.folder / "assets" / "products" / location), "HELLO"]

    reader = Workspace.create(ci_project, "place_reader", requirements=[f"{product}==0.1.0"])
    assert "sample-naming" not in reader.installed()
    assert read(reader, product) == expected
    place = "elsewhere/{packl}/{revision}/{asset}"
    others = naming(throw_away_packl, ci_project, tmp_path, "other_names", place)
    reader.install([others])
    assert read(reader, product) == expected

    # Published anew under other names: the new revision has a new place, the old one keeps its own.
    writer = Workspace.find(packl.folder)
    writer.install([others])
    plan_publish(packl, writer).execute()  # as it was released, so nothing changes
    draft = packl.references["draft"]
    assert draft.location == "sq010/sq010_place_note/v0.1.0/draft"
    (writer.work / packl.module / "draft" / draft.base_name).unlink()
    packl.bump("minor", "other names")
    assert release(ci_project, packl) == (f"{product}==0.2.0",)
    again = packl.references["draft"]
    assert (again.digest, again.location) == (
        draft.digest,
        "elsewhere/sq010_place_note/0.2.0/draft",
    )
    assert read(reader, product) == expected
    reader.install([f"{product}==0.2.0"])
    assert read(reader, product)[::2] == [f"elsewhere/{product}/0.2.0/text/text", "HELLO"]


def test_nobody_publishes_to_the_place_of_another(
    ci_project: Project, throw_away_packl: PacklMaker, tmp_path: Path
) -> None:
    flat = naming(throw_away_packl, ci_project, tmp_path, "flat_names", "flat/{revision}/{asset}")
    first = task(ci_project, "place_one_note", flat)
    assert release(ci_project, first) == ("place_one_note_txt==0.1.0",)
    second = task(ci_project, "place_two_note", flat)
    with pytest.raises(CoreError) as error:
        plan_publish(second, Workspace.find(second.folder)).execute()
    assert error.value.message == (
        "The asset store has no place for the Asset 'draft' of place-two-note 0.1.0: "
        "flat/0.1.0/draft/draft is taken."
    )
    assert error.value.context == "It belongs to the Asset 'draft' of place-one-note 0.1.0."
    assert second.references == {}
