"""Workspaces: folders in which packls are installed and edited."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipl_hooks import PiplError, normalized_name, shapes

from ._files import explained, write_text
from ._project_file import FILE_NAME as PROJECT_FILE
from .constraints import about_others
from .environments import VirtualEnvironment
from .errors import ConflictError, CoreError, InstallError, NotFoundError, PacklError
from .locks import LOCK_NAME, locked_names, usable_lock
from .moments import end_of, parsed_moment
from .names import check_folder_name
from .plugins import plugins
from .programs import check_requirements, installed_tasks, write_programs
from .requirements import EDIT_EXTRA, check_requirement, parsed_requirement

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .outdated import PacklStatus
    from .packl import Packl
    from .project import Project

WORKSPACE_FILE = "workspace.toml"
WORKAREA_FILE = "workarea.toml"
FORMAT = 1
VARIABLE = "PIPL_WORKSPACE"
"""Names the active workspace, where the current folder lies in none."""

EDITED_FILE = "pipl-edited.json"
"""In the virtualenv: digest of each edited packl's `pyproject.toml`, as it was installed."""

BUSY_AFTER = 60.0
"""Seconds to wait for another command that changes the same workspace."""


class Workspace:
    """A folder with one virtualenv and the packls that are edited there.

    Args:
        folder: Folder with `workspace.toml`.

    Raises:
        NotFoundError: The folder is no workspace.
    """

    def __init__(self, folder: Path) -> None:
        from .project import Project

        self.folder = folder.absolute()
        data = self._read()
        self.name: str = data["name"]
        self.project: Project = Project((self.folder / data["project"]).resolve())
        self.offline: bool = data.get("offline") is True
        self.environment = VirtualEnvironment(
            self.folder / ".venv", self.project, offline=self.offline
        )

    @staticmethod
    def marker_in(folder: Path) -> Path | None:
        """Return the project to which a workspace's or workarea's folder belongs, if it is one."""
        for name in (WORKSPACE_FILE, WORKAREA_FILE):
            path = folder / name
            if path.is_file():
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                    data = tomllib.loads(path.read_text(encoding="utf-8"))
                    return (folder / shapes.text(data["project"], "project")).resolve()
        return None

    @classmethod
    def find(cls, start: Path | str = ".") -> Workspace:
        """Find the workspace of a folder: the folder itself, one above it, or the active one.

        Raises:
            NotFoundError: There is none.
        """
        start = Path(start).absolute()
        for folder in (start, *start.parents):
            if (folder / WORKSPACE_FILE).is_file():
                return cls(folder)
        if os.environ.get(VARIABLE):
            return cls(Path(os.environ[VARIABLE]))
        msg = f"There is no workspace at {start}, nor in a folder above it."
        hint = "Go into one (`pipl work list` shows them), or make one: `pipl work create NAME`."
        raise NotFoundError(msg, hint=hint)

    @classmethod
    def create(
        cls,
        project: Project,
        name: str,
        *,
        area: Path | None = None,
        python: str | None = None,
        requirements: Sequence[str] | None = None,
        at: str | None = None,
        lock: str | None = None,
        progress: Progress = lambda _: None,
    ) -> Workspace:
        """Make a workspace; when something fails, nothing is left of it.

        Args:
            project: Its project.
            name: Name of its folder.
            area: Workarea; the project's default one where None.
            python: Interpreter: a path, or a version such as `3.11`.
            requirements: What it gets beside the project's pipeline.
            at: It gets what had been released by then, now and later; see `parsed_moment`.
            lock: Text of a lock that names all that it gets beside the requirements themselves,
                the project's pipeline included.
            progress: Called with each step.

        Raises:
            ConflictError: There is a folder of that name.
            InstallError: The pipeline could not be installed.
        """
        import tomlkit

        check_folder_name(name, "workspace")
        moment = parsed_moment(at) if at else None
        for requirement in requirements or ():
            check_requirement(requirement)
        folder = (area or project.workarea) / name
        with explained(f"The workspace {folder} could not be made."):
            try:
                # Whoever makes the folder has it: of two at once, one gets the error.
                folder.parent.mkdir(parents=True, exist_ok=True)
                _check_letters(folder)
                folder.mkdir()
            except FileExistsError:
                msg = f"{folder} exists already."
                hint = "Choose another name, or remove that folder."
                raise ConflictError(msg, hint=hint) from None
        try:
            with explained(f"The workspace {folder} could not be made."):
                for part in ("packls", "work"):
                    (folder / part).mkdir()
            progress("Making the environment")
            environment = VirtualEnvironment(folder / ".venv", project)
            environment.create(python, prompt=name)
            wanted = list(requirements or ())
            if lock is None:
                wanted = [*project.config.pipeline, *wanted]
                progress(f"Installing {', '.join(wanted)}")
                asked_by = dict.fromkeys(project.config.pipeline, PROJECT_FILE)
                environment.install(wanted, asked_by=asked_by, at=moment)
            else:
                write_text(folder / LOCK_NAME, lock)
                progress(f"Installing the lock of {', '.join(wanted)}")
                _install_locked(environment, folder / LOCK_NAME, wanted)
            environment.refresh()
            write_programs(environment)
            document = tomlkit.document()
            document.add(tomlkit.comment("Marks this folder as a workspace of pipl."))
            document["format"] = FORMAT
            document["name"] = name
            document["project"] = _relative(project.folder, folder)
            document["python"] = python or ""
            document["install"] = wanted
            if moment:
                document["at"] = moment
            write_text(folder / WORKSPACE_FILE, tomlkit.dumps(document))
            workspace = cls(folder)
            plugins().ask("pipl_workspace_created", workspace=folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return workspace

    # -- what is in it -------------------------------------------------------------------------

    @property
    def requirements(self) -> list[str]:
        """What was asked to be installed, beside the packls in edition."""
        return list(self._read()["install"])

    @property
    def at(self) -> str | None:
        """The day or time as of which it installs, as `parsed_moment` returns it."""
        return self._read().get("at")

    @property
    def is_locked(self) -> bool:
        """Whether its environment was made from a lock, which lies beside its marker."""
        return (self.folder / LOCK_NAME).is_file()

    @property
    def constraints(self) -> tuple[str, ...]:
        """The project's constraints that hold here: none about what is in edition, or locked."""
        constraints = self.project.config.constraints
        if not constraints:
            return ()
        locked = locked_names(self.folder / LOCK_NAME) if self.is_locked else set()
        return about_others(constraints, locked | {packl.name for packl in self.packls})

    @property
    def packls(self) -> list[Packl]:
        """The packls in edition, sorted by name.

        Raises:
            PacklError: One cannot be read; `readable_packls` lists the others.
        """
        from .packl import Packl

        markers = sorted((self.folder / "packls").glob("*/pyproject.toml"))
        return [Packl(marker.parent) for marker in markers]

    def readable_packls(self, warn: Callable[[Path, PiplError], None]) -> list[Packl]:
        """List the packls in edition that can be read; one that cannot hides no other.

        Args:
            warn: Called with the folder of each other one, and why it cannot be read.
        """
        from .packl import Packl

        found = []
        for marker in sorted((self.folder / "packls").glob("*/pyproject.toml")):
            try:
                found.append(Packl(marker.parent))
            except PiplError as error:
                warn(marker.parent, error)
        return found

    @property
    def work(self) -> Path:
        """Folder of the files in edition."""
        return self.folder / "work"

    def installed(self) -> dict[str, str]:
        """Return the versions of all packls in the environment, by normalized name."""
        return self.environment.installed()

    def status(
        self, warn: Callable[[Path, PiplError], None] = lambda *_: None
    ) -> list[PacklStatus]:
        """Compare what is installed with what has been released in the project.

        Args:
            warn: Called with the folder of each packl in edition that cannot be read, and why.

        Raises:
            ServerError: The server does not run.
        """
        from .catalogue import catalogue_of
        from .outdated import standings

        packls = self.readable_packls(warn)
        with contextlib.closing(catalogue_of(self.project)) as catalogue:
            return standings(self, catalogue, packls=packls)

    def third_party(self, names: Iterable[str]) -> list[str]:
        """Return which of these packls the project does not have, so that its mirror gives them.

        Raises:
            ServerError: The server does not run.
        """
        from ._project_file import RELEASE_INDEX

        edited = {normalized_name(packl.name) for packl in self.packls}
        with contextlib.closing(self.project.client()) as client:
            return [
                name
                for name in names
                if normalized_name(name) not in edited and not client.releases(RELEASE_INDEX, name)
            ]

    # -- changing it ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Keep other commands from changing the workspace at the same time.

        Raises:
            CoreError: Another command does, for a long time.
        """
        import filelock

        lock = filelock.FileLock(self.folder / ".lock", timeout=BUSY_AFTER)
        with explained(f"The workspace {self.name} cannot be changed."):
            try:
                lock.acquire()
            except filelock.Timeout as error:
                msg = f"Another command changes the workspace {self.name}."
                raise CoreError(msg, hint="Wait until it is done, then do it again.") from error
        try:
            yield
        finally:
            lock.release()

    def install(
        self,
        requirements: Sequence[str],
        *,
        upgrade: bool = False,
        record: bool = True,
        replacing: Packl | None = None,
        at: str | None = None,
    ) -> str:
        """Install packls together with what is asked for already, and return what was printed.

        Args:
            requirements: PEP 508 requirements.
            upgrade: Take the newest versions that fit.
            record: Remember the requirements, so that `sync` installs them again.
            replacing: A packl in edition whose own wishes for the same names count no longer.
            at: Bring all that is installed to what had been released by then (see
                `parsed_moment`), and stay there; as of the same moment as before where None.

        Raises:
            ConflictError: One is a second Task; nothing has changed.
            InstallError: They do not go together, or do not exist; nothing has changed.
        """
        with self.changing():
            check_requirements(self, requirements)
            wanted = self._wanted(requirements, record=record, replacing=replacing)
            moment = parsed_moment(at) if at else self.at
            upgrade = upgrade or at is not None
            printed = self._bring(wanted, moment, upgrade=upgrade)
            if at:
                self._record_moment(moment)
            if record:
                self._record(requirements)
            if self._install_edited():  # what was in edition may be asked for nevertheless
                printed += self._bring(wanted, moment)
            self.environment.refresh()
            write_programs(self.environment)
        return printed

    def install_edited(self) -> None:
        """Install the packls in edition anew whose metadata changed, with what they depend on."""
        self.install([], record=False)

    def bring_up_to_date(self, done: str) -> None:
        """Install packls in edition anew, after their metadata was edited.

        Args:
            done: What was edited, for the error: that stands, whatever becomes of the environment.

        Raises:
            InstallError: The environment could not be brought up to date.
        """
        try:
            self.install_edited()
        except (InstallError, PacklError) as error:
            msg = f"{done}, but the environment could not be brought up to date."
            hint = "Mend what the installer names, then `pipl work sync`; do not do it again."
            context = f"{error.message}\n{error.context or ''}".strip()
            raise InstallError(msg, context=context, hint=hint) from error

    def sync(
        self,
        progress: Progress = lambda _: None,
        *,
        upgrade: bool = False,
        at: str | None = None,
    ) -> str:
        """Bring the environment to what workspace and packls in edition ask for.

        An environment that is missing or broken is made anew.

        Args:
            progress: Called with each step.
            upgrade: Take the newest versions that fit.
            at: Bring all that is installed to what had been released by then, and stay there; see
                `parsed_moment`.
        """
        if not self.environment.exists:
            with self.changing():
                progress("Making the environment")
                self.environment.create(self._read().get("python") or None, prompt=self.name)
                if self.is_locked:
                    progress("Installing its lock")
                    edited = {normalized_name(packl.name) for packl in self.packls}
                    wanted = [r for r in self.requirements if _name_of(r) not in edited]
                    _install_locked(self.environment, self.folder / LOCK_NAME, wanted)
        progress("Installing")
        return self.install([], upgrade=upgrade, record=False, at=at)

    def launch(self, command: Sequence[str]) -> tuple[list[str], dict[str, str], Path]:
        """Return how to run a command in the activated environment, without running it.

        Returns:
            Arguments with the program's whole path, variables, and the folder to run it in.

        Raises:
            NotFoundError: There is no such program.
        """
        arguments, variables = self.environment.launch(command, f"the workspace {self.name}")
        return arguments, variables, self.folder

    @property
    def tasks(self) -> list[str]:
        """Names of its Tasks, in edition or only installed; more than one is a mistake."""
        edited = []
        for packl in self.packls:
            with contextlib.suppress(PiplError):  # its packl.toml is damaged
                edited += [packl.name] if packl.info.kind == "task" else []
        names = {normalized_name(name): name for name in installed_tasks(self.environment)}
        return sorted((names | {normalized_name(name): name for name in edited}).values())

    def _wanted(
        self, requirements: Sequence[str], *, record: bool, replacing: Packl | None
    ) -> dict[str, str]:
        """Return all that the environment is to satisfy, and who asks for each."""
        from .conflicts import YOU

        new = {_name_of(requirement) for requirement in requirements}
        packls = self.packls
        edited = {normalized_name(packl.name) for packl in packls}
        wanted = [
            (r, WORKSPACE_FILE) for r in self.requirements if not (record and _name_of(r) in new)
        ]
        for packl in packls:
            replaced = new if replacing and packl.folder == replacing.folder else set()
            # People who edit get the editors, too; handlers never do.
            asked = (*packl.requirements(), *packl.requirements(EDIT_EXTRA))
            wanted += [
                (str(r), packl.name) for r in asked if normalized_name(r.name) not in replaced
            ]
        asking = replacing.name if replacing else YOU
        return {
            **{text: who for text, who in wanted if _name_of(text) not in edited},
            **dict.fromkeys(requirements, asking),
        }

    def _bring(self, wanted: Mapping[str, str], at: str | None, *, upgrade: bool = False) -> str:
        if not wanted:
            return ""
        return self.environment.install(
            list(wanted), upgrade=upgrade, asked_by=wanted, at=at, constraints=self.constraints
        )

    def _install_edited(self) -> list[str]:
        """Install packls in edition whose `pyproject.toml` is another one than was installed.

        So are those whose place a release took, because something else depends on them.

        Returns:
            Names of those that were uninstalled, since they are no longer in edition.
        """
        path = self.environment.folder / EDITED_FILE
        before = _digests(path)
        packls = {packl.name: packl for packl in self.packls}
        now = {
            name: hashlib.sha256(packl.file.read_bytes()).hexdigest()
            for name, packl in packls.items()
        }
        for name, digest in now.items():
            if before.get(name) != digest or not self.environment.has_edited(packls[name]):
                self.environment.install_edited(packls[name])
        gone = [name for name in before if name not in now]
        if gone:
            self.environment.uninstall(gone)
        if now != before:
            write_text(path, json.dumps(now, indent=2) + "\n")
        return gone

    def _record(self, requirements: Sequence[str]) -> None:
        import tomlkit

        if not requirements:
            return
        document = tomlkit.parse((self.folder / WORKSPACE_FILE).read_text(encoding="utf-8"))
        by_name = {_name_of(r): r for r in (*self.requirements, *requirements)}
        document["install"] = list(by_name.values())
        write_text(self.folder / WORKSPACE_FILE, tomlkit.dumps(document))

    def _record_moment(self, moment: str | None) -> None:
        import tomlkit

        document = tomlkit.parse((self.folder / WORKSPACE_FILE).read_text(encoding="utf-8"))
        if moment == document.get("at"):
            return
        if moment is None:
            del document["at"]
        else:
            document["at"] = moment
        write_text(self.folder / WORKSPACE_FILE, tomlkit.dumps(document))

    def _read(self) -> dict[str, Any]:
        path = self.folder / WORKSPACE_FILE
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                msg = f"{path} has the format {data['format']!r:.100}, which is not known here."
                raise CoreError(msg, hint=f"This pipl knows format {FORMAT}; update pipl.")
            _check_marker(data)
        except OSError as error:
            msg = f"{self.folder} is not a workspace."
            hint = "Make one with `pipl work create NAME`."
            raise NotFoundError(msg, context=f"{path}: {error.strerror}", hint=hint) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"{path} cannot be read."
            raise CoreError(msg, context=repr(error), hint="Correct it by hand.") from error
        return data


def _check_marker(data: Mapping[str, Any]) -> None:
    for key in ("name", "project"):
        if "\0" in shapes.text(data[key], key):
            msg = f"{key} holds a null character"
            raise ValueError(msg)
    shapes.text(data.get("python", ""), "python")
    if "at" in data:
        try:
            end_of(data["at"])
        except CoreError as error:
            raise ValueError(error.message) from error
    for text in shapes.texts(data["install"], "install"):
        try:
            check_requirement(text)
        except InstallError as error:
            raise ValueError(error.message) from error


def _check_letters(folder: Path) -> None:
    """Make sure that no other folder is the same one on a system that ignores capitals."""
    for other in folder.parent.iterdir():
        if other.name != folder.name and other.name.casefold() == folder.name.casefold():
            msg = f"{folder} and {other} differ only in capital letters."
            context = "On Windows and macOS they would be one folder."
            raise ConflictError(msg, context=context, hint="Choose another name.")


def _install_locked(
    environment: VirtualEnvironment, lock: Path, requirements: Sequence[str]
) -> None:
    """Install exactly what a lock names, and the packls that it is for beside it."""
    with tempfile.TemporaryDirectory(prefix="pipl-lock-") as folder:
        text = lock.read_text(encoding="utf-8")
        environment.install_lock(usable_lock(environment.project, text, Path(folder)))
    if requirements:
        environment.install(requirements, dependencies=False)


def _digests(path: Path) -> dict[str, str]:
    """Read which packls were installed in edition; a damaged file only costs installing them anew."""
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        return shapes.text_table(json.loads(path.read_text(encoding="utf-8")), path.name)
    return {}


def _name_of(requirement: str) -> str:
    return normalized_name(parsed_requirement(requirement).name)


def _relative(path: Path, start: Path) -> str:
    try:
        return os.path.relpath(path, start)
    except ValueError:  # another drive on Windows
        return str(path)
