"""The shapes of what hooks exchange: what an implementation must offer, and what it may rely on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from .assets import AssetReference, Manifest
    from .environment import Environment
    from .events import Event

Progress = Callable[[str], None]
"""Called with one sentence whenever a longer work takes its next step."""


class AssetStore(Protocol):
    """Turns (Product, Asset, revision) into bytes on disk: the service `asset_store`.

    The references that it gets to reserve, publish and read tell their places, `location` and
    `base_name`; it asks no plugin for them.
    """

    @property
    def products(self) -> Path:
        """Folder below which every published Asset has its location."""

    def put(self, source: Path, shape: str, suffix: str = "") -> Manifest:
        """Store the bytes below `source`, and return the manifest that names them."""

    def reserve(self, packl: str, reference: AssetReference) -> None:
        """Keep an Asset's place for this revision; an error where another one has it."""

    def publish(self, packl: str, reference: AssetReference) -> Path:
        """Make a stored Asset visible at its place, and return that path."""

    def path(self, packl: str, reference: AssetReference) -> Path:
        """Return where a published Asset can be read, without copying it."""

    def manifest(self, reference: AssetReference) -> Manifest:
        """Return the names, digests and sizes of an Asset's files."""

    def take(self, manifest: Manifest, source: Path) -> int:
        """Copy an Asset from where another store has it, and return how many bytes were copied.

        What is here already is not copied again, and each file is compared with its digest.
        """

    def verify(self, reference: AssetReference) -> Sequence[str]:
        """Read all bytes of an Asset and return what is missing or damaged."""

    def close(self) -> None:
        """Let go of what the store holds."""


@dataclass(frozen=True)
class InstallRequest:
    """What to install, and where.

    Attributes:
        python: Interpreter of the environment.
        index_url: Simple index that answers for every packl, and the only one asked.
        requirements: PEP 508 requirements and paths of wheels.
        upgrade: Take the newest versions that fit, even where one is installed.
        dependencies: Install what the requirements depend on, too.
        reinstall: Install anew what is installed in the same version.
        variables: Environment of the installer's process, in which packages may run code when
            they are built; that of this process where None.
        at: Take only files that arrived in their index before this time (RFC 3339, in UTC), as
            the index's `upload-time` tells (PEP 700); with `upgrade`, also in place of newer ones
            that are installed. Any file where None.
        constraints: PEP 508 requirements without extras that bring nothing by themselves: where
            anything brings that name, it is in those versions, whoever asks for it. None with
            what is installed alone, without what it depends on.
    """

    python: Path
    index_url: str
    requirements: Sequence[str] = ()
    upgrade: bool = False
    dependencies: bool = True
    reinstall: bool = False
    variables: Mapping[str, str] | None = None
    at: str | None = None
    constraints: Sequence[str] = ()


class Installer(Protocol):
    """Puts packls into an environment."""

    seeds_pip: bool
    """Whether the environment itself must contain pip."""

    def install(self, request: InstallRequest) -> str:
        """Install, and return what the installer printed; raise PiplError with its explanation."""

    def uninstall(self, python: Path, names: Sequence[str]) -> str:
        """Remove packls from the environment, and return what the installer printed."""

    def install_lock(self, request: InstallRequest, lock: Path) -> str:
        """Make the environment hold what a pylock.toml (PEP 751) says, and nothing else."""


class EnvironmentFormat(Protocol):
    """Writes an environment for one kind of shell, or for programs."""

    def script(self, environment: Environment) -> str:
        """Return what sets all variables and aliases in a shell that reads it."""

    def activation(self, environment: Environment) -> Mapping[str, str]:
        """Return the scripts that activation and deactivation read, by file name.

        They keep what was there, and restore it. Empty where the format is for programs only.
        """


