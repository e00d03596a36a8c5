"""`pipl plugins`."""

import json
from importlib.metadata import version

from pipl_core.plugins import plugins
from pipl_testing import PluginRegistrar, in_environment


def rows(text):
    return [tuple(line.split()[:3]) for line in text.splitlines()[1:]]


def test_shows_who_answers_each_hook_in_order(pipl):
    registrar = PluginRegistrar()
    registrar("studio", pipl_installer=lambda name: None)
    try:
        result = pipl("plugins")
        data = json.loads(pipl("plugins", "--json").out)
    finally:
        registrar.close()
    assert (result.status, result.err) == (0, "")
    assert result.out.split()[:4] == ["HOOK", "ASKED", "PACKL", "PLUGIN"]
    found = rows(result.out)
    assert ("pipl_installer", "2", "pipl-core") in found
    assert ("pipl_workspace_created", "-", "-") in found
    assert found == sorted(found)
    assert data["failures"] == []
    assert [answer["plugin"] for answer in data["hooks"]["pipl_installer"]][1:] == [
        "pipl_core.plugin"
    ]
    assert data["hooks"]["pipl_companions"] == [
        {"plugin": "pipl-ci:pipl-ci", "packl": "pipl-ci", "version": version("pipl-ci")}
    ]


def test_names_a_broken_plugin(pipl, tmp_path, monkeypatch):
    in_environment(
        tmp_path, "studio_broken", "1 / 0\n", entry_points={"pipl": {"x": "studio_broken"}}
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.cache_clear()
    try:
        result = pipl("plugins", "--json")
    finally:
        plugins.cache_clear()
    assert result.status == 0
    assert result.err.startswith("warning: the plugin x of studio_broken 1.0.0 did not load: ")
    (failure,) = json.loads(result.out)["failures"]
    assert failure["source"]["packl"] == "studio_broken"
    assert "division by zero" in failure["reason"]
