"""The handler `process`: has a Task write its Products, and releases them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipl_core import RELEASE_INDEX, Project
from pipl_core.building import build_wheel
from pipl_core.publishing import upload
from pipl_core.setup import CI_USER
from pipl_hooks import AssetReference, Outcome

from ._clean import ArrivedPackl, clean_environment, fetch, scrubbed_variables
from ._product_packl import write_product_packl

if TYPE_CHECKING:
    from pipl_core.building import Wheel
    from pipl_hooks import RunRequest


class ProcessHandler:
    """Makes the Products of a Task; other packls go on as they are."""

    def handle(self, request: RunRequest) -> Outcome:
        """Export, store, build and release: all Products of the Task, or none."""
        packl = fetch(request)
        if packl.info.kind != "task":
            return Outcome(passed=True, summary=f"A {packl.info.kind} packl is released as it is.")
        wheels = self._made(request, packl)
        project = Project(request.project)
        for wheel in wheels:
            request.log(f"Releasing {wheel.name} {wheel.version}")
            upload(project, wheel, RELEASE_INDEX, CI_USER)
        products = tuple(f"{wheel.name}=={wheel.version}" for wheel in wheels)
        summary = f"Released {', '.join(products) or 'no Product'}."
        return Outcome(passed=True, summary=summary, products=products)

    def _made(self, request: RunRequest, packl: ArrivedPackl) -> list[Wheel]:
        """Make the wheels of all Products; nothing is released before all of them stand."""
        environment = clean_environment(request, packl)
        variables = scrubbed_variables(request)
        exported = request.folder / "export.json"
        request.log("Exporting")
        answer = environment.ask(
            "export", str(request.folder / "out"), base=variables, log=request.log
        )
        exported.write_text(json.dumps(answer), encoding="utf-8")
        request.log("Storing Assets")
        kept: dict[str, list[dict[str, Any]]] = environment.ask(
            "keep", str(exported), request.version, base=variables, log=request.log
        )
        wheels = []
        for product in answer["products"]:
            references = [AssetReference(**ref) for ref in kept[product["name"]]]
            request.log(f"Building {product['name']} {request.version}")
            folder = request.folder / "products" / product["name"]
            write_product_packl(folder, product, references, request, packl)
            wheels.append(build_wheel(folder, request.folder / "wheels"))
        seen = request.folder / "kept.json"
        seen.write_text(json.dumps(kept), encoding="utf-8")
        environment.ask("reveal", str(seen), packl.module, base=variables, log=request.log)
        return wheels
