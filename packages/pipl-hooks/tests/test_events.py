from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import Event, EventFile, FormatError

EVENT = Event(
    id=1,
    serial=7,
    kind="upload",
    index="root/submitted",
    project="char-hero-rig",
    version="2.1",
    file=EventFile("char_hero_rig-2.1-py3-none-any.whl", "root/submitted/+f/x", "sha256:0", 12),
    user="bob",
    source=None,
    time="2026-11-23T10:00:00+00:00",
)
optional = st.none() | st.text()
names = st.text(st.characters(exclude_characters="/\\:\0."), min_size=1)
paths = st.builds("{}/{}".format, st.text(), names)
numbers = st.integers(0, 2**63 - 1)
files = st.builds(EventFile, names, paths, st.text(), numbers)
events = st.builds(
    Event,
    id=numbers,
    serial=numbers,
    kind=st.text(),
    index=st.text(),
    project=st.text(),
    version=st.text(),
    file=files,
    user=optional,
    source=optional,
    time=st.text(),
    reason=optional,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(events)
def test_an_event_is_read_as_it_was_written(event):
    assert Event.from_json(json.loads(json.dumps(event.to_json()))) == event


def test_fields_that_later_versions_add_are_ignored():
    data = EVENT.to_json()
    data["weather"] = data["file"]["colour"] = "new"
    assert Event.from_json(data) == EVENT


def test_an_event_of_a_server_that_knew_no_yanks_is_read():
    data = EVENT.to_json()
    assert data.pop("reason") is None
    assert Event.from_json(data) == EVENT


@pytest.mark.parametrize(
    ("kind", "arrived"), [("upload", True), ("push", True), ("yank", False), ("unyank", False)]
)
def test_only_some_events_bring_a_file(kind, arrived):
    assert replace(EVENT, kind=kind).is_arrival is arrived


@pytest.mark.parametrize("field", [f for f in Event.__dataclass_fields__ if f != "reason"])
def test_a_missing_field_is_a_format_error(field):
    data = EVENT.to_json()
    del data[field]
    with pytest.raises(FormatError) as error:
        Event.from_json(data)
    assert error.value.message == "The server's event feed has an event that cannot be read."
    assert error.value.context.startswith(f"KeyError('{field}') in {{'")


@given(anything)
def test_arbitrary_data_is_a_format_error(data):
    with pytest.raises(FormatError):
        Event.from_json(data)
    with pytest.raises(FormatError):
        Event.from_json({**EVENT.to_json(), "file": data})


@given(st.data())
def test_an_event_with_one_field_spoiled_is_read_or_a_format_error(spoiled, data):
    try:
        event = Event.from_json(data.draw(spoiled(EVENT.to_json())))
    except FormatError as error:
        assert error.message == "The server's event feed has an event that cannot be read."  # noqa: PT017
    else:
        assert Event.from_json(event.to_json()) == event
        assert not {"/", "\\"} & set(event.file.name)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", "1", "id should be a whole number, not '1'"),
        ("id", -1, "id should be from 0 to 9223372036854775807, not -1"),
        ("serial", True, "serial should be a whole number, not True"),
        ("project", 5, "project should be a text, not 5"),
        ("user", [], "user should be a text, not []"),
        ("time", None, "time should be a text, not None"),
    ],
)
def test_a_field_of_another_type_is_a_format_error(field, value, said):
    with pytest.raises(FormatError) as error:
        Event.from_json({**EVENT.to_json(), field: value})
    assert said in error.value.context


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.whl", "..\\b.whl", "C:b.whl", "a\0"])
def test_a_file_that_would_leave_the_folder_of_its_run_is_a_format_error(name):
    for field, value in (("name", name), ("path", f"root/x/{name}")):
        if field == "path" and name == "a/b.whl":
            continue
        data = EVENT.to_json()
        data["file"][field] = value
        with pytest.raises(FormatError, match="is no name of a file"):
            Event.from_json(data)
