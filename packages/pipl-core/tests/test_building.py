"""Wheels: built from packls, and read."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import PacklError
from pipl_core.building import build_wheel, read_wheel

pytestmark = pytest.mark.needs_tools


def test_the_same_content_gives_the_same_bytes(throw_away_packl, tmp_path):
    one = build_wheel(throw_away_packl(tmp_path / "a", "rig").folder, tmp_path / "1")
    two = build_wheel(throw_away_packl(tmp_path / "b", "rig").folder, tmp_path / "2")
    assert one.digest == two.digest
    assert (one.name, one.version, one.path.name) == (
        "rig",
        "0.1.0",
        "rig-0.1.0-py3-none-any.whl",
    )


def test_a_wheel_has_a_copy_of_the_metadata(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "char-rig")
    wheel = build_wheel(packl.folder, tmp_path / "1")
    copy = "char_rig/_packl/pyproject.toml"
    with zipfile.ZipFile(wheel.path) as archive:
        assert archive.read(copy) == packl.file.read_bytes()
        assert copy in archive.read("char_rig-0.1.0.dist-info/RECORD").decode()
    # One that lies there, because somebody unpacked a wheel, is not what counts.
    (packl.data_folder / "pyproject.toml").write_text("old")
    assert build_wheel(packl.folder, tmp_path / "2").digest == wheel.digest


def test_what_a_packl_includes_and_leaves_out_itself_still_counts(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "rig", files={"src/rig/notes.txt": "", "extra.txt": "x"})
    text = packl.file.read_text()
    text += 'exclude = ["/src/rig/notes.txt"]\n[tool.hatch.build.force-include]\n'
    packl.file.write_text(text + '"extra.txt" = "rig/extra.txt"\n')
    with zipfile.ZipFile(build_wheel(packl.folder, tmp_path / "dist").path) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert sorted(names) == [
        "rig/__init__.py",
        "rig/_packl/packl.toml",
        "rig/_packl/pyproject.toml",
        "rig/extra.txt",
    ]


def test_a_folder_that_is_no_packl_has_no_copy(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "rig")
    (packl.data_folder / "packl.toml").unlink()
    packl.data_folder.rmdir()
    with zipfile.ZipFile(build_wheel(packl.folder, tmp_path / "dist").path) as archive:
        assert [n for n in archive.namelist() if ".dist-info/" not in n] == ["rig/__init__.py"]


def test_a_broken_packl_says_why(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "rig")
    packl.file.write_text(packl.file.read_text().replace('"README.md"', '"MISSING.md"'))
    with pytest.raises(PacklError) as error:
        build_wheel(packl.folder, tmp_path / "dist")
    assert error.value.message == f"The packl in {packl.folder} could not be built."
    assert "MISSING.md" in error.value.context


@pytest.mark.parametrize("name", ["x.whl", "rig-1.0-py3-none-any.whl", "rig.zip"])
def test_what_is_no_wheel_is_an_error(pipl_home, tmp_path, name):
    (tmp_path / name).write_text("no wheel")
    with pytest.raises(PacklError) as error:
        read_wheel(tmp_path / name)
    assert error.value.message == f"{tmp_path / name} is no wheel."


def test_a_wheel_tells_what_an_upload_says(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "char-rig", version="v3", dependencies=["spine"])
    wheel = build_wheel(packl.folder, tmp_path / "new" / "dist")
    assert wheel.path == tmp_path / "new" / "dist" / "char_rig-3-py3-none-any.whl"
    assert (wheel.name, wheel.version) == ("char-rig", "3")
    assert wheel.digest == f"sha256:{hashlib.sha256(wheel.path.read_bytes()).hexdigest()}"
    assert wheel.metadata == {
        "metadata_version": wheel.metadata["metadata_version"],
        "name": "char-rig",
        "version": "3",
        "summary": "A packl of the kind code",
        "requires_python": ">=3.9",
    }
    with zipfile.ZipFile(wheel.path) as archive:
        names = archive.namelist()
    # Hyphens become underscores, and what belongs to the packl alone travels with it.
    assert "char_rig/_packl/packl.toml" in names
    assert not any(name.startswith(("tests/", "src/")) for name in names)


def test_a_wheel_for_editing_only_points_at_the_folder(throw_away_packl, tmp_path):
    packl = throw_away_packl(tmp_path, "rig")
    wheel = build_wheel(packl.folder, tmp_path / "dist", editable=True)
    with zipfile.ZipFile(wheel.path) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        (pointer,) = names
        text = archive.read(pointer).decode()
    assert pointer.endswith(".pth")
    assert text.strip() == str(packl.folder / "src")


def test_a_folder_that_is_no_packl_cannot_be_built(pipl_home, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(PacklError) as error:
        build_wheel(tmp_path / "empty", tmp_path / "dist")
    assert error.value.message == f"The packl in {tmp_path / 'empty'} could not be built."
    assert error.value.hint == "Correct its pyproject.toml."


def test_an_archive_without_metadata_is_no_wheel(pipl_home, tmp_path):
    path = tmp_path / "rig-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rig/__init__.py", "")
    with pytest.raises(PacklError) as error:
        read_wheel(path)
    assert error.value.message == f"{path} is no wheel."


@given(st.data())
def test_a_damaged_wheel_is_read_or_an_error(data):
    """Some byte of a wheel is another one, or it is cut short."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rig-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("rig-1.0.dist-info/METADATA", "Name: rig\nSummary: " + "rig " * 50)
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.just(len(content)) | st.integers(0, len(content)))])
        try:
            wheel = read_wheel(path)
        except PacklError as error:
            assert error.message == f"{path} is no wheel."  # noqa: PT017
        else:
            assert wheel.version == "1.0"


@given(st.binary())
def test_arbitrary_bytes_are_no_wheel(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rig-1.0-py3-none-any.whl"
        path.write_bytes(content)
        with pytest.raises(PacklError):
            read_wheel(path)
