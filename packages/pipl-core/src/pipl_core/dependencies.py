"""Adds and removes what a packl depends on: installed first, then recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tomlkit
from packaging.specifiers import SpecifierSet

from pipl_hooks import normalized_name
from pipl_hooks.suggestions import did_you_mean

from .errors import InstallError, NotFoundError, PacklError
from .names import same_name
from .requirements import parsed_requirement, required_name
from .versions import compatible_range

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableSequence

    from packaging.requirements import Requirement

    from .packl import Packl
    from .workspace import Workspace


_EXTRA = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?\Z")


def add_dependency(
    packl: Packl,
    workspace: Workspace,
    name: str,
    versions: str = "",
    comment: str = "",
    *,
    extra: str | None = None,
) -> Requirement:
    """Install a packl, and record it as a dependency once it is installed.

    Adding a name that is there already changes its versions.

    Args:
        packl: The packl that is to depend on it.
        workspace: Its workspace.
        name: Name of the packl to depend on, with extras in brackets.
        versions: PEP 440 specifiers, `>=2,<3`; what goes together with the installed version
            where empty.
        comment: Why; it goes into the history.
        extra: Record it under this extra (`edit`), instead of among what is always installed.

    Returns:
        The requirement as it was recorded.

    Raises:
        PacklError: Name or versions make no sense.
        InstallError: It cannot be installed together with what is there; nothing has changed.
    """
    return add_dependencies(packl, workspace, {name: versions}, comment, extra=extra)[0]


def add_dependencies(
    packl: Packl,
    workspace: Workspace,
    versions: Mapping[str, str],
    comment: str = "",
    *,
    extra: str | None = None,
) -> list[Requirement]:
    """Install several packls at once, and record them as dependencies once they are installed.

    Args:
        packl: The packl that is to depend on them.
        workspace: Its workspace.
        versions: PEP 440 specifiers, by the name of the packl; see `add_dependency`.
        comment: Why; it goes into the history.
        extra: Record them under this extra.

    Returns:
        The requirements as they were recorded.

    Raises:
        PacklError: Names or versions make no sense.
        InstallError: They cannot be installed together with what is there; nothing has changed.
    """
    _check_extra(extra)
    requirements = [_requirement(name, wanted) for name, wanted in versions.items()]
    if any(same_name(requirement.name, packl.name) for requirement in requirements):
        msg = f"{packl.name} cannot depend on itself."
        raise PacklError(msg, hint="Name another packl.")
    workspace.install([str(r) for r in requirements], record=False, replacing=packl)
    installed = workspace.installed()
    for requirement in requirements:
        version = installed.get(normalized_name(requirement.name))
        if version is None:
            msg = f"{requirement.name} is not installed, although the installer reported no error."
            raise PacklError(msg, hint="Nothing was recorded. Look at `pipl work list -p .`.")
        if not requirement.specifier:
            requirement.specifier = SpecifierSet(compatible_range(version))
    with packl.editing("add", comment) as document:
        for requirement in requirements:
            _put(_dependency_list(document["project"], extra), requirement)
    # The installed metadata tells the pipeline what the packl depends on.
    names = ", ".join(requirement.name for requirement in requirements)
    workspace.bring_up_to_date(f"{packl.name} depends on {names} now")
    return requirements


def remove_dependency(
    packl: Packl, workspace: Workspace, name: str, comment: str = "", *, extra: str | None = None
) -> Requirement:
    """Remove a dependency from the record, and from the environment where nothing else needs it.

    Returns:
        The requirement that was removed.

    Raises:
        NotFoundError: The packl does not depend on it.
    """
    _ = workspace.packls  # one that cannot be read is known before anything is edited
    found = [r for r in packl.requirements(extra) if same_name(r.name, name)]
    if not found:
        names = [requirement.name for requirement in packl.requirements(extra)]
        msg = f"{packl.name} does not depend on {name!r}."
        hint = f"{did_you_mean(name, names)}It depends on {', '.join(names) or 'nothing'}."
        raise NotFoundError(msg, hint=hint)
    with packl.editing("remove", comment) as document:
        entries = _dependency_list(document["project"], extra)
        for index in reversed(range(len(entries))):
            if same_name(required_name(entries[index]), name):
                del entries[index]
    workspace.bring_up_to_date(f"{packl.name} depends on {found[0].name} no longer")
    if not _needed(workspace, name):
        with workspace.changing():
            workspace.environment.uninstall([found[0].name])
            workspace.environment.refresh()
    return found[0]


def _requirement(name: str, versions: str) -> Requirement:
    hint = 'For example: pipl packl add char_hero_rig ">=2,<3" "needs the new neck".'
    msg = f"{name!r:.200} with the versions {versions!r:.200} is no requirement."
    try:
        requirement = parsed_requirement(name, addresses=True)
        if versions:
            requirement.specifier &= SpecifierSet(versions)
            requirement = parsed_requirement(str(requirement), addresses=True)
    except InstallError as error:
        raise PacklError(msg, context=error.context, hint=hint) from error
    except ValueError as error:  # mostly InvalidSpecifier
        raise PacklError(msg, context=str(error).partition("\n")[0], hint=hint) from error
    if requirement.url:
        msg = "A packl depends on names and versions in the project's index, never on addresses."
        raise PacklError(msg, context=f"{requirement.url:.200} is an address.", hint=hint)
    return requirement


def _check_extra(extra: str | None) -> None:
    if extra is not None and not _EXTRA.match(extra):
        msg = f"{extra!r:.150} cannot be the name of an extra."
        raise PacklError(msg, hint="Use letters, digits, and - _ . between them: edit.")


def _dependency_list(project: Any, extra: str | None) -> MutableSequence[str]:  # noqa: ANN401
    table, key = (project, "dependencies")
    if extra is not None:
        table = project.setdefault("optional-dependencies", tomlkit.table())
        key = extra
    if key not in table:
        table[key] = tomlkit.array().multiline(multiline=True)
    entries: MutableSequence[str] = table[key]
    return entries


def _put(entries: MutableSequence[str], requirement: Requirement) -> None:
    for index, entry in enumerate(entries):
        if same_name(required_name(entry), requirement.name):
            entries[index] = str(requirement)
            return
    entries.append(str(requirement))


def _needed(workspace: Workspace, name: str) -> bool:
    """Tell whether anything in the environment or its requests still asks for a packl."""
    from importlib.metadata import distributions

    asked = [required_name(text) for text in workspace.requirements]
    folders = [str(path) for path in workspace.environment.site_packages]
    own = {normalized_name(packl.name): packl for packl in workspace.packls}
    for distribution in distributions(path=folders):
        # What is half uninstalled has no name.
        if normalized_name(distribution.metadata["Name"] or "") not in own:
            asked += [required_name(text) for text in distribution.requires or []]
    for packl in own.values():
        for extra in (None, *packl.metadata.get("optional-dependencies", {})):
            asked += [requirement.name for requirement in packl.requirements(extra)]
    return any(same_name(one, name) for one in asked)
