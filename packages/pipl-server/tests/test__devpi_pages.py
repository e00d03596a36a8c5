"""What simple pages tell, by devpi's model in this process and by real servers."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from devpi_server.filestore import get_hashes

from pipl_server import _devpi_pages, _devpi_repairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import DevpiServer

JSON = {"Accept": "application/json"}
SIMPLE = {"Accept": "application/vnd.pypi.simple.v1+json"}
PIP = {"User-Agent": "pip/26.3", "Accept": "text/html"}
TIMES = ("2026-11-23T10:00:00Z", "2026-11-24T11:00:00Z", "2026-11-25T12:00:00Z")


class FrozenTime:
    """A clock that stands still until the test moves it on."""

    def __init__(self) -> None:
        self.text = TIMES[0]

    def now(self, tz: object) -> datetime:
        assert tz is UTC
        return datetime.fromisoformat(self.text)

    @property
    def when(self) -> tuple[int, ...]:
        """The time as devpi writes it into logs."""
        return datetime.fromisoformat(self.text).timetuple()[:6]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FrozenTime:
    clock = FrozenTime()
    monkeypatch.setattr(_devpi_pages, "datetime", clock)
    return clock


@pytest.fixture
def model(xom: Any, clock: FrozenTime) -> Any:
    """A model with two more indexes, one of them not volatile, whose pages are ours."""
    _devpi_repairs.repair()
    _devpi_pages.extend_pages()
    with xom.keyfs.write_transaction():
        root = xom.model.get_user("root")
        root.create_stage("released", type="stage", volatile=False)
        for name in ("released", "submitted"):
            stage = xom.model.getstage(f"root/{name}")
            stage.set_versiondata({"name": "rig", "version": "1.0", "requires_python": ">=3.9"})
            stage.set_versiondata({"name": "rig", "version": "2.0"})
    return xom


def upload(xom: Any, clock: FrozenTime, index: str, version: str, content: bytes = b"1") -> None:
    """Do what devpi does on an upload: first the file, then its log (views.py, `submit`)."""
    with xom.keyfs.write_transaction():
        stage = xom.model.getstage(index)
        name = f"rig-{version}-py3-none-any.whl"
        hashes = get_hashes(content)
        link = stage.store_releasefile("rig", version, name, content, hashes=hashes)
        link.add_logs([{"what": "upload", "who": "bob", "when": clock.when, "dst": index}])


def push(xom: Any, clock: FrozenTime, source: str, target: str, version: str) -> None:
    """Do what devpi does on a push (views.py, `_push_links`)."""
    with xom.keyfs.write_transaction():
        (link,) = xom.model.getstage(source).get_linkstore_perstage("rig", version).get_links()
        with link.entry.file_open_read() as file:
            new = xom.model.getstage(target).store_releasefile(
                "rig", version, link.basename, file, hashes=link.entry.hashes
            )
        logs = [log for log in link.get_logs() if log["what"] != "overwrite"]
        arrival = {"what": "push", "who": "ci", "when": clock.when, "src": source, "dst": target}
        new.add_logs([*logs, arrival])


def times(xom: Any, index: str) -> dict[str, tuple[str | None, int | None]]:
    """Return upload times and sizes in an index, by version."""
    with xom.keyfs.read_transaction():
        links = xom.model.getstage(index).get_simplelinks("rig")
        return {link.version: (link.upload_time, link.size) for link in links}


def test_time_is_that_of_the_arrival_in_the_index_itself(model: Any, clock: FrozenTime) -> None:
    upload(model, clock, "root/submitted", "1.0", b"123")
    clock.text = TIMES[1]
    push(model, clock, "root/submitted", "root/released", "1.0")
    clock.text = TIMES[2]
    upload(model, clock, "root/released", "2.0", b"12345")  # writes the page anew
    assert times(model, "root/submitted") == {"1.0": (TIMES[0], 3)}
    assert times(model, "root/released") == {"1.0": (TIMES[1], 3), "2.0": (TIMES[2], 5)}


def test_same_bytes_again_keep_their_time_and_others_do_not(model: Any, clock: FrozenTime) -> None:
    upload(model, clock, "root/submitted", "1.0", b"1")
    clock.text = TIMES[1]
    upload(model, clock, "root/submitted", "1.0", b"1")
    assert times(model, "root/submitted") == {"1.0": (TIMES[0], 1)}
    upload(model, clock, "root/submitted", "1.0", b"22")
    assert times(model, "root/submitted") == {"1.0": (TIMES[1], 2)}


def test_page_that_devpi_wrote_is_made_from_the_logs(model: Any, clock: FrozenTime) -> None:
    upload(model, clock, "root/submitted", "1.0")
    clock.text = TIMES[1]
    push(model, clock, "root/submitted", "root/released", "1.0")
    with model.keyfs.write_transaction():
        stage = model.model.getstage("root/released")
        key = stage.key_projsimplelinks("rig")
        data = key.get_mutable()
        key.set({name: data[name] for name in ("links", "requires_python")})
    clock.text = TIMES[2]
    assert times(model, "root/released") == {"1.0": (TIMES[1], 1)}
    upload(model, clock, "root/released", "2.0")  # writes the page anew
    assert times(model, "root/released") == {"1.0": (TIMES[1], 1), "2.0": (TIMES[2], 1)}


def test_file_without_any_log_keeps_the_time_of_its_page(model: Any, clock: FrozenTime) -> None:
    with model.keyfs.write_transaction():
        stage = model.model.getstage("root/released")
        stage.store_releasefile("rig", "1.0", "rig-1.0.tar.gz", b"1", hashes=get_hashes(b"1"))
    clock.text = TIMES[1]
    upload(model, clock, "root/released", "2.0")
    assert times(model, "root/released") == {"1.0": (TIMES[0], 1), "2.0": (TIMES[1], 1)}


def test_removed_file_that_comes_back_has_a_new_time(model: Any, clock: FrozenTime) -> None:
    upload(model, clock, "root/submitted", "1.0")
    with model.keyfs.write_transaction():
        model.model.getstage("root/submitted").del_project("rig")
    assert times(model, "root/submitted") == {}
    clock.text = TIMES[1]
    with model.keyfs.write_transaction():
        stage = model.model.getstage("root/submitted")
        stage.set_versiondata({"name": "rig", "version": "1.0"})
    upload(model, clock, "root/submitted", "1.0")
    assert times(model, "root/submitted") == {"1.0": (TIMES[1], 1)}


def test_extending_twice_changes_nothing(model: Any) -> None:
    from devpi_server import mirror

    before = mirror.parse_index_v1_json
    _devpi_pages.extend_pages()
    assert mirror.parse_index_v1_json is before


@pytest.mark.slow
class TestPrivatePage:
    def test_as_json(self, server: DevpiServer, client: httpx.Client, index: str) -> None:
        target = index.replace("submitted", "released")
        server.create_index(client, target.partition("/")[2])
        client.patch(f"/{target}", json=[f"bases={index}"], headers=JSON).raise_for_status()
        before = datetime.now(UTC).replace(microsecond=0)
        first = server.upload(client, index, "prop-lamp", "1.0")
        second = server.upload(client, target, "prop-lamp", "2.0")
        answer = httpx.get(f"{server.url}/{target}/+simple/prop-lamp/", headers=SIMPLE)
        page = answer.json()
        for file in page["files"]:
            time = datetime.fromisoformat(file.pop("upload-time"))
            assert before <= time <= datetime.now(UTC)
        digests = [file.digest.partition(":")[2] for file in (second, first)]
        assert page == {
            "meta": {"api-version": "1.1"},
            "name": "prop-lamp",
            "versions": ["1.0", "2.0"],
            "files": [
                {
                    "filename": file.name,
                    "url": f"{begin}/+f/{digest[:3]}/{digest[3:16]}/{file.name}",
                    "hashes": {"sha256": digest},
                    "core-metadata": True,
                    "requires-python": "",
                    "size": len(file.content),
                }
                for file, digest, begin in zip(
                    (second, first),
                    digests,
                    ("../..", f"../../../{index.partition('/')[2]}"),
                    strict=True,
                )
            ],
        }
        assert answer.headers["Content-Type"] == SIMPLE["Accept"]
        for file, wheel in zip(page["files"], (second, first), strict=True):
            fetched = httpx.get(answer.url.join(file["url"]))
            assert fetched.content == wheel.content

    def test_as_html(self, server: DevpiServer, client: httpx.Client, index: str) -> None:
        old = server.upload(client, index, "prop-lamp", "1.0")
        new = server.upload(client, index, "prop-lamp", "2.0")
        order = {"index": index, "project": "prop-lamp", "version": "1.0"}
        order["reason"] = 'the "bulb" is <broken>'
        client.post("/+pipl/yank", json=order).raise_for_status()
        page = httpx.get(f"{server.url}/{index}/+simple/prop-lamp/", headers=PIP).text
        lines = page.splitlines()
        assert lines[0] == (
            f'<!DOCTYPE html><html lang="en"><head><title>{index}: links for prop-lamp</title>'
            f"</head><body><h1>{index}: links for prop-lamp</h1>"
        )
        assert sorted(lines[1:-1]) == sorted(
            f'{index} <a href="../../+f/{digest[:3]}/{digest[3:16]}/{file.name}#sha256={digest}" '
            'data-dist-info-metadata="true" data-core-metadata="true" data-requires-python=""'
            f"{yanked}>{file.name}</a><br>"
            for file, digest, yanked in (
                (file, file.digest.partition(":")[2], yanked)
                for file, yanked in (
                    (old, ' data-yanked="the &quot;bulb&quot; is &lt;broken&gt;"'),
                    (new, ""),
                )
            )
        )
        assert lines[-1] == "</body></html>"

    def test_with_absolute_addresses(
        self, server: DevpiServer, client: httpx.Client, index: str
    ) -> None:
        file = server.upload(client, index, "prop-lamp", "1.0")
        url = f"{server.url}/{index}/+simple/prop-lamp"
        headers = {**SIMPLE, "X-Devpi-Absolute-Urls": "1"}
        (found,) = httpx.get(url, headers=headers).json()["files"]
        digest = file.digest.partition(":")[2]
        path = f"{index}/+f/{digest[:3]}/{digest[3:16]}/{file.name}"
        assert found["url"] == f"{server.url}/{path}"


class Upstream:
    """A third-party index whose pages the test writes."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        self.requests = 0
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                upstream.requests += 1
                name = self.path.strip("/").rpartition("/")[2]
                if name not in upstream.pages:
                    self.send_error(404)
                    return
                kind, text = upstream.pages[name]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", '"always the same"')
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/simple/"

    def write(self, name: str, *files: dict[str, object]) -> None:
        """Write a page as JSON."""
        data = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
        self.pages[name] = SIMPLE["Accept"], json.dumps(data)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    thread = threading.Thread(target=upstream.server.serve_forever, daemon=True)
    thread.start()
    yield upstream
    upstream.server.shutdown()
    upstream.server.server_close()
    thread.join(30)


