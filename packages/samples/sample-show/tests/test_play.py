"""The whole road: from an edit to a contact sheet of released Products, through a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import OpenImageIO as oiio  # noqa: N813  as its documentation writes it
import pytest

from pipl_ci import Ledger
from pipl_core import Workspace, set_up
from pipl_core.show import released_products
from pipl_testing import (
    WHEELS_VARIABLE,
    handled,
    new_running_project,
    publish_wheels,
    wheels_folder,
)
from sample_show.play import play

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipl_core import Project

pytestmark = [pytest.mark.slow, pytest.mark.needs_tools]

MODELS = ["char_hero_model_usd", "prop_crate_model_usd", "set_ground_model_usd"]
SHOTS = ["sq010_sh010", "sq010_sh020", "sq020_sh010"]
STEPS = ["layout_usd", "anim_usd", "render_exr", "comp_png"]


@pytest.fixture
def project(pipl_home: Path, pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Project]:
    """A project with pipl's packls, whose handlers work in a thread."""
    del pipl_home
    folder = wheels_folder(pytestconfig.rootpath, tmp_path / "wheels")
    if folder is None:
        pytest.skip(f"{WHEELS_VARIABLE} names no folder with the wheels of pipl's packls")
    project = new_running_project(tmp_path)
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, folder)
        with handled(project):
            yield project
    finally:
        project.server.stop()


def test_the_show_plays_to_its_contact_sheet(project: Project, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    made = play(project, sheet)

    shots = [f"{shot}_{step}" for shot in SHOTS for step in STEPS]
    assert sorted(made) == sorted([*MODELS, *shots])
    released = released_products(project)
    assert {released[name.replace("_", "-")] for name in made} == {"1.0.0"}
    with Ledger(project) as ledger:
        assert {run.state for run in ledger.runs(limit=100)} == {"passed"}
        assert len(ledger.runs(limit=100)) == 2 * len(made)

    image = oiio.ImageBuf(str(sheet))
    assert (image.spec().width, image.spec().nchannels) == (1420, 3)
    statistics = oiio.ImageBufAlgo.computePixelStats(image)
    assert min(statistics.stddev[:3]) > 0.1  # pictures, not a plain card

    # The sheet was made from released Products alone.
    assert Workspace(project.workarea / "review").packls == []

    assert play(project, sheet) == []
