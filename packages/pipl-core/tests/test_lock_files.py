"""Which files of a lock a machine needs."""

from __future__ import annotations

import sys

import pytest
import tomlkit
from packaging.tags import sys_tags

from pipl_core.lock_files import locked_python, unavailable
from pipl_core.project import Project

ANY = "x-1-py3-none-any.whl"
OWN = f"x-1-{next(iter(sys_tags()))}.whl"
OTHER = "x-1-cp27-none-win32.whl"
HERE = sys.version_info[:3]


class Server:
    """Stands for the project's server, which has some files."""

    def __init__(self, *files):
        self.files = files
        self.asked = []

    def missing(self, path):
        self.asked.append(path)
        return None if path in self.files else "it is gone"

    def close(self):
        pass


@pytest.fixture
def check(fresh_project, tmp_path, monkeypatch):
    def check(server, *files, sdist=None, python=HERE, **package):
        address = f"{fresh_project.address}/root/PROJ/+f/ab"
        found = {"name": "x", "version": "1", **package}
        found["wheels"] = [{"url": f"{address}/{file}", "hashes": {}} for file in files]
        if sdist:
            found["sdist"] = {"url": f"{address}/{sdist}", "hashes": {}}
        lock = tmp_path / "pylock.toml"
        lock.write_text(tomlkit.dumps({"packages": [found]}))
        monkeypatch.setattr(Project, "client", lambda self: server)
        return unavailable(fresh_project, lock, python)

    return check


@pytest.mark.parametrize(
    ("files", "asked"),
    [((ANY,), ANY), ((OTHER, ANY), ANY), ((ANY, OWN, OTHER), OWN), (("no wheel", ANY), ANY)],
)
def test_the_best_wheel_for_the_machine_is_needed(check, files, asked):
    server = Server(f"root/PROJ/+f/ab/{asked}")
    assert check(server, *files) == []
    assert server.asked == [f"root/PROJ/+f/ab/{asked}"]


def test_a_wheel_that_is_not_there_is_named(check):
    assert check(Server(), ANY, OTHER) == [f"x 1: {ANY}: it is gone"]
    escaped = ANY.replace("x-1", "x-1%2Blocal")
    assert check(Server(), escaped) == ["x 1: x-1+local-py3-none-any.whl: it is gone"]


def test_the_source_serves_where_no_wheel_fits(check):
    assert check(Server("root/PROJ/+f/ab/x-1.tar.gz"), OTHER, sdist="x-1.tar.gz") == []


def test_files_for_other_machines_alone_are_none(check):
    version = f"{HERE[0]}.{HERE[1]}"
    assert check(Server(), OTHER) == [f"x 1: no file of it is for Python {version} on this machine"]


def test_another_python_needs_other_files(check):
    platform = next(iter(sys_tags())).platform
    files = [f"x-1-cp{v}-cp{v}-{platform}.whl" for v in ("39", "313")]
    server = Server()
    check(server, *files, python=(3, 13, 1))
    check(server, *files, python=(3, 9, 20))
    assert server.asked == [f"root/PROJ/+f/ab/{files[1]}", f"root/PROJ/+f/ab/{files[0]}"]


def test_what_the_machine_does_not_need_is_not_asked_for(check):
    marker = "python_version < '3.10'"
    assert check(Server(), ANY, python=(3, 13, 0), marker=marker) == []
    assert check(Server(), ANY, python=(3, 9, 0), marker=marker) == [f"x 1: {ANY}: it is gone"]


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ('[tool.pipl]\npython = "3.11"', "3.11"),
        ('[tool.pipl]\npython = ""', None),
        ("[tool.pipl]\npython = 3", None),
        ("packages = []", None),
    ],
)
def test_a_lock_names_its_python(text, python):
    assert locked_python(text) == python
