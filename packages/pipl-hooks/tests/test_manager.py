from __future__ import annotations

import types

import pluggy
import pytest

from pipl_hooks import (
    PiplError,
    PluginError,
    PluginFailure,
    PluginSource,
    _metadata,
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
WRAPPER = """
from pipl_hooks import hookimpl

@hookimpl(wrapper=True)
def pipl_product_name(task, output):
    answer = yield
    return answer.upper()
"""


@pytest.fixture
def environment(environment, monkeypatch):
    """An environment without pipl's own packls, of which some are plugins, too."""
    found = _metadata.records

    def own():
        return (each for each in found() if each.folder.startswith(str(environment.site)))

    monkeypatch.setattr(_metadata, "records", own)
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
        assert plugins.failures[0].reason.endswith(". Did you mean 'pipl_config'?")
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


class TestAsking:
    def test_each_tells_who_answered_what_in_the_order_of_asking(self, environment):
        a, b = (plugin(environment, n, ANSWER.format(n)) for n in ("a", "b"))
        plugins = load_plugins()
        assert list(plugins.each("pipl_config")) == [(b, {"b": {}}), (a, {"a": {}})]

    def test_each_leaves_out_who_has_no_answer(self, environment):
        plugin(environment, "silent", ANSWER.format("x").replace('return "x"', "return None"))
        source = plugin(environment, "loud", ANSWER.format("loud"))
        found = load_plugins().each("pipl_product_name", task="t", output="o")
        assert list(found) == [(source, "loud")]

    def test_each_lets_wrappers_wrap_every_answer(self, environment):
        plugin(environment, "a", ANSWER.format("a"))
        plugin(environment, "loud", WRAPPER)
        found = load_plugins().each("pipl_product_name", task="t", output="o")
        assert [answer for _, answer in found] == ["A"]

    @pytest.mark.parametrize("way", ["ask", "each"])
    def test_a_plugin_that_fails_is_named(self, environment, way):
        code = ANSWER.format("x").replace('return "x"', "return 1 / 0")
        plugin(environment, "broken", code, version="2.5")
        plugin(environment, "a_good", ANSWER.format("good"))
        with pytest.raises(PluginError) as error:
            list(getattr(load_plugins(), way)("pipl_product_name", task="t", output="o"))
        assert error.value.message == (
            "The plugin main of broken 2.5 failed in the hook pipl_product_name."
        )
        assert error.value.context == "ZeroDivisionError: division by zero"

    @pytest.mark.parametrize("way", ["ask", "each"])
    def test_a_plugin_that_would_end_the_process_is_named(self, environment, way):
        plugin(environment, "ending", ANSWER.format("x").replace('return "x"', "raise SystemExit"))
        with pytest.raises(PluginError, match="main of ending") as error:
            list(getattr(load_plugins(), way)("pipl_product_name", task="t", output="o"))
        assert error.value.context == "SystemExit"

    def test_an_error_that_pipl_knows_is_passed_on(self, environment):
        code = ANSWER.format("x").replace('return "x"', "raise PiplError('no')")
        plugin(environment, "strict", f"from pipl_hooks import PiplError\n{code}")
        with pytest.raises(PiplError, match="no"):
            load_plugins().ask("pipl_product_name", task="t", output="o")

    def test_a_mistake_of_the_caller_is_nobody_s(self, environment):
        plugin(environment, "good", ANSWER.format("good"))
        with pytest.warns(UserWarning, match="output"), pytest.raises(pluggy.HookCallError):
            load_plugins().ask("pipl_product_name", task="t")

    def test_plugins_of_a_test_are_their_own_source(self, environment):
        plugins = load_plugins()
        plugins.manager.register(own_module(), name="throw-away:1")
        source = plugins.source_of("throw-away:1")
        assert (source.packl, source.version, str(source)) == ("throw-away", "", "throw-away")
