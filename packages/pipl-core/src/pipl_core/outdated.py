"""How the packls of a workspace stand beside what has been released in the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from pipl_hooks import normalized_name

from .asking import Asking
from .errors import NotFoundError
from .releases import as_of, newest, released

if TYPE_CHECKING:
    from datetime import datetime

    from pipl_hooks import Catalogue, ReleaseRecord

    from .packl import Packl
    from .workspace import Workspace


@dataclass(frozen=True)
class PacklStatus:
    """A packl of the project in the environment of a workspace.

    Attributes:
        name: Its normalized name.
        version: Its installed version.
        edited: Folder in which it is edited, where it is.
        fits: Newest released version inside all ranges that are asked for here; None where there
            is none, and for what is in edition.
        newest: Newest released version at all; None where it is not in the project's index.
        held_by: What does not take the newest version: `crowd-lib 1.4 asks for char_hero_rig<2`.
        yanked: Why the installed version was withdrawn; None where it was not.
    """

    name: str
    version: str
    edited: Path | None
    fits: str | None
    newest: str | None
    held_by: tuple[str, ...] = ()
    yanked: str | None = None

    @property
    def has_newer(self) -> bool:
        """Whether a newer version fits, so that `pipl work sync --upgrade` would take it."""
        return self.fits is not None and Version(self.fits) > Version(self.version)

    @property
    def is_held_back(self) -> bool:
        """Whether a newer version is outside of what is asked for."""
        return (
            self.newest is not None
            and Version(self.newest) > Version(self.version)
            and self.fits != self.newest
        )


def standings(
    workspace: Workspace,
    catalogue: Catalogue,
    name: str | None = None,
    *,
    candidates: bool = False,
    at: datetime | None = None,
    packls: Sequence[Packl] | None = None,
) -> list[PacklStatus]:
    """Compare what is installed in a workspace with what has been released in its project.

    Only the installer knows whether what fits goes together with everything else, too.

    Args:
        workspace: The workspace.
        catalogue: The catalogue of its project.
        name: Only what this packl depends on; everything where None.
        candidates: Count release candidates, even where nobody asks for one.
        at: As of this moment; as of now where None.
        packls: The packls in edition that count; all where None.

    Raises:
        NotFoundError: The packl is not in the workspace.
        ServerError: The server does not run.
    """
    packls = workspace.packls if packls is None else packls
    asking = Asking(workspace, packls)
    names = asking.edited | set(asking.installed.by_name)
    if name is not None:
        wanted = normalized_name(name)
        if wanted not in names:
            msg = f"The workspace {workspace.name} does not have {name!r:.150}."
            raise NotFoundError(msg, hint="`pipl work list -p .` shows what it has.")
        names = asking.below(wanted)
    known = set(catalogue.names())
    folders = {normalized_name(packl.name): packl.folder for packl in packls}
    found = []
    for each in sorted(names):
        version = asking.version(each)
        if version is None or each not in known | asking.edited:
            continue
        records = as_of(released(catalogue.releases(each)), at) if each in known else []
        if records or each in asking.edited:
            found.append(_standing(asking, each, records, candidates, folders.get(each)))
    return found


def _standing(
    asking: Asking,
    name: str,
    records: Sequence[ReleaseRecord],
    candidates: bool,  # noqa: FBT001  handed through
    folder: Path | None,
) -> PacklStatus:
    version = asking.version(name) or ""
    askers = asking.askers(name)
    wanted = SpecifierSet()
    constraints = asking.constraints(name)
    for versions in (*(asked for _, asked in askers), *(each.versions for each in constraints)):
        wanted &= versions
    # What is in edition here is never taken from the index.
    runs = [r for r in records if _runs(r, asking)] if folder is None else []
    fitting = newest(runs, wanted, candidates=candidates)
    best = newest(records, candidates=candidates)
    if best and fitting and Version(fitting.version) > Version(best.version):
        best = fitting  # a candidate that is asked for
    held = [
        str(step)
        for step, versions in askers
        if best and not versions.contains(best.version, prereleases=True)
    ]
    held += [str(each) for each in constraints if best and not each.allows(name, best.version)]
    if best and not _runs(best, asking):
        held.append(f"Python {asking.installed.python}, since it asks for {best.requires_python}")
    if best and folder:
        held.append(f"its edition in {folder.name}")
    same = [r for r in records if Version(r.version) == Version(version)]
    return PacklStatus(
        name,
        version,
        folder,
        fitting.version if fitting else None,
        best.version if best else None,
        tuple(held),
        same[0].yanked if same else None,
    )


def _runs(record: ReleaseRecord, asking: Asking) -> bool:
    """Tell whether a release runs on the workspace's Python."""
    python = asking.installed.python
    try:
        return not python or SpecifierSet(record.requires_python).contains(python, prereleases=True)
    except InvalidSpecifier:  # installers take no notice of it, either
        return True
