from __future__ import annotations

import pytest

from pipl_hooks import PluginError
from pipl_pipe import Config, PipelineError, UnknownConfigError
from pipl_pipe._config import Layer

HOOK = """
from pipl_hooks import hookimpl

@hookimpl{options}
def pipl_config():
    return {answer}
"""
SCHEMA = """
from dataclasses import dataclass
from typing import Optional


@dataclass
class Clock:
    who: str
    zone: str = "UTC"
    alarm: Optional[int] = None
"""


@pytest.fixture
def give(environment):
    """Installs a packl that gives the config `clock`."""

    def give(name, values, requires=(), task=False, version="1.0.0"):
        points = {"pipl_pipe.config": {"clock": f"{name}:CLOCK"}}
        if task:
            points["pipl_pipe.task"] = {name: f"{name}:TASK"}
        code = f"CLOCK = {values!r}"
        environment.install(name, code, version=version, requires=requires, entry_points=points)

    return give


@pytest.fixture
def hook(environment):
    """Installs a packl whose plugin answers `pipl_config`."""

    def hook(name, answer, options=""):
        code = HOOK.format(options=options, answer=answer)
        environment.install(name, code, entry_points={"pipl": {"x": name}})

    return hook


@pytest.fixture
def schema(environment):
    points = {"pipl_pipe.config_schema": {"clock": "clocks:Clock"}}
    environment.install("clocks", SCHEMA, version="2", entry_points=points)


class TestOneLayer:
    def test_is_the_project_s_where_no_packl_gives_any(self, environment):
        environment.set_up({"clock": {"zone": "UTC"}})
        assert Config() == {"clock": {"zone": "UTC"}}

    def test_is_none_where_pipl_did_not_make_the_environment(self, environment):
        (environment.prefix / "pipl.json").unlink()
        assert Config() == {}

    def test_that_nobody_gives_is_an_error(self, give):
        give("settings", {})
        with pytest.raises(UnknownConfigError) as error:
            Config()["weather"]
        assert error.value.message == "No packl in this environment gives the config 'weather'."
        assert error.value.context == "There are: asset_store, clock."
        assert error.value.hint == (
            "Set it in [config.weather] of the project's pipl.toml, or install the packl."
        )
        assert Config().get("weather", {}) == {}
        assert "weather" not in Config()

    def test_that_is_no_mapping_is_an_error_that_names_the_packl(self, give):
        give("settings", 5)
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == "The config 'clock' of settings 1.0.0 is not a mapping."
        assert error.value.context == "settings:CLOCK is 5."

    def test_with_a_key_that_is_no_text_is_an_error(self, give):
        give("settings", {5: "x"})
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == (
            "The config 'clock' of settings 1.0.0 has the key 5, which is no text."
        )

    def test_that_cannot_be_imported_names_the_packl_and_stops_no_other(self, environment):
        environment.set_up({"clock": {"zone": "UTC"}})
        points = {"pipl_pipe.config": {"bell": "settings:BELL"}}
        environment.install("settings", "1 / 0", entry_points=points)
        config = Config()
        assert config["clock"] == {"zone": "UTC"}
        with pytest.raises(PipelineError) as error:
            config["bell"]
        assert error.value.message == "The config 'bell' of settings 1.0.0 cannot be imported."
        assert error.value.context == "settings:BELL: ZeroDivisionError: division by zero"

    def test_of_a_plugin_that_is_no_mapping_is_an_error(self, hook):
        hook("odd", "[1]")
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == "The plugin x of odd 1.0.0 gives a config that is no mapping."

    def test_of_a_plugin_whose_name_is_no_text_is_an_error(self, hook):
        hook("odd", "{5: {}}")
        with pytest.raises(PipelineError) as error:
            list(Config())
        assert error.value.message == "The plugin x of odd 1.0.0 gives a config without a name."

    def test_of_a_plugin_whose_values_are_no_mapping_is_an_error(self, hook):
        hook("odd", "{'clock': 5}")
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == "The config 'clock' of odd 1.0.0 is not a mapping."

    def test_of_a_plugin_that_fails_names_it(self, hook):
        hook("odd", "1 / 0")
        with pytest.raises(PluginError, match=r"x of odd 1\.0\.0 failed in the hook pipl_config"):
            Config()["clock"]

    def test_is_listed_by_its_name(self, environment, give, hook):
        environment.set_up({"bell": {}})
        give("settings", {})
        hook("plugin", "{'weather': {}}")
        assert (list(Config()), len(Config())) == (["bell", "clock", "weather"], 3)


