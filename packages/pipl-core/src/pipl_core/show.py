"""Plans a show's tasks from its edit and its recipe, and makes those that can begin.

An edit (anything that OpenTimelineIO reads: a CMX3600 EDL, an `.otio` file) says which shots there
are. A recipe says what people make for each asset and each shot, and from what.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from pipl_hooks import normalized_name, shapes

from ._project_file import RELEASE_INDEX
from .dependencies import add_dependencies
from .errors import CoreError, NotFoundError
from .names import check_packl_name
from .requirements import parsed_requirement
from .tasks import make
from .workspace import Workspace

if TYPE_CHECKING:
    from pipl_hooks import Progress

    from .project import Project

FORMAT = 1
FIRST_FRAME = 1001
"""Where a shot's frames begin, whatever its place in the edit; a habit of the field."""

MOST_FPS = 1000

CAST = "cast"
"""Stands in a recipe's `needs` for the assets that appear in the shot."""

_SHOT = re.compile(r"(?P<sequence>[A-Za-z][A-Za-z0-9]*)[_-](?P<shot>[A-Za-z0-9]+)\Z")


@dataclass(frozen=True)
class Shot:
    """A shot of an edit.

    Attributes:
        name: Name of its clip: `sq010_sh010`.
        sequence: `sq010`.
        shot: `sh010`.
        first: First frame.
        last: Last frame, which is shown, too.
    """

    name: str
    sequence: str
    shot: str
    first: int
    last: int


