"""Prints: data to stdout, messages and progress to stderr, in calm colours or without any.

Public, for commands of plugins. Colours come from rich, which respects NO_COLOR and leaves them
out where the output is no terminal.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console

    from pipl_hooks import Progress

LONGEST = 1000
"""Characters of a message, or of one line of an explanation."""

Styled = str | tuple[str, str]
"""A text, or a text and its style in rich's words."""


def data(text: str) -> None:
    """Print data."""
    click.echo(text)


def json_data(value: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """Print data as JSON; dataclasses, tuples and paths are plain enough."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], empty: str = "") -> None:
    """Print rows in columns; nothing is ever cut off.

    Args:
        header: Names of the columns.
        rows: Texts.
        empty: Message where there are no rows.
    """
    if not rows:
        if empty:
            message(empty)
        return
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    _print(sys.stdout, (_columns(header, widths), "dim"))
    for row in rows:
        click.echo(_columns(row, widths))


def message(text: str) -> None:
    """Tell what was done, or what to do next."""
    line(text)


def warn(text: str) -> None:
    """Warn of something that does not stop the command."""
    line(("warning: ", "yellow"), text)


def line(*parts: Styled) -> None:
    """Print a line to stderr."""
    _print(sys.stderr, *parts)


def shortened(text: str) -> str:
    """Return a text that a person can read at once; whoever types a book gets its beginning back."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


@contextlib.contextmanager
def working(text: str) -> Iterator[Progress]:
    """Show that something takes its time: a status line on a terminal, plain lines elsewhere.

    Args:
        text: What is done.

    Yields:
        What takes note of each step.
    """
    text = shortened(text)
    if not sys.stderr.isatty():
        message(text)
        yield lambda step: message(shortened(step))
        return
    console = _console(sys.stderr)
    with console.status(_literal(text), spinner="dots") as status:

        def progress(step: str) -> None:
            status.update(_literal(f"{shortened(step)} …"))

        yield progress


def _print(stream: TextIO, *parts: Styled) -> None:
    if not stream.isatty():  # rich takes time to import, and would add nothing
        click.echo("".join(p if isinstance(p, str) else p[0] for p in parts), file=stream)
        return
    from rich.text import Text

    _console(stream).print(Text.assemble(*parts), soft_wrap=True)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _literal(text: str) -> Any:  # noqa: ANN401  rich's Text, imported late
    from rich.text import Text

    return Text(text)


def _columns(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()


def _plain(value: object) -> object:
    from dataclasses import asdict, is_dataclass
    from pathlib import Path

    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, (tuple, set, frozenset)) else str(value)
