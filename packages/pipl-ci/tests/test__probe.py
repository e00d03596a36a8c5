"""The probe tells what is wrong with a packl from inside its environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pipl_ci

PROBE = Path(pipl_ci.__file__).with_name("_probe.py")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with an installed packl whose one entry point is broken."""
    (tmp_path / "char_hero").mkdir()
    (tmp_path / "char_hero" / "__init__.py").write_text("GOOD = 1\n")
    info = tmp_path / "char_hero-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: char_hero\nVersion: 1.0\n"
        "Requires-Dist: pluggy\nRequires-Dist: pytest ; extra == 'edit'\nProvides-Extra: edit\n"
    )
    (info / "entry_points.txt").write_text("[pipl]\ngood = char_hero:GOOD\nbad = char_hero:BAD\n")
    return tmp_path


def probe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv[1:] = {list(arguments)!r}; "
    code += f"import runpy; runpy.run_path({str(PROBE)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_module_that_imports_is_fine(installed: Path) -> None:
    assert probe(installed, "imports", "char_hero").returncode == 0


def test_a_module_that_does_not_import_is_named(installed: Path) -> None:
    done = probe(installed, "imports", "char_villain")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'char_villain'"


def test_an_entry_point_that_does_not_load_is_named(installed: Path) -> None:
    done = probe(installed, "entry-points", "char_hero")

    assert (done.returncode, done.stdout) == (1, "loaded pipl good\n")
    assert "has no attribute 'BAD'" in done.stderr.splitlines()[-1]


def test_an_editor_that_is_installed_is_found_out(installed: Path) -> None:
    done = probe(installed, "no-extra", "char_hero", "edit")

    assert (done.returncode, done.stderr) == (
        1,
        "pytest is installed, which only the extra edit asks for\n",
    )


def test_an_editor_that_is_absent_is_fine(installed: Path) -> None:
    assert probe(installed, "no-extra", "char_hero", "other").returncode == 0
