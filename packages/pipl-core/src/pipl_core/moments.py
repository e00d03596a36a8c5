"""Moments, as people type them: a day, or a time on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from .errors import CoreError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def parsed_moment(text: str) -> datetime:
    """Return the moment before which something must have come to count.

    A day alone counts whole, as the day of whoever asks: `2026-03-01` is the midnight with which
    it ends here. uv reads `--exclude-newer` in the same way.

    Args:
        text: A day, or a time with its zone (RFC 3339): `2026-03-01T18:00:00Z`.

    Returns:
        The moment in UTC.

    Raises:
        CoreError: It is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.match(text):
            moment = (moment + timedelta(days=1)).astimezone()
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no date at all, or one beyond the calendar
        pass
    msg = f"{text!r:.100} is no day, and no time with its zone."
    raise CoreError(msg, hint="Write 2026-03-01, or 2026-03-01T18:00:00Z.")
