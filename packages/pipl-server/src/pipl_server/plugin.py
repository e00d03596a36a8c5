"""The hooks through which devpi-server calls pipl.

devpi finds this module by the entry point `pipl` of the group `devpi_server`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pluggy

from . import _devpi, _devpi_repairs, _devpi_yanks, _event_log, _views, _yank_views

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from pyramid.config import Configurator

    from pipl_hooks import Event

__all__ = [
    "devpiserver_on_changed_versiondata",
    "devpiserver_on_upload",
    "devpiserver_pyramid_configure",
    "devpiserver_storage_backend",
]

_logger = logging.getLogger(__name__)
_hookimpl = pluggy.HookimplMarker("devpiserver")
_MISSING = "An event is missing in the feed, and must be given by hand: %s"


@_hookimpl
def devpiserver_pyramid_configure(config: object, pyramid_config: Configurator) -> None:
    """Repair devpi, extend its simple pages, and add pipl's own addresses.

    A replica has no event feed of its own.

    Args:
        config: devpi's configuration, which is not needed here.
        pyramid_config: Where views are added.
    """
    from . import _devpi_pages  # needs devpi's modules, which are not complete before

    del config
    _devpi_repairs.repair()
    _devpi_pages.extend_pages()
    xom = _devpi.xom_of(pyramid_config)
    _yank_views.add_yank_views(pyramid_config, xom.model)
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
        _record(stage, [event] if event else [])
    except Exception:
        what = event or _devpi.description_of(stage, project, version, link)
        _logger.exception(_MISSING, what)


@_hookimpl
def devpiserver_on_changed_versiondata(
    stage: _devpi.Stage | None, project: str, version: str, metadata: Mapping[str, Any]
) -> None:
    """Record that a release was yanked, or that its yank was taken back.

    devpi calls this as it calls `devpiserver_on_upload`, after each change of a version's data.

    Args:
        stage: The index; None when it was removed meanwhile.
        project: Name of the project.
        version: The version.
        metadata: Its data, and the logs of its files; empty when it was removed.
    """
    if stage is None or not _devpi.keeps_feed(stage.xom):
        return
    try:
        _record(stage, _devpi_yanks.yank_events_of(stage, project, version, metadata))
    except Exception:
        _logger.exception(_MISSING, f"a yank of {project} {version} in {stage.name}")


def _record(stage: _devpi.Stage, events: Iterable[Event]) -> None:
    for event in events:
        _event_log.event_log_in(_devpi.server_folder(stage.xom)).append(event)


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
