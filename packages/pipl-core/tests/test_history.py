from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import PacklError
from pipl_core.history import Edit, edits_from_text

values = st.none() | st.text() | st.lists(st.text())
changes = st.dictionaries(st.text(), st.fixed_dictionaries({"from": values, "to": values}))
edits = st.builds(Edit, st.text(), st.text(), changes, st.text(), st.text())


@given(st.lists(edits))
def test_a_history_is_read_as_it_was_written(history):
    text = "".join(edit.to_line() for edit in history)
    assert text.count("\n") == len(history)
    assert edits_from_text(text, "history.jsonl") == history


@given(st.text())
def test_arbitrary_text_is_no_history_or_an_empty_one(text):
    try:
        assert edits_from_text(text, "h") == []
    except PacklError as error:
        assert error.message.startswith("Line ")  # noqa: PT017  either is right


def test_an_edit_says_who_and_when():
    edit = Edit("bump", "why", {"version": {"from": "1", "to": "2"}})
    data = json.loads(edit.to_line())
    assert data["user"]
    assert data["time"].endswith("+00:00")
    assert data["format"] == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Line 2 of h cannot be read."),
        ("[]", "Line 2 of h cannot be read."),
        ('{"format": 1}', "Line 2 of h cannot be read."),
        ("[" * 100_000, "Line 2 of h cannot be read."),
        ("1" * 5000, "Line 2 of h cannot be read."),
        ('{"format": 7}', "Line 2 of h has an unknown format: 7."),
    ],
)
def test_a_broken_line_is_named(line, message):
    with pytest.raises(PacklError) as error:
        edits_from_text(Edit("a", "", {}).to_line() + line + "\n", "h")
    assert error.value.message == message


@given(st.data())
def test_a_line_with_one_value_spoiled_is_read_or_an_error(spoiled, data):
    edit = Edit("add", "why", {"dependencies": {"from": None, "to": ["rig>=2"]}})
    line = json.dumps(data.draw(spoiled(json.loads(edit.to_line()))))
    try:
        (read,) = edits_from_text(line, "h")
    except PacklError as error:
        assert error.message.startswith("Line 1 of h ")  # noqa: PT017
        return
    assert edits_from_text(read.to_line(), "h")[0].changes.keys() == read.changes.keys()
    assert {type(word) for word in (read.action, read.comment, read.user, read.time)} == {str}
