"""Who depends on a packl, from the records of a catalogue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipl_core import NotFoundError, ServerError
from pipl_core.dependants import Dependant, User, dependants


def _tree(nodes):
    """Shorten a tree to what a line of it shows."""
    return {
        " ".join(
            [node.name, node.version, node.requirement, *([node.extra] if node.extra else [])]
        ).strip()
        + ("" if node.takes_newest else " !")
        + (" *" if node.repeated else ""): _tree(node.children)
        for node in nodes
    }


@pytest.fixture
def users(catalogue):
    """A function that returns who uses `rig`, as a tree, in a catalogue of some records."""

    def ask(*records, **arguments):
        return _tree(dependants(catalogue(*records), "rig", **arguments).tree)

    return ask


class TestTree:
    def test_has_who_asks_and_who_asks_for_them(self, users, record):
        assert users(
            record("rig"),
            record("crowd", "1.4", "rig>=1"),
            record("shot", "1.2", "crowd<2", "rig"),
            record("other", "1.0", "bone"),
        ) == {
            "crowd 1.4 >=1": {"shot 1.2 <2": {}},
            "shot 1.2": {},
        }

    def test_tells_who_would_not_take_the_newest(self, users, record):
        assert users(
            record("rig", "1.0"),
            record("rig", "2.0"),
            record("crowd", "1.0", "rig<2"),
            record("shot", "1.0", "crowd"),
            record("stage", "1.0", "rig>=2,<3"),
        ) == {
            "crowd 1.0 <2 !": {"shot 1.0 !": {}},
            "stage 1.0 <3,>=2": {},
        }

    def test_shows_the_newest_release_and_what_is_newer_on_its_way(self, users, record):
        records = (
            record("rig"),
            record("crowd", "1.0", "rig"),
            record("crowd", "1.1", "rig>=1"),
            record("crowd", "1.2", "rig>1", index="root/checked"),
            record("crowd", "1.2", "rig>1", index="root/submitted"),
            record("shot", "3.0", "rig", index="root/submitted"),
            record("shot", "2.0", "rig", index="root/submitted"),
        )
        assert users(*records) == {"crowd 1.2 >1 !": {}, "crowd 1.1 >=1": {}, "shot 3.0": {}}
        assert list(users(*records, all_versions=True)) == [
            "crowd 1.2 >1 !",
            "crowd 1.1 >=1",
            "crowd 1.0",
            "shot 3.0",
            "shot 2.0",
        ]

    def test_follows_what_an_installer_would_pick(self, users, record):
        # The newest crowd does without the rig; whoever asks for an old one still gets it.
        assert users(
            record("rig"),
            record("crowd", "1.0", "rig"),
            record("crowd", "2.0"),
            record("old", "1.0", "crowd<2"),
            record("new", "1.0", "crowd"),
        ) == {"crowd 1.0": {"old 1.0 <2": {}}}

    def test_follows_an_extra_to_those_who_ask_for_it(self, users, record):
        assert users(
            record("rig"),
            record("crowd", "1.0", 'rig>=1 ; extra == "Edit"'),
            record("with_it", "1.0", "crowd[edit]"),
            record("without", "1.0", "crowd"),
        ) == {"crowd 1.0 >=1 edit": {"with-it 1.0": {}}}

    def test_repeats_nothing_and_ends_in_circles(self, users, record):
        assert users(
            record("rig", "1.0", "a"),
            record("a", "1.0", "rig", "b"),
            record("b", "1.0", "a", "rig"),
            record("c", "1.0", "a"),
        ) == {
            "a 1.0": {"b 1.0": {"a 1.0 *": {}}, "c 1.0": {}},
            "b 1.0 *": {},
        }

    def test_tells_of_conditions_and_withdrawn_versions(self, catalogue, record):
        found = dependants(
            catalogue(
                record("rig", "1.0"),
                record("a", "1.0", 'rig ; sys_platform == "win32" and extra == "edit"'),
                record("b", "1.0", "rig", yanked="it explodes"),
            ),
            "rig",
            all_versions=True,
        )
        assert found.tree == (
            Dependant("a", "1.0", "root/PROJ", "", "edit", 'sys_platform == "win32"', True, None),
            Dependant("b", "1.0", "root/PROJ", "", None, "", True, "it explodes"),
        )


def test_lists_everybody_once(catalogue, record):
    found = dependants(
        catalogue(
            record("Rig", "1.0"),
            record("rig", "2.0"),
            record("crowd", "1.0", "rig<2", 'rig ; extra == "edit"', kind="product", type="geo"),
            record("shot", "1.0", "crowd", "rig"),
            record("cut", "1.0", "shot"),
        ),
        "RIG",
    )
    assert (found.name, found.newest) == ("rig", "2.0")
    texts = ("rig<2", 'rig ; extra == "edit"')
    assert found.users == (
        User("crowd", "1.0", "root/PROJ", "product", "geo", texts, (), False, None),
        User("shot", "1.0", "root/PROJ", "code", None, ("rig",), (), False, None),
        User("cut", "1.0", "root/PROJ", "code", None, (), ("shot 1.0",), False, None),
    )


def test_of_a_packl_that_nobody_uses_are_none(catalogue, record):
    found = dependants(catalogue(record("rig")), "rig")
    assert (found.newest, found.tree, found.users) == ("1.0", (), ())


def test_of_a_packl_from_elsewhere_are_those_who_ask(catalogue, record):
    found = dependants(catalogue(record("crowd", "1.0", "numpy<2")), "numpy")
    assert found.newest is None
    assert [(user.name, user.takes_newest) for user in found.users] == [("crowd", True)]


def test_of_an_unknown_name_is_an_error(catalogue, record):
    with pytest.raises(NotFoundError) as error:
        dependants(catalogue(record("char_hero_rig")), "char_hero_rg")
    assert error.value.message == "The project has no packl 'char_hero_rg'."
    assert error.value.hint == "Did you mean char-hero-rig?"


def test_names_what_cannot_be_read(catalogue, record):
    broken = record("broken", "1.0", problem="no zip")
    assert dependants(catalogue(record("rig"), broken), "rig").unread == (broken,)


def test_skips_requirements_that_nobody_can_read(users, record):
    assert users(record("rig"), record("a", "1.0", "rig >< 1", "rig==*", "rig>=0")) == {
        "a 1.0 >=0": {}
    }


class TestAsOfADay:
    RECORDS = (
        ("rig", "1.0", (), "2026-03-01T10:00:00Z"),
        ("crowd", "1.0", ("rig",), "2026-03-02T10:00:00Z"),
        ("crowd", "2.0", (), "2026-03-04T10:00:00+00:00"),
    )

    def test_are_those_of_that_day(self, users, record):
        records = [record(n, v, *r, uploaded=u) for n, v, r, u in self.RECORDS]
        assert users(*records) == {}
        for day, expected in ((2, {}), (3, {"crowd 1.0": {}}), (5, {})):
            assert users(*records, at=datetime(2026, 3, day, tzinfo=UTC)) == expected

    def test_without_times_is_an_error(self, users, record):
        with pytest.raises(ServerError) as error:
            users(record("rig"), at=datetime(2026, 3, 1, tzinfo=UTC))
        assert error.value.message == "The server does not tell when rig 1.0 came."
