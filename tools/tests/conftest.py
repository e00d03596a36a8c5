"""A small repository to try the tools on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent

SPECS = {
    "_marker.py": "hookspec = lambda function=None, **_: function or (lambda wrapped: wrapped)\n",
    "interfaces.py": "class Runner: ...\n\n\nclass Check: ...\n",
    "__init__.py": '__all__ = ["Runner", "hookimpl"]\nfrom .interfaces import Runner\n',
    "specs/__init__.py": "",
    "specs/handlers.py": '''\
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Iterable

from .._marker import hookspec

if TYPE_CHECKING:
    from ..interfaces import Check, Runner


@hookspec(firstresult=True)
def pipl_runner(name: str, folder: Path) -> Runner | None:
    """Give the runner."""


@hookspec
def pipl_checks() -> Iterable[Check]:
    """Give checks."""


@hookspec
def pipl_a_hook_with_long_arguments(
    first_of_the_arguments: str, second_of_the_arguments: str, third_of_the_arguments: str
) -> None:
    """Take notice."""


def pipl_is_no_hook() -> None:
    """Nothing."""
''',
}


@pytest.fixture
def new_packl(tmp_path):
    """Run tools/new-packl in the small repository."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(TOOLS / "new-packl"), "--root", str(tmp_path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def repository(tmp_path, new_packl):
    """Make a repository with pipl-hooks, pipl-core (which depends on it) and a sample."""
    for name, *options in (["pipl-hooks"], ["pipl-core"], ["sample-prop", "--sample"]):
        done = new_packl(name, *options)
        assert done.returncode == 0, done.stderr
    package = tmp_path / "packages" / "pipl-hooks" / "src" / "pipl_hooks"
    for name, text in SPECS.items():
        file = package / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    metadata = tmp_path / "packages" / "pipl-core" / "pyproject.toml"
    text = metadata.read_text(encoding="utf-8")
    text = text.replace("dependencies = []", 'dependencies = ["pipl-hooks>=0.1,<1"]')
    metadata.write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["pipl_hooks", "pipl_core"]\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def edit():
    """Replace text in a file, and fail if it is not there."""

    def replace(file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def remove():
    """Remove a folder with all that is in it."""
    return shutil.rmtree
