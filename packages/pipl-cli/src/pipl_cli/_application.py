"""The root of the command line: gathers commands from plugins."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import click

from pipl_hooks import Command, Plugins

from . import console
from ._groups import LazyGroup, tree


def application() -> click.Group:
    """Return the `pipl` command with what all plugins give."""
    from pipl_core.plugins import plugins

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said below, in words for people
        found = plugins()
    for failure in found.failures:
        source = failure.source
        console.warn(
            f"the plugin {source.name} of {source.packl} {source.version} did not load: "
            f"{failure.reason}"
        )
    version = click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help="Show the version and exit.",
    )
    return LazyGroup(tree(_commands(found)), name="pipl", params=[version])


def _commands(found: Plugins) -> Iterable[Command]:
    # Each plugin is asked under its own guard, the last one first: ours, whose place others take.
    for implementation in found.hook.pipl_commands.get_hookimpls():
        try:
            yield from [_checked(each) for each in implementation.function()]
        except (Exception, SystemExit) as error:  # noqa: BLE001  a plugin may raise anything
            name = implementation.plugin_name
            console.warn(f"the plugin {name} gives no commands: {type(error).__name__}: {error}")


def _checked(given: object) -> Command:
    if not isinstance(given, Command) or not isinstance(given.path, str):
        msg = f"{given!r:.100} is no command"
        raise TypeError(msg)
    return given


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"pipl {version('pipl-cli')}")
        context.exit()
