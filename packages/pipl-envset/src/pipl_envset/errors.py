"""Errors of the environment settings."""

from __future__ import annotations

from pipl_hooks import PiplError


class EnvSetError(PiplError):
    """The EnvSets of this environment do not go together, or one of them is broken."""
