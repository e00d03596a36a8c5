"""Check the layers of the architecture with import-linter.

Run it as `python tools/check_imports.py` where the wheels, import-linter and tomli-w are
installed. The contracts stand in the root's `pyproject.toml`. Import-linter gives up when one
of the packages does not exist, so those that have no folder yet are left out and named.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from distributions import ROOT, find_distributions

MODULE_LISTS = ("layers", "modules", "source_modules", "forbidden_modules")
SEPARATORS = ("|", ":")


def without(settings: dict[str, Any], missing: frozenset[str]) -> dict[str, Any]:
    """Return import-linter's settings without some packages.

    Args:
        settings: The table `[tool.importlinter]`.
        missing: The import names to leave out.
    """
    contracts = []
    for contract in settings["contracts"]:
        trimmed = dict(contract)
        for key in MODULE_LISTS:
            if key in contract:
                trimmed[key] = _trim(contract[key], missing)
        if all(trimmed[key] for key in MODULE_LISTS if key in trimmed):
            contracts.append(trimmed)
    roots = _trim(settings["root_packages"], missing)
    return {**settings, "root_packages": roots, "contracts": contracts}


def main(root: Path = ROOT) -> int:
    """Run import-linter, and return its exit status."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    linter = settings["tool"]["importlinter"]
    present = {found.import_name for found in find_distributions(root)}
    missing = frozenset(linter["root_packages"]) - present
    if missing:
        print(f"left out, not in this repository yet: {', '.join(sorted(missing))}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "pyproject.toml")
        _write(config, {"tool": {"importlinter": without(linter, missing)}})
        command = ["lint-imports", "--config", str(config), "--no-cache"]
        return subprocess.run(command, cwd=root, check=False).returncode


def _trim(modules: list[str], missing: frozenset[str]) -> list[str]:
    """Drop packages from a list whose items may be siblings: `a | b` or `a : b`."""
    kept = []
    for item in modules:
        separator = next((mark for mark in SEPARATORS if mark in item), "|")
        names = [name.strip() for name in item.split(separator)]
        left = [name for name in names if name not in missing]
        if left:
            kept.append(f" {separator} ".join(left))
    return kept


def _write(file: Path, data: dict[str, Any]) -> None:
    import tomli_w

    file.write_text(tomli_w.dumps(data), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
