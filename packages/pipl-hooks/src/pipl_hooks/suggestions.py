"""What somebody may have meant who misspelt a name."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 100
"""Characters up to which names are compared; it takes longer the longer they are."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of some names that is most like another, where any is.

    Case counts nothing, and `-`, `_`, `.` are the same.
    """
    from difflib import get_close_matches  # only needed after a mistake

    known = {_key(each): each for each in words}
    found = get_close_matches(_key(word)[:LONGEST], list(known), n=1, cutoff=0.6)
    return known[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return the beginning of a hint, `Did you mean 'anim'? `; empty where nothing is near.

    Args:
        word: What somebody wrote.
        words: What they can have meant.
    """
    found = nearest(word, words)
    return f"Did you mean {found!r}? " if found else ""


def _key(word: str) -> str:
    return word.lower().replace("_", "-").replace(".", "-")
