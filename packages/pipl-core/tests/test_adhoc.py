"""Environments for ad hoc requests, made of a real server's packls."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys

import platformdirs
import pytest

from pipl_core import CoreError, InstallError, Project, ServerError, adhoc, adhoc_environment
from pipl_core.project import free_port

pytestmark = [pytest.mark.slow, pytest.mark.needs_tools]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch, pipl_home):
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pipl" / "environments"


@pytest.fixture
def project(running_project, pipl_wheels):
    return running_project


@pytest.fixture
def release(project, throw_away_packl, tmp_path, request):
    """A function that releases a version of a packl, whose name only this test has."""
    name = f"{request.node.originalname.replace('test_', '')}_packl"

    def release(version="1.0.0"):
        throw_away_packl.release(project, name, tmp_path, version)
        told(project, name, version)
        return name

    return release


def told(project, name, version):
    """Wait until the server's feed tells of a release: it follows a moment later."""
    wanted = (name.replace("_", "-"), version)
    with contextlib.closing(project.client()) as client:
        since = 0
        while True:
            answer = client.events(since, wait=30)
            assert answer["events"], "the feed does not tell of the release"
            if wanted in {(e["project"], e["version"]) for e in answer["events"]}:
                return
            since = answer["next"]


def made(environment):
    """Return the number of the virtualenv among those made for the request."""
    return environment.folder.parent.name


def test_are_made_once(project, release, cache):
    name = release()
    steps = []
    first = adhoc_environment(project, [name], progress=steps.append)
    assert steps == [f"Resolving {name}", f"Installing {name}"]
    assert first.warning == ""
    assert first.environment.installed()[name.replace("_", "-")] == "1.0.0"
    assert {"pipl-pipe", "pipl-envset"} <= first.environment.installed().keys()
    assert first.environment.folder.is_relative_to(cache)
    again = adhoc_environment(project, [name, name], progress=steps.append)
    assert again.environment.folder == first.environment.folder
    assert len(steps) == 2


def test_differ_by_request(project, release):
    name = release()
    folders = [
        adhoc_environment(project, requirements).environment.folder.parents[1]
        for requirements in ([name], [f"{name}>=1"], [f"{name}>=1", name])
    ]
    assert len(set(folders)) == 3


def test_take_what_is_released_meanwhile_into_a_new_folder(project, release):
    name = release()
    first = adhoc_environment(project, [f"{name}<3"]).environment
    release("2.0.0")
    second = adhoc_environment(project, [f"{name}<3"]).environment
    assert second.installed()[name.replace("_", "-")] == "2.0.0"
    assert first.installed()[name.replace("_", "-")] == "1.0.0"
    assert (made(first), made(second)) == ("1", "2")
    release("2.5.0")
    third = adhoc_environment(project, [f"{name}<3"]).environment
    assert made(third) == "3"
    assert not first.exists
    assert second.exists


def test_stay_where_what_is_released_changes_nothing(project, release, throw_away_packl, tmp_path):
    name = release()
    first = adhoc_environment(project, [f"{name}<2"]).environment
    release("2.0.0")
    steps = []
    again = adhoc_environment(project, [f"{name}<2"], progress=steps.append).environment
    assert again.folder == first.folder
    assert steps == [f"Resolving {name}<2"]
    packl = throw_away_packl(tmp_path / "submitted", name, version="1.5.0")
    throw_away_packl.publish(packl, project, "root/submitted")
    told(project, name, "1.5.0")
    adhoc_environment(project, [f"{name}<2"], progress=steps.append)
    assert len(steps) == 1


def test_are_resolved_again_when_asked(project, release):
    name = release()
    adhoc_environment(project, [name])
    steps = []
    adhoc_environment(project, [name], upgrade=True, progress=steps.append)
    assert steps == [f"Resolving {name}"]


def test_as_of_a_moment_stay_as_they_were(project, release, moment_after):
    name = release()
    shown = name.replace("_", "-")
    between = moment_after(name)
    release("2.0.0")
    steps = []
    first = adhoc_environment(project, [name], at=between, progress=steps.append).environment
    assert first.installed()[shown] == "1.0.0"
    release("3.0.0")
    again = adhoc_environment(project, [name], at=between, progress=steps.append).environment
    assert (again.folder, len(steps)) == (first.folder, 2)
    newest = adhoc_environment(project, [name], at="now").environment
    assert newest.installed()[shown] == "3.0.0"
    assert newest.folder == adhoc_environment(project, [name]).environment.folder


