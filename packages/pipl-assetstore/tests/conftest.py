"""A store in a temporary folder, and disks that are full."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipl_assetstore import FolderStore
from pipl_hooks import AssetReference


@pytest.fixture
def store(environment, tmp_path):
    """A store in an environment that is online."""
    return FolderStore(tmp_path / "assets")


@pytest.fixture
def refer():
    """A function that makes the reference to a manifest, with its place."""

    def refer(manifest, name="model", revision="1.0", location=None, base_name="rig_model.usda"):
        return AssetReference(
            name,
            "any",
            revision,
            manifest.digest,
            manifest.size,
            len(manifest.files),
            location=location or f"rig/{revision}/{name}",
            base_name=base_name,
        )

    return refer


@pytest.fixture
def tiny_disk(tmp_path):
    """A folder on a file system of 256 KiB."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root can mount a tiny disk, on Linux")
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
