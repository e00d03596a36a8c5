from __future__ import annotations

import pytest

from pipl_pipe import PipelineError, Services

SERVICE = """
class Clock:
    def __init__(self, config):
        self.config = config
        self.closed = 0

    def close(self):
        self.closed += 1
"""
CONFIG = """
from pipl_hooks import hookimpl

@hookimpl{options}
def pipl_config():
    return {{"clock": {{"{name}": "{name}", "who": "{name}"}}}}
"""


@pytest.fixture
def clock(environment):
    environment.install(
        "clocks", SERVICE, entry_points={"pipl_pipe.services": {"clock": "clocks:Clock"}}
    )
    return environment


class TestServices:
    def test_are_made_once_when_first_asked_for(self, clock):
        services = Services()
        assert services.clock is services.clock
        assert services.clock.config == {}

    def test_get_the_config_of_their_name(self, clock):
        clock.set_up({"clock": {"zone": "UTC"}, "other": {"zone": "none"}})
        assert Services().clock.config == {"zone": "UTC"}

    def test_are_closed_once_and_made_anew(self, clock):
        services = Services()
        first = services.clock
        services.close()
        services.close()
        assert first.closed == 1
        assert services.clock is not first

    def test_that_nobody_gives_are_an_error(self, clock):
        with pytest.raises(PipelineError) as error:
            _ = Services().weather
        assert error.value.message == "No packl in this environment gives the service 'weather'."
        assert error.value.context == "There are: asset_store, clock, env, local_assets."

    def test_that_two_packls_give_are_an_error_that_names_both(self, clock):
        clock.install(
            "watches",
            SERVICE,
            version="2.0",
            entry_points={"pipl_pipe.services": {"clock": "watches:Clock"}},
        )
        with pytest.raises(PipelineError) as error:
            _ = Services().clock
        assert error.value.message == (
            "Two packls give the service 'clock': clocks 1.0.0 and watches 2.0."
        )
        assert error.value.hint == "Uninstall one of them, or rename one."

    def test_come_from_a_studio_s_plugin_first(self, clock):
        code = (
            "from pipl_hooks import hookimpl\n\n@hookimpl\ndef pipl_service(name, config):\n"
            "    return 'sundial' if name == 'clock' else None\n"
        )
        clock.install("sundials", code, entry_points={"pipl": {"x": "sundials"}})
        assert Services().clock == "sundial"

    def test_are_overridden_for_a_while(self, clock):
        services = Services()
        first = services.clock
        with services.overridden(clock="fake"):
            assert services.clock == "fake"
        assert services.clock is first

    def test_have_no_private_names(self, environment):
        with pytest.raises(AttributeError):
            _ = Services()._private


class TestConfig:
    def test_is_the_project_s_where_no_packl_gives_any(self, environment):
        environment.set_up({"clock": {"zone": "UTC"}})
        assert Services().config == {"clock": {"zone": "UTC"}}

    def test_is_empty_where_pipl_did_not_make_the_environment(self, environment):
        (environment.prefix / "pipl.json").unlink()
        assert Services().config == {}

    def test_of_the_project_lies_over_that_of_entry_points(self, environment):
        environment.set_up({"clock": {"zone": "UTC", "who": "project"}})
        environment.install(
            "settings",
            'CLOCK = {"who": "packl", "colour": "red"}',
            entry_points={"pipl_pipe.config": {"clock": "settings:CLOCK"}},
        )
        assert Services().config == {"clock": {"zone": "UTC", "who": "project", "colour": "red"}}

    def test_of_the_plugin_that_is_registered_last_wins(self, environment):
        for name in ("a", "b"):
            code = CONFIG.format(name=name, options="")
            environment.install(name, code, entry_points={"pipl": {"x": name}})
        assert Services().config["clock"] == {"a": "a", "b": "b", "who": "b"}

    def test_of_a_plugin_that_wants_to_be_first_wins(self, environment):
        for name, options in (("a", "(tryfirst=True)"), ("b", "")):
            code = CONFIG.format(name=name, options=options)
            environment.install(name, code, entry_points={"pipl": {"x": name}})
        assert Services().config["clock"]["who"] == "a"

    def test_that_is_no_mapping_is_an_error_that_names_the_packl(self, environment):
        environment.install(
            "settings", "CLOCK = 5", entry_points={"pipl_pipe.config": {"clock": "settings:CLOCK"}}
        )
        with pytest.raises(PipelineError) as error:
            _ = Services().config
        assert error.value.message == "The config 'clock' of settings is not a mapping."
        assert error.value.context == "settings:CLOCK is 5."

    def test_of_two_packls_for_one_name_is_merged_in_their_order(self, environment):
        for name in ("b", "a"):
            environment.install(
                name,
                f'CLOCK = {{"{name}": 1, "who": "{name}"}}',
                entry_points={"pipl_pipe.config": {"clock": f"{name}:CLOCK"}},
            )
        assert Services().config["clock"] == {
            "a": 1,
            "b": 1,
            "who": "b",
        }


def test_a_broken_plugin_is_named_and_stops_nothing(clock, capsys):
    clock.install("broken", "1 / 0", version="3", entry_points={"pipl": {"x": "broken"}})
    assert Services().clock.config == {}
    assert capsys.readouterr().err == (
        "pipl: the plugin x of broken 3 did not load: ZeroDivisionError: division by zero\n"
    )
