from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import packaging
import pluggy
import pytest

import pipl_hooks
import pipl_pipe
from pipl_pipe import PipelineError, Settings, settings


def test_are_what_the_tool_side_wrote(environment):
    environment.set_up({"asset_store": {"root": "/x"}}, tool=["python", "-m", "pipl_cli"])
    assert settings() == Settings(
        ["python", "-m", "pipl_cli"], environment.folder, {"asset_store": {"root": "/x"}}
    )


def test_are_read_as_they_were_written():
    some = Settings(["pipl"], Path("show"), {"a": {"b": [1, "käse"]}})
    assert Settings.from_text(some.to_text()) == some


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ('{"format": 2}', "format should be 1, not 2"),
        ('{"format": 1}', "'tool'"),
        ("[]", "list indices must be integers or slices, not str"),
    ],
)
def test_that_cannot_be_read_are_an_error(environment, text, context):
    path = environment.prefix / "pipl.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as error:
        settings()
    assert error.value.message == "This is not the environment of a workspace."
    assert error.value.context == f"{path}: {context}"
    assert error.value.hint == "Make a workspace with `pipl work create NAME`."


def test_are_missing_where_pipl_did_not_make_the_environment(environment):
    (environment.prefix / "pipl.json").unlink()
    with pytest.raises(PipelineError, match=r"\AThis is not the environment of a workspace\."):
        settings()


def test_have_a_format(environment):
    assert json.loads(Settings([], Path(), {}).to_text())["format"] == 1


def test_of_a_tool_with_its_own_python_are_those_of_the_packls_it_imports(environment, tmp_path):
    folder = tmp_path / "venv"
    site = folder / "lib" / "python3.x" / "site-packages"
    for module in (pipl_pipe, pipl_hooks):
        source = Path(module.__file__).parent
        shutil.copytree(source, site / source.name)
    (folder / "pipl.json").write_text(Settings([], Path("/show"), {}).to_text(), encoding="utf-8")
    libraries = [Path(module.__file__).parent.parent for module in (pluggy, packaging)]
    code = (
        "from pipl_pipe import environment_folder, settings\n"
        "print(environment_folder(), settings().project)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [site, *libraries]))},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == f"{folder} {Path('/show')}\n"
