"""`pipl env show`."""

import json

import pytest

pytestmark = pytest.mark.slow


def test_shows_what_env_sets_set_and_which_packl_does(pipl, at_desk):
    assert pipl("env", "show").out == (
        "PEN_PATH: before /pens/lib  # note_types\nPEN_ROOT=/pens  # note_types\nalias pen=pen2\n"
    )
    assert json.loads(pipl("env", "show", "--json").out) == {
        "variables": {
            "PEN_ROOT": {"value": "/pens", "before": [], "after": [], "packls": ["note_types"]},
            "PEN_PATH": {
                "value": None,
                "before": ["/pens/lib"],
                "after": [],
                "packls": ["note_types"],
            },
        },
        "aliases": {"pen": "pen2"},
    }
    code = "import os; print(os.environ['PEN_ROOT'], os.environ['PEN_PATH'])"
    assert pipl("work", "py", "-c", code).out == "/pens /pens/lib\n"


def test_a_damaged_file_is_one_line(pipl, at_desk):
    path = at_desk.environment.folder / "pipl" / "env.json"
    before = path.read_text()
    path.write_text("{")
    try:
        result = pipl("env", "show")
    finally:
        path.write_text(before)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("error: ")
    assert "bug in pipl" not in result.err
