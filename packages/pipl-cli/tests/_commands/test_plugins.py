"""`pipl plugins`."""

import json
import shutil
from importlib.metadata import version

import pytest

from pipl_core.plugins import plugins
from pipl_testing import PluginRegistrar, in_environment

NAMING = """
from pipl_hooks import hookimpl

@hookimpl
def pipl_product_name(task, output):
    return output
"""


def rows(text, words=3):
    return [tuple(line.split()[:words]) for line in text.splitlines()]


@pytest.fixture
def site(workspace):
    """Site-packages of the workspace; packls that a test writes there go afterwards."""
    (folder,) = workspace.environment.site_packages
    before = set(folder.iterdir())
    yield folder
    for path in set(folder.iterdir()) - before:
        shutil.rmtree(path)


def test_shows_who_answers_each_hook_in_order(pipl):
    registrar = PluginRegistrar()
    registrar("studio", pipl_installer=lambda name: None)
    try:
        result = pipl("plugins")
        data = json.loads(pipl("plugins", "--json").out)
    finally:
        registrar.close()
    assert (result.status, result.err) == (0, "")
    title, header, *lines = result.out.splitlines()
    assert title.startswith("In pipl's own environment, ")
    assert header.split() == ["HOOK", "ASKED", "PACKL", "PLUGIN", "ROLE"]
    found = rows("\n".join(lines))
    assert ("pipl_installer", "2", "pipl-core") in found
    assert ("pipl_workspace_created", "-", "-") in found
    assert found == sorted(found)
    by_words = [line.split(maxsplit=4) for line in lines]
    assert ["pipl_installer", "1", "studio", "studio:1", "wins"] in by_words
    assert [line[-1] for line in lines if line.startswith("pipl_installer  ")] == ["s", "n"]
    assert "pipl_config " not in result.out  # asked in workspaces alone
    assert (data["failures"], data["workspace"]) == ([], None)
    assert [answer["plugin"] for answer in data["hooks"]["pipl_installer"]] == [
        "studio:1",
        "pipl_core.plugin",
    ]
    assert data["hooks"]["pipl_companions"] == [
        {
            "plugin": "pipl-ci:pipl-ci",
            "packl": "pipl-ci",
            "version": version("pipl-ci"),
            "role": "counts",
            "own": True,
        }
    ]


def test_shows_one_hook_and_what_it_is_for(pipl):
    result = pipl("plugins", "--hook", "pipl_packl_files")
    _, summary, header, *lines = result.out.splitlines()
    assert summary == "pipl_packl_files: Give the files of a new packl."
    assert header.startswith("HOOK")
    assert rows("\n".join(lines)) == [("pipl_packl_files", "1", "pipl-core")]
    assert lines[0].endswith("pipl_core.plugin  wins, pipl's own")
    data = json.loads(pipl("plugins", "--hook", "pipl_packl_files", "--json").out)
    assert list(data["hooks"]) == ["pipl_packl_files"]


def test_an_unknown_hook_is_an_error(pipl):
    result = pipl("plugins", "--hook", "pipl_packl_file")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "error: There is no hook 'pipl_packl_file'.\nhint: Did you mean pipl_packl_files?\n"
    )


