"""A real devpi-server in a process of its own, with the plugin that is installed here."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import secrets
import socket
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pipl_hooks import Event, EventFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

START_SECONDS = 120
PASSWORD = "123"
# Quick key derivation, for tests only.
ARGON2 = (
    "--argon2-memory-cost=8192",
    "--argon2-time-cost=1",
    "--argon2-parallelism=1",
)
STORAGE = "--storage=sqlite:fsbackend=hash_hl"


class DevpiServer:
    """A devpi-server on a free port of this machine.

    Args:
        folder: Where it keeps its data, secret and log.
        backup: Folder of a backup (`devpi-export`) with which it begins.
        primary: The server that it copies; none where it is a primary itself.
    """

    def __init__(
        self, folder: Path, *, backup: Path | None = None, primary: DevpiServer | None = None
    ) -> None:
        self.folder = folder / "server"
        self.log = folder / "server.log"
        self._secret = primary._secret if primary else folder / "secret"
        self._role = ["--role=primary"]
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if primary:
            self._role = ["--role=replica", f"--primary-url={primary.url}"]
        else:
            self._secret.write_bytes(base64.b64encode(secrets.token_bytes(32)))
            self._secret.chmod(0o600)
        if backup:
            self.run("importexport:import_", str(backup))
        elif primary:
            self.run("init:init", *self._role)
        else:
            self.run("init:init", *self._role, "--no-root-pypi", "--root-passwd", PASSWORD)

    def run(self, function: str, *arguments: str) -> None:
        """Run one of devpi-server's other programs, such as `importexport:export`."""
        # `-m devpi_server.init` would do nothing: the module has no `__main__` part.
        module, _, name = function.partition(":")
        code = f"from devpi_server.{module} import {name} as run; raise SystemExit(run())"
        options = ["--serverdir", str(self.folder), STORAGE, *arguments]
        command = [sys.executable, "-c", code, *options]
        subprocess.run(command, check=True, capture_output=True, timeout=START_SECONDS)

    @property
    def uuid(self) -> str:
        """The server's identity, from its folder."""
        return str(json.loads((self.folder / ".nodeinfo").read_text())["uuid"])

    def start(self) -> None:
        """Start the server on a free port, and wait until it answers."""
        for _ in range(5):
            with socket.socket() as sock:
                sock.bind(("127.0.0.1", 0))
                self.port = sock.getsockname()[1]
            if self._start_on_port():
                return
        msg = f"devpi-server does not start: {self.log.read_text()[-4000:]}"
        raise RuntimeError(msg)

    def _start_on_port(self) -> bool:
        options = ["--serverdir", str(self.folder), STORAGE, "--enable-core-metadata"]
        options += [*self._role, "--restrict-modify=root", "--secretfile", str(self._secret)]
        options += ["--host=127.0.0.1", "--port", str(self.port), *ARGON2]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "devpi_server", *options], stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                answer = httpx.get(f"{self.url}/+status", headers=JSON, timeout=5)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            # Somebody else may have taken the port meanwhile.
            if answer.json()["result"]["uuid"] == self.uuid:
                return True
            break
        self.kill()
        return False

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End the process with no chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None

    def stop(self) -> float:
        """End the process in the usual way, and return how many seconds it took."""
        begin = time.monotonic()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None
        return time.monotonic() - begin

    def client(
        self, user: str = "root", password: str = PASSWORD, *, timeout: float = 60
    ) -> httpx.Client:
        """Return an HTTP client that is logged in."""
        login = {"user": user, "password": password}
        answer = httpx.post(f"{self.url}/+login", json=login, headers=JSON, timeout=timeout)
        token = answer.json()["result"]["password"]
        return httpx.Client(base_url=self.url, auth=(user, token), timeout=timeout)

    def create_index(self, client: httpx.Client, name: str) -> str:
        """Create an index of root's, and return its whole name."""
        config = {"type": "stage", "bases": [], "volatile": False, "acl_toxresult_upload": ["root"]}
        client.put(f"/root/{name}", json=config, headers=JSON).raise_for_status()
        return f"root/{name}"

    def upload(self, client: httpx.Client, index: str, project: str, version: str) -> File:
        """Upload a wheel."""
        file = File(project, version)
        data = {":action": "file_upload", "name": project, "version": version}
        data |= {"metadata_version": "2.1", "filetype": "bdist_wheel", "pyversion": "py3"}
        files = {"content": (file.name, file.content)}
        client.post(f"/{index}/", data=data, files=files).raise_for_status()
        return file

    def push(
        self, client: httpx.Client, source: str, target: str, project: str, version: str
    ) -> None:
        """Push a release from one index to another."""
        body = {"name": project, "version": version, "targetindex": target}
        client.request("PUSH", f"/{source}", json=body, headers=JSON).raise_for_status()

    def events(self, since: int = 0, wait: float = 0, limit: int = 5000) -> dict[str, Any]:
        """Ask for events."""
        params = {"since": since, "wait": wait, "limit": limit}
        answer = httpx.get(f"{self.url}/+pipl/events", params=params, timeout=90)
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()
        return data

    def last_event(self) -> int:
        """Return the id of the last event."""
        return int(httpx.get(f"{self.url}/+pipl/status", timeout=30).json()["last_event"])

    def events_after(self, since: int, count: int, *, seconds: float = 60) -> list[dict[str, Any]]:
        """Follow the feed until that many events have come, or none comes any more."""
        events: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while len(events) < count and time.monotonic() < end:
            data = self.events(since, wait=5)
            events += data["events"]
            since = data["next"]
        return events


