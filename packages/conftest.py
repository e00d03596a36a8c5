"""Fixtures of the light distributions, which are tested on Python 3.9, too; no pip, no server.

What needs the tool side has its fixtures in the distribution `pipl-testing`.
"""  # noqa: INP001  pytest imports it by its path

from __future__ import annotations

import copy
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Busy machines are no failure, every run tries the same, and leaves nothing in the repository.
hypothesis.settings.register_profile(
    "pipl", deadline=None, database=None, derandomize=True, max_examples=50
)
hypothesis.settings.load_profile("pipl")

_GONE = object()
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["../../up", "a b", "é", "\0", 10**400, -1, 2**63]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


@pytest.fixture(scope="session")
def spoiled() -> Callable[[Any], st.SearchStrategy[Any]]:
    """Gives documents in which one value, anywhere, is another one, or missing.

    For example `data.draw(spoiled({"format": 1, "names": ["a"]}))`.
    """

    def strategy(document: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  whatever JSON can hold
        return st.builds(
            lambda path, value: _spoiled(document, path, value),
            st.sampled_from(list(_places(document))),
            st.just(_GONE) | _VALUES,
        )

    return strategy


def _places(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    yield above
    inner = document.items() if isinstance(document, dict) else ()
    inner = enumerate(document) if isinstance(document, list) else inner
    for key, value in inner:
        yield from _places(value, (*above, key))


def _spoiled(document: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401
    if not path:
        return None if value is _GONE else value
    made = copy.deepcopy(document)
    place = made
    for key in path[:-1]:
        place = place[key]
    if value is _GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


LIGHT = frozenset(
    {"packaging", "pipl-assetstore", "pipl-envset", "pipl-hooks", "pipl-pipe", "pluggy"}
)
"""What a throw-away environment holds; samples and a developer's own plugins are hidden in it."""


class ThrowAwayEnvironment:
    """This process, made to believe that it runs in a workspace with a few installed packls.

    Args:
        folder: Folder for the workspace and its packls.

    Attributes:
        workspace: Folder of the workspace.
        site: Folder of the installed packls, which is on `sys.path`.
        store: Folder of the asset store.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = folder / "workspace"
        self.site = folder / "site-packages"
        self.store = folder / "assets"
        self.prefix = self.workspace / ".venv"
        for each in (self.prefix, self.site):
            each.mkdir(parents=True)
        (self.workspace / "workspace.toml").touch()
        self.set_up({"asset_store": {"root": str(self.store)}})

    def set_up(self, config: Mapping[str, Mapping[str, Any]], tool: Sequence[str] = ()) -> None:
        """Write what the tool side tells the environment."""
        data = {"format": 1, "tool": list(tool), "project": str(self.folder), "config": config}
        (self.prefix / "pipl.json").write_text(json.dumps(data), encoding="utf-8")
        forget()

    def install(
        self,
        name: str,
        code: str = "",
        *,
        version: str = "1.0.0",
        requires: Sequence[str] = (),
        entry_points: Mapping[str, Mapping[str, str]] | None = None,
        packl: str | None = 'format = 1\nkind = "code"\n',
    ) -> Path:
        """Write a packl as an installer would have, and return its import package.

        Args:
            name: Its name.
            code: Its `__init__.py`.
            version: Its version.
            requires: Its requirements.
            entry_points: Its entry points by group and name.
            packl: Its `packl.toml`; none is written where None.
        """
        module = name.replace("-", "_")
        package, info = self.site / module, self.site / f"{module}-{version}.dist-info"
        for each in (package, info):
            each.mkdir()
        (package / "__init__.py").write_text(code, encoding="utf-8")
        if packl is not None:
            (package / "_packl").mkdir()
            (package / "_packl" / "packl.toml").write_text(packl, encoding="utf-8")
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        lines = []
        for group, points in (entry_points or {}).items():
            lines += [f"[{group}]", *(f"{key} = {value}" for key, value in points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        forget()
        return package


def forget() -> None:
    """Forget what the packages of pipl know of the environment that they run in."""
    importlib.invalidate_caches()
    for module, name in (
        ("_plugins", "plugins"),
        ("_settings", "settings"),
        ("_installed", "_info"),
        ("_types", "_from_hooks"),
    ):
        loaded = sys.modules.get(f"pipl_pipe.{module}")
        if loaded is not None:
            getattr(loaded, name).cache_clear()
    loaded = sys.modules.get("pipl_pipe._services")
    if loaded is not None:
        loaded.services.close()  # as after a new start
    refresh = getattr(sys.modules.get("pipl_hooks.installed"), "refresh", None)
    if refresh is not None:
        refresh()


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PIPL_") and name != "PIPL_WHEELS":
            monkeypatch.delenv(name)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThrowAwayEnvironment]:
    """An environment that holds the light distributions, and what the test installs into it."""
    made = ThrowAwayEnvironment(tmp_path / "environment")
    monkeypatch.syspath_prepend(str(made.site))
    monkeypatch.setattr(sys, "prefix", str(made.prefix))
    monkeypatch.setattr("pipl_hooks._metadata.records", _only(made.site))
    before = set(sys.modules)
    forget()
    yield made
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(made.site)):
            del sys.modules[name]
    monkeypatch.undo()
    forget()


def _only(site: Path) -> Callable[[], Iterator[Any]]:
    from pipl_hooks import _metadata

    found = _metadata.records

    def visible() -> Iterator[Any]:
        for record in found():
            if record.folder.startswith(str(site)) or record.key in LIGHT:
                yield record

    return visible
