"""Types and packls that the tests of the pipeline framework share."""

from __future__ import annotations

import hashlib
import importlib
import shutil
import sys
from pathlib import Path

import pytest

from pipl_hooks import Manifest, ManifestFile

TYPES = '''
from pipl_hooks import Problem
from pipl_pipe import Asset, AssetType, Product, Task, command


class TextAsset(AssetType):
    type_name = "text"
    suffix = ".txt"

    def check(self, path):
        if path.read_text() == "bad":
            return [Problem("It is bad.", "Write it well.")]
        return []


class PoemProduct(Product):
    type_name = "poem"
    text = Asset("text")
    notes = Asset("text", optional=True)


class PoemTask(Task):
    type_name = "writing"
    draft = Asset("text")
    pictures = Asset("folder", optional=True)
    outputs = {"poem": PoemProduct}

    @command
    def write_lines(self):
        """Write the draft.

        With a second paragraph.
        """
        with self.draft.edit() as path:
            path.write_text("roses")

    @command
    def fail(self):
        return 3

    def export(self, outputs):
        poem = outputs["poem"]
        poem.path("text").write_text(self.draft.current_path().read_text() + " are red")
'''
TYPE_POINTS = {
    "pipl_pipe.asset_type": {"text": "poem_types:TextAsset"},
    "pipl_pipe.product_type": {"poem": "poem_types:PoemProduct"},
    "pipl_pipe.task_type": {"writing": "poem_types:PoemTask"},
}


class FakeStore:
    """Keeps Assets below a folder, with no deduplication; enough for the framework's tests."""

    def __init__(self, root: Path) -> None:
        self.products = root / "products"
        self._bytes = root / "bytes"
        self.closed = False

    def put(self, source, shape, suffix=""):
        if shape == "file":
            files = [self._file(source, suffix or "file")]
        else:
            paths = [path for path in sorted(source.rglob("*")) if path.is_file()]
            files = [self._file(path, path.relative_to(source).as_posix()) for path in paths]
        manifest = Manifest(shape, tuple(files))
        target = self._bytes / manifest.digest[7:]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
        return manifest

    def reserve(self, packl, reference):
        assert reference.location
        assert reference.base_name

    def publish(self, packl, reference):
        return self._bytes / reference.digest[7:]

    path = publish

    def verify(self, reference):
        return [] if (self._bytes / reference.digest[7:]).exists() else ["its bytes are missing"]

    def close(self):
        self.closed = True

    @staticmethod
    def _file(path, name):
        data = path.read_bytes()
        return ManifestFile(name, "sha256:" + hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def types(environment):
    """An environment in which a packl gives types."""
    environment.install("poem-types", TYPES, version="1.4.2", entry_points=TYPE_POINTS)
    return environment


@pytest.fixture
def store(environment, tmp_path):
    """A store of Assets, used as the service of that name."""
    from pipl_pipe import services

    fake = FakeStore(tmp_path / "fake-store")
    with services.overridden(asset_store=fake):
        yield fake


@pytest.fixture
def task(types, store):
    """The Task of an environment, in which its packl has the version 1.0.0."""
    return installed_task(types, store)


@pytest.fixture
def edited_task(types, store, monkeypatch):
    """The same Task in a workspace in which its packl is in edition."""
    types.set_up({}, tool=["pipl"])
    source = types.workspace / "packls" / "sh010_writing" / "src"
    source.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(source))
    yield installed_task(types, store, source)
    del sys.modules["sh010_writing"]


def installed_task(environment, store, source=None):
    from pipl_pipe import the_task

    code = "from poem_types import PoemTask\n\nTASK = PoemTask(__name__)\n"
    packl = 'format = 1\nkind = "task"\ntype = "writing"\n[entity]\nshot = "sh010"\n'
    points = {"pipl_pipe.task": {"sh010_writing": "sh010_writing:TASK"}}
    package = environment.install("sh010_writing", code, entry_points=points, packl=packl)
    if source is not None:
        package.rename(source / package.name)
        importlib.invalidate_caches()
    return the_task()