def test_names_a_broken_plugin(pipl, tmp_path, monkeypatch):
    in_environment(
        tmp_path, "studio_broken", "1 / 0\n", entry_points={"pipl": {"x": "studio_broken"}}
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.cache_clear()
    try:
        shown, result = pipl("plugins"), pipl("plugins", "--json")
    finally:
        plugins.cache_clear()
    assert result.status == 0
    assert result.err.startswith("warning: the plugin x of studio_broken 1.0.0 did not load: ")
    assert shown.err.splitlines()[-1] == (
        "failed: x of studio_broken 1.0.0 (studio_broken): ZeroDivisionError: division by zero"
    )
    (failure,) = json.loads(result.out)["failures"]
    assert failure["source"]["packl"] == "studio_broken"
    assert failure["reason"] == "ZeroDivisionError: division by zero"


def test_options_of_the_list_do_not_go_before_another_word(pipl):
    result = pipl("plugins", "--json", "config")
    assert result.status == 2
    assert result.err.endswith("Error: Options come after the word config.\n")


class TestInAWorkspace:
    def test_hooks_of_the_workspace_stand_by_themselves(self, pipl, workspace, site):
        in_environment(site, "naming", NAMING, entry_points={"pipl": {"x": "naming"}})
        result = pipl("plugins")
        assert (result.status, result.err) == (0, "")
        tool, _, rest = result.out.partition("\n\n")
        title, _, *lines = rest.splitlines()
        assert tool.startswith("In pipl's own environment, ")
        assert title == "In the workspace, <project>/workspaces/lab:"
        by_hook = [line.split(maxsplit=4) for line in lines]
        pipe = f"pipl-pipe {version('pipl-pipe')}"
        assert [line for line in lines if line.startswith("pipl_product_name ")] == [
            "pipl_product_name        1      naming 1.0.0       naming:x            wins",
            f"pipl_product_name        2      {pipe}    pipl_pipe.plugin    fallback, pipl's own",
        ]
        envset = f"pipl-envset {version('pipl-envset')}"
        assert [line for line in lines if line.startswith("pipl_find_tool ")] == [
            f"pipl_find_tool           1      {envset}  pipl-envset:envset  wins, pipl's own"
        ]
        assert ["pipl_check_asset", "-", "-", "-", "-"] in by_hook
        assert not any(line.startswith("pipl_installer") for line in lines)

    def test_its_json_is_beside_that_of_the_tool(self, pipl, workspace, site):
        in_environment(site, "broken", "1 / 0", entry_points={"pipl": {"x": "broken"}})
        data = json.loads(pipl("plugins", "-p", str(workspace.folder), "--json").out)
        assert data["failures"] == []
        assert data["workspace"]["folder"] == "<project>/workspaces/lab"
        assert data["workspace"]["failures"][0]["reason"] == "ZeroDivisionError: division by zero"
        (naming,) = data["workspace"]["hooks"]["pipl_product_name"]
        assert (naming["packl"], naming["role"]) == ("pipl-pipe", "wins")

    def test_whose_environment_is_broken_is_an_error(self, pipl, silent, tmp_path):
        folder = silent.folder / "workspaces" / "gone"
        folder.mkdir(parents=True)
        marker = 'format = 1\nname = "gone"\nproject = "../.."\ninstall = []\n'
        (folder / "workspace.toml").write_text(marker)
        result = pipl("plugins", "-p", str(folder))
        assert (result.status, result.out) == (1, "")
        assert result.err == (
            "error: The environment <project>/workspaces/gone/.venv does not stand.\n"
            "hint: Make it anew: `pipl work sync`.\n"
        )


class TestConfig:
    def test_shows_layers_and_what_won(self, pipl, workspace, site):
        in_environment(
            site,
            "studio",
            'STORE = {"root": "/studio"}\n',
            version="2",
            entry_points={"pipl_pipe.config": {"asset_store": "studio:STORE"}},
        )
        result = pipl("plugins", "config", "asset_store")
        assert (result.status, result.err) == (0, "")
        title, _, *lines = result.out.splitlines()
        assert (
            title == f"asset_store, by the schema of pipl-assetstore {version('pipl-assetstore')}"
        )
        assert [line.split() for line in lines] == [
            ["studio", "studio", "2", "root", '"/studio"'],
            ["project", "pipl.toml", "root", '"<project>/assets"', "wins"],
        ]
        assert rows(pipl("plugins", "config").out, 1)[0] == ("asset_store,",)

    def test_prints_json(self, pipl, workspace):
        data = json.loads(pipl("plugins", "config", "asset_store", "--json").out)
        assert data["values"] == [
            {
                "key": "root",
                "value": "<project>/assets",
                "layer": "project",
                "source": "pipl.toml",
            }
        ]
        everything = json.loads(pipl("plugins", "config", "--json").out)
        assert [each["name"] for each in everything] == ["asset_store", "local_assets"]
        assert everything[0] == data

    def test_shows_what_is_wrong_and_fails(self, pipl, workspace, site):
        in_environment(
            site,
            "studio",
            'STORE = {"rooot": "/studio"}\n',
            entry_points={"pipl_pipe.config": {"asset_store": "studio:STORE"}},
        )
        result = pipl("plugins", "config")
        assert result.status == 1
        assert result.err == (
            "wrong: The config 'asset_store' of studio 1.0.0 has the unknown key 'rooot'.\n"
            f"  pipl-assetstore {version('pipl-assetstore')} knows: root (str).\n"
            "hint: Did you mean 'root'?\n"
        )

    def test_that_nobody_gives_is_an_error(self, pipl, workspace):
        result = pipl("plugins", "config", "weather")
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith(
            "error: No packl in this environment gives the config 'weather'.\n"
        )

    def test_a_trace_of_the_workspace_s_hooks_goes_to_stderr(self, pipl, workspace, monkeypatch):
        monkeypatch.setenv("PIPL_TRACE", "hooks")
        plugins.cache_clear()
        try:
            result = pipl("plugins", "config", "asset_store", "--json")
        finally:
            plugins.cache_clear()
        assert json.loads(result.out)["name"] == "asset_store"
        assert "trace: pipl_config_schema(name='asset_store')\n" in result.err
        assert (
            f"trace:   pipl-pipe {version('pipl-pipe')} (pipl_pipe.plugin) -> "
            "<class 'pipl_assetstore.StoreConfig'>\n"
        ) in result.err
        assert "trace: pipl_commands()" not in result.err  # asked one by one
