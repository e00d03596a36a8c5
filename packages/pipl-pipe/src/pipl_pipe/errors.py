"""Errors of the pipeline framework."""

from __future__ import annotations

from pipl_hooks import PiplError


class PipelineError(PiplError):
    """Something about the packls of this environment, their types or their services is wrong."""


class UnknownConfigError(PipelineError, KeyError):
    """Nobody gives the config that was asked for."""
