"""Days and times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError
from pipl_core.moments import end_of, parsed_moment

NOW = datetime(2026, 11, 23, 10, 30, 15, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "recorded", "end"),
    [
        ("2026-03-01", "2026-03-01", "2026-03-02T00:00:00Z"),
        (" 2024-02-29\n", "2024-02-29", "2024-03-01T00:00:00Z"),
        ("2026-11-22", "2026-11-22", "2026-11-23T00:00:00Z"),
        ("2026-11-23", "2026-11-23T10:30:16Z", "2026-11-23T10:30:16Z"),
        ("2026-03-01T18:00+01:00", "2026-03-01T17:00:00Z", "2026-03-01T17:00:00Z"),
        ("2026-03-01 18:00:05Z", "2026-03-01T18:00:05Z", "2026-03-01T18:00:05Z"),
        ("2026-03-01t18:00:05.5z", "2026-03-01T18:00:05.500000Z", "2026-03-01T18:00:05.500000Z"),
        ("2026-11-23T10:30:15Z", "2026-11-23T10:30:15Z", "2026-11-23T10:30:15Z"),
    ],
)
def test_a_day_or_a_time(text, recorded, end):
    assert parsed_moment(text, NOW) == recorded
    assert end_of(recorded) == end


@pytest.mark.parametrize("text", ["now", "NOW", " now "])
def test_now_is_no_moment(text):
    assert parsed_moment(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2026-3-1", "20260301", "2026-W09-7", "01.03.2026", "2026-02-30"),
        *("2026-03-01T18:00", "2026-03-01T25:00Z", "2026-03-01T18:00+99:00", "2026-03-01Z"),
        *("0001-01-01T00:00+14:00", "٢٠٢٦-٠٣-٠١", "2026-03-01\n2026-03-02", "1 week"),  # noqa: RUF001
    ],
)
def test_anything_else_is_an_error(text):
    with pytest.raises(CoreError) as error:
        parsed_moment(text, NOW)
    assert error.value.message == f"{text!r} is no day and no time."
    assert error.value.hint == (
        "Write 2026-03-01, which means the whole day in UTC, 2026-03-01T18:00+01:00, or now."
    )


@pytest.mark.parametrize(
    "text", ["2026-11-24", "2026-11-23T10:30:17Z", "2026-11-23T12:30:15+01:00", "9999-12-31"]
)
def test_what_has_not_come_yet_is_an_error(text):
    with pytest.raises(CoreError) as error:
        parsed_moment(text, NOW)
    assert error.value.message == f"{text} has not come yet."
    assert error.value.hint == "Name a day that has, or `now` to have whatever is newest."


def test_the_present_day_is_this_moment():
    recorded = parsed_moment(datetime.now(UTC).date().isoformat())
    assert abs(datetime.fromisoformat(recorded) - datetime.now(UTC)).total_seconds() < 600


@pytest.mark.parametrize("recorded", ["", "soon", "2026-02-30", "9999-12-31", "now"])
def test_what_nobody_recorded_has_no_end(recorded):
    with pytest.raises(CoreError) as error:
        end_of(recorded)
    assert error.value.message == f"{recorded!r} is no day and no time."


@given(st.text() | st.datetimes(timezones=st.timezones()).map(str) | st.dates().map(str))
def test_whatever_is_typed_gives_a_moment_or_an_error(text):
    try:
        recorded = parsed_moment(text, NOW)
    except CoreError:
        return
    if recorded is not None:
        assert parsed_moment(recorded, NOW) == recorded
        assert end_of(recorded) <= "2026-11-23T10:30:16Z"
