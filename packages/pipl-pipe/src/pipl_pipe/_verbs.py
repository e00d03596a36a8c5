"""What `python -m pipl_pipe` can be asked; each function returns plain data for JSON."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipl_hooks import AssetReference, PiplError, entry_points, import_name, normalized_name
from pipl_hooks.assets import references_from_plain

from ._commands import commands_of
from ._drafts import Draft
from ._installed import InstalledPackl
from ._places import placed
from ._plugins import plugins
from ._products import PRODUCT_GROUP, TASK_GROUP, Products
from ._services import services
from ._settings import LOCAL_STORE
from ._storing import SAVED, as_revision, store_asset
from ._tasks import the_task
from ._types import type_named, type_source, type_target
from .errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import AssetStore


def describe(kind: str, type: str) -> dict[str, Any]:
    """Return what a packl of that type must contain."""
    cls = type_named(kind, type)
    packl = type_source(cls)
    own = cls.commands() if kind == "task" else []
    commands = [{**asdict(each), "program": f"{each.attribute}.main"} for each in own]
    return {
        "type": type,
        "target": type_target(kind, cls),
        "type_packl": packl,
        "type_version": InstalledPackl(import_name(packl)).version,
        "commands": commands,
        "assets": list(cls.declared_assets()),
    }


def commands() -> dict[str, Any]:
    """Return the commands of this environment's task."""
    task = the_task()
    found = [asdict(command) for command, _ in commands_of(task).values()]
    return {"task": task.name, "commands": found}


def assets() -> list[dict[str, Any]]:
    """Return the references to Assets of all packls by packl and name, without importing them."""
    points = [point for group in (PRODUCT_GROUP, TASK_GROUP) for _, point in entry_points(group)]
    packls = [InstalledPackl(module) for module in sorted({import_name(p.name) for p in points})]
    return [
        {"packl": packl.name, **asdict(reference)}
        for packl in packls
        for _, reference in sorted(packl.references.items())
    ]


def save(packl: str, revision: str) -> list[dict[str, Any]]:
    """Store the edited Assets of a packl, and return the references of its next revision.

    An Asset that was not edited keeps its bytes under the new revision, at a place of its own.
    """
    product = Products().get(packl)
    references = []
    for asset in product.assets.values():
        work_path, before = asset.work_path, asset.reference
        if work_path.exists():
            ref = store_asset(asset.packl, asset.name, asset.type, work_path, revision)
        elif before is not None:
            ref = as_revision(asset.packl, before, revision)
        elif asset.declared.optional:
            continue
        else:
            msg = f"The Asset {asset.name!r} of {packl} has no bytes to publish."
            hint = "Make it with one of the task's commands; `pipl task commands` lists them."
            raise PipelineError(msg, context=f"There is nothing at {work_path}.", hint=hint)
        references.append(asdict(ref))
    return references


def export(folder: Path) -> dict[str, Any]:
    """Have this environment's Task write its Products below `folder`, and describe them."""
    task = the_task()
    drafts = {}
    for output, cls in task.outputs.items():
        name = _product_name(task.name, output)
        drafts[output] = Draft(name, cls, folder / name, task.entity)
    task.export(drafts)
    return {"task": task.name, "products": [draft.to_json() for draft in drafts.values()]}


def _product_name(task: str, output: str) -> str:
    name = plugins().ask("pipl_product_name", task=task, output=output)
    if isinstance(name, str) and import_name(name).isidentifier():
        return name
    msg = f"A plugin named the Product {output!r} of {task} {name!r:.200}."
    raise PipelineError(msg, hint="pipl_product_name must answer with the name of a packl.")


def keep(export: Path, revision: str) -> dict[str, list[dict[str, Any]]]:
    """Store the Assets that an export described, without importing the Task again."""
    products = json.loads(export.read_text(encoding="utf-8"))["products"]
    return {
        product["name"]: [
            asdict(_kept(product["name"], name, asset, revision))
            for name, asset in product["assets"].items()
        ]
        for product in products
    }


def _kept(packl: str, name: str, asset: dict[str, str], revision: str) -> AssetReference:
    from pathlib import Path

    type_ = type_named("asset", asset["type"])()
    return store_asset(packl, name, type_, Path(asset["path"]), revision)


def reveal(kept: Path, task: str) -> list[str]:
    """Make the Assets of a Task and its new Products readable at their places, and return these.

    Args:
        kept: File with the answer of `keep`.
        task: Name of the Task.
    """
    found = json.loads(kept.read_text(encoding="utf-8"))
    references = {name: references_from_plain(refs) for name, refs in found.items()}
    references[task] = list(InstalledPackl(import_name(task)).references.values())
    return [
        str(services.asset_store.publish(packl, placed(packl, ref)))
        for packl, refs in references.items()
        for ref in refs
    ]


def pull(packls: list[str]) -> list[dict[str, Any]]:
    """Bring the Assets of packls, or of all, beside this workspace; imports none of them.

    What is here already is not copied again, so that it goes on where it was interrupted.
    """
    wanted = {normalized_name(name) for name in packls}
    found = [ref for ref in assets() if not wanted or normalized_name(ref["packl"]) in wanted]
    pulled = []
    for number, fields in enumerate(found, start=1):
        packl = fields.pop("packl")
        reference = placed(packl, AssetReference(**fields))
        # Said while it is done; the answer comes at the end.
        print(f"{reference.name} of {packl} ({number} of {len(found)})", flush=True)  # noqa: T201
        source = services.asset_store.path(packl, reference)
        copied = _local().take(services.asset_store.manifest(reference), source)
        path = _local().publish(packl, reference)
        pulled.append({"packl": packl, **fields, "copied": copied, "path": str(path)})
    return pulled


def give_back() -> list[dict[str, Any]]:
    """Bring to the project's store what was saved while the workspace was offline."""
    given = []
    for fields in assets():
        packl, reference = fields.pop("packl"), AssetReference(**fields)
        if f"{SAVED}." not in reference.revision.partition("+")[2]:
            continue
        with contextlib.suppress(PiplError):
            # What was saved before, in the project's own store, is not here.
            manifest = _local().manifest(reference)
            source = _local().path(packl, placed(packl, reference))
            given.append((packl, reference, manifest, source))
    return [
        {"packl": packl, **asdict(ref), "copied": services.asset_store.take(manifest, source)}
        for packl, ref, manifest, source in given
    ]


def _local() -> AssetStore:
    store: AssetStore = getattr(services, LOCAL_STORE)
    return store


def verify(packl: str) -> list[str]:
    """Read all bytes of a packl's Assets, and return what is wrong with them."""
    found: list[str] = []
    for reference in InstalledPackl(import_name(packl)).references.values():
        found += [f"{reference.name}: {what}" for what in services.asset_store.verify(reference)]
    return found
