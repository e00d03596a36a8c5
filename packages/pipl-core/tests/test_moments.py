"""Moments, as people type them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from pipl_core import CoreError
from pipl_core.moments import parsed_moment


@pytest.fixture
def zone(monkeypatch):
    """A function that moves this machine to a time zone."""

    def move(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows keeps its time zone")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UTC", datetime(2026, 3, 2, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 3, 1, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 2, 5, tzinfo=UTC)),
    ],
)
def test_a_day_ends_with_its_midnight_here(zone, name, expected):
    zone(name)
    assert parsed_moment("2026-03-01") == expected


def test_a_time_has_its_zone():
    assert parsed_moment("2026-03-01T18:00:00Z") == datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert parsed_moment("2026-03-01T18:00:00+01:00") == datetime(2026, 3, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "2026-03-01T18:00:00", "9999-12-31", "20260301T1", "2026"],
)
def test_other_texts_are_errors(text):
    with pytest.raises(CoreError) as error:
        parsed_moment(text)
    assert error.value.message == f"{text!r} is no day, and no time with its zone."
