from __future__ import annotations

import pytest

from pipl_hooks import import_name
from pipl_pipe import UnknownConfigError
from pipl_pipe._plugin_verbs import config, hooks

PLUGIN = """
from pipl_hooks import hookimpl

@hookimpl
def pipl_product_name(task, output):
    return output

@hookimpl
def pipl_config():
    return {"clock": {"who": "plugin"}}
"""


def test_hooks_tells_who_answers_and_what_failed(environment, capsys):
    environment.install("studio", PLUGIN, version="2", entry_points={"pipl": {"x": "studio"}})
    environment.install(
        "broken", "raise ValueError('a\\nb')", entry_points={"pipl": {"x": "broken"}}
    )
    answer = hooks()
    by_name = {each["name"]: each for each in answer["hooks"]}
    naming = by_name["pipl_product_name"]
    assert (naming["place"], naming["first_wins"]) == ("pipeline", True)
    assert [(each["packl"], each["role"], each["own"]) for each in naming["answers"]] == [
        ("studio", "wins", False),
        ("pipl-pipe", "fallback", True),
    ]
    assert by_name["pipl_check_asset"]["answers"] == ()
    assert answer["failures"] == [
        {
            "source": {"name": "x", "packl": "broken", "version": "1.0.0", "module": "broken"},
            "reason": "ValueError: a b",
        }
    ]
    capsys.readouterr()  # the warning of the broken plugin


def test_config_tells_layers_and_winners(environment):
    environment.set_up({"clock": {"zone": "UTC", "who": "project", "password": "p"}})
    environment.install("studio", PLUGIN, version="2", entry_points={"pipl": {"x": "studio"}})
    assert config("clock") == [
        {
            "name": "clock",
            "schema": None,
            "layers": [
                {
                    "layer": "project",
                    "source": "pipl.toml",
                    "values": {"zone": "UTC", "who": "project", "password": "***"},
                },
                {"layer": "plugin", "source": "studio 2", "values": {"who": "plugin"}},
            ],
            "values": [
                {"key": "zone", "value": "UTC", "layer": "project", "source": "pipl.toml"},
                {"key": "who", "value": "plugin", "layer": "plugin", "source": "studio 2"},
                {"key": "password", "value": "***", "layer": "project", "source": "pipl.toml"},
            ],
            "problems": [],
        }
    ]


def test_config_tells_of_all_with_what_is_wrong(environment):
    environment.set_up({"asset_store": {"root": 5}, "clock": {}})
    points = {"pipl_pipe.config": {"bell": "odd:BELL", "path": "odd:PATH"}}
    code = "import pathlib\nBELL = 5\nPATH = {'root': pathlib.PurePosixPath('/a')}\n"
    environment.install("odd", code, entry_points=points)
    found = {each["name"]: each for each in config()}
    assert list(found) == ["asset_store", "bell", "clock", "path"]
    assert found["asset_store"]["schema"].startswith("pipl-assetstore ")
    assert found["asset_store"]["problems"] == [
        {
            "message": "The config 'asset_store' of pipl.toml has a wrong value for 'root'.",
            "context": "Expected str, got 5 (int).",
            "hint": None,
        }
    ]
    assert found["bell"]["problems"][0]["message"] == (
        "The config 'bell' of odd 1.0.0 is not a mapping."
    )
    assert found["path"]["values"][0]["value"] == "/a"


def test_config_that_nobody_gives_is_an_error(environment):
    with pytest.raises(UnknownConfigError, match="gives the config 'weather'"):
        config("weather")


def test_config_with_a_schema_alone_is_told(environment):
    environment.set_up({})
    (found,) = config("asset_store")
    assert found["layers"] == []
    assert found["problems"][0]["message"] == "The config 'asset_store' has no 'root'."
    assert import_name(found["schema"].partition(" ")[0]) == "pipl_assetstore"