def upstreams_file(version: str, **more: object) -> dict[str, object]:
    name = f"usd_core-{version}-py3-none-any.whl"
    return {"filename": name, "url": f"/files/{name}", "hashes": {"sha256": version * 16}, **more}


def page_of(server: DevpiServer, index: str, name: str = "usd-core") -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/{index}/+simple/{name}/", headers=SIMPLE, timeout=30)
    page: dict[str, Any] = answer.raise_for_status().json()
    return page


def add_mirror(client: httpx.Client, index: str, upstream: Upstream) -> str:
    """Give an index a mirror, which asks its upstream each time, and return its name."""
    mirror = index.replace("submitted", "mirror")
    config = {"type": "mirror", "mirror_url": upstream.url, "mirror_no_project_list": True}
    config["mirror_cache_expiry"] = 0
    client.put(f"/{mirror}", json=config, headers=JSON).raise_for_status()
    client.patch(f"/{index}", json=[f"bases={mirror}"], headers=JSON).raise_for_status()
    return mirror


@pytest.mark.slow
class TestMirroredPage:
    def test_hands_on_what_upstream_tells(
        self, server: DevpiServer, client: httpx.Client, index: str, upstream: Upstream
    ) -> None:
        mirror = add_mirror(client, index, upstream)
        time = "2025-03-01T12:00:00.123456Z"
        upstream.write(
            "usd-core",
            upstreams_file("25.2", **{"upload-time": time, "size": 5_000_000_000}),
            upstreams_file("25.5", **{"upload-time": TIMES[0], "size": 7, "yanked": "crashes"}),
        )
        for _ in range(2):  # from upstream, then from the cache
            for asked in (mirror, index):
                page = page_of(server, asked)
                assert page["meta"] == {"api-version": "1.1"}
                assert page["versions"] == ["25.2", "25.5"]
                found = {file["filename"]: file for file in page["files"]}
                keys = ("upload-time", "size", "yanked")
                assert [
                    [found[f"usd_core-{version}-py3-none-any.whl"].get(key) for key in keys]
                    for version in ("25.2", "25.5")
                ] == [[time, 5_000_000_000, None], [TIMES[0], 7, "crashes"]]

    def test_follows_what_upstream_changes(
        self, server: DevpiServer, client: httpx.Client, index: str, upstream: Upstream
    ) -> None:
        mirror = add_mirror(client, index, upstream)
        upstream.write("usd-core", upstreams_file("25.2"))
        (file,) = page_of(server, mirror)["files"]
        assert {"upload-time", "size", "yanked"}.isdisjoint(file)
        upstream.write("usd-core", upstreams_file("25.2", yanked=True, **{"upload-time": TIMES[0]}))
        (file,) = page_of(server, mirror)["files"]
        assert (file["yanked"], file["upload-time"]) == (True, TIMES[0])

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"upload-time": "yesterday", "size": "7"},
            {"upload-time": 1_700_000_000, "size": True},
            {"upload-time": None, "size": -1},
            {"upload-time": "2026-11-23", "size": 1.5},
        ],
    )
    def test_says_nothing_where_upstream_talks_nonsense(
        self,
        server: DevpiServer,
        client: httpx.Client,
        index: str,
        upstream: Upstream,
        more: dict[str, object],
    ) -> None:
        add_mirror(client, index, upstream)
        upstream.write("usd-core", upstreams_file("25.2", **more))
        page = page_of(server, index)
        assert page["meta"] == {"api-version": "1.0"}
        (file,) = page["files"]
        assert set(file) == {"filename", "url", "hashes"}

    def test_of_an_upstream_that_speaks_html(
        self, server: DevpiServer, client: httpx.Client, index: str, upstream: Upstream
    ) -> None:
        mirror = add_mirror(client, index, upstream)
        name = "usd_core-25.2-py3-none-any.whl"
        digest = "0" * 64
        link = f'<a href="/files/{name}#sha256={digest}" data-yanked="old">{name}</a>'
        upstream.pages["usd-core"] = "text/html", link
        for _ in range(2):
            (file,) = page_of(server, mirror)["files"]
            assert set(file) == {"filename", "url", "hashes", "yanked"}
            assert file["yanked"] == "old"

    def test_cache_of_a_devpi_without_us_is_fetched_again(
        self, own_server: DevpiServer, upstream: Upstream, open_model: Callable[[Path], Any]
    ) -> None:
        with own_server.client() as client:
            index = own_server.create_index(client, "submitted")
            mirror = add_mirror(client, index, upstream)
            client.patch(f"/{mirror}", json=["mirror_cache_expiry=3600"], headers=JSON)
        upstream.write("usd-core", upstreams_file("25.2", size=7, **{"upload-time": TIMES[0]}))
        before = page_of(own_server, mirror)
        own_server.stop()
        xom = open_model(own_server.folder)
        with xom.keyfs.write_transaction():
            key = xom.model.getstage(mirror).key_projsimplelinks("usd-core")
            data = key.get_mutable()
            assert data.pop("pipl_upload_times") == [TIMES[0]]
            assert data.pop("pipl_sizes") == [7]
            key.set(data)
        requests = upstream.requests
        own_server.start()
        assert page_of(own_server, mirror) == before
        assert upstream.requests == requests + 1
        assert page_of(own_server, mirror) == before
        assert upstream.requests == requests + 1  # the cache holds
        upstream.server.shutdown()
        own_server.stop()
        own_server.start()
        assert page_of(own_server, mirror) == before


def test_offline_mirror_keeps_what_belongs_to_the_files_it_has(model: Any) -> None:
    links = [(f"rig-{n}.0.tar.gz", f"root/mirror/+e/x/rig-{n}.0.tar.gz") for n in (1, 2)]
    with model.keyfs.write_transaction():
        mirror = model.model.getstage("root/mirror")
        mirror.key_projsimplelinks("rig").set(
            {
                "serial": 1,
                "etag": None,
                "links": links,
                "requires_python": [None, None],
                "yanked": [None, "old"],
                "pipl_upload_times": [TIMES[0], TIMES[1]],
                "pipl_sizes": [7, 8],
            }
        )
    with model.keyfs.read_transaction():
        mirror = model.model.getstage("root/mirror")
        mirror.offline = True
        mirror._is_file_cached = lambda link: link[0] == "rig-2.0.tar.gz"
        rows = mirror._load_cache_links("rig")[1]
    assert rows == [(*links[1], None, "old", TIMES[1], 8)]
