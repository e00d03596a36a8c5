"""The handler `process`: has a Task write its Products, and releases them."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipl_core import RELEASE_INDEX, Project
from pipl_core.building import build_wheel
from pipl_core.names import check_packl_name
from pipl_core.setup import CI_USER
from pipl_hooks import Outcome
from pipl_hooks.assets import references_from_plain

from ._clean import ArrivedPackl, clean_environment, fetch
from ._product_packl import write_product_packl
from ._provenance import may_release

if TYPE_CHECKING:
    from pipl_core.building import Wheel
    from pipl_core.environments import VirtualEnvironment
    from pipl_hooks import RunRequest


class ProcessHandler:
    """Makes the Products of a Task; other packls go on as they are."""

    def handle(self, request: RunRequest) -> Outcome:
        """Export, store, build and release: all Products of the Task, or none."""
        packl = fetch(request)
        if packl.info.kind != "task":
            return Outcome(passed=True, summary=f"A {packl.info.kind} packl is released as it is.")
        environment = clean_environment(request, packl)
        exported = self._export(request, environment)
        kept = self._keep(request, environment, exported)
        wheels = _built(request, packl, exported["products"], kept)
        with contextlib.closing(Project(request.project).client(CI_USER)) as client:
            # Nothing is released, and nothing readable replaced, before all may be.
            new = [wheel for wheel in wheels if may_release(client, wheel, request)]
            _reveal(request, packl, environment, {w.name: kept[w.name] for w in new})
            for wheel in new:
                request.log(f"Releasing {wheel.name} {wheel.version}")
                client.upload(RELEASE_INDEX, wheel.path, wheel.metadata)
        products = tuple(f"{wheel.name}=={wheel.version}" for wheel in wheels)
        summary = f"Released {', '.join(products) or 'no Product'}."
        return Outcome(passed=True, summary=summary, products=products)

    def _export(self, request: RunRequest, environment: VirtualEnvironment) -> dict[str, Any]:
        request.log("Exporting")
        folder = str(request.folder / "out")
        exported: dict[str, Any] = environment.ask("export", folder, log=request.log)
        for product in exported["products"]:
            check_packl_name(product["name"])
        return exported

    def _keep(
        self, request: RunRequest, environment: VirtualEnvironment, exported: Mapping[str, Any]
    ) -> dict[str, list[dict[str, Any]]]:
        request.log("Storing Assets")
        path = request.folder / "export.json"
        path.write_text(json.dumps(exported), encoding="utf-8")
        kept: dict[str, list[dict[str, Any]]] = environment.ask(
            "keep", str(path), request.version, log=request.log
        )
        return kept


def _built(
    request: RunRequest,
    packl: ArrivedPackl,
    products: Sequence[Mapping[str, Any]],
    kept: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[Wheel]:
    wheels = []
    # A folder that the Task's own code cannot have prepared.
    place = Path(tempfile.mkdtemp(dir=request.folder, prefix="products-"))
    for product in products:
        references = references_from_plain(kept[product["name"]])
        request.log(f"Building {product['name']} {request.version}")
        folder = place / product["name"]
        write_product_packl(folder, product, references, request, packl)
        wheels.append(build_wheel(folder, place / "wheels"))
    return wheels


def _reveal(
    request: RunRequest,
    packl: ArrivedPackl,
    environment: VirtualEnvironment,
    kept: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    path = request.folder / "kept.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    environment.ask("reveal", str(path), packl.module, log=request.log)
