"""uv and pip, with none of the settings of whoever sits there."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path

import pytest

from pipl_core import InstallError, Project
from pipl_core import installers as module
from pipl_core.environments import VirtualEnvironment
from pipl_core.installers import PipInstaller, UvInstaller, run_installer
from pipl_core.locks import usable_lock
from pipl_core.project import free_port
from pipl_hooks import InstallRequest

pytestmark = pytest.mark.needs_tools

SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def settings_of_a_user(pipl_home, monkeypatch, tmp_path):
    """Variables and files that name an index where nothing answers."""
    dead = f"http://127.0.0.1:{free_port(0)}/simple/"
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, dead)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "nowhere"))
    config = tmp_path / "config"
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(config))
    for path, text in {
        "uv/uv.toml": f'index-url = "{dead}"\noffline = true\n',
        "pip/pip.conf": f"[global]\nindex-url = {dead}\nno-index = true\n",
        "pip/pip.ini": f"[global]\nindex-url = {dead}\n",
    }.items():
        (config / path).parent.mkdir(parents=True, exist_ok=True)
        (config / path).write_text(text)


@pytest.fixture
def said(monkeypatch):
    """The commands and variables that installers would have run with."""
    commands = []

    def take(command, *, quiet=False, base=None, further=None):
        assert base is None
        commands.append((list(command), dict(further or {})))
        return ""

    monkeypatch.setattr(module, "run_installer", take)
    return commands


class TestRunning:
    def test_leaves_the_user_s_own_settings_out(self, settings_of_a_user, monkeypatch):
        monkeypatch.setenv("UV_CACHE_DIR", "/cache")
        monkeypatch.setenv("UV_HTTP_RETRIES", "7")
        monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
        shown = json.loads(run_installer([sys.executable, "-c", SHOW], further={"MORE": "1"}))
        foreign = [n for n in shown if n.startswith(("UV_", "PIP_", "VIRTUAL_ENV", "PYTHONPATH"))]
        assert sorted(foreign) == ["PIP_CONFIG_FILE", "UV_CACHE_DIR", "UV_HTTP_RETRIES"]
        assert (shown["PIP_CONFIG_FILE"], shown["MORE"]) == (os.devnull, "1")
        assert shown["HOME"] == os.environ["HOME"]

    def test_returns_what_was_printed(self):
        code = "import sys; print(' out '); print('err', file=sys.stderr)"
        assert run_installer([sys.executable, "-c", code]) == "out \nerr"
        assert run_installer([sys.executable, "-c", code], quiet=True) == " out \n"

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("error sending request for url", "Does the project's server run?"),
            ("Connection refused", "Does the project's server run?"),
            ("No space left on device", "Make space on the disk, then do it again."),
            ("there are no versions of rig", "Check name and version: only what"),
            ("rig was not found in the package registry", "Check name and version: only what"),
            ("no such option: --uploaded-prior-to", "Installing as of a day needs pip 26.0 or"),
            ("something else", "Nothing was changed. Correct what the installer names"),
        ],
    )
    def test_explains_a_failure(self, text, hint):
        code = f"import sys; sys.exit('Using Python 3\\n{text}')"
        with pytest.raises(InstallError) as error:
            run_installer([sys.executable, "-c", code])
        assert error.value.message == "The packls could not be installed."
        assert error.value.context == text
        assert error.value.hint.startswith(hint)


class TestRetries:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_are_none_where_nothing_listens_on_this_machine(self, said, tmp_path, host):
        request = InstallRequest(tmp_path, f"http://{host}:{free_port(0)}/x/+simple/", ("rig",))
        UvInstaller().install(request)
        PipInstaller().install(request)
        (_, variables), (pip, _) = said
        assert variables == {"UV_HTTP_RETRIES": "0"}
        assert pip[-4:] == ["--retries", "0", "--", "rig"]

    @pytest.mark.parametrize("url", ["http://server.invalid:3141/x/+simple/", "/a/folder"])
    def test_are_the_installer_s_own_elsewhere(self, said, tmp_path, url):
        request = InstallRequest(tmp_path, url, ("rig",))
        UvInstaller().install(request)
        PipInstaller().install(request)
        (_, variables), (pip, _) = said
        assert variables == {}
        assert pip[-2:] == ["--", "rig"]
        assert "--retries" not in pip

    @pytest.mark.slow
    def test_are_the_installer_s_own_where_a_server_runs(self, said, running_project, tmp_path):
        UvInstaller().install(InstallRequest(tmp_path, running_project.install_url, ("rig",)))
        assert said[0][1] == {}


class TestRequests:
    def test_become_arguments(self, said, tmp_path):
        request = InstallRequest(
            tmp_path / "python", "/index", ("rig", "neck>=2"), upgrade=True, dependencies=False,
            reinstall=True,
        )  # fmt: skip
        UvInstaller().install(request)
        PipInstaller().install(request)
        (uv, _), (pip, _) = said
        assert uv[1:] == [
            *("--no-config", "--color", "never", "--no-progress", "pip", "install"),
            *("--python", str(tmp_path / "python"), "--index-url", "/index"),
            *("--upgrade", "--no-deps", "--reinstall", "--", "rig", "neck>=2"),
        ]
        assert pip == [
            *(str(tmp_path / "python"), "-m", "pip", "--isolated", "--disable-pip-version-check"),
            *("--no-input", "install", "--index-url", "/index"),
            *("--upgrade", "--no-deps", "--force-reinstall", "--", "rig", "neck>=2"),
        ]

    def test_as_of_a_day(self, said, tmp_path):
        at = "2026-03-02T00:00:00Z"
        request = InstallRequest(tmp_path, "/index", ("rig",), at=at)
        UvInstaller().install(request)
        PipInstaller().install(request)
        (uv, _), (pip, _) = said
        assert uv[-5:] == ["/index", "--exclude-newer", at, "--", "rig"]
        assert pip[-5:] == ["/index", "--uploaded-prior-to", at, "--", "rig"]

    def test_that_bring_everything_to_a_day(self, said, tmp_path):
        at = "2026-03-02T00:00:00Z"
        request = InstallRequest(tmp_path, "/index", ("rig",), upgrade=True, at=at)
        UvInstaller().install(request)
        PipInstaller().install(request)
        (compiled, _), (uv, _), (pip, _) = said
        resolved = compiled[-2]
        assert compiled[-6:-1] == ["/index", "--exclude-newer", at, "--output-file", resolved]
        assert uv[-8:] == [
            *("/index", "--upgrade", "--exclude-newer", at, "--constraint", resolved, "--", "rig"),
        ]
        assert pip[-7:] == [
            *("/index", "--upgrade", "--force-reinstall", "--uploaded-prior-to", at, "--", "rig"),
        ]

    def test_with_constraints(self, monkeypatch, tmp_path):
        kept = []

        def take(command, **_):
            places = [i + 1 for i, word in enumerate(command) if word == "--constraint"]
            kept.append([Path(command[i]).read_text() for i in places if Path(command[i]).exists()])
            return ""

        monkeypatch.setattr(module, "run_installer", take)
        request = InstallRequest(tmp_path, "/index", ("rig",), constraints=("numpy<2", "a<0"))
        UvInstaller().install(request)
        PipInstaller().install(request)
        UvInstaller().install(replace(request, upgrade=True, at="2026-03-02T00:00:00Z"))
        assert kept == [["numpy<2\na<0\n"]] * 4


@pytest.fixture
def released(running_project, throw_away_packl, unique, tmp_path, moment_after):
    """A packl with two releases, and the moment between them."""
    name = unique("lamp")
    throw_away_packl.release(running_project, name, tmp_path / name, "1.0")
    between = moment_after(name)
    throw_away_packl.release(running_project, name, tmp_path / name, "1.1")
    return name, between


@pytest.fixture(params=["uv", "pip"])
def environment(request, running_project, settings_of_a_user, tmp_path):
    """An environment of another project by its folder, with the server of the running one."""
    port = running_project.config.port
    project = Project.create(tmp_path / "PROJECT", port=port, installer=request.param)
    environment = VirtualEnvironment(tmp_path / ".venv", project)
    environment.create()
    return environment


def version_in(environment, name):
    """Return the installed version of a packl, or None."""
    (site,) = environment.site_packages
    found = {d.metadata["Name"]: d.version for d in distributions(path=[str(site)])}
    return found.get(name)


@pytest.mark.slow
class TestAsOfADay:
    def test_takes_what_had_been_released_by_then(self, environment, released):
        name, between = released
        environment.install([name], at=between)
        assert version_in(environment, name) == "1.0"
        environment.install([name])
        assert version_in(environment, name) == "1.0"  # what is there stays
        environment.install([name], upgrade=True)
        assert version_in(environment, name) == "1.1"
        environment.install([name], at=between)
        assert version_in(environment, name) == "1.1"
        environment.install([name], upgrade=True, at=between)
        assert version_in(environment, name) == "1.0"

    def test_counts_for_third_parties_too(self, environment):
        environment.install(["pluggy"], at="2023-06-30")
        assert version_in(environment, "pluggy") == "1.2.0"

    def test_before_anything_was_released_is_an_error_that_says_so(self, environment, released):
        name, _ = released
        with pytest.raises(InstallError) as error:
            environment.install([name], at="2001-01-01")
        assert name.replace("_", "-") in error.value.context.replace("_", "-")
        assert "exclude-newer-package" not in error.value.context
        assert error.value.hint == (
            "Only what had been released by then counts, and of third parties what its index gives "
            "an upload time. `--at` takes another day, and `--at now` the newest."
        )
        assert version_in(environment, name) is None


@pytest.mark.slow
class TestConstraints:
    @pytest.fixture
    def user(self, released, running_project, throw_away_packl, tmp_path):
        """A released packl that asks for any version of the one with two releases."""
        name, _ = released
        packl = throw_away_packl(tmp_path / "user", f"{name}_user", dependencies=[name])
        throw_away_packl.publish(packl, running_project)
        return packl.name

    def test_hold_for_whoever_asks(self, environment, released, user):
        name, between = released
        environment.install([user], constraints=[f"{name}<1.1"])
        assert version_in(environment, name) == "1.0"
        environment.install([user, name], upgrade=True)
        assert version_in(environment, name) == "1.1"
        environment.install([user], constraints=[f"{name}<1.1"])
        assert version_in(environment, name) == "1.0"
        environment.install([user], constraints=[f"{name}>1.0"])
        assert version_in(environment, name) == "1.1"
        environment.install([name], constraints=[f"{name}<1.1"], upgrade=True, at=between)
        assert version_in(environment, name) == "1.0"

    def test_bring_nothing(self, environment, released):
        name, _ = released
        environment.install(["pluggy"], constraints=[f"{name}<1.1"])
        assert version_in(environment, name) is None

    def test_hold_not_for_what_is_installed_alone(self, environment, released):
        name, _ = released
        environment.install([f"{name}==1.1"], dependencies=False, constraints=[f"{name}<1.1"])
        assert version_in(environment, name) == "1.1"

    def test_forbid(self, environment, released, user):
        name, _ = released
        with pytest.raises(InstallError) as error:
            environment.install([user], constraints=[f"{name}<0"])
        asking = f"The project allows no {name} ({name}<0 in pipl.toml), but {user} 0.1.0 "
        assert error.value.message.replace("-", "_").startswith(asking)
        assert version_in(environment, name) is None


@pytest.mark.slow
class TestYanked:
    def test_is_never_picked_anew_and_can_still_be_named(self, environment, released, ci):
        name, _ = released
        environment.install([f"{name}==1.1"])
        ci.yank("root/PROJ", name, "1.1", "its bulb is broken")
        environment.install([name])
        assert version_in(environment, name) == "1.1"  # what is there stays
        environment.uninstall([name])
        environment.install([name])
        assert version_in(environment, name) == "1.0"
        with pytest.raises(InstallError):
            environment.install([f"{name}>1.0"])
        assert version_in(environment, name) == "1.0"
        said = environment.install([f"{name}==1.1"])
        assert version_in(environment, name) == "1.1"
        assert "its bulb is broken" in said
        ci.unyank("root/PROJ", name, "1.1")
        environment.uninstall([name])
        environment.install([f"{name}>1.0"])
        assert version_in(environment, name) == "1.1"

    def test_opens_where_a_lock_names_it(self, environment, released, ci, tmp_path):
        name, _ = released
        ci.yank("root/PROJ", name, "1.1", "its bulb is broken")
        environment.install_lock(_lock_of(environment, ci, name, "1.1", tmp_path))
        assert version_in(environment, name) == "1.1"


def _lock_of(environment, client, name, version, folder):
    """Write a lock of one release, as it comes with a packl."""
    release = client.release("root/PROJ", name, version)
    lock = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\n'
    lock += f'name = "{name.replace("_", "-")}"\nversion = "{version}"\nindex = "x"\n'
    digest = release.digest.partition(":")[2]
    lock += f'wheels = [{{ url = "{release.path}", hashes = {{ sha256 = "{digest}" }} }}]\n'
    return usable_lock(environment.project, lock, folder)


@pytest.mark.slow
@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_installs_changes_and_removes_end_to_end(
    running_project, settings_of_a_user, throw_away_packl, unique, tmp_path, installer
):
    # Another project by its folder, with the server of the running one.
    port = running_project.config.port
    project = Project.create(tmp_path / "PROJECT", port=port, installer=installer)
    rig, neck = unique("rig"), unique("neck")
    for version in ("1.0", "1.1"):
        throw_away_packl.release(running_project, neck, tmp_path / neck, version)
    packl = throw_away_packl(tmp_path / "rig", rig, dependencies=[neck])
    throw_away_packl.publish(packl, running_project)
    environment = VirtualEnvironment(tmp_path / ".venv", project)
    environment.create()

    def installed():
        (site,) = environment.folder.glob("[Ll]ib*/**/site-packages")
        found = {d.metadata["Name"]: d.version for d in distributions(path=[str(site)])}
        return {name: version for name, version in found.items() if name in {rig, neck}}

    environment.install([f"{neck}<1.1", rig])
    assert installed() == {rig: "0.1.0", neck: "1.0"}
    environment.install([neck], upgrade=True)
    assert installed() == {rig: "0.1.0", neck: "1.1"}
    with pytest.raises(InstallError) as error:
        environment.install([f"{neck}>=9"])
    assert neck.replace("_", "-") in error.value.context.replace("_", "-")
    assert installed() == {rig: "0.1.0", neck: "1.1"}
    environment.uninstall([rig, neck])
    assert installed() == {}

    with contextlib.closing(running_project.client()) as client:
        release = client.release("root/PROJ", neck, "1.0")
    lock = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\n'
    lock += f'name = "{neck.replace("_", "-")}"\nversion = "1.0"\nindex = "x"\n'
    digest = release.digest.partition(":")[2]
    lock += f'wheels = [{{ url = "{release.path}", hashes = {{ sha256 = "{digest}" }} }}]\n'
    environment.install_lock(usable_lock(project, lock, tmp_path))
    assert installed() == {neck: "1.0"}
    environment.uninstall([neck])
    with pytest.raises(InstallError):
        environment.install_lock(usable_lock(project, lock.replace(digest, "0" * 64), tmp_path))
