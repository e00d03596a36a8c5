from __future__ import annotations

import threading

import pytest

from pipl_hooks import PluginError
from pipl_pipe import PipelineError, Services, services

SERVICE = """
class Clock:
    def __init__(self, config):
        self.config = config
        self.closed = 0

    def close(self):
        self.closed += 1
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
        assert error.value.context == (
            "There are: asset_store, clock, config, env, local_assets, products, tasks."
        )

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

    def test_have_no_private_names(self, environment):
        with pytest.raises(AttributeError):
            _ = Services()._private


class TestMaking:
    def make(self, environment, code, name="clock"):
        points = {"pipl_pipe.services": {name: f"{name}s:make"}}
        environment.install(f"{name}s", code, version="1.5", entry_points=points)

    def test_that_fails_names_the_packl(self, environment):
        self.make(environment, "def make(config):\n    1 / 0\n")
        with pytest.raises(PipelineError) as error:
            _ = Services().clock
        assert error.value.message == "The service 'clock' of clocks 1.5 could not be made."
        assert error.value.context == "clocks:make: ZeroDivisionError: division by zero"

    def test_that_cannot_be_imported_names_the_packl(self, environment):
        self.make(environment, "raise SystemExit('go')\n")
        with pytest.raises(PipelineError) as error:
            _ = Services().clock
        assert error.value.message == "The service 'clock' of clocks 1.5 could not be made."
        assert error.value.context == "clocks:make: SystemExit: go"

    def test_that_fails_in_a_plugin_names_the_plugin(self, environment):
        code = (
            "from pipl_hooks import hookimpl\n\n@hookimpl\ndef pipl_service(name, config):\n"
            "    return 1 / 0\n"
        )
        environment.install("sundials", code, entry_points={"pipl": {"x": "sundials"}})
        with pytest.raises(PluginError) as error:
            _ = Services().clock
        assert error.value.message == (
            "The plugin x of sundials 1.0.0 failed in the hook pipl_service."
        )

    def test_that_needs_itself_is_an_error_that_shows_how(self, environment):
        for name, other in (("clock", "bell"), ("bell", "clock")):
            code = f"from pipl_pipe import services\n\ndef make(config):\n    services.{other}\n"
            self.make(environment, code, name)
        with pytest.raises(PipelineError) as error:
            _ = services.clock
        assert error.value.message == "The service 'clock' needs itself to be made."
        assert error.value.context == "clock -> bell -> clock."
        with pytest.raises(PipelineError) as error:
            _ = services.bell  # nothing of the first try is left
        assert error.value.context == "bell -> clock -> bell."

    def test_may_ask_for_other_services(self, clock):
        code = "from pipl_pipe import services\n\ndef make(config):\n    return [services.clock]\n"
        self.make(clock, code, "bell")
        assert services.bell == [services.clock]

    def test_happens_once_when_threads_ask_at_once(self, environment):
        code = (
            "import time\n\nMADE = []\n\n\ndef make(config):\n    time.sleep(0.05)\n"
            "    MADE.append(1)\n    return MADE\n"
        )
        self.make(environment, code)
        made = Services()
        threads = [threading.Thread(target=lambda: made.clock) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made.clock == [1]


class TestClosing:
    CODE = """
class {name}:
    def __init__(self, config):
        pass

    def close(self):
        from logs import LOG
        LOG.append("{name}")
        {more}
"""

    @pytest.fixture
    def closing(self, environment):
        environment.install("logs", "LOG = []\n")
        for name, more in (("a", ""), ("b", "raise OSError('busy')"), ("c", "")):
            environment.install(
                f"service_{name}",
                self.CODE.format(name=name, more=more),
                entry_points={"pipl_pipe.services": {name: f"service_{name}:{name}"}},
            )
        made = Services()
        _ = made.c, made.a, made.b
        return made

    def test_goes_from_the_newest_to_the_oldest_though_one_fails(self, closing):
        with pytest.raises(PipelineError) as error:
            closing.close()
        import logs

        assert logs.LOG == ["b", "a", "c"]
        assert error.value.message == "Some services could not be closed."
        assert error.value.context == "b: OSError: busy"
        closing.close()
        assert logs.LOG == ["b", "a", "c"]

    def test_at_exit_shows_what_failed_without_a_traceback(self, closing, capsys):
        closing._close_at_exit()
        assert capsys.readouterr().err == (
            "pipl: Some services could not be closed.\nb: OSError: busy\n"
        )


class TestOverriding:
    def test_lasts_for_a_while(self, clock):
        services = Services()
        first = services.clock
        with services.overridden(clock="fake"):
            assert services.clock == "fake"
        assert services.clock is first

    def test_nests(self, clock):
        services = Services()
        with services.overridden(clock="outer", bell="outer"):
            with services.overridden(clock="inner"):
                assert (services.clock, services.bell) == ("inner", "outer")
            assert services.clock == "outer"

    def test_has_other_services_made_anew_and_closed(self, clock):
        services = Services()
        first = services.clock
        with services.overridden(asset_store="fake"):
            other = services.clock
            assert other is not first
        assert (first.closed, other.closed) == (0, 1)
        assert services.clock is first

    def test_leaves_what_was_given_open(self, clock):
        services = Services()
        fake = services.clock
        with services.overridden(clock=fake):
            services.close()
            assert services.clock is fake
        assert fake.closed == 0

    def test_holds_for_the_config(self, clock):
        clock.set_up({"clock": {"zone": "UTC"}})
        services = Services()
        with services.overridden(config={"clock": {"zone": "CET"}}):
            assert services.clock.config == {"zone": "CET"}
        assert services.clock.config == {"zone": "UTC"}

    def test_holds_for_pipl_s_own_services_and_unknown_ones(self, environment):
        with services.overridden(products="p", tasks="t", weather="w"):
            assert (services.products, services.tasks, services.weather) == ("p", "t", "w")
        assert services.products.names() == []

    def test_ends_with_an_error_too(self, clock):
        services = Services()
        with pytest.raises(KeyError), services.overridden(clock="fake"):
            raise KeyError
        assert services.clock != "fake"


def test_dir_lists_the_services_there_are(clock):
    services = Services()
    assert {"asset_store", "clock", "config", "env", "products", "tasks"} < set(dir(services))
    assert "close" in dir(services)
    with services.overridden(weather=1):
        assert "weather" in dir(services)


def test_a_studio_s_own_products_take_the_place_of_ours(environment):
    code = (
        "from pipl_hooks import hookimpl\n\n@hookimpl\ndef pipl_service(name, config):\n"
        "    return ['ours'] if name == 'products' else None\n"
    )
    environment.install("studio", code, entry_points={"pipl": {"x": "studio"}})
    assert services.products == ["ours"]


def test_a_broken_plugin_is_named_and_stops_nothing(clock, capsys):
    clock.install("broken", "1 / 0", version="3", entry_points={"pipl": {"x": "broken"}})
    assert Services().clock.config == {}
    assert capsys.readouterr().err == (
        "pipl: the plugin x of broken 3 did not load: ZeroDivisionError: division by zero\n"
    )