class File:
    """A wheel with nothing but its metadata.

    Args:
        project: Its normalized name.
        version: Its version.
    """

    def __init__(self, project: str, version: str) -> None:
        stem = f"{project.replace('-', '_')}-{version}"
        self.name = f"{stem}-py3-none-any.whl"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
            # A ZipInfo has a fixed time, so that the same file twice is the same file.
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/METADATA"), metadata)
            wheel = zipfile.ZipInfo(f"{stem}.dist-info/WHEEL")
            archive.writestr(wheel, "Wheel-Version: 1.0\n")
        self.content = buffer.getvalue()
        self.digest = "sha256:" + hashlib.sha256(self.content).hexdigest()


JSON = {"Accept": "application/json"}
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevpiServer]:
    """A running server, shared by tests: each uses names of its own and reads what is new."""
    server = DevpiServer(tmp_path_factory.mktemp("devpi"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[DevpiServer]:
    """A running server that the test may kill."""
    server = DevpiServer(tmp_path / "devpi")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def client(server: DevpiServer) -> Iterator[httpx.Client]:
    """A client of the shared server that is logged in as root."""
    with server.client() as client:
        yield client


@pytest.fixture
def index(server: DevpiServer, client: httpx.Client) -> str:
    """An index for the test alone, in which nothing may be replaced."""
    return server.create_index(client, f"submitted{next(_numbers)}")


@pytest.fixture
def since(server: DevpiServer) -> int:
    """The newest event, after which those of the test come."""
    return server.last_event()


@pytest.fixture
def open_model() -> Iterator[Callable[[Path], Any]]:
    """A function that opens devpi's model in this process, on a server's folder."""
    from devpi_server.config import get_pluginmanager, parseoptions
    from devpi_server.main import XOM

    opened: list[Any] = []

    def open_model(folder: Path) -> Any:
        options = ["devpi-server", "--serverdir", str(folder), STORAGE]
        config = parseoptions(get_pluginmanager(), options)
        config.init_nodeinfo()
        opened.append(XOM(config))
        return opened[-1]

    yield open_model
    for xom in opened:
        xom.thread_pool.shutdown()


@pytest.fixture
def xom(open_model: Callable[[Path], Any], tmp_path: Path) -> Any:
    """devpi's model of a new server, with an index and a mirror."""
    xom = open_model(tmp_path)
    with xom.keyfs.write_transaction():
        root = xom.model.create_user("root", "123")
        stage = root.create_stage("submitted", type="stage", volatile=True)
        root.create_stage("mirror", type="mirror", mirror_url="http://127.0.0.1:1/")
        stage.set_versiondata({"name": "rig", "version": "1.0"})
    return xom


@pytest.fixture
def make_event() -> Callable[..., Event]:
    """A function that makes an event, with something of its own from a number."""

    def make(number: int, *, serial: int | None = None, index: str = "root/submitted") -> Event:
        name = f"rig-{number}-py3-none-any.whl"
        file = EventFile(name=name, path=f"{index}/+f/{name}", digest=f"sha256:{number}", size=7)
        return Event(
            id=0,
            serial=number if serial is None else serial,
            kind="upload",
            index=index,
            project="rig",
            version=str(number),
            file=file,
            user="bob",
            source=None,
            time="2026-11-23T10:00:00+00:00",
        )

    return make


@pytest.fixture(scope="session")
def release_file() -> type[File]:
    """The class of throw-away wheels, for tests that need one beside an upload."""
    return File
