"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that stands against a publication.

    Attributes:
        message: What is wrong, as one sentence.
        hint: What to do about it.
    """

    message: str
    hint: str | None = None
