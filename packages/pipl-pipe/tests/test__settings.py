from __future__ import annotations

import json
from pathlib import Path

import pytest

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
