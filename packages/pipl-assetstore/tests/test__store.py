from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace

import pytest

from pipl_assetstore import AssetStoreError, FolderStore
from pipl_hooks import FormatError, Manifest, ManifestFile


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()
    }


@pytest.fixture
def frames(tmp_path):
    folder = write(tmp_path / "frames", a="one", b="two")
    return write(folder / "sub", c="three").parent


class TestTake:
    @pytest.fixture
    def other(self, tmp_path):
        return FolderStore(tmp_path / "other")

    @pytest.fixture
    def there(self, other, frames, refer):
        """Manifest and place of a folder Asset in the other store."""
        manifest = other.put(frames, "folder")
        return manifest, other.publish("rig", refer(manifest))

    def test_copies_what_another_store_has(self, store, there, refer):
        manifest, source = there
        assert store.take(manifest, source) == 11
        path = store.publish("rig", refer(manifest))
        assert tree(path) == {"a": "one", "b": "two", "sub/c": "three"}
        assert store.verify(refer(manifest)) == []
        # Nothing that happens to the copies can reach the store where they came from.
        for name in ("a", "b", "sub/c"):
            assert not (path / name).samefile(source / name)
            (path / name).chmod(0o644)
            (path / name).write_text("edited")
        assert tree(source) == {"a": "one", "b": "two", "sub/c": "three"}

    def test_copies_nothing_twice_and_goes_on_where_it_stopped(self, store, there, monkeypatch):
        manifest, source = there
        real, copied = store.objects.take_file, []

        def stopped(path, digest):
            if len(copied) == 2:
                raise KeyboardInterrupt
            real(path, digest)
            copied.append(path.name)

        monkeypatch.setattr(store.objects, "take_file", stopped)
        with pytest.raises(KeyboardInterrupt):
            store.take(manifest, source)
        assert copied == ["a", "b"]
        copied.clear()
        assert store.take(manifest, source) == 5
        assert copied == ["c"]
        copied.clear()
        assert store.take(manifest, source) == 0
        assert copied == []

    def test_of_a_single_file_has_no_name_to_go_by(self, store, other, tmp_path, refer):
        work = write(tmp_path / "work", scene="#usda") / "scene"
        manifest = other.put(work, "file", ".usda")
        source = other.publish("rig", refer(manifest))
        assert store.take(manifest, source) == 5
        assert store.publish("rig", refer(manifest, base_name="x.usda")).read_text() == "#usda"

    def test_refuses_what_the_manifest_does_not_name(self, store, there):
        manifest, source = there
        (source / "b").unlink()
        (source / "b").write_text("TWO")
        with pytest.raises(AssetStoreError) as error:
            store.take(manifest, source)
        assert error.value.message == f"{source / 'b'} is damaged."
        (source / "b").unlink()
        with pytest.raises(AssetStoreError) as error:
            store.take(manifest, source)
        assert error.value.message == f"{source / 'b'} could not be copied."
        assert manifest.digest not in store.objects
        assert list((store.root / "incoming").iterdir()) == []

    def test_copies_where_the_system_cannot(self, store, there, refer, monkeypatch):
        def no(*arguments):
            raise OSError(38, "Function not implemented")

        monkeypatch.setattr(os, "copy_file_range", no, raising=False)
        manifest, source = there
        assert store.take(manifest, source) == 11
        assert store.verify(refer(manifest)) == []

    def test_of_what_a_full_disk_cannot_hold_leaves_nothing_half(
        self, environment, tiny_disk, other
    ):
        tiny = FolderStore(tiny_disk / "assets")
        big = tiny_disk.parent / "big"
        big.write_bytes(os.urandom(300_000))
        manifest = other.put(big, "file")
        with pytest.raises(AssetStoreError) as error:
            tiny.take(manifest, big)
        assert error.value.message == f"{big} could not be copied."
        assert error.value.context.startswith("No space left on device")
        assert list((tiny.root / "incoming").iterdir()) == []
        assert manifest.files[0].digest not in tiny.objects


