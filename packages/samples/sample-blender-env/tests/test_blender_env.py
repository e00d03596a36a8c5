"""The EnvSet itself, and what Blender is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipl_envset import installed_envsets, resolve
from pipl_pipe import PipelineError
from sample_blender_env import BLENDER, ENVSET, opening

posix = pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind")


@pytest.fixture
def blender(tmp_path, monkeypatch):
    """A function that gives the machine a Blender of some version, and no other."""

    def blender(version):
        path = tmp_path / "blender"
        path.write_text(f"#!/bin/sh\necho 'Blender {version}'; echo '\tbuild date: 2023.1.2'\n")
        path.chmod(0o755)
        monkeypatch.setenv("BLENDER", str(path))
        monkeypatch.setenv("PATH", "/nowhere")
        return path

    return blender


def test_it_is_installed():
    assert "sample_blender_env" in [each.name for each in installed_envsets()]


@posix
def test_blender_alone_gets_the_packages_of_the_environment(blender):
    program = blender("3.4.1")
    made = resolve([ENVSET])
    assert made.variables == {}
    tool = made.tools["blender"]
    assert (tool.program, tool.version) == (str(program), "3.4.1")
    assert tool.commands == {"blender": [str(program), "--python-use-system-env"]}
    packages = tool.variables["PYTHONPATH"].applied_to(None).split(os.pathsep)
    assert [folder for folder in packages if (Path(folder) / "pxr").is_dir()]
    assert tool.variables["PYTHONNOUSERSITE"].applied_to(None) == "1"


@posix
@pytest.mark.parametrize("version", ["2.93", "6.0.1"])
def test_an_unfit_blender_is_as_good_as_none(blender, version):
    program = blender(version)
    tool = resolve([ENVSET]).tools["blender"]
    assert tool.missing
    assert tool.optional
    assert tool.commands == {"blender": []}
    assert f"{program}: its version is {version}" in tool.problem


def test_every_platform_has_places():
    assert set(BLENDER.search) == {"linux", "macos", "windows"}


def test_the_command_line_of_the_background(monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "_blender", lambda: "blender")
    monkeypatch.chdir(tmp_path)
    options = [
        "--factory-startup",
        "--python-exit-code",
        "1",
        "--python",
        str(opening.SCRIPT),
        "--",
    ]
    assert opening.command_line("vase_usd", "model") == [
        *("blender", *options),
        *("vase_usd", "--asset", "model"),
    ]
    picture = Path("vase.png")
    assert opening.command_line("vase_usd", None, None, picture) == [
        *("blender", "--background", *options),
        *("vase_usd", "--render", str(tmp_path / "vase.png")),
    ]


def test_without_the_command_there_is_an_error(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "argv", ["blender-product", "vase_usd"])
    monkeypatch.setattr(opening, "environment_folder", lambda: Path("/nowhere"))
    assert opening.main() == 1
    assert capsys.readouterr().err == (
        "There is no command blender in this environment.\n"
        "`pipl work sync` writes the commands of EnvSets.\n"
    )
    with pytest.raises(PipelineError):
        opening.command_line("vase_usd")
