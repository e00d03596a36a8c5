"""The conductor wants runs for what arrives in stages, and works alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipl_ci import CiError, Ledger, conduct, handlers_run
from pipl_ci._conductor import _alone, plan
from pipl_core import Project
from pipl_hooks import Event, EventFile

FILE = EventFile("char_hero-1.0-py3-none-any.whl", "root/submitted/x", f"sha256:{'a' * 64}", 7)
TIME = "2026-11-23T10:00:00+00:00"
EVENT = Event(1, 1, "upload", "root/submitted", "char-hero", "1.0", FILE, "bob", None, TIME)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose server does not run."""
    return Project.create(tmp_path / "show", port=1)


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (EVENT, ("submitted", "qa")),
        (replace(EVENT, index="root/checked", kind="push"), ("checked", "process")),
        (replace(EVENT, index="root/PROJ"), None),
        (replace(EVENT, kind="yank", reason="broken"), None),
        (replace(EVENT, kind="unyank"), None),
        (replace(EVENT, index="bob/dev"), None),
        (replace(EVENT, file=replace(FILE, name="char_hero-1.0.tar.gz")), None),
    ],
)
def test_a_wheel_in_a_stage_with_a_handler_calls_for_a_run(
    project: Project, event: Event, wanted: tuple[str, str] | None
) -> None:
    with Ledger(project) as ledger:
        assert plan(project, ledger, event) is (wanted is not None)
        assert [(run.stage, run.handler) for run in ledger.runs()] == ([wanted] if wanted else [])


def test_a_second_conductor_says_so_and_leaves(project: Project) -> None:
    assert handlers_run(project) is False
    with _alone(project):
        assert handlers_run(project) is True
        with pytest.raises(CiError) as caught:
            conduct(project, once=True)

    assert caught.value.message == "The handlers of show run already."


def test_a_project_that_is_not_set_up_is_one_clear_error(project: Project) -> None:
    with pytest.raises(CiError) as caught:
        conduct(project, once=True)

    assert str(caught.value) == (
        "The project show is not set up, so its handlers have no user.\nSet it up: `pipl proj setup`."
    )
