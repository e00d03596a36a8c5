"""Writes the packl of a Product that a Task exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tomlkit

from pipl_core.packl import Packl
from pipl_core.plugins import plugins
from pipl_core.tasks import INSTANCES, add_type, with_instance
from pipl_core.versions import compatible_range
from pipl_hooks import AssetReference, PacklInfo, import_name
from pipl_hooks.assets import references_to_text

from ._provenance import PROVENANCE_NAME, provenance_text

if TYPE_CHECKING:
    from pathlib import Path

    from pipl_hooks import RunRequest

    from ._clean import ArrivedPackl


def write_product_packl(
    folder: Path,
    product: Mapping[str, Any],
    references: Sequence[AssetReference],
    request: RunRequest,
    task: ArrivedPackl,
) -> Packl:
    """Write the packl of a Product; the same inputs give the same bytes.

    Args:
        folder: Where to write it.
        product: Description of the Product, from the Task's export.
        references: References to its Assets in the store.
        request: The run that makes it.
        task: The Task.
    """
    name, kind = product["name"], "product"
    summary = f"{product['type']} made by {request.name} {request.version}"
    files = dict(plugins().ask("pipl_packl_files", name=name, kind=kind, summary=summary))
    module = import_name(name)
    code = f"src/{module}/__init__.py"
    files[code] = with_instance(files[code], INSTANCES[kind], product["target"])
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    packl = Packl(folder)
    document = tomlkit.parse(packl.file.read_text(encoding="utf-8"))
    project: Any = document["project"]
    project["version"] = request.version
    described = {
        "type_packl": product["type_packl"],
        "type_version": product["type_version"],
        "assets": list(product["assets"]),
        "commands": [],
    }
    add_type(project, packl.module, kind, described)
    for required in product["requires"]:
        project["dependencies"].append(required["name"] + compatible_range(required["version"]))
    packl.file.write_text(tomlkit.dumps(document), encoding="utf-8")
    packl.data_folder.mkdir(parents=True, exist_ok=True)
    info = PacklInfo(kind, product["type"], dict(product["entity"]))
    data = {
        "packl.toml": packl.info_text(info),
        "assets.json": references_to_text(references),
        PROVENANCE_NAME: provenance_text(product, request, task),
    }
    for file, text in data.items():
        (packl.data_folder / file).write_text(text, encoding="utf-8")
    return packl
