from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipl_core import CoreError, InstallError, Packl, Project
from pipl_core.locks import hashed_requirements, lock_text, usable_lock
from pipl_hooks import PiplError, import_name

RIG, OLD = "0" * 64, "1" * 64

LOCK = f"""\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "rig"
version = "2.1"
index = "root/PROJ/+simple/"
wheels = [{{ url = "root/PROJ/+f/ab/rig.whl", hashes = {{ sha256 = "{RIG}" }} }}]

[[packages]]
name = "old"
version = "1.0"
sdist = {{ url = "root/pypi/+f/cd/old.tar.gz", hashes = {{ sha256 = "{OLD}" }} }}
"""


def test_a_lock_gets_whole_addresses_when_it_is_used(fresh_project, tmp_path):
    lock = usable_lock(fresh_project, LOCK, tmp_path)
    address = fresh_project.address
    text = lock.read_text()
    assert f'url = "{address}/root/PROJ/+f/ab/rig.whl"' in text
    assert f'index = "{address}/root/PROJ/+simple/"' in text
    assert hashed_requirements(lock) == (
        f"rig==2.1 --hash=sha256:{RIG}\nold==1.0 --hash=sha256:{OLD}\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        *("http://elsewhere/rig.whl", "file:///etc/x", "/etc/x", "root/../../x", "../x"),
        *("root/submitted/+f/ab/rig.whl", "root/PROJ/+f/../../x"),
    ],
)
def test_a_lock_that_names_a_file_elsewhere_is_refused(fresh_project, tmp_path, url):
    text = LOCK.replace("root/PROJ/+f/ab/rig.whl", url)
    with pytest.raises(CoreError) as error:
        usable_lock(fresh_project, text, tmp_path)
    assert error.value.message == (
        f"The lock names {url!r}, which is not a file of the project's server."
    )


@pytest.mark.parametrize(
    "text", ["", "[", "packages = 5", "packages = [1]", "[[packages]]\nwheels = [{}]"]
)
def test_a_broken_lock_is_an_error(fresh_project, tmp_path, text):
    with pytest.raises(CoreError) as error:
        usable_lock(fresh_project, text, tmp_path)
    assert error.value.message == "The lock cannot be read."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'version = "1.0"',
            'archive = { path = "/tmp/x.whl" }',
            "The lock says 'archive' of a package, from which anything could come.",
        ),
        (
            'version = "1.0"',
            'vcs = { type = "git", url = "x" }',
            "The lock says 'vcs' of a package, from which anything could come.",
        ),
        ('version = "1.0"', 'version = "1.0\\n--index-url x"', "The lock cannot be read."),
        ('name = "old"', 'name = "old @ file:///tmp/x"', "The lock cannot be read."),
        ("11" * 32, "no digest", "'sha256:no digest' is not a digest."),
    ],
)
def test_a_lock_that_says_more_than_pipl_writes_is_refused(
    fresh_project, tmp_path, old, new, message
):
    assert old in LOCK
    with pytest.raises(PiplError) as error:
        usable_lock(fresh_project, LOCK.replace(old, new), tmp_path)
    assert error.value.message == message


@pytest.mark.slow
@pytest.mark.needs_tools
def test_a_lock_names_what_is_installed_even_where_that_was_yanked_since(
    running_project, workspace, throw_away_packl, ci, unique, tmp_path
):
    name = unique("lamp")
    for version in ("1.0", "1.1"):
        throw_away_packl.release(running_project, name, tmp_path / name, version)
    workspace.install([name])
    ci.yank("root/PROJ", name, "1.1", "too dim")
    packl = Packl.create(workspace, unique("shot"))
    assert locked(workspace, packl)[name] == "1.1"


@pytest.mark.slow
@pytest.mark.needs_tools
def test_a_lock_names_what_is_in_edition_beside_the_task_as_it_was_released(
    running_project, workspace, throw_away_packl, unique, tmp_path
):
    lamp = throw_away_packl(workspace, unique("lamp"), version="1.0")
    throw_away_packl.publish(lamp, running_project)
    workspace.install_edited()
    task = Packl.create(workspace, unique("shot"))
    assert lamp.name not in locked(workspace, task)
    workspace.install([lamp.name])
    assert workspace.requirements[-1] == lamp.name
    assert workspace.environment.has_edited(lamp)
    assert locked(workspace, task)[lamp.name] == "1.0"
    lamp.bump("minor", "brighter")
    with pytest.raises(InstallError) as error:
        locked(workspace, task)
    assert error.value.message == f"The environment of {task.name} cannot be locked."


def locked(workspace, packl):
    """Return the versions in a lock, by import name."""
    packages = tomllib.loads(lock_text(workspace, packl))["packages"]
    return {import_name(package["name"]): package["version"] for package in packages}


@pytest.fixture(scope="session")
def bare_project(pipl_home, tmp_path_factory):
    return Project.create(tmp_path_factory.mktemp("bare") / "Bare", port=3141)


@given(data=st.data())
def test_a_lock_with_one_value_spoiled_is_usable_or_an_error(spoiled, bare_project, data):
    try:
        text = tomlkit.dumps(data.draw(spoiled(tomllib.loads(LOCK))))
    except Exception:  # noqa: BLE001  TOML cannot say it
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            lock = usable_lock(bare_project, text, Path(folder))
        except PiplError:
            return
        for package in tomllib.loads(lock.read_text())["packages"]:
            assert re.fullmatch(r"[A-Za-z0-9._-]+", package["name"])
            for file in [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]:
                assert file["url"].startswith(f"{bare_project.address}/root/")
        for line in hashed_requirements(lock).splitlines():
            assert re.match(r"[A-Za-z0-9._-]+==[0-9]", line)


@given(text=st.text())
def test_arbitrary_text_is_no_lock(bare_project, text):
    with tempfile.TemporaryDirectory() as folder, pytest.raises(CoreError):
        usable_lock(bare_project, text, Path(folder))
