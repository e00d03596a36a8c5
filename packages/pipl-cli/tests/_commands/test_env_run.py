"""`pipl env run`."""

import contextlib
import json
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="programs of another kind"),
]

SHOW = "import os; print(os.environ.get('PEN_ROOT'), os.environ.get('PIPL_WORKSPACE'))"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _is_told(project, name):
    with contextlib.closing(project.client()) as client:
        events = client.events(0, wait=0)["events"]
        return name in {event["project"] for event in events}


def test_makes_an_environment_and_runs_in_it(pipl, project, note_types):
    while not _is_told(project, "note-types"):  # the feed follows a moment later
        pass
    first = pipl("env", "run", note_types, "--", "python", "-c", SHOW)
    assert (first.status, first.out) == (0, "/pens None\n")
    assert first.err == "Resolving note_types\nInstalling note_types\n"
    again = pipl("env", "run", note_types, "--", "python", "-c", SHOW)
    assert (again.status, again.out, again.err) == (0, "/pens None\n", "")


def test_hands_on_what_comes_after_the_dashes(pipl, project, note_types):
    code = "import sys; print(sys.argv[1:]); sys.exit(3)"
    arguments = ("--python", "-p", "x y", "--", "--help")
    result = pipl("env", "run", note_types, "--", "python", "-c", code, *arguments)
    assert (result.status, result.out) == (3, f"{list(arguments)}\n")


def test_is_of_no_workspace_even_inside_of_one(pipl, at_desk, note_types):
    result = pipl("env", "run", note_types, "--", "python", "-c", SHOW)
    assert result.out == "/pens None\n"


def test_without_requirements_is_in_the_workspace(pipl, at_desk):
    pipl.names.clear()
    result = pipl("env", "run", "--", "python", "-c", SHOW)
    assert (result.status, result.out, result.err) == (0, f"/pens {at_desk.folder}\n", "")


def test_without_requirements_outside_of_a_workspace_is_an_error(pipl, project):
    result = pipl("env", "run", "--", "python")
    assert result.status == 1
    assert result.err.startswith("error: There is no workspace at <project>, ")


def test_a_command_that_is_not_there_is_an_error(pipl, project, note_types):
    result = pipl("env", "run", note_types, "--", "no-such-pen")
    assert result.status == 1
    assert "error: There is no command 'no-such-pen' in this environment.\n" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name the command to run behind two dashes: -- CMD..."),
        (("note_types",), "Name the command to run behind two dashes: -- CMD..."),
        (("note_types", "--"), "Name the command to run behind two dashes: -- CMD..."),
        (
            ("--upgrade", "--", "x"),
            "--upgrade is for an environment of its own: name a requirement.",
        ),
        (
            ("--python", "3.11", "--at", "2026-03-01", "--", "x"),
            "--python and --at are for an environment of its own: name a requirement.",
        ),
    ],
)
def test_wrong_usage_is_said_so(pipl, project, arguments, message):
    result = pipl("env", "run", *arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines()[-1] == f"Error: {message}"


def test_without_a_server_is_an_error(pipl, silent):
    result = pipl("env", "run", "note_types", "--", "x")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "error: No server answers at <address>.\n"
        "hint: Start it: `pipl proj start`. What was asked for before starts without it.\n"
    )


def test_show_and_export_are_of_a_request_too(pipl, project, note_types):
    shown = pipl("env", "show", note_types)
    assert (shown.status, shown.err) == (0, "Resolving note_types\nInstalling note_types\n")
    assert "PEN_ROOT=/pens  # note_types\n" in shown.out
    assert "PIPL_WORKSPACE" not in shown.out
    exported = pipl("env", "export", note_types, "--format", "json")
    assert (exported.status, exported.err) == (0, "")
    assert json.loads(exported.out)["PEN_ROOT"] == "/pens"


@pytest.mark.parametrize("verb", ["show", "export"])
def test_as_of_a_day_is_for_requests(pipl, at_desk, verb):
    result = pipl("env", verb, "--at", "2026-03-01")
    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines()[-1] == (
        "Error: --at is for an environment of its own: name a requirement."
    )


def test_as_of_a_day_before_all_releases_there_is_nothing(pipl, project, note_types):
    result = pipl("env", "run", note_types, "--at", "2001-01-01", "--", "x")
    assert (result.status, result.out) == (1, "")
    assert "error: note_types as of 2001-01-01: this cannot be had together.\n" in result.err
    assert "hint: Only what had been released by then counts" in result.err


def test_diff_compares_with_a_request(pipl, workspace, note_types):
    result = pipl("env", "diff", note_types)
    assert result.status == 0
    assert "+ note-types 0.1.0\n" in result.out
    assert "+ PEN_ROOT=/pens  # note_types\n" in result.out
