"""Errors of the pipeline framework."""

from __future__ import annotations

from typing import Any, Callable, Optional

from pipl_hooks import PiplError

Explanation = tuple[Optional[str], Optional[str]]
"""Context and hint."""


class PipelineError(PiplError):
    """Something about the packls of this environment, their types or their services is wrong."""


class UnknownConfigError(PipelineError, KeyError):
    """Nobody gives the config that was asked for."""


class NotGivenError(PipelineError):
    """No packl in this environment gives what was asked for.

    Context and hint, for which the project is asked, are found out when somebody reads them, so
    that `getattr(services, "tracker", None)` costs nothing.

    Args:
        message: What is not there.
        explain: Finds out context and hint.
    """

    def __init__(self, message: str, explain: Callable[[], Explanation]) -> None:
        Exception.__init__(self, message)
        self.message = message
        self._explain = explain

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  one of two texts
        """Find out context and hint."""
        if name not in {"context", "hint"}:
            raise AttributeError(name)
        self.context, self.hint = self._explain()
        return getattr(self, name)


class UnknownServiceError(NotGivenError, AttributeError):
    """No packl in this environment gives the service; an AttributeError, too."""


class UnknownTypeError(NotGivenError, KeyError):
    """No packl in this environment gives the type; a KeyError, too."""
