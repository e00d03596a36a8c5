"""The fixtures keep what they promise."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from importlib.metadata import distributions, entry_points
from pathlib import Path

import pluggy
import pytest

from pipl_core.plugins import plugins
from pipl_hooks import PacklInfo, Problem, hookimpl
from pipl_testing import in_environment, isolated_home


class TestHome:
    def test_is_away_from_that_of_whoever_runs_the_tests(self, pipl_home):
        assert Path.home() == pipl_home
        assert [
            name for name in os.environ if name.startswith("PIPL_") and name != "PIPL_WHEELS"
        ] == []
        assert Path(os.environ["UV_CACHE_DIR"]).is_absolute()
        assert not Path(os.environ["UV_CACHE_DIR"]).is_relative_to(pipl_home)

    def test_hides_variables_and_keeps_certificates(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PIPL_PROJECT", "/mine")
        monkeypatch.setenv("SSL_CERT_FILE", "/certificates.pem")
        before = dict(os.environ)
        with isolated_home(tmp_path / "home") as home:
            assert "PIPL_PROJECT" not in os.environ
            assert os.environ["SSL_CERT_FILE"] == "/certificates.pem"
            assert os.environ["XDG_STATE_HOME"] == str(home / ".local" / "state")
            assert (home / ".local" / "state").is_dir()
        assert dict(os.environ) == before


def test_pytest_finds_the_fixtures():
    (point,) = [p for p in entry_points(group="pytest11") if p.name == "pipl"]
    assert point.value == "pipl_testing.plugin"


class TestInEnvironment:
    def test_writes_what_an_installer_would(self, tmp_path):
        package = in_environment(
            tmp_path,
            "char-rig",
            "X = 5\n",
            version="2.1",
            requires=["spine>=2"],
            entry_points={"pipl": {"a": "char_rig"}, "pipl_pipe.task": {"b": "char_rig:T"}},
            data={"assets.json": "{}"},
        )
        (found,) = distributions(path=[str(tmp_path)])
        assert (found.metadata["Name"], found.version) == ("char-rig", "2.1")
        assert found.requires == ["spine>=2"]
        assert [(p.group, p.name, p.value) for p in found.entry_points] == [
            ("pipl", "a", "char_rig"),
            ("pipl_pipe.task", "b", "char_rig:T"),
        ]
        assert package == tmp_path / "char_rig"
        text = (package / "_packl" / "packl.toml").read_text()
        assert PacklInfo.from_text(text) == PacklInfo("code")
        assert (package / "_packl" / "assets.json").read_text() == "{}"

    def test_can_be_imported_and_asked(self, tmp_path):
        in_environment(tmp_path, "asked", "X = 5\n")
        code = "import asked, importlib.metadata as m; print(asked.X, m.version('asked'))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == ["5", "1.0.0"]


class TestPluginPackl:
    def test_answers_hooks_until_the_end_of_the_test(self, plugin_packl, tmp_path):
        problem = Problem("It is sick.")
        plugin_packl("studio", pipl_publish_checks=lambda packl: [problem])
        assert plugins().hook.pipl_publish_checks(packl=tmp_path) == [[problem]]
        plugin_packl.close()
        assert plugins().hook.pipl_publish_checks(packl=tmp_path) == []

    def test_wins_over_ours_unless_it_wants_to_be_last(self, plugin_packl):
        first = plugins().hook.pipl_installer(name="uv")
        plugin_packl(pipl_installer=hookimpl(trylast=True)(lambda name: "last"))
        assert type(plugins().hook.pipl_installer(name="uv")) is type(first)
        plugin_packl(pipl_installer=lambda name: "mine")
        assert plugins().hook.pipl_installer(name="uv") == "mine"

    def test_names_a_hook_that_does_not_exist(self, plugin_packl):
        with pytest.raises(pluggy.PluginValidationError, match="pipl_instaler"):
            plugin_packl(pipl_instaler=lambda name: None)
        plugin_packl.close()
        plugins().manager.check_pending()


class TestThrowAwayPackl:
    def test_is_written_into_any_folder(self, throw_away_packl, tmp_path):
        packl = throw_away_packl(
            tmp_path,
            "char-rig",
            version="2.1",
            info=PacklInfo("product", "model", {"prop": "rig"}),
            files={"src/char_rig/more.py": "X = 1\n"},
            dependencies=["spine>=2"],
            entry_points={"pipl_pipe.product": {"char_rig": "char_rig:PRODUCT"}},
        )
        assert packl.folder == tmp_path / "char_rig"
        assert (packl.name, packl.version) == ("char-rig", "2.1")
        assert packl.info == PacklInfo("product", "model", {"prop": "rig"})
        assert list(map(str, packl.requirements())) == ["spine>=2"]
        assert packl.metadata["entry-points"] == {
            "pipl_pipe.product": {"char_rig": "char_rig:PRODUCT"}
        }
        assert (packl.folder / "src" / "char_rig" / "more.py").read_text() == "X = 1\n"


@pytest.mark.needs_tools
@pytest.mark.slow
class TestProjects:
    def test_one_runs_and_the_artist_is_logged_in(self, running_project, pipl_wheels):
        assert running_project.server.status().state == "running"
        with contextlib.closing(running_project.client()) as client:
            assert client.authenticated_user() == "artist"
            released = client.packls("root/PROJ")
        assert {"pipl-pipe", "pipl-hooks", "pipl-core"} <= set(pipl_wheels)
        assert {name.lower() for name in pipl_wheels} <= set(released)

    def test_a_fresh_one_is_not_started(self, fresh_project):
        assert fresh_project.server.status().state == "stopped"
        assert not fresh_project.server.log.exists()

    def test_workspaces_are_of_the_test_alone_or_shared(self, workspace, shared_workspace):
        assert workspace.folder != shared_workspace.folder
        assert workspace.project.folder == shared_workspace.project.folder
        assert "pipl-pipe" in workspace.installed()

    def test_a_packl_is_released_from_a_workspace(self, workspace, throw_away_packl, tmp_path):
        packl = throw_away_packl(workspace, "from_workspace")
        assert workspace.packls[0].folder == packl.folder
        publication = throw_away_packl.publish(packl, workspace.project, "root/checked")
        assert (publication.index, publication.version) == ("root/checked", "0.1.0")
        throw_away_packl.release(workspace.project, "just_a_name", tmp_path, "3.0")
        with contextlib.closing(workspace.project.client()) as client:
            assert client.release("root/PROJ", "just_a_name", "3.0") is not None

    def test_a_studio_s_test_runs_with_them(self, tmp_path):
        test = tmp_path / "test_studio.py"
        test.write_text(
            "import json, os, pathlib\n\n"
            "def test_it(fresh_project, throw_away_packl, tmp_path):\n"
            "    packl = throw_away_packl(tmp_path / 'x', 'rig')\n"
            "    pathlib.Path(os.environ['SEEN']).write_text(json.dumps([packl.name]))\n"
        )
        seen = tmp_path / "seen.json"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
            env={**os.environ, "SEEN": str(seen)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert json.loads(seen.read_text()) == ["rig"]
