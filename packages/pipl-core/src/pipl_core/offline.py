"""Takes a workspace offline and back: its Assets beside it, so that work goes on without the project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import tomlkit

from pipl_hooks import normalized_name

from ._files import write_text
from .errors import ConflictError, NotFoundError
from .workspace import WORKSPACE_FILE, Workspace

if TYPE_CHECKING:
    from pipl_hooks import Progress


def pull(
    workspace: Workspace, names: Sequence[str] = (), progress: Progress = lambda _: None
) -> list[dict[str, Any]]:
    """Bring the Assets of packls beside a workspace, without importing these.

    Copies are compared with their digests, and none is made twice, so that an interrupted pull
    goes on where it was. They belong to the workspace: nothing that happens to them reaches the
    project's store.

    Args:
        workspace: The workspace.
        names: Packls; all of the workspace where empty.
        progress: Called with each Asset.

    Returns:
        What is there now, by packl and name; `copied` is how many bytes had to be copied.

    Raises:
        ConflictError: The workspace is offline, and has no other store to ask.
        NotFoundError: A packl is not installed.
        CoreError: An Asset could not be copied.
    """
    if workspace.offline:
        msg = f"The workspace {workspace.name} is offline."
        raise ConflictError(msg, hint="Take it back first: `pipl work online`.")
    installed = workspace.installed()
    for name in names:
        if normalized_name(name) not in installed:
            msg = f"The workspace {workspace.name} has no packl {name!r}."
            raise NotFoundError(msg, hint=f"Install it: `pipl work install {name}`.")
    workspace.environment.refresh()  # an environment of an earlier pipl has not been told where
    found: list[dict[str, Any]] = workspace.environment.ask("pull", *names, said=progress)
    return found


def go_offline(workspace: Workspace, progress: Progress = lambda _: None) -> list[dict[str, Any]]:
    """Bring all Assets beside a workspace, and have its environment use these.

    Doing it again changes nothing.

    Returns:
        What was pulled.

    Raises:
        CoreError: An Asset could not be copied; the workspace stays online.
    """
    if workspace.offline:
        return []
    with workspace.changing():
        pulled = pull(workspace, progress=progress)
        _set(workspace, offline=True)
    return pulled


def go_online(workspace: Workspace, progress: Progress = lambda _: None) -> list[dict[str, Any]]:
    """Have a workspace use the project's asset store again; doing it again changes nothing.

    What was saved meanwhile is brought there. The Assets beside the workspace stay.

    Returns:
        What was saved meanwhile.

    Raises:
        CoreError: The project's store cannot be written; the workspace stays offline.
    """
    if not workspace.offline:
        return []
    with workspace.changing():
        _set(workspace, offline=False)
        try:
            given: list[dict[str, Any]] = workspace.environment.ask("give-back", said=progress)
        except BaseException:
            _set(workspace, offline=True)
            raise
    return given


def _set(workspace: Workspace, *, offline: bool) -> None:
    path = workspace.folder / WORKSPACE_FILE
    before = path.read_text(encoding="utf-8")
    document = tomlkit.parse(before)
    if offline:
        document["offline"] = True
    else:
        document.pop("offline", None)
    write_text(path, tomlkit.dumps(document))
    workspace.offline = workspace.environment.offline = offline
    try:
        # The EnvSets that name the store's folder follow.
        workspace.environment.refresh()
    except BaseException:
        write_text(path, before)
        workspace.offline = workspace.environment.offline = not offline
        raise
