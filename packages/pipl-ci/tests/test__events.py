"""Answers of a server that make no sense."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_ci._events import EventFeed
from pipl_ci.errors import CiError
from pipl_hooks import PiplError

EVENT = {
    "id": 1, "serial": 7, "kind": "upload", "index": "root/submitted", "project": "rig",
    "version": "2.1", "user": "bob", "source": None, "time": "2026-11-23T10:00:00+00:00",
    "file": {"name": "rig-2.1-py3-none-any.whl", "path": "a/rig.whl", "digest": "x", "size": 1},
}  # fmt: skip
ANSWER = {"format": 1, "server": "abc", "events": [EVENT], "next": 1}
STATUS = {"format": 1, "server": "abc", "last_event": 12}


class Client:
    """A client whose server says what a test wants."""

    address = "http://127.0.0.1:1"

    def __init__(self, answer):
        self._answer = answer

    def status(self):
        return self._answer

    def events(self, since, wait):
        return self._answer


def feed(answer):
    made = EventFeed(Client.address)
    made._client = Client(answer)
    return made


def test_what_makes_sense_is_read():
    (event,) = feed(ANSWER).events(0, 0)
    assert (event.project, event.file.size) == ("rig", 1)
    assert feed(STATUS).newest() == 12
    assert feed(STATUS).server() == "abc"


@pytest.mark.parametrize("answer", [{}, {"last_event": "x", "server": 5}])
def test_what_makes_no_sense_is_an_error(answer):
    for ask in (feed(answer).newest, feed(answer).server):
        with pytest.raises(CiError) as error:
            ask()
        assert error.value.message == (
            "The event feed of http://127.0.0.1:1 gave an answer that makes no sense."
        )


@given(data=st.data())
def test_an_answer_with_one_value_spoiled_is_read_or_an_error(spoiled, data):
    answer = json.loads(
        json.dumps(data.draw(spoiled(ANSWER).filter(lambda x: isinstance(x, dict))))
    )
    try:
        events = feed(answer).events(0, 0)
    except PiplError:
        return
    assert all(isinstance(event.id, int) for event in events)
