"""Errors of the handlers."""

from __future__ import annotations

from pipl_hooks import PiplError


class CiError(PiplError):
    """A run, its ledger or its conductor is not as it must be."""
