"""The examples of docs/examples/hooks/, built as wheels and installed into real workspaces."""

from __future__ import annotations

import inspect
import subprocess
import sysconfig
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipl_core import Workspace
from pipl_hooks import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipl_core import Project
    from pipl_testing import PacklMaker

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "hooks"

_SEES_TOOLS = "import site; site.addsitedir({!r})\n"
"""Line of a .pth file: what lies in a folder, and what that folder's own .pth files name."""


def hooks_of(module: object) -> list[str]:
    """Return the names of the hooks that a module of `pipl_hooks.specs` specifies."""
    return [name for name, _ in inspect.getmembers(module) if name.startswith("pipl_")]


ALL_HOOKS = [hook for module in specs.ALL for hook in hooks_of(module)]


class Bench:
    """A workspace into which examples are installed.

    Args:
        workspace: The workspace.
        packls: Names of the packls with the examples, by hook.
    """

    def __init__(self, workspace: Workspace, packls: Mapping[str, str]) -> None:
        self.workspace = workspace
        self._packls = packls

    @contextmanager
    def overriding(self, hooks: Iterable[str]) -> Iterator[None]:
        """Have examples installed for a while."""
        packls = [self._packls[hook] for hook in hooks]
        self.workspace.environment.install(packls)
        try:
            yield
        finally:
            self.workspace.environment.uninstall(packls)

    def python(self, code: str, *arguments: str) -> str:
        """Run code in the environment, and return what it printed; an error is told with it."""
        done = self.workspace.environment.run_python(["-c", code, *arguments], quiet=True)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout.strip()

    def pipl(self, *arguments: str, folder: Path | None = None, status: int = 0) -> str:
        """Run the `pipl` that sees the environment's plugins, and return what it printed."""
        done = subprocess.run(
            [str(self.workspace.environment.python), "-m", "pipl_cli", *arguments],
            cwd=folder or self.workspace.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def examples(
    running_project: Project, pipl_wheels: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Release a packl with each example, and return their names by hook."""
    from pipl_testing import PacklMaker

    del pipl_wheels
    make, folder = PacklMaker(), tmp_path_factory.mktemp("examples")
    return {hook: _released(make, hook, folder, running_project) for hook in ALL_HOOKS}


def _released(make: PacklMaker, hook: str, folder: Path, project: Project) -> str:
    name = f"override_{hook.removeprefix('pipl_')}"
    code = (EXAMPLES / f"{hook}.py").read_text(encoding="utf-8")
    packl = make(
        folder,
        name,
        files={f"src/{name}/plugin.py": code},
        dependencies=["pipl-hooks>=0.1,<1"],
        entry_points={"pipl": {name: f"{name}.plugin"}},
    )
    make.publish(packl, project)
    return name


@pytest.fixture(scope="module")
def bench(
    running_project: Project, examples: dict[str, str], request: pytest.FixtureRequest
) -> Bench:
    """Make a workspace for the examples of a test module."""
    name = Path(request.node.name).stem
    return Bench(Workspace.create(running_project, name), examples)


@pytest.fixture(scope="module")
def tool_bench(bench: Bench) -> Bench:
    """Let that workspace see the tool side, too, as this process does."""
    for place in bench.workspace.environment.site_packages:
        line = _SEES_TOOLS.format(sysconfig.get_paths()["purelib"])
        (place / "tool-side.pth").write_text(line, encoding="utf-8")
    return bench
