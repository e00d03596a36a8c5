"""A project of these tests' own, with a running server and pipl's packls in its index."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipl_cli.__main__ import main
from pipl_core import Project, Workspace, set_up
from pipl_core.building import build_wheel
from pipl_core.credentials import Logins
from pipl_core.project import free_port
from pipl_core.wheelhouse import publish_wheels
from pipl_testing import release_note_types

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = Path(__file__).resolve().parents[2]
PIPELINE = ("pipl-hooks", "pipl-pipe", "pipl-assetstore", "pipl-envset")
FAST_START = ("--argon2-memory-cost", "8192", "--argon2-time-cost", "1")
"""Saves seconds and 500 MB for each server; a real project must not do this."""

ARTIST = "ann"


@dataclass(frozen=True)
class Result:
    """What a command came to; folders and addresses are replaced by names."""

    status: int
    out: str
    err: str


class Pipl:
    """Runs `pipl` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capfd = capfd
        self.names: dict[str, str] = {}

    def __call__(self, *arguments: str, given: str | None = None) -> Result:
        self._capfd.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["pipl", *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(given or ""))
        status = main()
        out, err = self._capfd.readouterr()
        if arguments[:2] != ("ci", "logs"):  # a packl's own mistakes are shown there in full
            assert "Traceback" not in out + err
        return Result(status, self._named(out), self._named(err))

    def _named(self, text: str) -> str:
        for value, name in sorted(self.names.items(), key=lambda item: -len(item[0])):
            text = text.replace(value, name)
        return text


@pytest.fixture(scope="session", autouse=True)
def home(pipl_home: Path) -> Iterator[Path]:
    """An empty home, so that no setting or login of ours counts, and none is left."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("VIRTUAL_ENV", "DEVPI_")):
                patch.delenv(name)
        patch.setenv("NO_COLOR", "1")
        yield pipl_home


@pytest.fixture
def pipl(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Pipl:
    """Runs `pipl` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Pipl(monkeypatch, capfd)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project that is set up, whose server runs without handlers, with pipl's packls."""
    folder = tmp_path_factory.mktemp("show") / "MyProject"
    project = Project.create(folder, port=free_port(0), server_arguments=FAST_START)
    project.server.start_detached(handlers=False)
    try:
        set_up(project, ARTIST, lambda _: None)
        publish_wheels(project, _wheels(tmp_path_factory), "ci")
        yield project
    finally:
        project.server.stop()


@pytest.fixture
def project(running: Project, pipl: Pipl, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The running project, as the current folder, with its artist logged in."""
    monkeypatch.chdir(running.folder)
    pipl.names |= {str(running.folder): "<project>", running.address: "<address>"}
    before = Logins().get(running.address)
    if before is None or before[0] != ARTIST:
        assert pipl("login", ARTIST).status == 0
    return running


@pytest.fixture
def silent(tmp_path: Path, pipl: Pipl, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose server does not run, as the current folder."""
    project = Project.create(tmp_path / "Silent", port=free_port(0))
    monkeypatch.chdir(project.folder)
    pipl.names |= {str(project.folder): "<project>", project.address: "<address>"}
    return project


@pytest.fixture(scope="session")
def lab(running: Project) -> Workspace:
    """A workspace with the pipeline."""
    return Workspace.create(running, "lab")


@pytest.fixture(scope="session")
def note_types(running: Project, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a packl in the project's index that gives the types `note` and an EnvSet."""
    return release_note_types(running, tmp_path_factory.mktemp("types"))


@pytest.fixture(scope="session")
def desk(running: Project, note_types: str) -> Workspace:
    """A workspace with the types note."""
    return Workspace.create(running, "desk", requirements=[note_types])


@pytest.fixture
def at_desk(
    desk: Workspace, project: Project, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """The workspace with the types note, as the current folder; what a test makes there goes."""
    monkeypatch.chdir(desk.folder)
    marker, installed = (desk.folder / "workspace.toml").read_text(), set(desk.installed())
    yield desk
    monkeypatch.chdir(project.folder)
    (desk.folder / "workspace.toml").write_text(marker)
    for part in ("packls", "work"):
        for folder in (desk.folder / part).iterdir():
            shutil.rmtree(folder)
    made = sorted(set(desk.installed()) - installed)
    if made:
        desk.environment.uninstall(made)
    desk.install_edited()


@pytest.fixture
def workspace(
    lab: Workspace, project: Project, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """The workspace, as the current folder; packls made in it are removed afterwards."""
    monkeypatch.chdir(lab.folder)
    yield lab
    monkeypatch.chdir(project.folder)
    made = [folder.name for folder in (lab.folder / "packls").iterdir()]
    for name in made:
        shutil.rmtree(lab.folder / "packls" / name)
    if made:
        lab.environment.uninstall(made)


def _wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    built = os.environ.get("PIPL_WHEELS")
    if built:
        return [
            next(Path(built).glob(f"{name.replace('-', '_')}-*.whl")).absolute()
            for name in PIPELINE
        ]
    target = tmp_path_factory.mktemp("wheels")
    return [build_wheel(PACKAGES / name, target).path for name in PIPELINE]
