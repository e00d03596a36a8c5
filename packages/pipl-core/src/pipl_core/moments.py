"""`--at`: moments as of which an index is looked at, as people type them and as files record them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from .errors import CoreError

NOW = "now"
"""What people type to have everything again."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


def parsed_moment(text: str, now: datetime | None = None) -> str | None:
    """Return a day or a moment as files record it, or None for `now`.

    A day means all of it, in UTC, so that it means the same on every machine. Of the present day
    only what has passed can be meant, so it becomes this very moment.

    Args:
        text: `2026-03-01`, a time with its offset (RFC 3339) such as `2026-03-01T18:00+01:00`, or
            `now`.
        now: The present; that of the clock where None.

    Returns:
        `2026-03-01`, or `2026-03-01T17:00:00Z`.

    Raises:
        CoreError: It is neither, or it has not come yet.
    """
    text = text.strip()
    if text.lower() == NOW:
        return None
    now = now or datetime.now(UTC)
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            if day < now.date():
                return text
            # A whole second further, since indexes tell of whole seconds.
            moment = _second(now) if day == now.date() else _begin(day)
        elif _TIME.fullmatch(text):
            moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
        else:
            moment = None
    except (ValueError, OverflowError):  # the 30th of February
        moment = None
    if moment is None:
        msg = f"{text!r:.100} is no day and no time."
        hint = "Write 2026-03-01, which means the whole day in UTC, 2026-03-01T18:00+01:00, or now."
        raise CoreError(msg, hint=hint)
    if moment > _second(now):
        msg = f"{text} has not come yet."
        raise CoreError(msg, hint="Name a day that has, or `now` to have whatever is newest.")
    return _written(moment)


def end_of(moment: str) -> str:
    """Return the time before which a file was uploaded that counts as of a moment.

    Args:
        moment: What `parsed_moment` returned.

    Returns:
        RFC 3339, in UTC.

    Raises:
        CoreError: It is something else.
    """
    try:
        if _DAY.fullmatch(moment):
            return _written(_begin(date.fromisoformat(moment)) + timedelta(days=1))
        if _TIME.fullmatch(moment):
            return _written(datetime.fromisoformat(moment.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    msg = f"{moment!r:.100} is no day and no time."
    raise CoreError(msg, hint="Name it anew: `pipl work sync --at 2026-03-01`, or `--at now`.")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))


def _second(moment: datetime) -> datetime:
    """Return the end of a moment's second."""
    return moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
