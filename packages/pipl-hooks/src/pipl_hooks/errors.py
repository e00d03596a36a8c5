"""The base of every error that pipl shows to a person."""

from __future__ import annotations


class PiplError(Exception):
    """Say what could not be done, why, and what to do next.

    Only the command line turns an error into text and an exit status. The shape follows pip's
    diagnostic errors: a message, its context, and a hint.

    Args:
        message: What could not be done, as one sentence.
        context: Why, or the details that a person needs, as one or more lines.
        hint: What to do next.
    """

    def __init__(
        self, message: str, *, context: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.context = context
        self.hint = hint

    def __str__(self) -> str:
        """Join message, context and hint, for logs."""
        return "\n".join(part for part in (self.message, self.context, self.hint) if part)


class PluginError(PiplError):
    """A plugin could not be loaded, or answered a hook in a way that makes no sense."""


class FormatError(PiplError):
    """A file or an answer does not have the format that it should have."""