class TestPut:
    def test_of_a_file_names_it_by_its_suffix(self, store, tmp_path):
        source = write(tmp_path / "work", **{"rig_model.usda": "#usda"}) / "rig_model.usda"
        manifest = store.put(source, "file", ".usda")
        assert manifest.shape == "file"
        assert [(file.name, file.size) for file in manifest.files] == [(".usda", 5)]
        assert store.put(source, "file").files[0].name == "file"

    def test_of_a_folder_names_all_files_below_it(self, store, frames):
        manifest = store.put(frames, "folder")
        assert [(f.name, f.size) for f in manifest.files] == [("a", 3), ("b", 3), ("sub/c", 5)]

    def test_of_the_same_bytes_gives_the_same_manifest(self, store, frames, tmp_path):
        copy = write(tmp_path / "copy", a="one", b="two")
        write(copy / "sub", c="three")
        assert store.put(frames, "folder") == store.put(copy, "folder")

    def test_stores_the_manifest_too(self, store, frames, refer):
        manifest = store.put(frames, "folder")
        assert store.manifest(refer(manifest)) == manifest

    @pytest.mark.parametrize("shape", ["folder", "sequence"])
    def test_of_nothing_is_an_error(self, store, tmp_path, shape):
        for source in (tmp_path / "missing", write(tmp_path / "empty")):
            with pytest.raises(AssetStoreError) as error:
                store.put(source, shape)
            assert error.value.message == f"There is nothing to store in {source}."

    def test_of_a_file_that_is_none_is_an_error(self, store, tmp_path):
        for source in (tmp_path / "missing", write(tmp_path / "folder")):
            with pytest.raises(AssetStoreError) as error:
                store.put(source, "file")
            assert error.value.message == f"{source} is not a regular file."

    def test_of_links_is_an_error(self, store, frames, tmp_path):
        (frames / "link").symlink_to(tmp_path)
        with pytest.raises(AssetStoreError) as error:
            store.put(frames, "folder")
        assert error.value.message == f"{frames / 'link'} is not a regular file."
        with pytest.raises(AssetStoreError):
            store.put(frames / "link", "file")

    def test_of_a_name_that_windows_does_not_allow_is_an_error(self, store, tmp_path):
        folder = write(tmp_path / "folder", **{"what?": "x"})
        with pytest.raises(FormatError, match=r"'what\?' cannot be the name of a file"):
            store.put(folder, "folder")

    @pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be no text")
    def test_of_a_name_that_is_no_text_is_an_error(self, store, tmp_path):
        folder = write(tmp_path / "folder")
        try:
            (folder / os.fsdecode(b"caf\xe9")).write_text("x")
        except OSError:
            pytest.skip("this file system takes UTF-8 only")
        with pytest.raises(FormatError, match="cannot be the name of a file in an Asset"):
            store.put(folder, "folder")

    def test_on_a_full_disk_is_an_error(self, environment, tiny_disk, tmp_path):
        source = tmp_path / "big"
        source.write_bytes(os.urandom(512 * 1024))
        with pytest.raises(AssetStoreError) as error:
            FolderStore(tiny_disk / "assets").put(source, "file", ".exr")
        assert error.value.context == "No space left on device"
        assert error.value.hint == (
            "Nothing was lost. Check free space, permissions and the mount, then do it again."
        )


class TestPublish:
    def test_of_a_file_links_it_at_its_location(self, store, tmp_path, refer):
        source = write(tmp_path / "work", **{"m.usda": "#usda"}) / "m.usda"
        manifest = store.put(source, "file", ".usda")
        path = store.publish("rig", refer(manifest))
        assert path == store.root / "products" / "rig" / "1.0" / "model" / "rig_model.usda"
        assert path.read_text() == "#usda"
        assert path.samefile(store.objects.path(manifest.files[0].digest))
        assert [p.name for p in path.parent.iterdir()] == ["rig_model.usda"]

    def test_of_a_folder_makes_all_its_files(self, store, frames, refer):
        path = store.publish("rig", refer(store.put(frames, "folder")))
        assert path == store.root / "products" / "rig" / "1.0" / "model"
        assert tree(path) == {"a": "one", "b": "two", "sub/c": "three"}
        assert [p.name for p in path.parent.iterdir()] == ["model"]

    def test_again_changes_nothing(self, store, frames, refer):
        reference = refer(store.put(frames, "folder"))
        path = store.publish("rig", reference)
        before = {p: p.stat() for p in path.rglob("*") if p.is_file()}
        assert store.publish("rig", reference) == path
        assert {p: p.stat() for p in path.rglob("*") if p.is_file()} == before

    def test_replaces_what_an_earlier_attempt_left(self, store, frames, tmp_path, refer):
        store.publish("rig", refer(store.put(frames, "folder")))
        other = write(tmp_path / "other", a="ONE", d="four")
        path = store.publish("rig", refer(store.put(other, "folder")))
        assert tree(path) == {"a": "ONE", "d": "four"}

    def test_without_hard_links_copies(self, store, frames, refer, monkeypatch):
        def no_links(source, target):
            raise OSError(18, "Invalid cross-device link")

        monkeypatch.setattr(os, "link", no_links)
        path = store.publish("rig", refer(store.put(frames, "folder")))
        assert tree(path) == {"a": "one", "b": "two", "sub/c": "three"}
        assert (path / "a").stat().st_mode & 0o777 == 0o444

    def test_that_fails_leaves_nothing_visible(self, store, frames, refer, monkeypatch):
        manifest = store.put(frames, "folder")
        reference = refer(manifest)
        missing = store.objects.path(manifest.files[-1].digest)
        kept = missing.read_bytes()
        missing.unlink()
        with pytest.raises(AssetStoreError) as error:
            store.publish("rig", reference)
        assert error.value.message == (
            f"The asset store has no object {manifest.files[-1].digest}."
        )
        assert list((store.products / "rig" / "1.0").iterdir()) == []
        with pytest.raises(AssetStoreError):
            store.path("rig", reference)
        missing.write_bytes(kept)
        assert tree(store.path("rig", reference))["sub/c"] == "three"

    def test_of_a_manifest_that_leaves_its_folder_is_refused(self, store, refer):
        evil = Manifest("folder", (ManifestFile("../../evil", "sha256:" + "0" * 64, 1),))
        store.objects.add_bytes(evil.to_bytes())
        with pytest.raises(FormatError, match=r"'../../evil' cannot be the name of a file"):
            store.publish("rig", refer(evil))

    def test_at_the_place_of_another_leaves_its_bytes(self, store, frames, tmp_path, refer):
        place = {"location": "sq010/same", "base_name": "same.usda"}
        path = store.publish("rig", refer(store.put(frames, "folder"), **place))
        for packl, source, shape in (("hero", "a", "file"), ("hero", "sub", "folder")):
            reference = refer(store.put(frames / source, shape), **place)
            for function in (store.reserve, store.publish, store.path):
                with pytest.raises(AssetStoreError) as error:
                    function(packl, reference)
                assert error.value.context == "It belongs to the Asset 'model' of rig 1.0."
        assert tree(path) == {"a": "one", "b": "two", "sub/c": "three"}

    def test_of_another_revision_leaves_the_first(self, store, frames, refer):
        path = store.publish("rig", refer(store.put(frames / "a", "file"), location="latest"))
        again = refer(store.put(frames / "b", "file"), revision="1.1", location="latest")
        with pytest.raises(AssetStoreError, match=r"latest/rig_model\.usda is taken"):
            store.publish("rig", again)
        assert path.read_text() == "one"

    def test_of_files_may_share_a_folder(self, store, frames, refer):
        for name in ("a", "b"):
            file = store.put(frames / name, "file")
            store.publish("rig", refer(file, name, location="shot", base_name=name))
        assert tree(store.products / "shot") == {"a": "one", "b": "two"}

    @pytest.mark.parametrize("location", ["", "../up", "/abs"])
    def test_outside_of_the_store_is_refused(self, store, frames, refer, location):
        reference = replace(refer(store.put(frames, "folder")), location=location)
        for function in (store.reserve, store.publish, store.path):
            with pytest.raises(FormatError) as error:
                function("rig", reference)
            assert error.value.message == f"{location!r} cannot be the location of an Asset."

    def test_where_a_folder_cannot_be_made_is_an_error(self, store, frames, refer):
        reference = refer(store.put(frames, "folder"))
        store.products.mkdir(parents=True)
        (store.products / "rig").write_text("in the way")
        with pytest.raises(AssetStoreError) as error:
            store.publish("rig", reference)
        assert (
            error.value.message == f"{store.products / 'rig' / '1.0' / 'model'} could not be made."
        )


