"""How a workspace stands beside what has been released, from the records of a catalogue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipl_core import NotFoundError
from pipl_core.outdated import PacklStatus, standings
from pipl_testing import in_environment

pytestmark = pytest.mark.needs_tools


@pytest.fixture
def stand(bench, catalogue, record):
    """A function that tells how `rig` 1.5 stands beside some versions, as versions and reasons."""

    def ask(*versions, records=(), **arguments):
        in_environment(bench.site, "rig", version="1.5")
        there = [record("rig", version) for version in versions]
        found = standings(bench, catalogue(*there, *records), **arguments)
        (status,) = [each for each in found if each.name == "rig"]
        return status.fits, status.newest, status.held_by

    return ask


class TestVersions:
    def test_are_the_newest_inside_the_range_and_at_all(self, bench, stand):
        bench.requirements += ["rig>=1,<2"]
        held = ("workspace.toml asks for rig<2,>=1",)
        assert stand("1.5", "1.9", "1.10", "2.0", "3.0") == ("1.10", "3.0", held)

    def test_are_inside_the_ranges_of_all_who_ask(self, bench, stand):
        bench.requirements += ["rig>=1", "crowd", "shot"]
        in_environment(bench.site, "crowd", version="1.4", requires=["rig<2"])
        in_environment(bench.site, "shot", requires=["rig!=1.9"])
        assert stand("1.5", "1.8", "1.9", "2.0") == ("1.8", "2.0", ("crowd 1.4 asks for rig<2",))

    def test_are_no_candidates_unless_they_are_asked_for(self, bench, stand):
        assert stand("1.5", "2.1rc1") == ("1.5", "1.5", ())
        assert stand("1.5", "2.1rc1", candidates=True) == ("2.1rc1", "2.1rc1", ())
        bench.requirements += ["rig>=2.1rc1"]
        assert stand("1.5", "2.1rc1") == ("2.1rc1", "2.1rc1", ())
        assert stand("1.5", "2.1rc1", "2.1") == ("2.1", "2.1", ())

    def test_are_candidates_where_there_is_nothing_else(self, stand):
        assert stand("1.5rc1", "1.5rc2") == ("1.5rc2", "1.5rc2", ())

    def test_are_never_withdrawn_ones(self, stand, record):
        withdrawn = record("rig", "2.0", yanked="it explodes")
        assert stand("1.5", "1.6", records=[withdrawn]) == ("1.6", "1.6", ())

    def test_are_released_ones(self, stand, record):
        submitted = record("rig", "2.0", index="root/submitted")
        assert stand("1.5", records=[submitted]) == ("1.5", "1.5", ())

    def test_run_on_the_workspace_s_python(self, bench, stand, record):
        (bench.environment.folder / "pyvenv.cfg").write_text("version_info = 3.9.5.final.0\n")
        new = record("rig", "2.0", requires_python=">=3.11")
        odd = record("rig", "1.7", requires_python="any")
        held = ("Python 3.9.5, since it asks for >=3.11",)
        assert stand("1.5", "1.6", records=[new, odd]) == ("1.7", "2.0", held)

    def test_are_those_of_a_day(self, stand, record):
        records = [
            record("rig", "1.5", uploaded="2026-03-01T10:00:00Z"),
            record("rig", "1.6", uploaded="2026-03-03T10:00:00Z"),
        ]
        assert stand(records=records, at=datetime(2026, 3, 2, tzinfo=UTC)) == ("1.5", "1.5", ())
        assert stand(records=records, at=datetime(2026, 3, 4, tzinfo=UTC)) == ("1.6", "1.6", ())


def test_tells_why_an_installed_version_was_withdrawn(bench, catalogue, record):
    in_environment(bench.site, "rig", version="1.5.0")
    records = [record("rig", "1.4"), record("rig", "1.5", yanked="no neck")]
    (status,) = standings(bench, catalogue(*records))
    assert status == PacklStatus("rig", "1.5.0", None, "1.4", "1.4", (), "no neck")
    assert (status.has_newer, status.is_held_back) == (False, False)


def test_what_is_in_edition_is_never_taken_from_the_index(
    bench, catalogue, record, throw_away_packl
):
    bench.packls += [
        throw_away_packl(bench.folder, "rig", version="1.0"),
        throw_away_packl(bench.folder, "new_rig"),
    ]
    in_environment(bench.site, "rig", version="0.9")
    rig, new = bench.packls
    assert standings(bench, catalogue(record("rig", "2.0"))) == [
        PacklStatus("new-rig", "0.1.0", new.folder, None, None),
        PacklStatus("rig", "1.0", rig.folder, None, "2.0", ("its edition in rig",)),
    ]


def test_leaves_out_what_is_not_the_project_s(bench, catalogue, record):
    in_environment(bench.site, "numpy")
    assert standings(bench, catalogue(record("rig"))) == []


def test_of_one_packl_is_about_what_it_depends_on(bench, catalogue, record):
    bench.requirements += ["crowd", "farm"]
    in_environment(bench.site, "crowd", requires=["rig"])
    in_environment(bench.site, "rig")
    in_environment(bench.site, "farm")
    there = catalogue(record("crowd"), record("rig"), record("farm"))
    assert [each.name for each in standings(bench, there)] == ["crowd", "farm", "rig"]
    assert [each.name for each in standings(bench, there, "Crowd")] == ["rig"]
    with pytest.raises(NotFoundError) as error:
        standings(bench, there, "hero")
    assert error.value.message == "The workspace bench does not have 'hero'."
