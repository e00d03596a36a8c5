"""A packl in edition: its folder, its metadata and its managed edits."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from packaging.requirements import Requirement
from tomlkit.exceptions import TOMLKitError

from pipl_hooks import AssetReference, PacklInfo, PiplError, import_name
from pipl_hooks.assets import references_from_text
from pipl_hooks.packl import DATA_FOLDER
from pipl_hooks.suggestions import did_you_mean

from ._files import explained, making, write_text, write_together
from ._metadata import checked_metadata
from .errors import ConflictError, NotFoundError, PacklError
from .history import Edit, edits_from_text
from .names import check_packl_name, same_name
from .plugins import plugins
from .taken_names import check_not_taken
from .versions import Part, bumped, parsed_version

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

    from pipl_hooks import Progress

    from .workspace import Workspace

TRACKED = (
    "version",
    "dependencies",
    "optional-dependencies",
    "scripts",
    "entry-points",
)
"""Keys of `[project]` whose changes go into the history."""


SHADOW = "shadow"
"""Key of the first edit where a packl took a name that something else may have."""


class Packl:
    """A packl's folder.

    Args:
        folder: Folder with `pyproject.toml`.

    Raises:
        NotFoundError: The folder is no packl.
        PacklError: Its `pyproject.toml` cannot be read, or has no version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.file = self.folder / "pyproject.toml"
        self.version  # noqa: B018  reads it once, so that a broken packl is known at once

    @classmethod
    def find(cls, start: Path | str = ".", name: str | None = None) -> Packl:
        """Find a packl: by name in its workspace, else of a folder, else the workspace's only one.

        Raises:
            NotFoundError: There is none, or it is not clear which.
        """
        from .workspace import Workspace

        start = Path(start).absolute()
        if name is None:
            for folder in (start, *start.parents):
                if (folder / "pyproject.toml").is_file() and any(
                    folder.glob(f"src/*/{DATA_FOLDER}")
                ):
                    return cls(folder)
        workspace = Workspace.find(start)
        broken: dict[Path, PiplError] = {}
        packls = workspace.readable_packls(broken.__setitem__)
        if name is not None:
            return _named(workspace, packls, broken, name)
        if len(packls) == 1 and not broken:
            return packls[0]
        if not packls:
            for error in broken.values():
                raise error
            msg = f"The workspace {workspace.name} has no packl in edition."
            raise NotFoundError(msg, hint="Make one: `pipl packl create NAME`.")
        msg = f"The workspace {workspace.name} has several packls in edition."
        several = [*(packl.name for packl in packls), *(folder.name for folder in broken)]
        hint = f"Go into the folder of one, or name it: {', '.join(several)}."
        raise NotFoundError(msg, hint=hint)

    @classmethod
    def create(
        cls,
        workspace: Workspace,
        name: str,
        *,
        kind: str = "code",
        summary: str = "",
        hook: str | None = None,
        install: bool = True,
        shadow: bool = False,
        warn: Progress = lambda _: None,
    ) -> Packl:
        """Make a packl in a workspace, and install it there in edition.

        Args:
            workspace: The workspace.
            name: Name of the packl.
            kind: `code`, `envset`, `product` or `task`.
            summary: One line on what it is for.
            hook: A hook that it is to answer; it gets a plugin for that.
            install: Install it at once; whoever is to edit it further may do that later.
            shadow: Take the name even where something else has it; see `taken_names`.
            warn: Called with what could not be checked of the name.

        Raises:
            PacklError: A packl may not have this name, or the summary is no line.
            NotFoundError: There is no such hook.
            ConflictError: The workspace has one of that name, or something else has it.
            InstallError: It could not be installed; nothing is left of it.
        """
        _check_new(workspace, name, summary)
        if not shadow:
            check_not_taken(workspace, name, warn)
        folder = workspace.folder / "packls" / import_name(name)
        files = plugins().ask("pipl_packl_files", name=name, kind=kind, summary=summary)
        if hook is not None:
            from .plugin_skeleton import with_plugin

            files = with_plugin(files, name, hook)
        with explained(f"The packl {folder} could not be made."):
            try:
                with making(folder):
                    for path, text in files.items():
                        write_text(folder / path, text)
                    packl = cls(folder)
                    changes = {"version": {"from": None, "to": packl.version}}
                    if shadow:  # publishing relies on it, and others can see who decided so
                        changes[SHADOW] = {"from": None, "to": name}
                    packl.write_info(PacklInfo(kind))
                    edit = Edit("create", summary, changes)
                    write_text(packl.data_folder / "history.jsonl", edit.to_line())
                    if install:
                        workspace.install_edited()
            except FileExistsError:
                msg = f"{folder} exists already, and is no packl."
                raise ConflictError(msg, hint="Move it away, or choose another name.") from None
        return packl

    # -- reading -------------------------------------------------------------------------------

    @property
    def metadata(self) -> dict[str, Any]:
        """The table `[project]` of its `pyproject.toml`."""
        try:
            data = tomllib.loads(self.file.read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"{self.folder} is not a packl."
            hint = "Make one with `pipl packl create NAME`."
            raise NotFoundError(msg, context=f"{self.file}: {error.strerror}", hint=hint) from error
        except (ValueError, RecursionError) as error:  # not all are TOMLDecodeErrors
            msg = f"{self.file} is not valid TOML."
            raise PacklError(msg, context=str(error), hint="Correct it by hand.") from error
        try:
            return checked_metadata(data)
        except (KeyError, TypeError, ValueError) as error:
            msg = f"{self.file} does not say what a packl is."
            missing = isinstance(error, KeyError)
            context = f"[project] has no {error.args[0]}." if missing else f"{error}."
            hint = "A packl has a name and a version in [project]; pipl writes both."
            raise PacklError(msg, context=context, hint=hint) from error

    @property
    def name(self) -> str:
        """Name of the packl."""
        return str(self.metadata["name"])

    @property
    def version(self) -> str:
        """Version of the packl, in its normal form."""
        version = self.metadata["version"]
        try:
            return parsed_version(version)
        except PacklError as error:
            context = " ".join(["It stands in", f"{self.file}.", error.context or ""]).strip()
            raise PacklError(error.message, context=context, hint=error.hint) from error

    @property
    def module(self) -> str:
        """Its import name."""
        return import_name(self.name)

    @property
    def data_folder(self) -> Path:
        """Its `_packl` folder, which travels in the wheel."""
        return self.folder / "src" / self.module / DATA_FOLDER

    @property
    def info(self) -> PacklInfo:
        """What its `packl.toml` says."""
        path = self.data_folder / "packl.toml"
        try:
            return PacklInfo.from_text(_text_of(path))
        except OSError as error:
            msg = f"The packl {self.name} has no {path.name}."
            hint = f"Restore {path}, or make the packl anew with `pipl packl create`."
            raise PacklError(msg, context=error.strerror, hint=hint) from error

    @property
    def references(self) -> dict[str, AssetReference]:
        """Its references to Assets, by name."""
        path = self.data_folder / "assets.json"
        return references_from_text(_text_of(path)) if path.exists() else {}

    @property
    def history(self) -> list[Edit]:
        """Its managed edits, the oldest first."""
        path = self.data_folder / "history.jsonl"
        return edits_from_text(_text_of(path) if path.exists() else "", str(path))

    @property
    def shadows(self) -> bool:
        """Whether it took a name that something else has, on purpose, when it was made."""
        return any(SHADOW in edit.changes for edit in self.history)

    def requirements(self, extra: str | None = None) -> list[Requirement]:
        """Return what it depends on.

        Args:
            extra: Only what this extra adds.

        Raises:
            PacklError: A requirement cannot be read.
        """
        metadata = self.metadata
        if extra is None:
            texts = metadata.get("dependencies", [])
        else:
            texts = metadata.get("optional-dependencies", {}).get(extra, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            msg = f"The dependencies in {self.file} must be a list of texts."
            raise PacklError(msg, context=f"They are {texts!r:.200}.", hint="Correct it by hand.")
        try:
            found = [Requirement(text) for text in texts]
            hash(tuple(requirement.specifier for requirement in found))  # reads their versions
        except (ValueError, RecursionError) as error:  # mostly InvalidRequirement
            msg = f"{self.file} has a dependency that cannot be read."
            context = f"{error!s:.500}"
            raise PacklError(msg, context=context, hint="Correct it by hand.") from error
        return found

    # -- editing -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def editing(
        self, action: str, comment: str = "", files: Mapping[Path, str] | None = None
    ) -> Iterator[TOMLDocument]:
        """Edit `pyproject.toml`; what changed becomes one line of the history.

        A person's own formatting and comments survive. Either all files change, or none; when
        nothing changes, none is written.

        Args:
            action: The command that edits.
            comment: Why.
            files: Texts of further files that change with it.

        Raises:
            PacklError: `pyproject.toml` cannot be read.
            CoreError: A file cannot be written; all are as they were.
        """
        try:
            # As bytes, so that a person's own line endings survive, too.
            document = tomlkit.parse(self.file.read_bytes().decode("utf-8"))
        except (TOMLKitError, ValueError, RecursionError) as error:
            msg = f"{self.file} is not valid TOML."
            raise PacklError(msg, context=str(error), hint="Correct it by hand.") from error
        before = deepcopy(document.unwrap()["project"])
        yield document
        after = document.unwrap()["project"]
        changes = {
            key: {"from": before.get(key), "to": after.get(key)}
            for key in TRACKED
            if before.get(key) != after.get(key)
        }
        texts = {p: t for p, t in (files or {}).items() if _differs(p, t)}
        if not changes and not texts:
            return
        for path in texts:
            changes[path.relative_to(self.folder).as_posix()] = {"from": None, "to": "written"}
        history = self.data_folder / "history.jsonl"
        lines = _text_of(history) if history.exists() else ""
        edit = Edit(action, comment, changes)
        texts[self.file] = tomlkit.dumps(document)
        texts[history] = lines + edit.to_line()
        write_together(texts)

    def bump(self, part: Part, comment: str = "") -> str:
        """Move the version on, and return the new one."""
        version = bumped(self.version, part)
        with self.editing("bump", comment) as document:
            document["project"]["version"] = version
        return version

    def info_text(self, info: PacklInfo) -> str:
        """Return the text of a `packl.toml`."""
        document = tomlkit.document()
        document["format"] = 1
        document["kind"] = info.kind
        if info.type is not None:
            document["type"] = info.type
        if info.entity:
            document["entity"] = dict(info.entity)
        return tomlkit.dumps(document)

    def write_info(self, info: PacklInfo) -> None:
        """Write `packl.toml`."""
        write_text(self.data_folder / "packl.toml", self.info_text(info))


def _named(
    workspace: Workspace, packls: list[Packl], broken: Mapping[Path, PiplError], name: str
) -> Packl:
    for packl in packls:
        if same_name(packl.name, name):
            return packl
    for folder, error in broken.items():
        if same_name(folder.name, name):
            raise error
    msg = f"The workspace {workspace.name} has no packl {name!r} in edition."
    names = [packl.name for packl in packls]
    hint = f"{did_you_mean(name, names)}It has: {', '.join(names) or 'none'}."
    raise NotFoundError(msg, hint=f"{hint} Make one: `pipl packl create {name}`.")


def _check_new(workspace: Workspace, name: str, summary: str) -> None:
    check_packl_name(name)
    if not summary.isprintable():
        msg = "The summary of a packl is one line of readable characters."
        raise PacklError(msg, context=f"It is {summary!r:.200}.", hint="Shorten it.")
    for other in workspace.packls:
        if same_name(other.name, name):
            msg = f"The workspace {workspace.name} has the packl {other.name} already."
            raise ConflictError(msg, hint=f"It is at {other.folder}.")


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_bytes() != text.encode()


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"{path} cannot be read."
        raise PacklError(msg, context=str(error), hint="Restore it, as UTF-8.") from error
