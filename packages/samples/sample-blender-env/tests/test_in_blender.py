"""A real Blender opens a Product that went the whole way: published, processed, released."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import OpenImageIO as oiio  # noqa: N813  as its documentation writes it
import pytest

from pipl_ci import follow
from pipl_core import Packl, Workspace, plan_publish, set_up, tasks
from pipl_testing import (
    WHEELS_VARIABLE,
    handled,
    new_running_project,
    publish_wheels,
    wheels_folder,
)
from sample_blender_env import ENVSET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipl_core import Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs_tools,
    pytest.mark.xdist_group("blender"),
    pytest.mark.skipif(shutil.which("blender") is None, reason="Blender is not installed"),
]


@pytest.fixture(scope="module")
def project(
    pipl_home: Path, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """A project with pipl's packls, in which a crate was modelled and released."""
    del pipl_home
    folder = tmp_path_factory.mktemp("blender")
    wheels = wheels_folder(pytestconfig.rootpath, folder / "wheels")
    if wheels is None:
        pytest.skip(f"{WHEELS_VARIABLE} names no folder with the wheels of pipl's packls")
    project = new_running_project(folder)
    try:
        set_up(project, "artist", lambda _: None)
        publish_wheels(project, wheels)
        with handled(project):
            _model(project)
        yield project
    finally:
        project.server.stop()


def _model(project: Project) -> None:
    workspace = Workspace.create(project, "crate", requirements=["sample-model[edit]"])
    made = tasks.make(workspace, "task", "prop_crate_model", "model", {"asset": "crate"})
    run(workspace, "prop_crate_model-build")
    publication = plan_publish(made.packl, workspace).execute()
    follow(project, made.packl.name, made.packl.version, digest=publication.digest)


def run(workspace: Workspace, *command: str) -> str:
    """Run a command in a workspace, and return what it printed."""
    arguments, variables, folder = workspace.launch(command)
    done = subprocess.run(
        arguments, env=variables, cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def viewer(project: Project) -> Workspace:
    """A workspace with the Product, and Blender."""
    requirements = ["prop_crate_model_usd", "sample-blender-env"]
    return Workspace.create(project, "viewer", requirements=requirements)


def test_blender_is_found_with_its_version(viewer: Workspace) -> None:
    tool = viewer.environment.settings.tools["blender"]
    assert tool.program == shutil.which("blender")
    first = run(viewer, "blender", "--version").splitlines()[0]
    assert first == f"Blender {tool.version}"


def test_blender_builds_and_renders_the_product(viewer: Workspace, tmp_path: Path) -> None:
    scene, picture = tmp_path / "crate.blend", tmp_path / "crate.png"
    arguments = ("prop_crate_model_usd", "--save", str(scene), "--render", str(picture))
    printed = run(viewer, "blender-product", *arguments)
    version = viewer.installed()["prop-crate-model-usd"]
    assert f"prop_crate_model_usd {version}: 3 meshes, 264 vertices, 198 faces\n" in printed
    assert re.match(rb"BLENDER|\x28\xb5\x2f\xfd|\x1f\x8b", scene.read_bytes()[:7])
    image = oiio.ImageBuf(str(picture))
    assert (image.spec().width, image.spec().height) == (96, 96)
    assert max(oiio.ImageBufAlgo.computePixelStats(image).stddev[:3]) > 0.05  # no plain card


def test_what_was_saved_can_be_opened_again(viewer: Workspace, tmp_path: Path) -> None:
    scene = tmp_path / "crate.blend"
    run(viewer, "blender-product", "prop_crate_model_usd", "--save", str(scene))
    code = "import bpy; print('objects:', *sorted(o.name for o in bpy.data.objects))"
    printed = run(viewer, "blender", "--background", str(scene), "--python-expr", code)
    assert "objects: Beams Inside Planks\n" in printed


def test_a_product_that_is_not_there_is_one_error(viewer: Workspace) -> None:
    arguments, variables, folder = viewer.launch(
        ["blender-product", "nothing", "--save", "x.blend"]
    )
    done = subprocess.run(
        arguments, env=variables, cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode != 0
    assert "No Product 'nothing' is installed here." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_editor_is_where_people_edit_and_nowhere_else(project: Project) -> None:
    workspace = Workspace(project.workarea / "crate")
    assert ENVSET.name.replace("_", "-") in workspace.installed()
    (packl,) = workspace.packls
    assert isinstance(packl, Packl)
    lock = (packl.data_folder / "pylock.toml").read_text(encoding="utf-8")
    assert "sample-model" in lock
    assert "blender" not in lock
