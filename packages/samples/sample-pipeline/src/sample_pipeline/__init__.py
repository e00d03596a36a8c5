"""The sample studio's pipeline: its Asset types and configuration."""

from __future__ import annotations

from ._asset_types import ExrAsset, PngAsset, SettingsAsset, UsdAsset
from ._config import CONFIG
from .settings_files import read_settings, write_settings

__all__ = [
    "CONFIG",
    "ExrAsset",
    "PngAsset",
    "SettingsAsset",
    "UsdAsset",
    "read_settings",
    "write_settings",
]
