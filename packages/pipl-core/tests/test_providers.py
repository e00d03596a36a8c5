"""Which released packls would give what an environment lacks."""

from __future__ import annotations

import pytest

from pipl_core import Project
from pipl_core.project import free_port
from pipl_core.providers import Provider, providers

TRACKER = {"pipl_pipe.services": ["tracker", "other"]}


@pytest.fixture
def project(pipl_home, tmp_path):
    """A project, whose server does not run."""
    return Project.create(tmp_path / "show", port=free_port(0))


@pytest.fixture
def released(plugin_packl, catalogue):
    """A function that makes some records all that the project's catalogue knows."""

    def released(*records):
        found = catalogue(*records)
        closed = []
        found.close = lambda: closed.append(True)
        plugin_packl("records", pipl_catalogue=lambda project, address: found)
        return closed

    return released


def test_packls_are_found_by_what_their_newest_release_declares(project, released, record):
    closed = released(
        record("b_tracker", "1.9", entry_points=TRACKER),
        record("b_tracker", "1.10", entry_points=TRACKER),
        record("a_tracker", "3", entry_points=TRACKER),
        record("types", "1", entry_points={"pipl_pipe.task_type": ["tracker"]}),
        record("nothing", "1"),
    )
    assert providers(project, "pipl_pipe.services", "tracker") == [
        Provider("a-tracker", "3"),
        Provider("b-tracker", "1.10"),
    ]
    assert providers(project, "pipl_pipe.task_type", "tracker") == [Provider("types", "1")]
    assert providers(project, "pipl_pipe.services", "weather") == []
    assert closed == [True] * 3


def test_what_an_installer_would_not_take_does_not_count(project, released, record):
    released(
        record("dropped", "1", entry_points=TRACKER),
        record("dropped", "2"),
        record("withdrawn", "1", entry_points=TRACKER, yanked="broken"),
        record("candidate", "1"),
        record("candidate", "2rc1", entry_points=TRACKER),
        record("tested", "1", entry_points=TRACKER, index="root/checked"),
    )
    assert providers(project, "pipl_pipe.services", "tracker") == []
