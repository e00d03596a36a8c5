"""Many clients at once get what one alone gets: races of devpi's that the plugin mends."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import DevpiServer, File

pytestmark = pytest.mark.slow

CLIENTS = 6
JSON = {"Accept": "application/json"}


@pytest.fixture
def wheel(release_file: type[File]) -> File:
    return release_file("usd-core", "26.11")


class _Upstream(BaseHTTPRequestHandler):
    """A third-party index with one project, slow enough for requests to meet."""

    wheel: File

    def do_GET(self) -> None:
        time.sleep(0.3)
        wheel = self.wheel
        if self.path.endswith(".whl"):
            body, kind = wheel.content, "application/octet-stream"
        elif self.path.rstrip("/").endswith("/usd-core"):
            digest = wheel.digest.replace(":", "=")
            body, kind = f'<a href="/{wheel.name}#{digest}">{wheel.name}</a>'.encode(), "text/html"
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream(wheel: File) -> Iterator[str]:
    handler = type("Upstream", (_Upstream,), {"wheel": wheel})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/simple/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mirrored(server: DevpiServer, upstream: str) -> str:
    """Address of an index that inherits from a mirror of the third-party index."""
    config = {"type": "mirror", "mirror_url": upstream, "mirror_no_project_list": True}
    with server.client() as client:
        client.put("/root/slow", json=config, headers=JSON).raise_for_status()
        config = {"type": "stage", "bases": ["root/slow"], "volatile": True}
        client.put("/root/uses", json=config, headers=JSON).raise_for_status()
    return f"{server.url}/root/uses/+simple"


def test_many_clients_ask_at_once_for_what_the_mirror_has_not_seen(
    mirrored: str, wheel: File
) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        pages = list(pool.map(lambda _: httpx.get(f"{mirrored}/usd-core/"), range(CLIENTS)))

    assert [page.status_code for page in pages] == [200] * CLIENTS
    assert all(wheel.name in page.text for page in pages)
    link = pages[0].text.partition('href="')[2].partition("#")[0]
    address = str(httpx.URL(f"{mirrored}/usd-core/").join(link))
    with ThreadPoolExecutor(CLIENTS) as pool:
        files = list(pool.map(lambda _: httpx.get(address, follow_redirects=True), range(CLIENTS)))

    assert [file.content for file in files] == [wheel.content] * CLIENTS
    missing = httpx.get(f"{mirrored}/no-such-project/")
    assert missing.status_code == 404


def test_a_volatile_index_takes_the_bytes_that_it_has(
    server: DevpiServer, release_file: type[File]
) -> None:
    with server.client() as client:
        config = {"type": "stage", "bases": [], "volatile": True}
        client.put("/root/again", json=config, headers=JSON).raise_for_status()
        server.upload(client, "root/again", "char-hero-rig", "2.1")
        server.upload(client, "root/again", "char-hero-rig", "2.1")

        data = client.get("/root/again/char-hero-rig/2.1", headers=JSON).json()
        path = data["result"]["+links"][0]["href"]
        got = client.get(path)
    assert got.content == release_file("char-hero-rig", "2.1").content
