"""What changed between two versions of a packl."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pipl_hooks import normalized_name

from .contents import edited_content, released_content
from .errors import NotFoundError
from .releases import each_version, newest, released, unknown_name, wish
from .versions import parsed_version

if TYPE_CHECKING:
    from pipl_hooks import Catalogue, ReleaseRecord

    from .contents import Content
    from .history import Edit
    from .packl import Packl
    from .project import Project
    from .releases import Wish


@dataclass(frozen=True)
class Change:
    """Something that differs.

    Attributes:
        what: Name of it.
        before: How it was; None where it is new.
        after: How it is; None where it is gone.
    """

    what: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Differences:
    """What changed from one version of a packl to another.

    Attributes:
        name: Name of the packl.
        before: The one version.
        after: The other one.
        metadata: Summary, kind, type, entity, Pythons and entry points.
        requirements: What it depends on, by name and extra.
        lock: Versions in the lock, by name.
        assets: References to Assets, by name.
        code: Sizes of files in bytes, by path.
        code_size: Bytes of all code, before and after.
        code_files: Number of files of code, before and after.
        history: Managed edits that the other version has and the one does not, the oldest first.
    """

    name: str
    before: str
    after: str
    metadata: tuple[Change, ...]
    requirements: tuple[Change, ...]
    lock: tuple[Change, ...]
    assets: tuple[Change, ...]
    code: tuple[Change, ...]
    code_size: tuple[int, int]
    code_files: tuple[int, int]
    history: tuple[Edit, ...]


def compare_releases(
    project: Project, catalogue: Catalogue, name: str, before: str, after: str
) -> Differences:
    """Tell what changed between two releases of a packl.

    Args:
        project: The project.
        catalogue: Its catalogue.
        name: Name of the packl.
        before: The one version.
        after: The other one.

    Raises:
        NotFoundError: There is no such packl or version.
        PacklError: A wheel cannot be read, or what is given is no version.
    """
    records = [_release(catalogue, name, version) for version in (before, after)]
    one, other = (released_content(project, record) for record in records)
    return differences(one, other)


def compare_with_edition(
    project: Project, catalogue: Catalogue, packl: Packl, before: str | None = None
) -> Differences:
    """Tell what changed from a release to the packl in edition.

    Args:
        project: The project.
        catalogue: Its catalogue.
        packl: The packl in edition.
        before: Version of the release; the newest one where None.

    Raises:
        NotFoundError: There is no such version.
        PacklError: The packl cannot be built, or the release not be read.
    """
    record = _release(catalogue, packl.name, before)
    return differences(released_content(project, record), edited_content(packl))


def differences(before: Content, after: Content) -> Differences:
    """Compare what two versions hold."""
    known = [asdict(edit) for edit in before.history]
    return Differences(
        name=after.name,
        before=before.version,
        after=after.version,
        metadata=_changes(_metadata(before), _metadata(after)),
        requirements=_changes(_requirements(before), _requirements(after)),
        lock=_changes(before.lock or {}, after.lock or {}),
        assets=_changes(before.assets, after.assets),
        code=tuple(
            Change(
                change.what,
                change.before and change.before.size,
                change.after and change.after.size,
            )
            for change in _changes(before.code, after.code)
        ),
        code_size=(_size(before), _size(after)),
        code_files=(len(before.code), len(after.code)),
        history=tuple(edit for edit in after.history if asdict(edit) not in known),
    )


def _release(catalogue: Catalogue, name: str, version: str | None) -> ReleaseRecord:
    records = each_version(catalogue.releases(normalized_name(name)))
    if not records:
        raise unknown_name(name, catalogue.names())
    if version is None:
        found = newest(released(records), candidates=True) or newest(records, candidates=True)
        if found is not None:
            return found
        version = "any version that was not withdrawn"
    else:
        wanted = parsed_version(version)
        for record in records:
            if record.version == wanted:
                return record
    msg = f"The project has no {name} {version}."
    hint = f"It has: {', '.join(record.version for record in records)}."
    raise NotFoundError(msg, hint=hint)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    names = sorted({*before, *after})
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _metadata(content: Content) -> dict[str, str]:
    facts = content.facts
    found = {
        "summary": facts.summary,
        "kind": facts.kind,
        "type": facts.type,
        "requires-python": facts.requires_python,
        **{f"entity {key}": value for key, value in facts.entity.items()},
    }
    listed = [f"extra {extra}" for extra in facts.provides_extra]
    for group, names in facts.entry_points.items():
        listed += [f"entry point {name} of {group}" for name in names]
    # What is only there or not has an empty text.
    return {key: value for key, value in found.items() if value} | dict.fromkeys(listed, "")


def _requirements(content: Content) -> dict[str, str]:
    """Return what a version asks for, by name and extra; several for one name in one text."""
    found: dict[str, list[str]] = {}
    for text in content.facts.requires:
        asked = wish(text)
        if asked is not None:
            extra = f" [{', '.join(sorted(asked.under))}]" if asked.under else ""
            found.setdefault(f"{asked.name}{extra}", []).append(_range(asked))
    return {name: "; ".join(sorted(texts)) for name, texts in found.items()}


def _range(asked: Wish) -> str:
    extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
    condition = f" where {asked.condition}" if asked.condition else ""
    return (f"{extras}{asked.versions}" or "any version") + condition


def _size(content: Content) -> int:
    return sum(file.size for file in content.code.values())