class TestPath:
    def test_makes_an_asset_readable_when_first_asked_for(self, store, frames, refer):
        reference = refer(store.put(frames, "folder"))
        path = store.path("rig", reference)
        assert tree(path) == {"a": "one", "b": "two", "sub/c": "three"}
        assert store.path("rig", reference) == path

    def test_of_what_was_shown_before_places_had_owners_needs_no_right_to_write(
        self, store, frames, refer, monkeypatch
    ):
        folder = refer(store.put(frames, "folder"))
        file = refer(store.put(frames / "a", "file"), "scene")
        paths = [store.publish("rig", each) for each in (folder, file)]
        shutil.rmtree(store.root / "places")

        def read_only(*arguments, **options):
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr("tempfile.mkstemp", read_only)
        assert [store.path("rig", each) for each in (folder, file)] == paths
        (paths[0] / "b").unlink()
        with pytest.raises(AssetStoreError) as error:
            store.path("rig", folder)
        assert error.value.context == "Read-only file system"
        assert not (store.root / "places").exists()

    def test_of_an_asset_that_was_never_stored_is_an_error(self, store, refer):
        manifest = Manifest("file", (ManifestFile("file", "sha256:" + "0" * 64, 1),))
        with pytest.raises(AssetStoreError) as error:
            store.path("rig", refer(manifest))
        assert error.value.message == f"The asset store has no object {manifest.digest}."


class TestVerify:
    def test_finds_nothing_where_all_is_well(self, store, frames, refer):
        assert store.verify(refer(store.put(frames, "folder"))) == []

    def test_names_each_file_that_is_missing_or_damaged(self, store, frames, refer):
        manifest = store.put(frames, "folder")
        a, b, _ = manifest.files
        store.objects.path(a.digest).unlink()
        damaged = store.objects.path(b.digest)
        damaged.chmod(0o644)
        damaged.write_text("TWO!")
        found = store.verify(refer(manifest))
        assert found[0] == f"a: {a.digest} is missing"
        assert found[1].startswith(f"b: {b.digest} is damaged: 4 bytes with the digest sha256:")
        assert len(found) == 2

    def test_tells_of_a_missing_manifest(self, store, refer):
        manifest = Manifest("file", (ManifestFile("file", "sha256:" + "0" * 64, 1),))
        assert store.verify(refer(manifest)) == [
            f"The asset store has no object {manifest.digest}."
        ]
