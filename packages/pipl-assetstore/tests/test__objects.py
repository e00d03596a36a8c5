from __future__ import annotations

import hashlib
import os
import stat
import threading

import pytest

from pipl_assetstore import AssetStoreError, Objects
from pipl_hooks import FormatError


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.fixture
def objects(tmp_path):
    return Objects(tmp_path / "store")


def test_an_object_is_named_by_its_digest(objects, tmp_path):
    source = tmp_path / "a.exr"
    source.write_bytes(b"pixels" * 1_000_000)  # more than is read at once
    digest = digest_of(source.read_bytes())
    assert objects.add_file(source) == (digest, 6_000_000)
    value = digest[7:]
    expected = tmp_path / "store" / "objects" / "sha256" / value[:2] / value[2:]
    assert objects.path(digest) == expected
    assert expected.read_bytes() == source.read_bytes()
    assert stat.S_IMODE(expected.stat().st_mode) == 0o444
    assert digest in objects


def test_the_same_bytes_are_stored_once(objects, tmp_path):
    digest = objects.add_bytes(b"x")
    before = objects.path(digest).stat()
    assert objects.add_bytes(b"x") == digest
    assert objects.path(digest).stat() == before
    assert list((tmp_path / "store" / "incoming").iterdir()) == []


def test_nothing_is_there_before_it_is_stored(objects):
    digest = digest_of(b"x")
    assert digest not in objects
    with pytest.raises(AssetStoreError) as error:
        objects.read_bytes(digest)
    assert error.value.message == f"The asset store has no object {digest}."
    assert error.value.context == str(objects.path(digest))
    assert objects.problem(digest, 1) == f"{digest} is missing"


def test_damaged_bytes_are_never_returned(objects):
    digest = objects.add_bytes(b"right")
    path = objects.path(digest)
    path.chmod(0o644)
    path.write_bytes(b"wrong")
    with pytest.raises(AssetStoreError) as error:
        objects.read_bytes(digest)
    assert error.value.message == f"The object {digest} of the asset store is damaged."
    assert objects.problem(digest, 5) == (
        f"{digest} is damaged: 5 bytes with the digest {digest_of(b'wrong')}"
    )


def test_an_object_that_cannot_be_read_is_an_error(objects):
    digest = digest_of(b"x")
    objects.path(digest).mkdir(parents=True)
    with pytest.raises(AssetStoreError) as error:
        objects.read_bytes(digest)
    assert error.value.message == "An object of the asset store could not be read."
    assert objects.problem(digest, 1) == f"{digest} cannot be read: Is a directory"


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:../../../etc/passwd", "md5:0"])
def test_what_is_no_digest_never_becomes_a_path(objects, digest):
    with pytest.raises(FormatError):
        objects.path(digest)


def test_a_missing_source_is_an_error(objects, tmp_path):
    with pytest.raises(AssetStoreError) as error:
        objects.add_file(tmp_path / "nothing")
    assert error.value.message == f"{tmp_path / 'nothing'} could not be stored."
    assert error.value.context == f"No such file or directory: {tmp_path / 'nothing'}"


def test_a_full_disk_leaves_nothing_and_what_was_there_stands(tiny_disk, tmp_path):
    objects = Objects(tiny_disk / "store")
    small = objects.add_bytes(b"small")
    big = tmp_path / "big"
    big.write_bytes(os.urandom(512 * 1024))
    with pytest.raises(AssetStoreError) as error:
        objects.add_file(big)
    assert error.value.message == f"{big} could not be stored."
    assert error.value.context == "No space left on device"
    assert list((tiny_disk / "store" / "incoming").iterdir()) == []
    assert objects.read_bytes(small) == b"small"
    assert objects.add_bytes(b"another small one") in objects


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(AssetStoreError) as error:
        Objects(tmp_path / "file" / "store").add_bytes(b"x")
    assert error.value.message == "A manifest could not be stored."
    assert error.value.context.startswith("Not a directory")


def test_a_read_only_store_is_an_error(tmp_path):
    root = tmp_path / "store"
    root.mkdir(mode=0o555)
    if os.access(root, os.W_OK):
        pytest.skip("whoever runs this may write everywhere")
    with pytest.raises(AssetStoreError) as error:
        Objects(root).add_bytes(b"x")
    assert error.value.context.startswith("Permission denied")


def test_many_may_store_the_same_at_once(objects):
    digests = []
    threads = [
        threading.Thread(target=lambda: digests.append(objects.add_bytes(b"same" * 100_000)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert digests == [digest_of(b"same" * 100_000)] * 8
    assert objects.problem(digests[0], 400_000) is None
