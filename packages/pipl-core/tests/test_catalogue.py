"""The catalogue, read from a real server."""

from __future__ import annotations

import contextlib
import hashlib

import pytest

from pipl_core import ServerError
from pipl_core.catalogue import IndexCatalogue, catalogue_of
from pipl_core.index import IndexClient
from pipl_hooks import ReleaseRecord, hookimpl
from pipl_testing import release_wheel, write_wheel

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def catalogue(running_project, cache):
    """A catalogue with a cache of its own."""
    with contextlib.closing(IndexCatalogue(running_project, cache)) as made:
        yield made


@pytest.fixture
def asked(monkeypatch):
    """What the server is asked, without the beginnings that are the same for all."""
    paths = []
    request = IndexClient._request

    def noting(self, method, path, **arguments):
        paths.append(path)
        return request(self, method, path, **arguments)

    monkeypatch.setattr(IndexClient, "_request", noting)
    return paths


def test_has_the_index_of_releases_first_and_no_mirror(catalogue):
    assert catalogue.indexes()[:3] == ["root/PROJ", "root/submitted", "root/checked"]
    assert "root/pypi" not in catalogue.indexes()


def test_gives_records_by_version_and_index(running_project, catalogue, unique, tmp_path):
    name = unique("Rig")
    wheels = {}
    for version in ("1.10", "1.9"):
        wheels[version] = write_wheel(tmp_path, name, version, requires=["bone>=1"])
        release_wheel(running_project, wheels[version])
    release_wheel(running_project, wheels["1.9"], "root/checked")
    records = catalogue.releases(name)
    assert [(record.version, record.index) for record in records] == [
        ("1.9", "root/PROJ"),
        ("1.9", "root/checked"),
        ("1.10", "root/PROJ"),
    ]
    newest = records[-1]
    assert newest == ReleaseRecord(
        index="root/PROJ",
        name=name.lower().replace("_", "-"),
        version="1.10",
        file=f"{name}-1.10-py3-none-any.whl",
        path=newest.path,
        digest=f"sha256:{hashlib.sha256(wheels['1.10'].read_bytes()).hexdigest()}",
        size=wheels["1.10"].stat().st_size,
        uploaded=newest.uploaded,
        requires=("bone>=1",),
        kind="code",
    )
    assert newest.path.startswith("root/PROJ/+f/")
    assert newest.name in catalogue.names()
    assert [r for r in catalogue.releases() if r.name == newest.name] == list(records)


def test_of_an_unknown_name_has_nothing(catalogue):
    assert catalogue.releases("no-such-packl-at-all") == []


def test_asks_no_more_than_whether_anything_changed(
    running_project, catalogue, cache, asked, unique, tmp_path
):
    name = unique("kept")
    release_wheel(running_project, write_wheel(tmp_path, name))
    before = catalogue.releases()
    asked.clear()
    with contextlib.closing(IndexCatalogue(running_project, cache)) as again:
        assert again.releases() == before
    assert asked == ["+pipl/status"]
    asked.clear()
    wheel = release_wheel(running_project, write_wheel(tmp_path, name, "2.0"))
    asked.clear()
    with contextlib.closing(IndexCatalogue(running_project, cache)) as again:
        assert [record.version for record in again.releases(name)] == ["1.0.0", "2.0"]
    assert [path for path in asked if path.endswith(".whl")] == [
        path for path in asked if path.endswith(f"/{wheel.name}")
    ]
    assert len([path for path in asked if path.endswith(".whl")]) == 1
    assert [record.version for record in catalogue.releases(name)] == ["1.0.0", "2.0"]


@pytest.mark.parametrize("damage", ["", "{", '{"format": 1}', "serial"])
def test_reads_a_damaged_cache_anew(running_project, catalogue, cache, damage):
    before = catalogue.releases()
    (path,) = (cache / "listings").iterdir()
    text = path.read_text()
    path.write_text(text.replace('"index"', '"idnex"') if damage == "serial" else damage)
    with contextlib.closing(IndexCatalogue(running_project, cache)) as again:
        assert again.releases() == before
    assert path.read_text() == text


def test_a_wheel_that_cannot_be_read_stops_nothing(
    running_project, ci, catalogue, unique, tmp_path
):
    name = unique("broken")
    path = tmp_path / f"{name}-1.0-py3-none-any.whl"
    path.write_bytes(b"no wheel")
    ci.upload("root/checked", path, {"name": name, "version": "1.0"})
    (record,) = catalogue.releases(name)
    assert (record.size, record.problem) == (8, "BadZipFile: File is not a zip file")
    ci._request("DELETE", record.path.rpartition("/")[0].partition("+f")[0] + f"{name}/1.0")
    assert catalogue.releases(name) == []


def test_without_a_server_is_an_error(fresh_project, tmp_path):
    with (
        contextlib.closing(IndexCatalogue(fresh_project, tmp_path)) as catalogue,
        pytest.raises(ServerError) as error,
    ):
        catalogue.releases()
    assert error.value.message == f"No server answers at {fresh_project.address}."


def test_is_a_plugin_s_where_one_gives_it(fresh_project, plugin_packl):
    told = []

    @hookimpl
    def pipl_catalogue(project, address):
        told.append((project, address))
        return "theirs"

    assert isinstance(catalogue_of(fresh_project), IndexCatalogue)
    plugin_packl("studio", pipl_catalogue=pipl_catalogue)
    assert catalogue_of(fresh_project) == "theirs"
    assert told == [(fresh_project.folder, fresh_project.address)]
