"""Prints calls of hooks, where the variable `PIPL_TRACE` asks for it."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Callable

from .installed import one_line
from .secrets import masked

if TYPE_CHECKING:
    import pluggy

TRACE_VARIABLE = "PIPL_TRACE"
"""Set it to `hooks`, and every call of a hook is printed to stderr."""

LONGEST = 70
"""Characters of a value that are shown."""


def traced(what: str) -> bool:
    """Tell whether `PIPL_TRACE` asks for something: it holds words with commas between."""
    return what in os.environ.get(TRACE_VARIABLE, "").split(",")


def trace_hooks(manager: pluggy.PluginManager, label: Callable[[str], str]) -> None:
    """Print every call of a hook to stderr: its arguments, who answered what, and the result.

    A call that an implementation makes itself is printed below it, further to the right.

    Args:
        manager: Whose calls.
        label: Names a plugin for people, given the name under which it is registered.
    """
    _Trace(label).follow(manager)


class _Trace:
    def __init__(self, label: Callable[[str], str]) -> None:
        self._label = label
        self._depth = 0
        self._wrapped: set[int] = set()

    def follow(self, manager: pluggy.PluginManager) -> None:
        manager.add_hookcall_monitoring(self._before, self._after)

    def _before(self, name: str, implementations: Sequence[Any], arguments: Any) -> None:  # noqa: ANN401
        given = ", ".join(f"{key}={shortened(value)}" for key, value in arguments.items())
        self._print(f"{name}({given})")
        self._depth += 1
        for implementation in implementations:
            if id(implementation) not in self._wrapped:
                self._wrapped.add(id(implementation))
                # pluggy tells of whole calls only; who answered what is known here alone.
                implementation.function = self._spoken(implementation)

    def _after(self, outcome: Any, *_: object) -> None:  # noqa: ANN401
        error = outcome.exception
        self._print(f"= {shortened(outcome.get_result())}" if error is None else "= an error")
        self._depth -= 1

    def _spoken(self, implementation: Any) -> Callable[..., Any]:  # noqa: ANN401
        function, who = implementation.function, self._label(implementation.plugin_name)
        wraps = implementation.wrapper or implementation.hookwrapper

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            if wraps:  # answers with a generator, which pluggy drives
                self._print(f"{who} wraps the others")
                return function(*arguments, **named)
            self._depth += 1
            try:
                answer = function(*arguments, **named)
            except BaseException as error:
                self._depth -= 1
                self._print(f"{who} raised {one_line(error)}")
                raise
            self._depth -= 1
            self._print(f"{who} -> {shortened(answer)}")
            return answer

        return run

    def _print(self, text: str) -> None:
        print(f"trace: {'  ' * self._depth}{text}", file=sys.stderr)  # noqa: T201  asked for


def shortened(value: object) -> str:
    """Return a value in one short line, in which no secret of a config is readable."""
    try:
        text = repr(masked(value) if isinstance(value, Mapping) else value)
    except Exception:  # noqa: BLE001  anybody's class
        text = f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
