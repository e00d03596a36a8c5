"""Shapes of plain data that came from a file or a process: what each function asks for, or an error.

They raise `TypeError` or `ValueError`, as reading the data itself does; whoever reads a format turns
all of them into one error of pipl that names the file.
"""

from __future__ import annotations

from typing import Any


def text(value: object, what: str) -> str:
    """Return a text.

    Args:
        value: What should be one.
        what: How it is called in the error.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise _wrong(value, what, "a text")
    return value


def texts(value: object, what: str) -> list[str]:
    """Return a list of texts.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(value, what, "a list of texts")
    return value


def number(value: object, what: str, least: int = 0, most: int = 2**63 - 1) -> int:
    """Return a whole number.

    Raises:
        TypeError: It is none.
        ValueError: It is out of range.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(value, what, "a whole number")
    if not least <= value <= most:
        wanted = str(least) if least == most else f"from {least} to {most}"
        msg = f"{what} should be {wanted}, not {value!r:.100}"
        raise ValueError(msg)
    return value


def table(value: object, what: str) -> dict[str, Any]:
    """Return a table.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, dict):
        raise _wrong(value, what, "a table")
    return value


def tables(value: object, what: str) -> dict[str, dict[str, Any]]:
    """Return a table of tables.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
        raise _wrong(value, what, "a table of tables")
    return value


def text_table(value: object, what: str) -> dict[str, str]:
    """Return a table of texts.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise _wrong(value, what, "a table of texts")
    return value


def rows(value: object, what: str) -> list[dict[str, Any]]:
    """Return a list of tables.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _wrong(value, what, "a list of tables")
    return value


def _wrong(value: object, what: str, wanted: str) -> TypeError:
    return TypeError(f"{what} should be {wanted}, not {value!r:.100}")
