"""The answers, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid.request import Request

from pipl_server._event_log import EventLog
from pipl_server._views import MAX_LIMIT, MAX_WAIT, FeedViews, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pyramid.response import Response

    from pipl_hooks import Event

    MakeEvent = Callable[..., Event]
    Ask = Callable[[str], Response]


BAD = ("9" * 5000, "-" + "9" * 5000, "nan", "-inf", "\udcff", "1e-400", "", "١٢")


class FakeServer:
    uuid = "abc"
    serial = 12
    devpi_version = "6.20.3"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog(tmp_path / "events.sqlite", max_waiting=1)
    yield log
    log.close()


@pytest.fixture
def ask(log: EventLog) -> Callable[[str], Response]:
    views = FeedViews(log, FakeServer())
    return lambda query: views.events(Request.blank(f"/+pipl/events?{query}"))


@given(
    params=st.dictionaries(
        st.sampled_from(["since", "wait", "limit", "other"]),
        st.text() | st.integers().map(str) | st.floats().map(str) | st.sampled_from(BAD),
    )
)
def test_any_parameters_are_a_query_or_a_value_error(params: dict[str, str]) -> None:
    try:
        query = Query.from_params(params)
    except ValueError as error:
        assert str(error).split(" ")[0] in {"since", "wait", "limit"}  # noqa: PT017
        return
    assert 0 <= query.since < 2**63
    assert 0 <= query.wait <= MAX_WAIT
    assert 1 <= query.limit <= MAX_LIMIT


@pytest.mark.parametrize("value", [*BAD, "%ff", "%00", "-1", "1e400", "0x10", "\u0663%20"])
@pytest.mark.parametrize("name", ["since", "wait", "limit"])
def test_a_bad_parameter_is_answered_with_its_name(ask: Ask, name: str, value: str) -> None:
    response = ask(f"{name}={quote(value, safe='%', errors='surrogatepass')}")
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert response.json.keys() == {"message"}


def test_events(ask: Ask, log: EventLog, make_event: MakeEvent) -> None:
    for number in (1, 2, 3):
        log.append(make_event(number))

    response = ask("since=1&limit=1")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_length == len(response.body)
    assert response.json == {
        "format": 1,
        "server": "abc",
        "events": [replace(make_event(2), id=2).to_json()],
        "next": 2,
    }


def test_next_stays_where_nothing_is_new(ask: Ask) -> None:
    assert ask("since=5").json["next"] == 5
    assert ask("since=5").json["events"] == []
    assert ask("").json["next"] == 0


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("since=abc", "since"),
        ("since=-1", "since"),
        ("since=1.5", "since"),
        ("since=", "since"),
        (f"since={2**63}", "since"),
        (f"since={'9' * 5000}", "since"),
        ("wait=abc", "wait"),
        ("wait=-1", "wait"),
        ("wait=nan", "wait"),
        ("wait=inf", "wait"),
        ("limit=0", "limit"),
        ("limit=-5", "limit"),
        ("limit=many", "limit"),
        ("since=%ff", ""),
    ],
)
def test_bad_parameters(ask: Ask, query: str, name: str) -> None:
    response = ask(query)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json"
    assert name in response.json["message"]


def test_too_much_is_cut() -> None:
    query = Query.from_params({"wait": "1000", "limit": "1000000"})
    assert (query.since, query.wait, query.limit) == (0, MAX_WAIT, MAX_LIMIT)
    assert Query.from_params({}) == Query(since=0, wait=0, limit=500)


def test_waiting_happens_while_the_body_is_sent(
    ask: Ask, log: EventLog, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[tuple[int, float]] = []

    def wait(since: int, seconds: float) -> bool:
        waited.append((since, seconds))
        return log.append(make_event(1))

    monkeypatch.setattr(log, "wait", wait)
    response = ask("wait=10")
    assert waited == []  # the view has returned, and devpi ends its transaction

    data: dict[str, Any] = json.loads(b"".join(response.app_iter))
    assert waited == [(0, 10.0)]
    assert [event["id"] for event in data["events"]] == [1]


def test_head_does_not_wait(log: EventLog) -> None:
    views = FeedViews(log, FakeServer())
    request = Request.blank("/+pipl/events?wait=50", method="HEAD")
    assert b"".join(views.events(request)(request.environ, lambda *_: None)) == b""


def test_what_is_there_is_not_waited_for(ask: Ask, log: EventLog, make_event: MakeEvent) -> None:
    log.append(make_event(1))
    assert ask("wait=50").content_length is not None


def test_too_many_are_answered_at_once(ask: Ask, log: EventLog) -> None:
    log._waiting = 1
    response = ask("wait=50")
    assert response.json["events"] == []
    assert response.headers["Retry-After"] == "1"
    assert "Retry-After" not in ask("").headers


def test_status(log: EventLog, make_event: MakeEvent) -> None:
    log.append(make_event(1))
    answer = FeedViews(log, FakeServer()).status(Request.blank("/+pipl/status")).json
    assert answer.pop("version")
    assert answer == {
        "format": 1,
        "server": "abc",
        "devpi": "6.20.3",
        "serial": 12,
        "last_event": 1,
    }
