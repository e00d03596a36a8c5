"""The page on commands, made by walking through `pipl`, and what their help must say."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """\
# Commands

<!-- Written by tools/build_docs.py from the commands' own help; do not edit it. -->

Every command has `--help`, finds its project, workspace or packl from the current folder or from
`-p/--path`, prints data to stdout and messages to stderr, and ends with 0 when it is done, 1 when
it could not be done, and 2 for wrong usage.
"""

NO_BREAK = "\b"
"""Begins a paragraph whose lines click leaves as they are."""

EXAMPLE = "Example:"
SAMPLES = "sample_"
"""How the names of the samples' modules begin."""


@dataclass(frozen=True)
class Entry:
    """A command, or a group of commands.

    Attributes:
        path: All of its words: `pipl proj create`.
        command: What click knows of it.
    """

    path: str
    command: click.Command

    @property
    def is_group(self) -> bool:
        """Whether further words come after it."""
        return isinstance(self.command, click.Group)

    @property
    def acts(self) -> bool:
        """Whether it does something when no further word comes after it."""
        return not self.is_group or bool(getattr(self.command, "invoke_without_command", False))

    @property
    def context(self) -> click.Context:
        """A context that shows its whole path."""
        return click.Context(self.command, info_name=self.path)


def commands_page(root: click.Group) -> str:
    """Return the page on all commands below `root`."""
    entries = list(entries_of("pipl", root))
    rows = [
        f"| [`{entry.path}`](#{entry.path.replace(' ', '-')}) | {_summary(entry)} |\n"
        for entry in entries
        if entry.acts
    ]
    parts = [PAGE, "\n| command | does |\n|---|---|\n", *rows]
    return "".join([*parts, *(_section(entry) for entry in entries)])


def command_problems(root: click.Group) -> list[str]:
    """Return one line for each thing that the help of a command lacks."""
    problems = []
    for entry in entries_of("pipl", root):
        help_, example = described(entry.command)
        if not help_:
            problems.append(f"{entry.path}: has no help")
        if not example and entry.acts:
            problems.append(f"{entry.path}: has no example")
    return problems


def entries_of(path: str, command: click.Command) -> Iterator[Entry]:
    """Yield a command and all below it, importing them.

    Groups in which nothing is left are left out, and so is what samples add.
    """
    if not isinstance(command, click.Group):
        if not getattr(command.callback, "__module__", "").startswith(SAMPLES):
            yield Entry(path, command)
        return
    context = click.Context(command, info_name=path)
    entries: list[Entry] = []
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        if below is not None and not below.hidden:
            entries += entries_of(f"{path} {word}", below)
    if entries:
        yield Entry(path, command)
    yield from entries


def described(command: click.Command) -> tuple[str, str]:
    """Return the help of a command as Markdown, and its example."""
    help_ = inspect.cleandoc(command.help or "").partition("\f")[0]
    paragraphs = [_paragraph(paragraph) for paragraph in help_.split("\n\n")]
    epilog = inspect.cleandoc((command.epilog or "").replace(NO_BREAK, "").strip())
    _, found, example = epilog.partition(EXAMPLE)
    return "\n\n".join(paragraphs).strip(), inspect.cleandoc(example) if found else ""


def _paragraph(text: str) -> str:
    if text.startswith(NO_BREAK):
        return f"```\n{inspect.cleandoc(text.removeprefix(NO_BREAK).strip(chr(10)))}\n```"
    return " ".join(text.split())


def _section(entry: Entry) -> str:
    help_, example = described(entry.command)
    if not entry.acts:
        return f"\n## {entry.path}\n\n{help_}\n" if entry.path != "pipl" else ""
    context = entry.context
    usage = " ".join([entry.path, *entry.command.collect_usage_pieces(context)])
    mark = "##" if entry.is_group else "###"
    lines = [f"\n{mark} {entry.path}\n", "```", usage, "```\n", help_]
    parameters = entry.command.get_params(context)
    options = [
        record
        for parameter in parameters
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts
        if (record := parameter.get_help_record(context))
    ]
    if options:
        rows = [f"| `{names}` | {_cell(text)} |" for names, text in options]
        lines += ["", "| option | means |", "|---|---|", *rows]
    if example:
        lines += ["", "```console", *(f"$ {line}" for line in example.splitlines()), "```"]
    return "\n".join(lines) + "\n"


def _summary(entry: Entry) -> str:
    return _cell(entry.command.get_short_help_str(limit=200))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