class TestOrder:
    def test_is_default_studio_project_task_plugin(self, environment, give, hook, schema):
        environment.set_up({"clock": {"who": "project"}})
        give("studio", {"who": "studio"}, version="3")
        give("a_task", {"who": "task"}, task=True)
        hook("plugin", "{'clock': {'who': 'plugin'}}")
        assert Config().layers("clock") == [
            Layer("default", "clocks 2", {"zone": "UTC", "alarm": None}),
            Layer("studio", "studio 3", {"who": "studio"}),
            Layer("project", "pipl.toml", {"who": "project"}),
            Layer("task", "a_task 1.0.0", {"who": "task"}),
            Layer("plugin", "plugin 1.0.0", {"who": "plugin"}),
        ]

    def test_decides_key_by_key(self, environment, give):
        environment.set_up({"clock": {"zone": "UTC", "who": "project"}})
        give("settings", {"who": "packl", "colour": "red"})
        assert Config()["clock"] == {"zone": "UTC", "who": "project", "colour": "red"}

    def test_of_packls_is_that_of_their_names(self, give):
        for name in ("c", "a", "b"):
            give(name, {name: 1, "who": name})
        assert Config()["clock"] == {"a": 1, "b": 1, "c": 1, "who": "c"}

    def test_puts_a_packl_after_those_it_depends_on(self, give, environment):
        give("a", {"who": "a"}, requires=["between"])
        environment.install("between", requires=["c"])
        give("b", {"who": "b"})
        give("c", {"who": "c"})
        sources = [layer.source for layer in Config().layers("clock")]
        assert sources == ["b 1.0.0", "c 1.0.0", "a 1.0.0"]

    def test_of_packls_in_a_circle_is_that_of_their_names(self, give):
        give("b", {"who": "b"}, requires=["a"])
        give("a", {"who": "a"}, requires=["b"])
        give("c", {"who": "c"}, requires=["b"])
        assert [layer.source for layer in Config().layers("clock")] == [
            "a 1.0.0",
            "b 1.0.0",
            "c 1.0.0",
        ]

    def test_of_plugins_is_that_of_their_registration(self, hook):
        hook("a", "{'clock': {'who': 'a', 'a': 1}}")
        hook("b", "{'clock': {'who': 'b'}}")
        assert Config()["clock"] == {"who": "b", "a": 1}

    def test_lets_a_plugin_that_wants_to_be_first_win(self, hook):
        hook("a", "{'clock': {'who': 'a'}}", "(tryfirst=True)")
        hook("b", "{'clock': {'who': 'b'}}")
        assert Config()["clock"] == {"who": "a"}


class TestSchema:
    def test_gives_defaults(self, environment, schema):
        environment.set_up({"clock": {"who": "bob"}})
        assert Config()["clock"] == {"zone": "UTC", "alarm": None, "who": "bob"}

    def test_names_the_source_of_a_wrong_value(self, environment, schema, give):
        environment.set_up({"clock": {"alarm": "seven"}})
        give("settings", {"who": "bob"})
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert (
            error.value.message == "The config 'clock' of pipl.toml has a wrong value for 'alarm'."
        )
        assert error.value.context == "Expected int or None, got 'seven' (str)."

    def test_names_the_packl_of_an_unknown_key(self, schema, give):
        give("settings", {"whoo": "bob"}, version="1.2")
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == (
            "The config 'clock' of settings 1.2 has the unknown key 'whoo'."
        )
        assert error.value.context == "clocks 2 knows: who (str), zone (str), alarm (int or None)."
        assert error.value.hint == "Did you mean 'who'?"

    def test_tells_how_a_key_can_be_made_known(self, schema, give):
        give("settings", {"bells": 2})
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.hint == (
            "Remove it, or install a packl that gives 'clock' another schema."
        )

    def test_names_a_key_that_nobody_gives(self, schema):
        with pytest.raises(PipelineError) as error:
            Config()["clock"]
        assert error.value.message == "The config 'clock' has no 'who'."
        assert error.value.context == "clocks 2 needs it: str."


def test_the_asset_store_has_a_schema(environment):
    environment.set_up({"asset_store": {"rooot": "/x"}})
    with pytest.raises(PipelineError) as error:
        Config()["asset_store"]
    assert error.value.message == (
        "The config 'asset_store' of pipl.toml has the unknown key 'rooot'."
    )
    assert error.value.hint == "Did you mean 'root'?"
