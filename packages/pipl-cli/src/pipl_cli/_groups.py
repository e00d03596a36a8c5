"""Makes click groups of a flat list of commands; a command is imported when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import click

from pipl_hooks import Command, PluginError
from pipl_hooks.suggestions import did_you_mean


@dataclass
class Node:
    """A word of the command line: a group where it has children, else a command.

    Attributes:
        path: Words after `pipl`.
        command: What a plugin said of it; None for a group that nobody described.
        children: By their word, in the order in which they were added.
    """

    path: str
    command: Command | None = None
    children: dict[str, Node] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether further words come after it; it may do something without any, too."""
        return bool(self.children) or self.command is None or not self.command.target

    @property
    def acts(self) -> bool:
        """Whether it does something when no further word comes after it."""
        return self.command is not None and bool(self.command.target)

    @property
    def help(self) -> str:
        """One line for the list of commands."""
        return self.command.help if self.command else f"Commands below `pipl {self.path}`."


def tree(commands: Iterable[Command]) -> Node:
    """Arrange commands by the words of their paths.

    Args:
        commands: The commands; one takes the place of an earlier one of the same path.
    """
    root = Node("", Command("", "", "The Package Index PipeLine."))
    for command in commands:
        node = root
        for word in command.path.split():
            node = node.children.setdefault(word, Node(f"{node.path} {word}".strip()))
        if node is not root:
            node.command = command
    return root


class LazyGroup(click.Group):
    """A group that lists its commands without importing them.

    Args:
        node: Its place in the tree.
        name: Name shown in its usage.
        params: Its own options.
    """

    def __init__(
        self, node: Node, name: str | None = None, params: list[click.Parameter] | None = None
    ) -> None:
        example = " ".join(["pipl", *node.path.split(), next(iter(node.children), ""), "--help"])
        epilog = f"\b\nExample:\n  {' '.join(example.split())}"
        super().__init__(
            name=name or node.path.rpartition(" ")[2],
            help=node.help,
            epilog=epilog,
            params=params,
            no_args_is_help=bool(node.children),
            invoke_without_command=not node.children,
            callback=None if node.children else _nothing_yet,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )
        self._node = node

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """List the words that come next."""
        return list(self._node.children)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of a word, importing it now."""
        node = self._node.children.get(cmd_name)
        if node is None:
            return None
        if not node.is_group:
            return _imported(node)
        return ActingGroup(node, _imported(node)) if node.acts else LazyGroup(node)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first word; an unknown one is told the nearest."""
        words = self.list_commands(ctx)
        if args[0] not in words and not args[0].startswith("-"):
            meant = did_you_mean(args[0], words)
            ctx.fail(f"No such command {args[0]!r:.100}. {meant}".strip())
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        rows = [(word, node.help) for word, node in self._node.children.items()]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class ActingGroup(LazyGroup):
    """A group that is a command, too, when no further word comes after it: `pipl plugins`.

    Args:
        node: Its place in the tree.
        command: What it does by itself.
    """

    def __init__(self, node: Node, command: click.Command) -> None:
        super().__init__(node, params=command.params)
        self.help, self.epilog = command.help, command.epilog
        self.no_args_is_help, self.invoke_without_command = False, True
        self.subcommand_metavar = "[COMMAND] [ARGS]..."
        self.callback = _alone(command)


def _alone(command: click.Command) -> Callable[..., Any]:
    """Return what a group does before its next word: nothing, unless there is none."""

    def run(**options: object) -> Any:  # noqa: ANN401  whatever the command returns
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            return context.invoke(command, **options)
        if any(_is_given(context, name) for name in options):
            msg = f"Options come after the word {context.invoked_subcommand}."
            raise click.UsageError(msg, context)
        return None

    return run


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _nothing_yet() -> None:
    context = click.get_current_context()
    click.echo(context.get_help())


def _imported(node: Node) -> click.Command:
    command = node.command
    assert command is not None  # noqa: S101  a node without a command is a group
    module, _, attribute = command.target.partition(":")
    hint = "`pipl plugins` shows where it comes from."
    msg = f"The command `pipl {node.path}` cannot be loaded."
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        context = f"{command.target}: {type(error).__name__}: {error}"
        raise PluginError(msg, context=context, hint=hint) from error
    if not isinstance(found, click.Command):
        context = f"{command.target} is no click command but {found!r:.100}."
        raise PluginError(msg, context=context, hint=hint)
    return found
