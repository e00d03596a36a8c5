"""A home folder for tests, away from that of whoever runs them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

WHEELS_VARIABLE = "PIPL_WHEELS"
"""Names the folder of pipl's wheels, for projects that tests start."""

FOLDERS = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
}


@contextlib.contextmanager
def isolated_home(folder: Path) -> Iterator[Path]:
    """Make a folder the home of this process and its children, for a while.

    No variable of pipl's is left (`PIPL_…`), and no keyring is asked. What costs minutes and
    changes nothing stays: uv's cache, and the variables that name certificates.

    Args:
        folder: The folder; it is made.
    """
    from pipl_core.plugins import plugins

    cache = _uv_cache()
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("PIPL_") and name != WHEELS_VARIABLE:
                patch.delenv(name)
        for name, path in {"HOME": ".", "USERPROFILE": ".", **FOLDERS}.items():
            (folder / path).mkdir(parents=True, exist_ok=True)
            patch.setenv(name, str(folder / path))
        patch.delenv("XDG_RUNTIME_DIR", raising=False)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        if cache:
            patch.setenv("UV_CACHE_DIR", cache)
        plugins.cache_clear()
        yield folder
    plugins.cache_clear()


def _uv_cache() -> str:
    from uv import find_uv_bin

    command = [find_uv_bin(), "cache", "dir", "--color", "never"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
