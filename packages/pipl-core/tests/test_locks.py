from __future__ import annotations

import tomllib

import pytest

from pipl_core import CoreError, Packl
from pipl_core.locks import hashed_requirements, lock_text, usable_lock
from pipl_hooks import PiplError

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
    (locked,) = (
        package["version"]
        for package in tomllib.loads(lock_text(workspace, packl))["packages"]
        if package["name"] == name.replace("_", "-")
    )
    assert locked == "1.1"
