"""Errors of the tool side; each knows its message, its context and its hint."""

from __future__ import annotations

from pipl_hooks import PiplError


class CoreError(PiplError):
    """Something on the tool side could not be done."""


class NotFoundError(CoreError):
    """A project, workspace, packl, user, index or release does not exist."""


class ServerError(CoreError):
    """The project's server does not run, cannot be started, or gave an answer that makes no sense."""


class AccessError(CoreError):
    """The server does not know who is asking, or does not let them."""


class ConflictError(CoreError):
    """What is to be made exists already, and differs."""


class InstallError(CoreError):
    """Packls could not be installed; the context is the installer's own explanation."""


class PacklError(CoreError):
    """A packl's folder, metadata or version is not as it must be."""
