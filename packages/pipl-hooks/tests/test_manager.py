from __future__ import annotations

import sys
import types
from importlib import metadata

import pytest

from pipl_hooks import (
    PluginFailure,
    PluginSource,
    entry_points,
    hookimpl,
    load_plugins,
)

ANSWER = """
from pipl_hooks import hookimpl

@hookimpl
def pipl_product_name(task, output):
    return "{0}"

@hookimpl
def pipl_config():
    return {{"{0}": {{}}}}
"""


@pytest.fixture
def environment(environment, monkeypatch):
    """An environment without pipl's own packls, of which some are plugins, too."""
    discover = metadata.Distribution.discover

    def installed(**context):
        site = str(environment.site)
        return (dist for dist in discover(**context) if str(dist.locate_file("")) == site)

    monkeypatch.setattr(metadata.Distribution, "discover", installed)
    return environment


def plugin(environment, name, code, version="1.0.0"):
    environment.install(name, code, version=version, entry_points={"pipl": {"main": name}})
    return PluginSource("main", name, version, name)


def own_module():
    module = types.ModuleType("own")

    @hookimpl(trylast=True)
    def pipl_product_name(task, output):
        return "own"

    module.pipl_product_name = pipl_product_name
    return module


class TestLoading:
    def test_without_plugins_there_are_ours_alone(self, environment):
        plugins = load_plugins(own=[own_module()])
        assert plugins.sources == ()
        assert plugins.failures == ()
        assert plugins.hook.pipl_product_name(task="t", output="o") == "own"

    def test_a_studio_s_plugin_wins_over_ours(self, environment):
        source = plugin(environment, "studio", ANSWER.format("studio"))
        plugins = load_plugins(own=[own_module()])
        assert plugins.sources == (source,)
        assert plugins.hook.pipl_product_name(task="t", output="o") == "studio"

    def test_the_order_is_that_of_names_whatever_the_order_of_installation(self, environment):
        sources = [plugin(environment, n, ANSWER.format(n)) for n in ("b", "c", "a")]
        plugins = load_plugins()
        assert plugins.sources == tuple(sorted(sources, key=lambda source: source.packl))
        # The one registered last is asked first.
        assert plugins.hook.pipl_product_name(task="t", output="o") == "c"
        assert plugins.hook.pipl_config() == [{"c": {}}, {"b": {}}, {"a": {}}]

    def test_entry_points_of_one_module_register_it_once(self, environment):
        points = {"pipl": {"one": "twice", "two": "twice"}}
        environment.install("twice", ANSWER.format("twice"), entry_points=points)
        plugins = load_plugins()
        assert [source.name for source in plugins.sources] == ["one", "two"]
        assert plugins.hook.pipl_config() == [{"twice": {}}]


