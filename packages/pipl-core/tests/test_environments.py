"""Virtual environments: their variables, what is edited in them, what they answer."""

from __future__ import annotations

import json
import os
from importlib.metadata import distributions

import pytest

from pipl_core import CoreError, InstallError, NotFoundError, Workspace
from pipl_core.environments import VirtualEnvironment
from pipl_hooks import Environment, FormatError, ShortName, Step, Variable

pytestmark = pytest.mark.needs_tools


@pytest.fixture
def bare(fresh_project, tmp_path):
    """An environment of which only the folder stands, in a workspace's folder."""
    folder = tmp_path / "lab" / ".venv"
    folder.mkdir(parents=True)
    return VirtualEnvironment(folder, fresh_project)


def variables(environment, base):
    """Return the variables of a process in an environment, where those outside of it are given."""
    return VirtualEnvironment(environment.folder, environment.project, base).variables()


def variable(**done):
    """Return a variable by what the packl some_env does to it."""
    return Variable([Step(action, value, "some_env") for action, value in done.items()])


def write(environment, text):
    path = environment.folder / "pipl" / "env.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


class TestVariables:
    def test_are_those_of_a_process_in_it(self, bare):
        base = {"PATH": "/bin", "PYTHONHOME": "/elsewhere", "PYTHONPATH": "/x", "KEPT": "1"}
        assert variables(bare, base) == {
            "PATH": f"{bare.scripts}{os.pathsep}/bin",
            "VIRTUAL_ENV": str(bare.folder),
            "KEPT": "1",
        }
        assert base["PYTHONHOME"] == "/elsewhere"

    def test_name_the_workspace_where_it_is_one(self, bare):
        (bare.folder.parent / "workspace.toml").touch()
        found = variables(bare, {})
        assert found["PIPL_WORKSPACE"] == str(bare.folder.parent)
        assert found["PATH"] == f"{bare.scripts}{os.pathsep}{os.defpath}"

    def test_are_those_of_this_process_where_no_others_are_given(self, bare, monkeypatch):
        monkeypatch.setenv("SOMETHING", "set")
        assert bare.variables()["SOMETHING"] == "set"

    def test_have_what_the_env_sets_add_up_to(self, bare):
        added = {
            "ROOT": variable(set="/shows/x y"),
            "TOOLS": variable(prepend="/a", append="/z"),
            "PATH": variable(prepend="/tools"),
        }
        environment = Environment(added, {"view": ShortName("viewer --fast", "some_env")})
        write(bare, environment.to_text())
        assert bare.settings == environment
        sep = os.pathsep
        found = variables(bare, {"PATH": "/bin", "TOOLS": "/old", "ROOT": "/other"})
        assert found["ROOT"] == "/shows/x y"
        assert found["TOOLS"] == sep.join(["/a", "/old", "/z"])
        assert found["PATH"] == sep.join(["/tools", str(bare.scripts), "/bin"])
        assert variables(bare, {})["TOOLS"] == sep.join(["/a", "/z"])

    def test_of_another_workspace_are_left_outside(self, bare):
        before = {"PATH": "/bin", "PIPL_WORKSPACE": "/other", "PYTHONPATH": "/other"}
        found = variables(bare, before)
        assert not {"PIPL_WORKSPACE", "PYTHONPATH"} & found.keys()

    def test_are_told_with_who_sets_them(self, bare):
        write(bare, Environment({"PATH": variable(prepend="/tools")}).to_text())
        assert [step.packl for step in bare.whole.variables["PATH"].steps] == ["pipl", "some_env"]
        assert bare.whole.variables["VIRTUAL_ENV"].packls == ["pipl"]

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 9}'])
    def test_in_a_damaged_file_are_an_error(self, bare, text):
        write(bare, text)
        with pytest.raises(FormatError):
            variables(bare, {})