@dataclass(frozen=True)
class ReleaseRecord:
    """What the catalogue knows of one wheel in one index, without anything being installed.

    Attributes:
        index: Index that it lies in; one that was pushed on lies in several.
        name: Normalized name of the packl.
        version: Its version.
        file: File name.
        path: Path on the server, without a leading slash.
        digest: `sha256:` and the hexadecimal digest.
        size: Bytes of the file.
        uploaded: When it came into the index, ISO 8601 in UTC; None where the server does not say.
        yanked: Why it was withdrawn, empty without a reason; None where it was not.
        requires: What it depends on, with what its extras add (PEP 508).
        requires_python: Versions of Python that it runs on; empty where any will do.
        provides_extra: Names of its extras.
        summary: One line on what it is for.
        kind: `code`, `envset`, `product` or `task`; None for what is no packl.
        type: Name of its product or task type.
        entity: What it is about in the story.
        entry_points: Names of its entry points, by group.
        problem: Why its metadata could not be read; then all that comes from it is empty.
    """

    index: str
    name: str
    version: str
    file: str
    path: str
    digest: str
    size: int
    uploaded: str | None = None
    yanked: str | None = None
    requires: Sequence[str] = ()
    requires_python: str = ""
    provides_extra: Sequence[str] = ()
    summary: str = ""
    kind: str | None = None
    type: str | None = None
    entity: Mapping[str, str] = field(default_factory=dict)
    entry_points: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problem: str | None = None


class Catalogue(Protocol):
    """Answers over all indexes of a project: what was released, and what that depends on.

    It is read with a few calls, each of which may be one question to a database.
    """

    def indexes(self) -> Sequence[str]:
        """Return the indexes that it covers: that of releases first, then those of the stages."""

    def names(self) -> Sequence[str]:
        """Return the normalized names of all packls in them, sorted."""

    def releases(self, name: str | None = None) -> Sequence[ReleaseRecord]:
        """Return what was released, by name, version and index, the oldest version first.

        Args:
            name: Only of this packl; of all where None.
        """

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True)
class Command:
    """A command that a plugin adds to `pipl`.

    Attributes:
        path: Words after `pipl`: `show play`.
        target: Where its click command is: `module:attribute`; imported when it is called. Empty
            for a group, which holds the commands whose paths begin with its own.
        help: One line for the list of commands.
    """

    path: str
    target: str
    help: str


class EventSource(Protocol):
    """Delivers the events of a project's server, in order, each at least once."""

    def server(self) -> str:
        """Return the identity of the server, so that another one is noticed."""

    def newest(self) -> int:
        """Return the number of its newest event, so that a restored server is noticed."""

    def events(self, since: int, wait: float) -> Sequence[Event]:
        """Return what came after `since`, waiting up to `wait` seconds for the first."""


@dataclass(frozen=True)
class Outcome:
    """How a handler's run ended.

    Attributes:
        passed: Whether the packl goes on to the next stage.
        summary: One sentence for people.
        products: Products that were released, `name==version`.
    """

    passed: bool
    summary: str
    products: Sequence[str] = ()


@dataclass(frozen=True)
class RunRequest:
    """What a handler is asked to do.

    Attributes:
        project: The project's folder.
        stage: Name of the stage in which the packl arrived.
        index: Index of that stage.
        name: Normalized name of the packl.
        version: Its version.
        file: Path of its wheel on the server.
        digest: Digest of its wheel.
        folder: Empty folder for the run, removed when the run passed.
        log: Writes one line into the run's log.
    """

    project: Path
    stage: str
    index: str
    name: str
    version: str
    file: str
    digest: str
    folder: Path
    log: Progress


class Handler(Protocol):
    """Works on a packl that arrived in a stage."""

    def handle(self, request: RunRequest) -> Outcome:
        """Do the work, and return how it ended; an exception counts as failed."""


class Runner(Protocol):
    """Performs runs, here or elsewhere."""

    def capabilities(self) -> Mapping[str, object]:
        """Return what it offers: `slots`, and tags such as `gpu`."""

    def submit(self, run: int) -> None:
        """Have the run performed; submitting one that is under way changes nothing."""

    def poll(self) -> Sequence[int]:
        """Return the runs that are under way."""

    def cancel(self, run: int) -> None:
        """Stop a run, or keep it from starting."""

    def close(self) -> None:
        """Wait for what is under way, and let go of the workers."""


@dataclass(frozen=True)
class QaCheck:
    """A check of a packl, run by the Python of a clean environment in which it is installed.

    Attributes:
        name: Name of the check, shown to people.
        arguments: Arguments of that Python: `("-m", "my_checks", "naming")`. The texts `{name}`
            and `{module}` stand for the packl's name and its import name.
        kinds: Kinds of packl that it applies to; empty for all.
    """

    name: str
    arguments: Sequence[str]
    kinds: Sequence[str] = field(default=())
