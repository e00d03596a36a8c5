from __future__ import annotations

import pytest

from pipl_core import CoreError
from pipl_core.locks import hashed_requirements, locked_versions, usable_lock

LOCK = """\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "rig"
version = "2.1"
index = "root/PROJ/+simple/"
wheels = [{ url = "root/PROJ/+f/ab/rig.whl", hashes = { sha256 = "00" } }]

[[packages]]
name = "old"
version = "1.0"
sdist = { url = "root/pypi/+f/cd/old.tar.gz", hashes = { sha256 = "11" } }
"""


def test_a_lock_gets_whole_addresses_when_it_is_used(fresh_project, tmp_path):
    lock = usable_lock(fresh_project, LOCK, tmp_path)
    address = fresh_project.address
    text = lock.read_text()
    assert f'url = "{address}/root/PROJ/+f/ab/rig.whl"' in text
    assert f'index = "{address}/root/PROJ/+simple/"' in text
    assert hashed_requirements(lock) == (
        f"--index-url {fresh_project.install_url}\n"
        "rig==2.1 --hash=sha256:00\n"
        "old==1.0 --hash=sha256:11\n"
    )


def test_a_lock_tells_its_versions():
    assert locked_versions(LOCK) == {"rig": "2.1", "old": "1.0"}
    assert locked_versions("") == {}


@pytest.mark.parametrize(
    "url", ["http://elsewhere/rig.whl", "file:///etc/x", "/etc/x", "root/../../x", "../x"]
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
