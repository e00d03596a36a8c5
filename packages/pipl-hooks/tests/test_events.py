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
files = st.builds(EventFile, st.text(), st.text(), st.text(), st.integers())
events = st.builds(
    Event,
    id=st.integers(),
    serial=st.integers(),
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
