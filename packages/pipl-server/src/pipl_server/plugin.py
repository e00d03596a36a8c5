"""The hooks through which devpi-server calls pipl.

devpi finds this module by the entry point `pipl` of the group `devpi_server`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pluggy

from . import _devpi, _devpi_repairs, _event_log, _views

if TYPE_CHECKING:
    from collections.abc import Generator

    from pyramid.config import Configurator

__all__ = [
    "devpiserver_on_upload",
    "devpiserver_pyramid_configure",
    "devpiserver_storage_backend",
]

_logger = logging.getLogger(__name__)
_hookimpl = pluggy.HookimplMarker("devpiserver")


@_hookimpl
def devpiserver_pyramid_configure(config: object, pyramid_config: Configurator) -> None:
    """Repair devpi, and add the addresses of the event feed.

    A replica has no feed of its own.

    Args:
        config: devpi's configuration, which is not needed here.
        pyramid_config: Where views are added.
    """
    del config
    _devpi_repairs.repair()
    xom = _devpi.xom_of(pyramid_config)
    if _devpi.keeps_feed(xom):
        _devpi.hurry_notifier(xom)
        log = _event_log.event_log_in(_devpi.server_folder(xom))
        _views.add_views(pyramid_config, log, _devpi.Server(xom))


@_hookimpl
def devpiserver_on_upload(
    stage: _devpi.Stage, project: str, version: str, link: _devpi.Link
) -> None:
    """Record a release file that was uploaded or pushed.

    devpi calls this in its notifier thread, once for each file that a transaction committed, and
    again when it was killed before it noted that the call was done. It writes an exception to its
    log and goes on to the next file, so the whole event is logged here before that happens.

    Args:
        stage: Index in which the file arrived.
        project: Normalized name of its project.
        version: Its version.
        link: The file; also a test result or an archive of documentation, which are no events.
    """
    if not _devpi.keeps_feed(stage.xom):
        return
    event = None
    try:
        event = _devpi.event_of(stage, project, version, link)
        if event is not None:
            _event_log.event_log_in(_devpi.server_folder(stage.xom)).append(event)
    except Exception:
        what = event or _devpi.description_of(stage, project, version, link)
        _logger.exception("An event is missing in the feed, and must be given by hand: %s", what)


@_hookimpl(wrapper=True)
def devpiserver_storage_backend(
    settings: object,
) -> Generator[None, list[dict[str, Any]], list[dict[str, Any]]]:
    """Let devpi's own storage start again after it was killed.

    Args:
        settings: Settings of the storage, which are not needed here.

    Returns:
        The storages that devpi and other plugins offer.
    """
    del settings
    storages = yield
    return _devpi.with_recovery(storages)
