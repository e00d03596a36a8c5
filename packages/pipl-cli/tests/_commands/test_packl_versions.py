"""`pipl packl outdated`, `pipl packl why` and `pipl work status` in a real workspace."""

import json

import pytest

from pipl_core import Workspace
from pipl_testing import release_wheel, write_wheel

pytestmark = pytest.mark.slow

PIPELINE = ("pipl-assetstore", "pipl-envset", "pipl-hooks", "pipl-pipe")


@pytest.fixture(scope="session")
def made(running, tmp_path_factory):
    """A workspace whose packls are behind."""
    folder = tmp_path_factory.mktemp("necks")
    release_wheel(running, write_wheel(folder, "neck", "1.0"))
    release_wheel(running, write_wheel(folder, "neck_sim", "0.3", requires=("neck>=1,<2",)))
    workspace = Workspace.create(running, "necks", requirements=["neck_sim", "neck>=1"])
    for version in ("1.1", "2.0", "2.1rc1"):
        release_wheel(running, write_wheel(folder, "neck", version))
    return workspace


@pytest.fixture
def necks(made, project, monkeypatch):
    """That workspace as the current folder."""
    monkeypatch.chdir(made.folder)
    return made


def test_what_is_newer(pipl, necks):
    result = pipl("packl", "outdated")
    assert (result.status, result.err) == (0, "")
    assert result.out == (
        "PACKL  INSTALLED  FITS  NEWEST  NEWS              HELD BACK BY\n"
        "neck   1.0        1.1   2.0     newer, held back  neck-sim 0.3 asks for neck<2,>=1\n"
    )
    (packl,) = json.loads(pipl("packl", "outdated", "neck_sim", "--pre", "--json").out)
    assert packl == {
        "name": "neck",
        "version": "1.0",
        "edited": None,
        "fits": "1.1",
        "newest": "2.1rc1",
        "held_by": ["neck-sim 0.3 asks for neck<2,>=1"],
        "yanked": None,
        "newer": True,
        "held_back": True,
    }
    result = pipl("packl", "outdated", "neck")
    assert (result.status, result.out) == (0, "")
    assert result.err == "Everything that neck depends on is the newest that there is.\n"
    assert pipl("packl", "outdated", "hero").err == (
        "error: The workspace necks does not have 'hero'.\n"
        "hint: `pipl work list -p .` shows what it has.\n"
    )


def test_the_status_tells_the_same(pipl, necks):
    result = pipl("work", "status")
    assert result.err == "Take what is newer and fits: `pipl work sync --upgrade`.\n"
    rows = [line.split("  ") for line in result.out.splitlines()]
    cells = [[cell.strip() for cell in row if cell] for row in rows]
    assert cells[0] == ["PACKL", "INSTALLED", "FITS", "NEWEST", "NEWS", "EDITED"]
    assert ["neck", "1.0", "1.1", "2.0", "newer, held back", "-"] in cells
    assert ["neck-sim", "0.3", "0.3", "0.3", "-", "-"] in cells
    data = json.loads(pipl("work", "status", "--json").out)
    assert sorted(packl["name"] for packl in data) == ["neck", "neck-sim", *PIPELINE]


def test_what_the_project_allows(pipl, necks):
    file = necks.project.folder / "pipl.toml"
    before = file.read_text()
    file.write_text(before.replace("[workspace]\n", '[workspace]\nconstraints = ["neck<1.1"]\n'))
    try:
        assert pipl("packl", "why", "neck").out.splitlines()[-1] == (
            "  the project allows only neck<1.1 (pipl.toml)"
        )
        held = "neck  1.0  2.0  the project allows only neck<1.1 (pipl.toml)"
        assert [
            f"{each['name']}  {each['fits']}  {each['newest']}  {each['held_by'][-1]}"
            for each in json.loads(pipl("packl", "outdated", "--json").out)
        ] == [held]
        result = pipl("work", "install", "neck>=1.1")
        assert (result.status, result.err.splitlines()[1]) == (
            1,
            "error: The project allows only neck<1.1 (pipl.toml), but you ask for neck>=1.1.",
        )
    finally:
        file.write_text(before)


def test_who_asks(pipl, necks):
    assert pipl("packl", "why", "neck").out == (
        "neck 1.0\n"
        "  workspace.toml asks for neck>=1\n"
        "  workspace.toml asks for neck_sim, neck-sim 0.3 asks for neck<2,>=1\n"
    )
    assert json.loads(pipl("packl", "why", "neck_sim", "--json").out) == {
        "name": "neck-sim",
        "version": "0.3",
        "edited": False,
        "ways": [
            {
                "steps": [
                    {
                        "name": "workspace.toml",
                        "version": None,
                        "edited": False,
                        "requirement": "neck_sim",
                    }
                ],
                "fits": True,
            }
        ],
        "constraints": [],
    }
    result = pipl("packl", "why", "hero")
    assert (result.status, result.err) == (
        1,
        (
            "error: Nobody in the workspace necks asks for 'hero'.\n"
            "hint: `pipl work list -p .` shows what is installed.\n"
        ),
    )
