"""Entry points of packls, loaded so that a mistake in one names its packl."""

from __future__ import annotations

from typing import Any

from pipl_hooks import PiplError, PluginSource, entry_points
from pipl_hooks.installed import EntryPoint, one_line

from .errors import PipelineError


def the_point(group: str, name: str, what: str) -> tuple[PluginSource, EntryPoint] | None:
    """Return the one entry point of a name, or None where there is none.

    Args:
        group: Group of entry points.
        name: Name in it.
        what: What it gives, for the error: `service`.

    Raises:
        PipelineError: Two packls declare it.
    """
    found = [(source, point) for source, point in entry_points(group) if point.name == name]
    if len(found) > 1:
        raise clash(what, name, found[0][0], found[1][0])
    return found[0] if found else None


def load(source: PluginSource, point: EntryPoint, what: str) -> Any:  # noqa: ANN401
    """Import what an entry point names.

    Args:
        source: Where it comes from.
        point: The entry point.
        what: What it gives, for the error: `config`.

    Raises:
        PipelineError: It cannot be imported; the error names its packl.
    """
    try:
        return point.load()
    except PiplError:
        raise
    except (Exception, SystemExit) as error:
        msg = f"The {what} {source.name!r} of {source} cannot be imported."
        context = f"{source.module}: {one_line(error)}"
        raise PipelineError(msg, context=context, hint="Correct it, or uninstall it.") from error


def clash(what: str, name: str, one: PluginSource, other: PluginSource) -> PipelineError:
    """Make the error for a name that two packls give, or one packl twice."""
    context = f"{one.module} and {other.module}."
    if one.packl == other.packl:
        msg = f"{one} gives the {what} {name!r} twice."
        return PipelineError(msg, context=context, hint="Rename one of them.")
    msg = f"Two packls give the {what} {name!r}: {one} and {other}."
    return PipelineError(msg, context=context, hint="Uninstall one of them, or rename one.")
