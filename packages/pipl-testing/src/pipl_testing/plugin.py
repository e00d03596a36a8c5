"""The fixtures, which pytest finds by themselves."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ._home import WHEELS_VARIABLE, isolated_home
from ._packls import PacklMaker
from ._plugins import PluginRegistrar
from ._projects import (
    ARTIST,
    new_project,
    new_running_project,
    publish_wheels,
    started,
    wheels_folder,
)

if TYPE_CHECKING:
    from pipl_core import Project, Workspace

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def pipl_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use an empty home, without settings, logins or keyring, until the end of all tests."""
    with isolated_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="session")
def running_project(pipl_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Share a project whose server runs, with the artist logged in; change no users or indexes."""
    from pipl_core import set_up

    project = new_running_project(tmp_path_factory.mktemp("running"))
    try:
        set_up(project, ARTIST, lambda _: None)
        yield project
    finally:
        project.server.stop()


@pytest.fixture(scope="session")
def pipl_wheels(
    pytestconfig: pytest.Config,
    running_project: Project,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[str]:
    """Publish pipl's packls to the running project, and return their names."""
    folder = wheels_folder(pytestconfig.rootpath, tmp_path_factory.mktemp("wheels"))
    if folder is None or not any(folder.glob("pipl_pipe-*.whl")):
        pytest.skip(f"{WHEELS_VARIABLE} names no folder with the wheels of pipl's packls")
    return publish_wheels(running_project, folder)


@pytest.fixture
def fresh_project(pipl_home: Path, tmp_path: Path) -> Project:
    """Make a project of the test's own, which is not started."""
    return new_project(tmp_path / "PROJECT")


@pytest.fixture
def start_project() -> Iterator[Callable[[Project], Project]]:
    """Give a function that starts a project's server until the end of the test."""
    with ExitStack() as stack:

        def start(project: Project) -> Project:
            return stack.enter_context(started(project))

        yield start


@pytest.fixture
def workspace(running_project: Project, pipl_wheels: list[str]) -> Iterator[Workspace]:
    """Make a workspace in the running project, for the test alone."""
    from pipl_core import Workspace

    made = Workspace.create(running_project, f"workspace_{next(_numbers)}")
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_workspace(running_project: Project, pipl_wheels: list[str]) -> Workspace:
    """Share a workspace of the running project among tests that only read."""
    from pipl_core import Workspace

    return Workspace.create(running_project, "shared")


@pytest.fixture
def throw_away_packl(pipl_home: Path) -> PacklMaker:
    """Give a function that writes a packl into a workspace or a folder, and can publish it."""
    return PacklMaker()


@pytest.fixture
def plugin_packl(pipl_home: Path) -> Iterator[PluginRegistrar]:
    """Give a function that registers hook implementations on the tool side."""
    registrar = PluginRegistrar()
    yield registrar
    registrar.close()
