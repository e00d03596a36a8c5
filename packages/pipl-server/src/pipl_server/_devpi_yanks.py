"""Yanks in devpi's indexes (PEP 592): how they are kept, changed and told.

Read against devpi-server 6.20.3. A yank is an entry in the log that devpi keeps of each release file
(model.py, `ELink.add_log`), beside its uploads and pushes. So it is committed, replicated, exported
and imported with the file, and goes away with it. The newest entry for an index counts, since a
push copies the log: a release that was yanked in one index is not yanked in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import _devpi

if TYPE_CHECKING:
    from pipl_hooks import Event

YANK, UNYANK = "yank", "unyank"


def yank_reason(link: _devpi.Link, index: str) -> str | None:
    """Return why a file is yanked in an index, or None."""
    newest: Mapping[str, Any] = next(reversed(_yanks(link.get_logs(), index)), {})
    return str(newest["reason"]) if newest.get("what") == YANK else None


def set_yanked(
    stage: Any,  # noqa: ANN401 - devpi has no types
    project: str,
    version: str,
    *,
    user: str | None,
    reason: str | None,
) -> bool | None:
    """Yank a release or take its yank back, in the write transaction of the request.

    Args:
        stage: The index.
        project: Name of the project.
        version: Its version, as the index has it.
        user: Who does it.
        reason: Why it is yanked; its yank is taken back where None.

    Returns:
        Whether anything changed; None where the index has no such release.
    """
    if version not in stage.list_versions_perstage(project):
        return None
    store = stage.get_mutable_linkstore_perstage(project, version)
    links = store.get_links(_devpi.RELEASE_FILE)
    changing = [link for link in links if yank_reason(link, stage.name) != reason]
    for link in changing:
        if reason is None:
            link.add_log(UNYANK, user, dst=stage.name)
        else:
            link.add_log(YANK, user, dst=stage.name, reason=reason)
    if changing:
        # As devpi does it after each change of a link; there is no public way (model.py).
        store._mark_dirty()  # noqa: SLF001
        stage._regen_simplelinks(project)  # noqa: SLF001
    return bool(changing) if links else None


def yank_events_of(
    stage: Any,  # noqa: ANN401
    project: str,
    version: str,
    metadata: Mapping[str, Any],
) -> Iterable[Event]:
    """Return the events that a call of `devpiserver_on_changed_versiondata` is about.

    It needs the notifier's transaction, which is opened at the serial of the change (model.py,
    `EventSubscribers.on_changed_version_config`).

    Args:
        stage: The index; None when it was removed meanwhile.
        project: Name of the project.
        version: The version whose data changed.
        metadata: Its data, with the log of each file; empty when it was removed.

    Returns:
        One event for each file that was yanked, or whose yank was taken back.
    """
    logs = {link["entrypath"]: link.get("_log", ()) for link in metadata.get("+elinks", ())}
    if stage is None or not any(_yanks(log, stage.name) for log in logs.values()):
        return  # as nearly always: without a look at the serial before
    before = _versiondata_before(stage, project, version)
    known = {link["entrypath"]: link.get("_log", ()) for link in before.get("+elinks", ())}
    store = stage.get_linkstore_perstage(project, version)
    for link in store.get_links(_devpi.RELEASE_FILE):
        yanks = _yanks(logs.get(link.relpath, ()), stage.name)
        if len(yanks) > len(_yanks(known.get(link.relpath, ()), stage.name)):
            kind = str(yanks[-1]["what"])
            yield _devpi.event_from_log(stage, store.project, version, link, kind, yanks[-1])


def _yanks(logs: Iterable[Mapping[str, Any]], index: str) -> list[Mapping[str, Any]]:
    return [log for log in logs if log.get("what") in {YANK, UNYANK} and log.get("dst") == index]


def _versiondata_before(stage: Any, project: str, version: str) -> Mapping[str, Any]:  # noqa: ANN401
    """Return what the index had of a version one serial ago (keyfs.py, `Transaction`)."""
    tx = stage.keyfs.tx
    key = stage.key_projversion(project, version)
    found = tx.get_last_serial_and_value_at(key, tx.at_serial - 1, raise_on_error=False)
    return (found and found[1]) or {}
