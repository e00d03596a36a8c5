"""Publishes a packl to a stage: plan first, then execute."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipl_hooks import Frames, PiplError, Problem
from pipl_hooks.assets import references_from_plain, references_to_text
from pipl_hooks.packl import PRIVATE_CLASSIFIER
from pipl_hooks.problems import problems_in

from ._files import write_together
from ._project_file import RELEASE_INDEX
from .building import Wheel, build_wheel
from .errors import AccessError, ConflictError, PacklError
from .locks import LOCK_NAME, lock_text
from .names import check_packl_name, same_name
from .plugins import plugins
from .taken_names import HINT as TAKEN_HINT
from .taken_names import foreign_owner

if TYPE_CHECKING:
    from pipl_hooks import AssetReference, Progress

    from .index import Release
    from .packl import Packl
    from .project import Project
    from .workspace import Workspace


_NEVER_CHANGES = "A released version never changes: `pipl packl bump patch`, then publish again."
_EDITED = (
    "in edition here, too: {}. Handlers take what was released of it, and only where the task "
    "depends on it, or `pipl work install` was told to install it."
)


@dataclass(frozen=True)
class Publication:
    """A packl that was uploaded.

    Attributes:
        name: Name of the packl.
        version: Its version.
        index: Index that it was uploaded to.
        url: Address of its page.
        digest: Digest of its wheel.
    """

    name: str
    version: str
    index: str
    url: str
    digest: str


@dataclass
class PublishPlan:
    """What publishing a packl would do.

    Attributes:
        packl: The packl.
        workspace: The workspace in which it is edited.
        index: Index to upload to.
        released: Whether the packl has been released as it stands.
        problems: What stands against it; `execute` refuses while there is any.
        steps: What will be done, for people.
        warnings: What could not be checked.
    """

    packl: Packl
    workspace: Workspace
    index: str
    released: bool = False
    problems: list[Problem] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def execute(self, progress: Progress = lambda _: None) -> Publication:
        """Store the Assets, write the lock, build the wheel and upload it.

        Each step can be repeated. When one fails, nothing of the packl is visible to others.

        Raises:
            PacklError: The plan has problems, or the packl cannot be built.
            ConflictError: Other content has been released under this version.
        """
        if self.problems:
            msg = f"{self.packl.name} {self.packl.version} cannot be published."
            hint = next((problem.hint for problem in self.problems if problem.hint), None)
            context = "\n".join(problem.message for problem in self.problems)
            raise PacklError(msg, context=context, hint=hint)
        # What was edited by hand since it was installed must be what its code sees of itself.
        self.workspace.install_edited()
        with self.workspace.changing():
            self._write_data(progress)
            with tempfile.TemporaryDirectory(prefix="pipl-build-") as folder:
                progress(f"Building {self.packl.name} {self.packl.version}")
                wheel = build_wheel(self.packl.folder, Path(folder))
                progress(f"Uploading to {self.index}")
                return upload(self.workspace.project, wheel, self.index)

    def _write_data(self, progress: Progress) -> None:
        packl = self.packl
        texts: dict[Path, str] = {}
        kind = packl.info.kind
        if kind in {"task", "product"}:
            progress("Storing Assets")
            found = self.workspace.environment.ask("save", packl.module, packl.version)
            references = references_from_plain(found)
            for reference in references:
                missing = Frames.parse(reference.frames).missing if reference.frames else ""
                if missing:
                    progress(f"The Asset {reference.name} lacks the frames {missing}")
            if self.released:  # what was released stands: its lock and its places, too
                self._check_same(references)
                return
            texts[packl.data_folder / "assets.json"] = references_to_text(references)
        if kind == "task":
            progress("Locking the environment")
            texts[packl.data_folder / LOCK_NAME] = lock_text(self.workspace, packl)
        if texts:
            write_together(texts)

    def _check_same(self, references: Iterable[AssetReference]) -> None:
        before, now = map(_without_places, (self.packl.references.values(), references))
        if before != now:
            packl, project = self.packl, self.workspace.project
            msg = f"{packl.name} {packl.version} has been released in {project.name}, with other Assets."
            raise ConflictError(msg, hint=_NEVER_CHANGES)


def plan_publish(
    packl: Packl, workspace: Workspace, index: str | None = None, *, shadow: bool = False
) -> PublishPlan:
    """Check a packl, and plan its publication.

    Args:
        packl: The packl.
        workspace: The workspace in which it is edited.
        index: Index to upload to; that of the project's first stage where None.
        shadow: Let a packl that is new in the project take a name that others have.

    Raises:
        ServerError: The server does not run.
    """
    project = workspace.project
    target = project.config.stages[0].index if index is None else index
    warnings: list[str] = []
    with contextlib.closing(project.client()) as client:
        client.index(target)  # an unknown index, or no server, is known before anything is stored
        released = client.release(RELEASE_INDEX, packl.name, packl.version)
        nobody = client.user is None
        shadow = shadow or packl.shadows
        owner = None if shadow else foreign_owner(project, client, packl.name, warnings.append)
    plan = PublishPlan(packl, workspace, target, released is not None, warnings=warnings)
    if owner:
        plan.problems.append(Problem(f"The name {packl.name!r} is taken. {owner}", TAKEN_HINT))
    if nobody:
        message = f"Nobody is logged in at {project.address}."
        plan.problems.append(Problem(message, "Log in: `pipl login USER`."))
    if workspace.offline:
        message = f"The workspace {workspace.name} is offline."
        plan.problems.append(Problem(message, "Take it back first: `pipl work online`."))
    plan.problems += _metadata_problems(packl)
    if released is not None and not plan.problems:
        plan.problems += _release_problems(packl, released)
    for source, answer in plugins().each("pipl_publish_checks", packl=packl.folder):
        plan.problems += problems_in(answer, f"The plugin {source.name} of {source}")
    kind = _kind(packl)
    if kind in {"task", "product"}:
        plan.steps.append("store its Assets")
    if kind == "task":
        plan.steps.append("lock its environment")
        others = [each.name for each in workspace.packls if not same_name(each.name, packl.name)]
        if others:
            plan.warnings.append(_EDITED.format(", ".join(others)))
    plan.steps += ["build its wheel", f"upload it to {target}"]
    return plan


def upload(project: Project, wheel: Wheel, index: str, user: str | None = None) -> Publication:
    """Upload a wheel; the same content under the same version is no error.

    Args:
        project: The project.
        wheel: The wheel.
        index: Index to upload to.
        user: Act as this user, whose password the project keeps.

    Raises:
        AccessError: Nobody is logged in, or they may not upload there.
        ConflictError: Other content has been released under this version.
    """
    with contextlib.closing(project.client(user)) as client:
        if client.user is None:
            msg = f"Nobody is logged in at {project.address}."
            raise AccessError(msg, hint="Log in: `pipl login USER`.")
        released = client.release(RELEASE_INDEX, wheel.name, wheel.version)
        if released is not None and released.digest != wheel.digest:
            msg = f"{wheel.name} {wheel.version} has been released in {project.name}, with other content."
            raise ConflictError(msg, hint=_NEVER_CHANGES)
        client.upload(index, wheel.path, wheel.metadata)
    url = f"{project.address}/{index}/{wheel.name}/{wheel.version}"
    return Publication(wheel.name, wheel.version, index, url, wheel.digest)


def _without_places(references: Iterable[AssetReference]) -> list[AssetReference]:
    found = [replace(reference, location="", base_name="") for reference in references]
    return sorted(found, key=lambda reference: reference.name)


def _release_problems(packl: Packl, released: Release) -> list[Problem]:
    """Return what is wrong where this version has been released: other content, or nothing."""
    with tempfile.TemporaryDirectory(prefix="pipl-build-") as folder:
        wheel = build_wheel(packl.folder, Path(folder))
    if wheel.digest == released.digest:
        return []
    message = f"{packl.name} {packl.version} has been released, with other content."
    return [Problem(message, _NEVER_CHANGES)]


def _kind(packl: Packl) -> str | None:
    """Return the kind of a packl; None where that is one of its problems."""
    try:
        return packl.info.kind
    except PiplError:
        return None


def _name_problems(name: str) -> list[Problem]:
    try:
        check_packl_name(name)
    except PacklError as error:
        return [Problem(f"{error.message} {error.context}", error.hint)]
    return []


def _metadata_problems(packl: Packl) -> list[Problem]:
    problems = _name_problems(packl.name)
    metadata = packl.metadata
    if PRIVATE_CLASSIFIER not in metadata.get("classifiers", []):
        message = (
            f"It lacks the classifier {PRIVATE_CLASSIFIER!r}, which keeps it off public indexes."
        )
        problems.append(
            Problem(message, f'Add "{PRIVATE_CLASSIFIER}" to classifiers in {packl.file}.')
        )
    if "dynamic" in metadata and "version" in metadata["dynamic"]:
        problems.append(Problem("Its version is dynamic.", "Set version in pyproject.toml."))
    if not (packl.folder / "src" / packl.module / "__init__.py").is_file():
        message = f"It has no import package src/{packl.module}."
        problems.append(Problem(message, "The package must have the packl's name."))
    for extra in (None, *metadata.get("optional-dependencies", {})):
        for requirement in packl.requirements(extra):
            if requirement.url:
                message = f"It depends on an address: {requirement}."
                problems.append(Problem(message, "Depend on names and versions only."))
    with contextlib.suppress(OSError):
        for path in packl.data_folder.glob("*.json"):
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                problems.append(Problem(f"{path.name} is damaged: {error}.", f"Restore {path}."))
    try:
        _ = packl.info
    except PiplError as error:
        problems.append(Problem(error.message, error.hint))
    return problems
