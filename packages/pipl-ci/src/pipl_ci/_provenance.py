"""What a Product was made from; it travels in the Product's wheel as `_packl/provenance.json`."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from pipl_core import RELEASE_INDEX
from pipl_hooks import normalized_name
from pipl_hooks.packl import DATA_FOLDER

from .errors import CiError

if TYPE_CHECKING:
    from pipl_core.building import Wheel
    from pipl_core.index import IndexClient, Release
    from pipl_hooks import RunRequest

    from ._clean import ArrivedPackl

FORMAT = 1
PROVENANCE_NAME = "provenance.json"


def provenance_text(product: Mapping[str, Any], request: RunRequest, task: ArrivedPackl) -> str:
    """Say what a Product is made from; no times, so that the same inputs give the same bytes.

    Args:
        product: Description of the Product, from the Task's export.
        request: The run that makes it.
        task: The Task.
    """
    lock = sha256((task.lock or "").encode()).hexdigest()
    data = {
        "format": FORMAT,
        "task": {"name": request.name, "version": request.version, "digest": request.digest},
        "lock": f"sha256:{lock}",
        "made_from": [f"{made['name']}=={made['version']}" for made in product["requires"]],
    }
    return json.dumps(data, indent=2) + "\n"


def may_release(client: IndexClient, wheel: Wheel, request: RunRequest) -> bool:
    """Tell whether a Product is to be released; not where an earlier attempt of the run did.

    Args:
        client: Client of the project's server.
        wheel: The Product.
        request: The run that made it.

    Raises:
        CiError: Its name or version belongs to something else.
    """
    releases = client.releases(RELEASE_INDEX, wheel.name)
    if not releases:
        return True
    newest = max(releases, key=lambda release: Version(release.version))
    maker = _task(client, newest).get("name", "")
    if normalized_name(maker) != normalized_name(request.name):
        msg = f"{wheel.name} is not a Product of {request.name}."
        context = f"{newest.name} {newest.version} was made by {maker or 'no task'}."
        hint = "Name the Task or its output otherwise, or give names by the hook pipl_product_name."
        raise CiError(msg, context=context, hint=hint)
    same = [release for release in releases if release.version == wheel.version]
    if not same:
        return True
    if same[0].digest == wheel.digest or _task(client, same[0]).get("digest") == request.digest:
        return False
    msg = f"{wheel.name} {wheel.version} has been released, made from another {request.name}."
    raise CiError(msg, hint="A released version never changes: bump the task and publish it again.")


def _task(client: IndexClient, release: Release) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory(prefix="pipl-") as folder:
        wheel = client.download(release.path, Path(folder) / release.file, release.digest)
        with zipfile.ZipFile(wheel) as archive:
            suffix = f"/{DATA_FOLDER}/{PROVENANCE_NAME}"
            inner = [name for name in archive.namelist() if name.endswith(suffix)]
            data = json.loads(archive.read(inner[0])) if inner else {}
    task: Mapping[str, str] = data.get("task", {})
    return task
