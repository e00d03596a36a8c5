"""What arrives may be anything."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_ci._clean import _arrived
from pipl_ci.errors import CiError
from pipl_hooks import PiplError

INFO = 'format = 1\nkind = "code"\n'


def wheel(folder, files):
    path = Path(folder) / "rig-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_wheel_says_what_it_is(tmp_path):
    arrived = _arrived(wheel(tmp_path, {"rig/_packl/packl.toml": INFO}), "rig")
    assert (arrived.module, arrived.info.kind, arrived.lock) == ("rig", "code", None)


@pytest.mark.parametrize("module", ["..", "-c", "a b", "C:", "a.b", "x-y"])
def test_data_in_a_strange_place_is_refused(tmp_path, module):
    path = wheel(tmp_path, {f"{module}/_packl/packl.toml": INFO})
    with pytest.raises(CiError) as error:
        _arrived(path, "rig")
    assert error.value.message == (
        f"The wheel {path.name} has its data in {module!r}, which is no import package."
    )


@given(st.binary())
def test_data_of_any_bytes_is_read_or_an_error(content):
    names = ("packl.toml", "pylock.toml", "assets.json")
    with tempfile.TemporaryDirectory() as folder:
        path = wheel(folder, {f"rig/_packl/{name}": content for name in names})
        try:
            _arrived(path, "rig")
        except (PiplError, ValueError):  # `fetch` tells a run of the latter
            return
        raise AssertionError
