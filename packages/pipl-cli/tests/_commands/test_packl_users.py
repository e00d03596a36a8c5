"""`pipl packl users` against a real server."""

import json

import pytest

from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def crowd(running, tmp_path_factory):
    """Released packls that depend on each other."""
    folder = tmp_path_factory.mktemp("crowd")
    for name, version, requires in (
        ("hero_rig", "1.0", ()),
        ("hero_rig", "2.0", ()),
        ("crowd_lib", "1.3", ("hero_rig<2",)),
        ("crowd_lib", "1.4", ("hero_rig>=1,<2",)),
        ("shot_010", "1.0", ("crowd_lib>=1", 'hero_rig ; extra == "edit"')),
        ("shot_020", "0.1", ("hero_rig>=2",)),
    ):
        release_wheel(running, write_wheel(folder, name, version, requires=requires))
    new = write_wheel(folder, "shot_020", "0.2", requires=("hero_rig>=2,<3",))
    release_wheel(running, new, "root/checked")


def test_shows_a_tree(pipl, project, crowd):
    result = pipl("packl", "users", "hero_rig")
    assert result.status == 0
    assert result.out == (
        "hero-rig 2.0\n"
        "|-- crowd-lib 1.4 (asks for <2,>=1) NOT WITH 2.0\n"
        "|   `-- shot-010 1.0 (asks for >=1)\n"
        "|-- shot-010 1.0 [edit]\n"
        "|-- shot-020 0.2 (asks for <3,>=2) in root/checked\n"
        "`-- shot-020 0.1 (asks for >=2)\n"
    )
    assert result.err == "2 of 4 cannot take 2.0.\n"
    old = pipl("packl", "users", "hero_rig", "--all-versions").out
    assert "|-- crowd-lib 1.3 (asks for <2) NOT WITH 2.0\n" in old


def test_lists_everybody_as_json(pipl, project, crowd):
    data = json.loads(pipl("packl", "users", "hero-rig", "--json").out)
    assert (data["name"], data["newest"]) == ("hero-rig", "2.0")
    assert data["users"][0] == {
        "name": "crowd-lib",
        "version": "1.4",
        "index": "root/PROJ",
        "kind": "code",
        "type": None,
        "requirements": ["hero_rig>=1,<2"],
        "through": [],
        "takes_newest": False,
        "yanked": None,
    }
    assert [(user["name"], user["through"]) for user in data["users"]] == [
        ("crowd-lib", []),
        ("shot-010", []),
        ("shot-020", []),
        ("shot-020", []),
    ]


def test_of_what_nobody_uses(pipl, project, crowd):
    result = pipl("packl", "users", "shot_010")
    assert (result.status, result.out) == (0, "shot-010 1.0\n")
    assert result.err == "Nothing in the project depends on shot-010.\n"


def test_of_an_unknown_name(pipl, project, crowd):
    result = pipl("packl", "users", "crowdlib")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "error: The project has no packl 'crowdlib'.\nhint: Did you mean crowd-lib?\n"
    )


def test_without_a_server(pipl, silent):
    result = pipl("packl", "users", "hero_rig")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error: No server answers at <address>.\n")
