"""Assets beside a workspace, which the framework brings there from the project's store."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from pipl_assetstore import AssetStoreError, FolderStore
from pipl_hooks import AssetReference
from pipl_hooks.assets import references_to_text
from pipl_pipe import services, settings
from pipl_pipe._storing import store_asset
from pipl_pipe._types import type_named
from pipl_pipe._verbs import assets, give_back, pull

NEVER_IMPORTED = "raise RuntimeError('nobody asked for this packl')\n"


@pytest.fixture
def local(environment):
    """Folder of the Assets beside the workspace, which the environment is told."""
    folder = environment.workspace / "assets"
    stores = {
        "asset_store": {"root": str(environment.store)},
        "local_assets": {"root": str(folder)},
    }
    environment.set_up(stores, tool=["pipl"])
    return folder


def product(environment, name, text, revision="1.0"):
    """Install a Product that has its one Asset in the project's store."""
    package = environment.install(
        name, NEVER_IMPORTED, entry_points={"pipl_pipe.product": {name: f"{name}:PRODUCT"}}
    )
    source = environment.folder / name
    source.write_text(text)
    reference = store_asset(name, "model", type_named("asset", "file")(), source, revision)
    text = references_to_text([reference])
    (package / "_packl" / "assets.json").write_text(text, encoding="utf-8")
    return reference


def state(*folders):
    """What is in some folders: bytes, modes and times."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return {
        path: (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in paths
    }


def test_pulls_what_is_asked_for_in_order(environment, local, capsys):
    for name in ("rig", "hero"):
        product(environment, name, name * 2)
    pulled = pull([])
    assert capsys.readouterr().out == "model of hero (1 of 2)\nmodel of rig (2 of 2)\n"
    assert [(each["packl"], each["size"], each["copied"]) for each in pulled] == [
        ("hero", 8, 8),
        ("rig", 6, 6),
    ]
    place = local / "products" / "hero" / "1.0" / "model" / "hero_model"
    assert pulled[0]["path"] == str(place)
    assert place.read_text() == "herohero"
    assert not place.samefile(environment.store / place.relative_to(local))
    assert [each["copied"] for each in pull(["Rig"])] == [0]
    assert pull(["nothing"]) == []


def test_what_is_pulled_has_the_place_that_was_recorded(environment, local, monkeypatch):
    with monkeypatch.context() as patch:
        place = PurePosixPath("sq010/hero/latest")
        patch.setattr("pipl_pipe._places.location", lambda *_: place)
        reference = product(environment, "hero", "hero")
    (pulled,) = pull([])
    place = local / "products" / "sq010" / "hero" / "latest" / "hero_model"
    assert (reference.location, pulled["path"]) == ("sq010/hero/latest", str(place))
    assert [path for path in (local / "products").rglob("*") if path.is_file()] == [place]
    assert place.read_text() == "hero"


def test_what_is_offline_reads_beside_the_workspace(environment, local):
    product(environment, "hero", "hero")
    pull([])
    environment.store.rename(environment.store.with_name("unmounted"))
    pipl_json = environment.prefix / "pipl.json"
    told = json.loads(pipl_json.read_text())
    pipl_json.write_text(json.dumps({**told, "offline": True}))
    services.close()
    settings.cache_clear()
    assert services.asset_store.products == local / "products"
    (fields,) = assets()
    assert fields.pop("packl") == "hero"
    path = services.asset_store.path("hero", AssetReference(**fields))
    assert path.read_text() == "hero"
    assert path.is_relative_to(local)
    # What was installed afterwards is not here.
    lacking = AssetReference(**{**fields, "digest": "sha256:" + "0" * 64})
    with pytest.raises(AssetStoreError) as error:
        services.asset_store.path("hero", lacking)
    assert error.value.hint == (
        "The workspace is offline; `pipl work online`, then `pipl work offline`, brings it."
    )
    assert not environment.store.exists()


def test_what_was_saved_offline_is_given_back(environment, local):
    reference = product(environment, "hero", "hero", "1.0+saved.12345678")
    product(environment, "rig", "rig")
    remote, near = services.asset_store, services.local_assets
    near.take(remote.manifest(reference), remote.path("hero", reference))
    for file in (remote.manifest(reference).files[0].digest, reference.digest):
        remote.objects.path(file).unlink()
    assert remote.verify(reference) != []
    given = give_back()
    assert [(each["packl"], each["revision"], each["copied"]) for each in given] == [
        ("hero", "1.0+saved.12345678", 4)
    ]
    assert remote.verify(reference) == []
    assert [each["copied"] for each in give_back()] == [0]


class TestReading:
    @pytest.fixture
    def read(self, environment):
        """A function that reads an Asset in every way that there is."""
        code = "from pipl_pipe import Asset, Product\n\nclass P(Product):\n    model = Asset()\n"
        reference = product(environment, "hero", "hero")
        package = environment.site / "hero"
        (package / "__init__.py").write_text(code + "PRODUCT = P(__name__)\n")
        services.asset_store.publish("hero", reference)

        def read():
            asset = services.products.get("hero").model
            assert asset.path().read_text() == asset.current_path().read_text() == "hero"
            assert (asset.reference, asset.frames) == (reference, None)
            assert str(asset.location) == "hero/1.0/model/hero_model"
            assert assets()[0]["packl"] == "hero"
            assert services.asset_store.verify(reference) == []

        return read

    def test_never_writes(self, environment, read, monkeypatch):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        before = state(environment.folder)
        read()
        assert state(environment.folder) == before

    def test_needs_no_right_to_write(self, environment, read, monkeypatch):
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            pytest.skip("only root can mount, on Linux")
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        folder = str(environment.folder)
        if subprocess.run(["mount", "--bind", folder, folder], check=False).returncode:
            pytest.skip("mounting is not allowed here")
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
            with pytest.raises(OSError, match="Read-only file system"):
                (environment.folder / "x").touch()
            read()
        finally:
            subprocess.run(["umount", folder], check=True)


def test_another_store_can_be_the_one_beside_the_workspace(environment, local):
    product(environment, "hero", "hero")
    near = FolderStore(environment.folder / "fast_disk")
    with services.overridden(local_assets=near, asset_store=services.asset_store):
        (pulled,) = pull([])
    assert pulled["path"] == str(near.products / "hero" / "1.0" / "model" / "hero_model")
