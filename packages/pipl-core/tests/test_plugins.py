"""The plugins of the tool environment, and pipl's own answers among them."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pipl_core.installers import PipInstaller, UvInstaller
from pipl_core.plugins import plugins, tool_report
from pipl_hooks import hookimpl
from pipl_hooks.listing import HookAnswer
from pipl_testing import in_environment

pytestmark = pytest.mark.needs_tools


def own(role):
    """pipl's own answer."""
    return HookAnswer("pipl_core.plugin", "pipl-core", version("pipl-core"), role, own=True)


def answers_of(hook):
    """Those who answer a hook in the tool environment, in the order in which they are asked."""
    (found,) = [each for each in tool_report().hooks if each.name == hook]
    return list(found.answers)


@pytest.fixture
def studio(pipl_home, tmp_path, monkeypatch):
    """A function that installs a plugin packl of a studio, until the end of the test."""

    def install(name, code):
        in_environment(
            tmp_path, name, code, version="1.5", entry_points={"pipl": {name: f"{name}:plugin"}}
        )
        plugins.cache_clear()

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    plugins.cache_clear()


def test_pipl_answers_by_itself(pipl_home):
    assert answers_of("pipl_installer") == [own("wins")]
    assert answers_of("pipl_packl_files") == [own("wins")]
    assert (tool_report().place, tool_report().folder) == ("pipl", Path(sys.prefix))


def test_a_studio_is_asked_first_and_wins(studio):
    studio(
        "studio_tools",
        "from pipl_hooks import hookimpl\n"
        "class plugin:\n"
        "    @hookimpl\n"
        "    def pipl_installer(name):\n"
        "        return 'ours' if name == 'uv' else None\n",
    )
    assert answers_of("pipl_installer") == [
        HookAnswer("studio_tools:studio_tools", "studio_tools", "1.5", "wins", own=False),
        own("fallback"),
    ]
    assert plugins().hook.pipl_installer(name="uv") == "ours"
    assert isinstance(plugins().hook.pipl_installer(name="pip"), PipInstaller)


def test_a_broken_plugin_warns_and_stops_nothing(studio):
    studio("studio_broken", "import no_such_module\n")
    with pytest.warns(UserWarning, match="studio_broken 1.5 did not load: .*no_such_module"):
        loaded = plugins()
    (failure,) = [f for f in loaded.failures if f.source.packl == "studio_broken"]
    assert "no_such_module" in failure.reason
    assert isinstance(loaded.hook.pipl_installer(name="uv"), UvInstaller)
    assert answers_of("pipl_installer") == [own("wins")]
    assert tool_report().failures == loaded.failures


def test_an_unknown_installer_is_nobody_s(pipl_home):
    assert plugins().hook.pipl_installer(name="conda") is None


def test_a_plugin_of_a_test_counts_until_its_end(plugin_packl):
    @hookimpl
    def pipl_installer(name):
        return name.upper()

    plugin_packl("throw-away", pipl_installer=pipl_installer)
    assert plugins().hook.pipl_installer(name="uv") == "UV"
    first = answers_of("pipl_installer")[0]
    assert (first.packl, first.role) == ("throw-away", "wins")