@pytest.mark.parametrize("at", ["soon", "9999-01-01"])
def test_as_of_what_is_no_moment_are_an_error(project, at, cache):
    with pytest.raises(CoreError):
        adhoc_environment(project, ["pluggy"], at=at)
    assert not cache.exists()


def test_start_without_a_server_with_a_warning(project, release, monkeypatch):
    name = release()
    first = adhoc_environment(project, [name]).environment
    monkeypatch.setattr(adhoc, "feed_position", lambda _: None)
    again = adhoc_environment(project, [name])
    assert again.environment.folder == first.folder
    assert again.warning == (
        f"no server answers at {project.address}: "
        "this is the environment as it was made last, and may not be the newest."
    )


def test_are_not_made_without_a_server(tmp_path, cache):
    silent = Project.create(tmp_path / "silent", port=free_port(0))
    with pytest.raises(ServerError) as error:
        adhoc_environment(silent, ["anything"])
    assert error.value.message == f"No server answers at {silent.address}."
    assert not cache.exists()


def test_that_cannot_be_resolved_leave_nothing(project, release, cache):
    name = release()
    with pytest.raises(InstallError) as error:
        adhoc_environment(project, [name, f"{name}>7"])
    assert error.value.message == f"{name}, {name}>7: this cannot be had together."
    assert [p.name for p in cache.glob("*/*") if p.name != ".lock"] == []


@pytest.mark.parametrize("requirement", ["not a requirement", "x @ http://elsewhere/x.whl"])
def test_of_what_is_no_packl_are_an_error(project, requirement, cache):
    with pytest.raises(InstallError):
        adhoc_environment(project, [requirement])
    assert not cache.exists()


def test_with_another_python_are_others(project, release):
    name = release()
    one = adhoc_environment(project, [name]).environment
    other = adhoc_environment(project, [name], python="3.11").environment
    assert one.folder.parents[1] != other.folder.parents[1]


def test_are_made_anew_when_they_were_lost(project, release):
    name = release()
    first = adhoc_environment(project, [name]).environment
    shutil.rmtree(first.folder)
    again = adhoc_environment(project, [name]).environment
    assert again.exists
    (again.folder.parents[1] / "request.json").write_text("{")
    assert adhoc_environment(project, [name]).environment.exists


def test_that_nobody_used_for_long_go(project, release, cache):
    name = release()
    old = adhoc_environment(project, [name]).environment
    record = old.folder.parents[1] / "request.json"
    os.utime(record, (1, 1))
    kept = adhoc_environment(project, [f"{name}>=1"]).environment
    assert not old.exists
    assert kept.exists
    os.utime(kept.folder.parents[1] / "request.json", (1, 1))
    adhoc_environment(project, [f"{name}>=1"])
    adhoc_environment(project, [f"{name}>0"])
    assert kept.exists


def test_are_told_what_the_project_says_now(project, release):
    name = release()
    first = adhoc_environment(project, [name]).environment
    assert first.is_told
    path = project.folder / "pipl.toml"
    before = path.read_text()
    try:
        path.write_text(f'{before}\n[config.tools]\npen = "/pen"\n')
        changed = Project(project.folder)
        assert not adhoc.VirtualEnvironment(first.folder, changed).is_told
        environment = adhoc_environment(changed, [name]).environment
    finally:
        path.write_text(before)
    assert environment.is_told
    assert '"pen": "/pen"' in (environment.folder / "pipl.json").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the rule of another platform")
@pytest.mark.parametrize("named", [None, "", "/some/cache", "relative"])
def test_lie_where_platformdirs_says(monkeypatch, named):
    if named is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
    expected = platformdirs.user_cache_path("pipl") / "environments"
    assert adhoc.adhoc_folder() == expected


def test_keep_the_constraints_of_the_project(project, release, tmp_path):
    name = release()
    release("2.0.0")

    def constrained(text):
        constraints = (text.format(name=name),) if text else ()
        port = project.config.port
        folder = tmp_path / "PROJECT"
        shutil.rmtree(folder, ignore_errors=True)
        return Project.create(folder, port=port, constraints=constraints)

    shown = name.replace("_", "-")
    found = adhoc_environment(constrained("{name}<2"), [name]).environment
    assert found.installed()[shown] == "1.0.0"
    found = adhoc_environment(constrained(""), [name]).environment
    assert found.installed()[shown] == "2.0.0"
    with pytest.raises(InstallError) as error:
        adhoc_environment(constrained("{name}<0"), [name])
    assert error.value.message == f"{name}: this cannot be had together."
    assert error.value.context.splitlines()[0] == (
        f"The project allows no {name} ({name}<0 in pipl.toml), but you ask for it."
    )
