"""Errors of the asset store."""

from __future__ import annotations

from pipl_hooks import PiplError


class AssetStoreError(PiplError):
    """Bytes could not be stored, found or trusted."""
