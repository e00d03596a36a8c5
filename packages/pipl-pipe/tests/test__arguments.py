from __future__ import annotations

from pathlib import Path

import pytest

from pipl_pipe._arguments import parsed


def nothing(task):
    """Do nothing.

    And tell of it.
    """


def some(task, name, path: Path, /, count: int = 2, *, speed=0.5, loud=False, quick=True, who=None):
    pass


def rest(task, *frames):
    """Take frames."""


def test_of_a_function_without_parameters_there_are_none():
    assert parsed(nothing, "sh-nothing", []) == ([], {})


def test_unknown_ones_are_wrong_usage(capsys):
    with pytest.raises(SystemExit) as end:
        parsed(nothing, "sh-nothing", ["now", "--fast"])
    assert end.value.code == 2
    assert capsys.readouterr().err == (
        "usage: sh-nothing [-h]\nsh-nothing: error: unrecognized arguments: now --fast\n"
    )


def test_help_is_the_docstring(capsys):
    for function in (nothing, rest):
        with pytest.raises(SystemExit) as end:
            parsed(function, "sh-do", ["--help"])
        assert end.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: sh-do [-h]\n\nDo nothing.\n\nAnd tell of it.\n")
    assert "usage: sh-do [frames ...]\n\nTake frames.\n" in out


def test_have_the_types_of_the_parameters():
    assert parsed(some, "sh-some", ["hero", "a/b"]) == (
        ["hero", Path("a/b")],
        {"count": 2, "speed": 0.5, "loud": False, "quick": True, "who": None},
    )
    given = ["hero", "x", "--count", "3", "--speed", "2", "--loud", "--no-quick", "--who", "7"]
    assert parsed(some, "sh-some", given) == (
        ["hero", Path("x")],
        {"count": 3, "speed": 2.0, "loud": True, "quick": False, "who": "7"},
    )


@pytest.mark.parametrize("given", [[], ["a", "b", "c"], ["a", "b", "--count", "many"]])
def test_wrong_ones_end_with_2(given, capsys):
    with pytest.raises(SystemExit) as end:
        parsed(some, "sh-some", given)
    assert end.value.code == 2


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ([], []),
        (["1", "-h", "--x=y"], ["1", "-h", "--x=y"]),
        (["--", "--help"], ["--help"]),
        (["--", "--", "x"], ["--", "x"]),
    ],
)
def test_are_handed_on_as_they_are(given, taken):
    assert parsed(rest, "sh-rest", given) == (taken, {})


def open_it(task, scene: Path, version=1, *args):
    """Open a scene in an editor."""


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["a.usd"], [Path("a.usd"), 1]),
        (["-a.usd", "--", "-x", "--help"], [Path("-a.usd"), 1, "--", "-x", "--help"]),
        (["--", "--help", "b"], [Path("--help"), 1, "b"]),
    ],
)
def test_come_first_before_those_that_are_handed_on(given, taken):
    assert parsed(open_it, "sh-open", given) == (taken, {})


def test_that_are_missing_before_those_that_are_handed_on_are_wrong_usage(capsys):
    with pytest.raises(SystemExit) as end:
        parsed(open_it, "sh-open", [])
    assert end.value.code == 2
    assert capsys.readouterr().err == (
        "usage: sh-open scene [args ...]\n"
        "sh-open: error: the following arguments are required: scene\n"
    )


def odd(task, pattern="%04d %", help=False):  # noqa: A002  that is what it is about
    """Be 100 % odd."""


def test_may_have_any_default_and_be_called_help(capsys):
    assert parsed(odd, "sh-odd", ["--help"]) == ([], {"pattern": "%04d %", "help": True})
    with pytest.raises(SystemExit) as end:
        parsed(odd, "sh-odd", ["-h"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert "Be 100 % odd.\n" in out
    assert "--pattern PATTERN  %04d % where not given\n" in out
