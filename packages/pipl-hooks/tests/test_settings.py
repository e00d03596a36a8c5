"""What an environment is told goes there and back; a clean one is told less."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipl_hooks.settings import Settings


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


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="format 2 is not known here"):
        Settings.from_text('{"format": 2}')
