"""Names that a packl could have, if something else did not have them already.

A packl in the project hides whatever its third-party mirror has under that name, for everybody. So
such a name is only taken on purpose.
"""

from __future__ import annotations

import contextlib
from importlib.metadata import distributions
from typing import TYPE_CHECKING

from pipl_hooks import import_name, normalized_name

from ._project_file import RELEASE_INDEX
from .errors import ConflictError, ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipl_hooks import Progress

    from .environments import VirtualEnvironment
    from .index import IndexClient
    from .project import Project
    from .workspace import Workspace

OWN_NAMES = frozenset(
    {"pipl"}
    | {
        f"pipl-{part}"
        for part in (
            *("assetstore", "ci", "cli", "core", "envset", "hooks", "pgqueuer", "pipe", "server"),
            "testing",
        )
    }
)
"""Normalized names of pipl's own packls."""

HINT = "Choose another name, with your studio's or show's in front, or take it with --shadow."


def check_not_taken(workspace: Workspace, name: str, warn: Progress = lambda _: None) -> None:
    """Make sure that a new packl takes nobody's name.

    Args:
        workspace: The workspace in which it is to be made.
        name: Its name.
        warn: Called with what could not be checked, such as when the server does not run.

    Raises:
        ConflictError: Something has the name: a packl of the project or of pipl, a package of the
            project's third-party mirror, or an import package that is installed in the workspace.
    """
    reason = (
        _hidden_import(workspace.environment, name)
        or _own(name)
        or _on_server(workspace.project, name, warn)
    )
    if reason:
        raise ConflictError(f"The name {name!r} is taken.", context=reason, hint=HINT)


def foreign_owner(
    project: Project, client: IndexClient, name: str, warn: Progress = lambda _: None
) -> str | None:
    """Tell who else has the name of a packl that is published for the first time.

    Args:
        project: The project.
        client: Client of its server.
        name: Name of the packl.
        warn: Called with what could not be checked.

    Returns:
        Whose it is, as a sentence; None where the project has the packl already, or nobody has.
    """
    if any(client.releases(index, name) for index in _indexes(project)):
        return None
    return _own(name) or _third_party(client, name, warn)


def _own(name: str) -> str | None:
    return "pipl itself has a part of that name." if normalized_name(name) in OWN_NAMES else None


def _on_server(project: Project, name: str, warn: Progress) -> str | None:
    try:
        with contextlib.closing(project.client()) as client:
            for index in _indexes(project):
                releases = client.releases(index, name)
                if releases:
                    found = releases[0].file.partition("-")[0]
                    return f"{found} is a packl of {project.name} already, in {index}."
            return _third_party(client, name, warn)
    except ServerError as error:
        warn(f"whether somebody else has the name {name!r} could not be checked: {error.message}")
        return None


def _third_party(client: IndexClient, name: str, warn: Progress) -> str | None:
    found = client.third_party_has(name)
    if found is None:
        warn(f"the third-party mirror did not tell whether it has a package {name!r}.")
    if not found:
        return None
    return (
        f"The third-party mirror has a package {name!r}, which a packl would hide from everybody."
    )


def _indexes(project: Project) -> list[str]:
    return list(dict.fromkeys([RELEASE_INDEX, *(stage.index for stage in project.config.stages)]))


def _hidden_import(environment: VirtualEnvironment, name: str) -> str | None:
    """Tell whose import package a packl would hide: `yaml` is that of PyYAML."""
    module = import_name(name)
    for folder in environment.site_packages:
        for entry in folder.iterdir():
            if entry.suffix in {".dist-info", ".pth"} or entry.name.split(".")[0] == "":
                continue
            # Where case means nothing, `Yaml` hides `yaml`, too.
            if entry.name.split(".")[0].lower() != module.lower():
                continue
            for owner in _owners(str(folder), entry.name):
                if normalized_name(owner) != normalized_name(name):
                    return (
                        f"{owner}, which is installed in this workspace, is imported as {module}."
                    )
    return None


def _owners(folder: str, entry: str) -> Iterator[str]:
    for distribution in distributions(path=[folder]):
        name = distribution.metadata["Name"]
        if name and any(path.parts[:1] == (entry,) for path in distribution.files or ()):
            yield name
