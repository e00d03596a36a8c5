"""What an environment is told goes there and back; a clean one is told less."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import FormatError
from pipl_hooks.settings import Settings

TOLD = {"format": 1, "tool": ["pipl"], "project": "/show", "config": {"asset_store": {"root": "/"}}}


@pytest.mark.parametrize("project", [Path("show"), None])
def test_they_go_there_and_back(project):
    settings = Settings(["python", "-m", "pipl_cli"], project, {"asset_store": {"root": "käse"}})
    assert Settings.from_text(settings.to_text()) == settings


def test_a_clean_environment_is_told_neither_project_nor_tool():
    told = json.loads(Settings([], None, {}).to_text())
    assert told == {"format": 1, "tool": [], "project": "", "config": {}}


def test_one_that_works_without_the_project_is_told_so():
    settings = Settings(["pipl"], Path("show"), {"local_assets": {"root": "x"}}, offline=True)
    assert json.loads(settings.to_text())["offline"] is True
    assert Settings.from_text(settings.to_text()) == settings


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ('{"format": 2}', "format should be 1, not 2"),
        ('{"format": 1}', "'tool'"),
        (json.dumps({**TOLD, "tool": "pipl"}), "tool should be a list of texts, not 'pipl'"),
        (json.dumps({**TOLD, "project": 5}), "project should be a text, not 5"),
        (
            json.dumps({**TOLD, "config": {"a": 1}}),
            "config should be a table of tables, not {'a': 1}",
        ),
    ],
)
def test_what_cannot_be_read_is_a_format_error(text, context):
    with pytest.raises(FormatError) as error:
        Settings.from_text(text)
    assert error.value.message == "pipl.json cannot be read."
    assert error.value.context == context


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 5000, "null"])
def test_text_that_is_hard_to_read_is_a_format_error(text):
    with pytest.raises(FormatError):
        Settings.from_text(text)


@given(st.text())
def test_arbitrary_text_is_a_format_error(text):
    with pytest.raises(FormatError):
        Settings.from_text(text)


@given(st.data())
def test_settings_with_one_value_spoiled_are_read_or_a_format_error(spoiled, data):
    document = data.draw(spoiled(TOLD))
    try:
        settings = Settings.from_text(json.dumps(document))
    except FormatError:
        return
    assert Settings.from_text(settings.to_text()).tool == settings.tool
    assert all(isinstance(values, dict) for values in settings.config.values())
