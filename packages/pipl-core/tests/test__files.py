from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipl_core import CoreError
from pipl_core._files import PRIVATE, explained, write_text, write_together


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def tiny_disk(tmp_path):
    """A folder on a file system of 64 KiB."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root can mount a tiny disk, on Linux")
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


class TestWriting:
    def test_makes_the_folder_and_keeps_every_byte(self, tmp_path):
        path = tmp_path / "a" / "b.txt"
        write_text(path, "käse\r\nline\n")
        assert path.read_bytes() == "käse\r\nline\n".encode()
        assert listing(tmp_path / "a") == ["b.txt"]

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
    def test_keeps_the_permissions_of_the_file_or_takes_those_asked_for(
        self, tmp_path, monkeypatch
    ):
        path = tmp_path / "f"
        path.write_text("old")
        path.chmod(0o640)
        write_text(path, "new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        write_text(path, "secret", PRIVATE)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        monkeypatch.setattr("pipl_core._files._UMASK", 0o027)
        write_text(tmp_path / "new", "x")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640

    def test_on_a_full_disk_leaves_the_old_file(self, tiny_disk):
        path = tiny_disk / "f"
        write_text(path, "old")
        with pytest.raises(CoreError) as error:
            write_text(path, "x" * 200_000)
        assert error.value.message == f"{path} could not be written."
        assert error.value.context == "No space left on device"
        assert path.read_text() == "old"
        assert listing(tiny_disk) == ["f"]

    def test_where_the_folder_is_a_file_is_an_error(self, tmp_path):
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(CoreError) as error:
            write_text(tmp_path / "file" / "f", "x")
        assert error.value.context == f"File exists: {tmp_path / 'file'}"


class TestWritingTogether:
    def test_a_failure_in_the_middle_restores_every_byte(self, tmp_path, monkeypatch):
        one, two, new = (tmp_path / name for name in ("one", "two", "a_new"))
        one.write_bytes(b"one\r\n\xff")
        two.write_bytes(b"two")
        replace, done = os.replace, []

        def failing(source, target):
            if Path(target) == two:
                raise OSError(5, "Input/output error", str(target))
            done.append(Path(target))
            replace(source, target)

        monkeypatch.setattr(os, "replace", failing)
        monkeypatch.setattr(Path, "replace", failing)
        with pytest.raises(CoreError) as error:
            write_together({one: "ONE", new: "NEW", two: "TWO"})
        assert error.value.message == f"{one}, {new}, {two} could not be written."
        assert error.value.context == f"Input/output error: {two}"
        assert done == [one, new]
        assert one.read_bytes() == b"one\r\n\xff"
        assert two.read_bytes() == b"two"
        assert listing(tmp_path) == ["one", "two"]

    def test_what_cannot_be_staged_changes_nothing(self, tmp_path):
        one = tmp_path / "one"
        one.write_text("old")
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(CoreError):
            write_together({one: "new", tmp_path / "file" / "x": "y"})
        assert one.read_text() == "old"
        assert listing(tmp_path) == ["file", "one"]

    def test_what_is_no_text_changes_nothing(self, tmp_path):
        one = tmp_path / "one"
        one.write_text("old")
        with pytest.raises(CoreError) as error:
            write_together({one: "new", tmp_path / "two": "\udcff"})
        assert error.value.context == "'\\udcff' is no character."
        assert error.value.hint == "Nothing has changed. Use names and texts that are UTF-8."
        assert one.read_text() == "old"
        assert listing(tmp_path) == ["one"]


def test_an_error_of_the_file_system_is_explained():
    with pytest.raises(CoreError) as error, explained("It could not be made."):
        raise OSError(28, "No space left on device")
    assert error.value.message == "It could not be made."
    assert error.value.context == "No space left on device"