class TestBrokenPlugins:
    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("import not_there_at_all", "ModuleNotFoundError: No module named 'not_there_at_all'"),
        ],
    )
    def test_do_not_stop_others_and_are_named(self, environment, code, reason):
        broken = plugin(environment, "broken", code, version="2.5")
        good = plugin(environment, "good", ANSWER.format("good"))
        warned = []
        plugins = load_plugins(warn=warned.append)
        assert plugins.sources == (good,)
        assert plugins.failures == (PluginFailure(broken, reason),)
        assert warned == [PluginFailure(broken, reason)]
        assert plugins.hook.pipl_product_name(task="t", output="o") == "good"

    def test_with_a_syntax_error_are_named(self, environment):
        broken = plugin(environment, "broken", "def (")
        (failure,) = load_plugins().failures
        assert failure.source == broken
        assert failure.reason.startswith("SyntaxError: invalid syntax")

    def test_of_a_missing_module_are_named(self, environment):
        environment.install("empty", entry_points={"pipl": {"x": "empty.nothing"}})
        (failure,) = load_plugins().failures
        assert failure.source == PluginSource("x", "empty", "1.0.0", "empty.nothing")
        assert failure.reason == "ModuleNotFoundError: No module named 'empty.nothing'"

    def test_with_a_misspelled_hook_are_named_and_leave_nothing(self, environment):
        code = ANSWER.format("typo") + "\n@hookimpl\ndef pipl_cofnig():\n    return {}\n"
        broken = plugin(environment, "a_typo", code)
        good = plugin(environment, "good", ANSWER.format("good"))
        plugins = load_plugins()
        assert [failure.source for failure in plugins.failures] == [broken]
        assert "unknown hook 'pipl_cofnig'" in plugins.failures[0].reason
        assert plugins.sources == (good,)
        assert plugins.hook.pipl_config() == [{"good": {}}]

    def test_with_a_wrong_argument_are_named_and_leave_nothing(self, environment):
        code = ANSWER.format("wrong") + "\n@hookimpl\ndef pipl_service(nme):\n    return 1\n"
        broken = plugin(environment, "wrong", code)
        plugins = load_plugins()
        assert [failure.source for failure in plugins.failures] == [broken]
        assert "Argument(s) {'nme'} are declared in the hookimpl" in plugins.failures[0].reason
        assert plugins.sources == ()
        assert plugins.hook.pipl_config() == []

    def test_whose_entry_points_were_cut_short_are_named(self, environment):
        plugin(environment, "cut", ANSWER.format("cut"))
        info = environment.site / "cut-1.0.0.dist-info"
        (info / "entry_points.txt").write_text("[pipl]\nmai", encoding="utf-8")
        good = plugin(environment, "good", ANSWER.format("good"))
        plugins = load_plugins()
        source = PluginSource("entry_points.txt", "cut", "1.0.0", "")
        assert [failure.source for failure in plugins.failures] == [source]
        assert plugins.sources == (good,)

    def test_without_metadata_are_not_there(self, environment):
        (environment.site / "half-1.0.dist-info").mkdir()
        assert load_plugins().failures == ()


class TestEntryPoints:
    def test_are_listed_without_an_import(self, environment):
        environment.install(
            "explosive", "1 / 0", version="3", entry_points={"some.group": {"b": "explosive:B"}}
        )
        environment.install("other", entry_points={"some.group": {"b": "other:B", "a": "other:A"}})
        found = entry_points("some.group")
        assert [source for source, _ in found] == [
            PluginSource("b", "explosive", "3", "explosive:B"),
            PluginSource("b", "other", "1.0.0", "other:B"),
            PluginSource("a", "other", "1.0.0", "other:A"),
        ]
        assert [point.value for _, point in found] == ["explosive:B", "other:B", "other:A"]

    def test_of_a_distribution_behind_another_one_of_its_name_do_not_count(
        self, environment, tmp_path, monkeypatch
    ):
        monkeypatch.undo()
        for folder, text in (("front", ""), ("behind", "[some.group]\na = x:A\n")):
            info = tmp_path / folder / f"Some_Name-{len(folder)}.dist-info"
            info.mkdir(parents=True)
            (info / "METADATA").write_text(f"Name: Some_Name\nVersion: {len(folder)}\n")
            (info / "entry_points.txt").write_text(text)
        folders = [str(tmp_path / "front"), str(tmp_path / "behind")]
        monkeypatch.setattr(sys, "path", folders)
        assert entry_points("some.group") == []
        monkeypatch.setattr(sys, "path", folders[::-1])
        source = PluginSource("a", "Some_Name", "6", "x:A")
        assert [found for found, _ in entry_points("some.group")] == [source]

    def test_of_an_unknown_group_are_none(self, environment):
        assert entry_points("no.such.group") == []


def test_the_trace_names_each_call(environment, monkeypatch, capsys):
    monkeypatch.setenv("PIPL_TRACE", "hooks")
    plugin(environment, "studio", ANSWER.format("studio"))
    load_plugins().hook.pipl_product_name(task="t", output="o")
    printed = capsys.readouterr().err
    assert "pipl_product_name [hook]" in printed
    assert "finish pipl_product_name --> studio [hook]" in printed