class TestAbsent:
    def test_does_not_stand(self, bare):
        assert bare.exists is False
        with pytest.raises(NotFoundError) as error:
            bare.run_python(["-c", ""])
        assert error.value.message == f"The environment {bare.folder} does not stand."
        assert error.value.hint == "Make it anew: `pipl work sync`."
        with pytest.raises(NotFoundError):
            bare.ask("commands")

    def test_has_no_settings(self, bare):
        assert bare.settings == Environment()
        assert bare.has("pipl_pipe") is False

    @pytest.mark.parametrize("python", ["1.5", "/no/such/python"])
    def test_of_an_unknown_python_cannot_be_made(self, bare, python):
        with pytest.raises(CoreError) as error:
            bare.create(python)
        assert error.value.message == (
            f"The environment {bare.folder} could not be made with Python {python!r}."
        )

    @pytest.mark.skipif(os.name == "nt", reason="a folder of another kind")
    def test_where_a_file_is_cannot_be_made(self, fresh_project, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(CoreError) as error:
            VirtualEnvironment(tmp_path / "file" / ".venv", fresh_project).create()
        assert "could not be made" in error.value.message


class TestMaking:
    def test_tells_the_pipeline_of_its_project(self, bare):
        bare.create(prompt="lab")
        assert bare.exists is True
        settings = json.loads((bare.folder / "pipl.json").read_text())
        assert settings["project"] == str(bare.project.folder)
        assert settings["tool"][1:] == ["-m", "pipl_cli"]
        store = settings["config"]["asset_store"]["root"]
        assert store == str(bare.project.folder / "assets")
        assert list(distributions(path=[str(site(bare))])) == []
        done = bare.run_python(["-c", "import sys; print(sys.prefix)"], quiet=True)
        assert (done.returncode, done.stdout) == (0, f"{bare.folder}\n")
        with pytest.raises(CoreError) as error:
            bare.ask("commands")
        assert error.value.message == "The pipeline in this workspace could not answer."
        assert "No module named pipl_pipe" in error.value.context

    def test_installs_nothing_without_a_server(self, bare):
        bare.create()
        with pytest.raises(InstallError) as error:
            bare.install(["pipl-pipe"])
        assert error.value.message == "The packls could not be installed."
        assert error.value.hint == (
            "Does the project's server run? `pipl proj status` tells; `pipl proj start` starts it."
        )
        assert list(distributions(path=[str(site(bare))])) == []


def site(environment):
    (found,) = environment.folder.glob("[Ll]ib*/**/site-packages")
    return found


@pytest.fixture(scope="module")
def bench(running_project, pipl_wheels):
    """A workspace for all tests."""
    return Workspace.create(running_project, "environments")


@pytest.mark.slow
class TestEditing:
    def test_leaves_standard_metadata_with_the_packl_s_folder(self, bench, throw_away_packl):
        packl = throw_away_packl(bench, "char-rig")
        bench.install_edited()
        folder = bench.environment
        (found,) = distributions(name="char-rig", path=[str(site(folder))])
        assert found.version == "0.1.0"
        assert json.loads(found.read_text("direct_url.json")) == {
            "url": packl.folder.as_uri(),
            "dir_info": {"editable": True},
        }
        done = folder.run_python(["-c", "import char_rig; print(char_rig.__file__)"], quiet=True)
        assert done.stdout.strip() == str(packl.folder / "src" / "char_rig" / "__init__.py")
        # What is edited runs at once.
        (packl.folder / "src" / "char_rig" / "__init__.py").write_text("X = 7\n")
        done = folder.run_python(["-c", "import char_rig; print(char_rig.X)"], quiet=True)
        assert done.stdout == "7\n"

    def test_a_changed_packl_is_installed_anew_and_a_removed_one_goes(
        self, bench, throw_away_packl, unique
    ):
        packl = throw_away_packl(bench, unique("rig"))
        bench.install_edited()
        name = packl.name.replace("_", "-")
        assert bench.installed()[name] == "0.1.0"
        packl.bump("minor")
        bench.install_edited()
        assert bench.installed()[name] == "0.2.0"
        packl.folder.rename(bench.work / packl.name)
        bench.install_edited()
        assert name not in bench.installed()

    def test_brings_the_editors_into_workspaces(self, bench, throw_away_packl, unique, tmp_path):
        editor, other = unique("editor"), unique("other")
        for name in (editor, other):
            throw_away_packl.release(bench.project, name, tmp_path / name, "1.0")
        extras = f'\n[project.optional-dependencies]\nedit = ["{editor}"]\ntest = ["{other}"]\n'
        packl = throw_away_packl(bench, unique("anim"))
        packl.file.write_text(packl.file.read_text() + extras)
        bench.install_edited()
        assert bench.installed()[editor.replace("_", "-")] == "1.0"
        assert other.replace("_", "-") not in bench.installed()

        throw_away_packl.publish(packl, bench.project)
        clean = VirtualEnvironment(tmp_path / "clean" / ".venv", bench.project)
        clean.create()
        clean.install([packl.name])
        found = {d.metadata["Name"] for d in distributions(path=[str(site(clean))])}
        assert found == {packl.name}

    def test_answers_with_the_pipeline_s_own_errors(self, bench):
        with pytest.raises(CoreError) as error:
            bench.environment.ask("describe", "task", "singing")
        assert "'singing'" in error.value.message
        lines = []
        assert bench.environment.ask("assets", log=lines.append) == []
        assert lines == []