@dataclass(frozen=True)
class Step:
    """What people make for each asset or shot, of one type.

    Attributes:
        type: Name of the Task type.
        packl: Packl that gives the type.
        output: Output of the Task that others need; the Product is called `<task>_<output>`.
        needs: Types of the tasks of the same asset or shot that it is made from; `cast` for the
            assets that appear in the shot.
    """

    type: str
    packl: str
    output: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """What is made for a show, and from what.

    Attributes:
        assets: Entity of each asset, by its name.
        asset_steps: What is made for each asset, in order.
        shot_steps: What is made for each shot, in order.
        casting: Assets that appear, by the name of the shot.
        fps: Frames a second, by which an EDL counts its time code.
    """

    assets: Mapping[str, Mapping[str, str]]
    asset_steps: tuple[Step, ...]
    shot_steps: tuple[Step, ...]
    casting: Mapping[str, tuple[str, ...]]
    fps: float = 24.0

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Read a recipe.

        Raises:
            CoreError: It cannot be read, or something in it makes no sense.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            if data.get("format") != FORMAT:
                msg = f"{path} has the format {data.get('format')!r:.100}, which is not known here."
                raise CoreError(msg, hint=f"This pipl knows recipes of format {FORMAT}.")
            casting = shapes.table(data.get("casting", {}), "casting")
            recipe = cls(
                assets=_assets(shapes.rows(data.get("asset", []), "asset")),
                asset_steps=_steps(shapes.rows(data.get("asset_task", []), "asset_task")),
                shot_steps=_steps(shapes.rows(data.get("shot_task", []), "shot_task")),
                casting={
                    name: tuple(shapes.texts(cast, f"the cast of {name}"))
                    for name, cast in casting.items()
                },
                fps=_fps(data.get("fps", 24.0)),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"The recipe {path} cannot be read."
            context = f"{type(error).__name__}: {error}"
            raise CoreError(msg, context=context, hint="See docs/tutorial.md for one.") from error
        recipe._check(path)
        return recipe

    def _check(self, path: Path) -> None:
        for shot, cast in self.casting.items():
            for asset in cast:
                if asset not in self.assets:
                    msg = f"The shot {shot!r} in {path} casts {asset!r}, which is no asset there."
                    raise CoreError(msg, hint=f"There are: {', '.join(self.assets) or 'none'}.")
        for steps in (self.asset_steps, self.shot_steps):
            known = [CAST] if steps is self.shot_steps else []
            for step in steps:
                for need in step.needs:
                    if need not in known:
                        msg = f"The task type {step.type!r} in {path} needs {need!r}, which comes to nothing."
                        raise CoreError(msg, hint=f"Before it come: {', '.join(known) or 'none'}.")
                known.append(step.type)


@dataclass(frozen=True)
class PlannedTask:
    """A task that a show needs.

    Attributes:
        name: Name of its packl, and of its workspace.
        type: Name of its type.
        packl: Packl that gives the type.
        product: Product that others need of it.
        entity: What it is about.
        needs: Products that it is made from.
    """

    name: str
    type: str
    packl: str
    product: str
    entity: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportedTask:
    """What became of a planned task.

    Attributes:
        task: The task.
        state: `made`, `stands` (it was there before) or `waits`.
        workspace: Its workspace, where it has one.
        waits_for: Products that have not been released yet.
    """

    task: PlannedTask
    state: str
    workspace: Workspace | None = None
    waits_for: tuple[str, ...] = ()


def read_edit(path: Path, fps: float = 24.0) -> list[Shot]:
    """Return the shots of an edit, in its order; a shot that is cut in twice is one shot.

    Args:
        path: The edit.
        fps: Frames a second, by which an EDL counts its time code.

    Raises:
        CoreError: OpenTimelineIO cannot read it, or a clip's name names no shot.
    """
    try:
        import opentimelineio as otio
    except ImportError as error:
        msg = "Reading an edit needs OpenTimelineIO."
        raise CoreError(msg, hint='Install it: pip install "pipl-core[show]".') from error
    if not path.is_file():
        msg = f"There is no edit at {path}."
        raise NotFoundError(msg, hint="Name an EDL or an .otio file.")
    try:
        options = {"rate": fps} if path.suffix.lower() == ".edl" else {}
        timeline = otio.adapters.read_from_file(str(path), **options)
        clips = [
            (clip.name, round(clip.visible_range().duration.value))
            for clip in timeline.find_clips()
        ]
    except Exception as error:  # each adapter raises its own
        msg = f"The edit {path} cannot be read."
        context = f"{type(error).__name__}: {error}"
        hint = "pipl reads what OpenTimelineIO reads: CMX3600 EDLs (.edl), .otio files."
        raise CoreError(msg, context=context, hint=hint) from error
    shots: dict[str, Shot] = {}
    for name, frames in clips:
        match = _SHOT.match(name or "")
        if match is None:
            msg = f"The clip {name!r} of {path} names no shot."
            raise CoreError(msg, hint="Name clips <sequence>_<shot>, such as sq010_sh010.")
        last = FIRST_FRAME + frames - 1
        last = max(last, shots[name].last) if name in shots else last
        if frames < 1:
            msg = f"The clip {name!r} of {path} is {frames} frames long."
            raise CoreError(msg, hint="Each shot has at least one frame.")
        shots[name] = Shot(name, match["sequence"], match["shot"], FIRST_FRAME, last)
    if not shots:
        msg = f"The edit {path} has no clips."
        raise CoreError(msg, hint="Is it the right file?")
    return list(shots.values())


def plan_tasks(shots: Sequence[Shot], recipe: Recipe) -> list[PlannedTask]:
    """Return all tasks of a show, each after those that it needs.

    Raises:
        CoreError: One has a name that no packl may have, or two have the same.
    """
    planned = []
    for name, entity in recipe.assets.items():
        planned += _planned(name, entity, recipe.asset_steps, ())
    for shot in shots:
        final = recipe.asset_steps[-1:]
        cast = [
            f"{a}_{s.type}_{s.output}" for a in recipe.casting.get(shot.name, ()) for s in final
        ]
        entity = {
            "sequence": shot.sequence,
            "shot": shot.shot,
            "frames": f"{shot.first}-{shot.last}",
        }
        planned += _planned(shot.name, entity, recipe.shot_steps, tuple(cast))
    _check_names(planned)
    return planned


def import_tasks(
    project: Project, planned: Sequence[PlannedTask], progress: Progress = lambda _: None
) -> list[ImportedTask]:
    """Make a workspace with its task for every planned one whose Products have been released.

    Doing it again makes what has become possible meanwhile, and leaves alone what stands.

    Args:
        project: The project.
        planned: The tasks.
        progress: Called with each step.
    """
    released = released_products(project)
    return [import_task(project, task, released, progress) for task in planned]


def import_task(
    project: Project,
    task: PlannedTask,
    released: Mapping[str, str],
    progress: Progress = lambda _: None,
) -> ImportedTask:
    """Make a workspace with one planned task, if its Products have been released.

    Args:
        project: The project.
        task: The task.
        released: Newest released version of every packl, by normalized name.
        progress: Called with each step.
    """
    folder = project.workarea / task.name
    if folder.exists():
        return ImportedTask(task, "stands", Workspace(folder))
    if normalized_name(task.name) in released:  # somebody's workspace is gone; the task is not
        return ImportedTask(task, "stands")
    missing = tuple(name for name in task.needs if normalized_name(name) not in released)
    if missing:
        return ImportedTask(task, "waits", waits_for=missing)

    def step(message: str) -> None:
        progress(f"{task.name}: {message}")

    workspace = Workspace.create(
        project, task.name, requirements=[task.packl, *task.needs], progress=step
    )
    try:
        made = make(workspace, "task", task.name, task.type, task.entity, step)
        if task.needs:
            needs = dict.fromkeys(task.needs, "")
            add_dependencies(made.packl, workspace, needs, f"{task.type} is made from it")
    except BaseException:
        # Half a task would stand in the way of the next import.
        shutil.rmtree(workspace.folder, ignore_errors=True)
        raise
    return ImportedTask(task, "made", workspace)


def released_products(project: Project) -> dict[str, str]:
    """Return the newest released version of every packl of a project, by normalized name."""
    with contextlib.closing(project.client()) as client:
        found = {}
        for name in client.packls(RELEASE_INDEX):
            versions = [
                Version(release.version) for release in client.releases(RELEASE_INDEX, name)
            ]
            if versions:
                found[normalized_name(name)] = str(max(versions))
    return found


def _planned(
    name: str, entity: Mapping[str, str], steps: Sequence[Step], cast: tuple[str, ...]
) -> list[PlannedTask]:
    products = {step.type: f"{name}_{step.type}_{step.output}" for step in steps}
    planned = []
    for step in steps:
        needs: list[str] = []
        for need in step.needs:
            needs += cast if need == CAST else [products[need]]
        planned.append(
            PlannedTask(
                name=f"{name}_{step.type}",
                type=step.type,
                packl=step.packl,
                product=products[step.type],
                entity=dict(entity),
                needs=tuple(needs),
            )
        )
    return planned


def _assets(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        name = shapes.text(row["name"], "name of an asset")
        if name in found:
            msg = f"the asset {name!r:.100} comes twice"
            raise ValueError(msg)
        found[name] = shapes.text_table(row["entity"], f"entity of {name}")
    return found


def _steps(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    steps = tuple(
        Step(
            type=shapes.text(row["type"], "type"),
            packl=shapes.text(row["packl"], "packl"),
            output=shapes.text(row["output"], "output"),
            needs=tuple(shapes.texts(row.get("needs", []), "needs")),
        )
        for row in rows
    )
    if len({step.type for step in steps}) != len(steps):
        msg = "a task type comes twice"
        raise ValueError(msg)
    return steps


def _fps(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MOST_FPS:
        msg = f"fps should be a number up to {MOST_FPS}, not {value!r:.100}"
        raise ValueError(msg)
    return float(value)


def _check_names(planned: Sequence[PlannedTask]) -> None:
    """Make sure that all packls can be called so, before the first one is made.

    Raises:
        CoreError: One cannot, or two names mean one packl or one folder.
    """
    seen: dict[str, str] = {}
    for task in planned:
        for name in (task.name, task.product):
            check_packl_name(name)
            other = seen.setdefault(normalized_name(name), name)
            if other is not name:
                msg = f"Two tasks or Products of this show would be called {name!r}."
                context = f"{other!r} and {name!r} mean one packl." if other != name else None
                raise CoreError(msg, context=context, hint="Rename an asset, a clip or an output.")
        parsed_requirement(task.packl)
