"""`pipl packl yank` against a real server."""

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rig(running, tmp_path_factory):
    """Name of a packl with a release 1.0."""
    from pipl_testing._packls import PacklMaker

    PacklMaker().release(running, "yanked_rig", tmp_path_factory.mktemp("rig"), "1.0")
    return "yanked_rig"


def test_yanks_and_takes_it_back(pipl, project, rig):
    yank = ("packl", "yank", f"{rig}==1.0")
    result = pipl(*yank, "the neck is broken")
    assert (result.status, result.out) == (0, "")
    assert result.err == "Yanked yanked_rig 1.0, as root.\n"
    result = pipl(*yank, "the neck is broken")
    assert (result.status, result.err) == (
        0,
        "yanked_rig 1.0 was yanked for that reason already.\n",
    )
    result = pipl(*yank, "--undo")
    assert (result.status, result.err) == (0, "Took the yank of yanked_rig 1.0 back, as root.\n")
    assert pipl(*yank, "--undo").err == "yanked_rig 1.0 was not yanked.\n"
    result = pipl("packl", "yank", f"{rig} == v1", "no more", "--json")
    assert json.loads(result.out) == {
        "name": rig,
        "version": "1.0",
        "index": "root/PROJ",
        "reason": "no more",
        "changed": True,
        "user": "root",
    }
    assert pipl(*yank, "--undo").status == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rig",), "'rig' is not NAME==VERSION."),
        (("rig==", "no"), "'rig==' is not NAME==VERSION."),
        (("==1.0", "no"), "'==1.0' is not NAME==VERSION."),
        (("rig==1.0",), "Say why: a REASON in one line."),
        (("rig==1.0", " "), "Say why: a REASON in one line."),
        (("rig==1.0", "no", "--undo"), "--undo takes no REASON."),
    ],
)
def test_wrong_usage(pipl, silent, arguments, says):
    result = pipl("packl", "yank", *arguments)
    assert result.status == 2
    assert says in result.err


def test_what_cannot_be_yanked(pipl, project, rig):
    result = pipl("packl", "yank", f"{rig}==2.0", "broken")
    assert (result.status, result.err) == (
        1,
        "error: MyProject has no release yanked_rig 2.0.\n  It has 1.0.\nhint: Name one of them.\n",
    )


def test_without_a_server(pipl, silent):
    result = pipl("packl", "yank", "rig==1.0", "broken")
    assert result.status == 1
    assert result.err.startswith("error: No server answers at <address>.\n")
