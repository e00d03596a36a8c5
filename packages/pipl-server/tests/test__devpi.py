"""The adapter against the devpi-server that it names, in this process."""

from __future__ import annotations

import inspect
import sqlite3
import subprocess
import sys
from importlib.metadata import version as version_of
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from devpi_server import hookspecs
from devpi_server.filestore import get_hashes
from devpi_server.main import XOM

from pipl_hooks import Event, EventFile
from pipl_server import _devpi, plugin

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"the bytes of a wheel"
NAME = "rig-1.0-py3-none-any.whl"
DIGEST = get_hashes(CONTENT).get_default_value()


def _store(xom: Any, *logs: dict[str, Any]) -> None:
    with xom.keyfs.write_transaction():
        stage = xom.model.getstage("root/submitted")
        hashes = get_hashes(CONTENT)
        link = stage.store_releasefile("rig", "1.0", NAME, CONTENT, hashes=hashes)
        link.add_logs(logs)


def _event(xom: Any) -> Event | None:
    with xom.keyfs.read_transaction():
        stage = xom.model.getstage("root/submitted")
        (link,) = stage.get_linkstore_perstage("rig", "1.0").get_links()
        return _devpi.event_of(stage, "rig", "1.0", link)


UPLOAD = {"what": "upload", "who": "bob", "when": (2026, 11, 22, 9, 8, 7), "dst": "root/submitted"}
PUSH = {
    "what": "push",
    "who": "ci",
    "when": (2026, 11, 23, 10, 0, 0),
    "src": "root/submitted",
    "dst": "root/checked",
}


def test_version_is_the_tested_one() -> None:
    # Whoever raises it reads the places that the adapter names.
    assert version_of("devpi-server") == _devpi.TESTED_VERSION


@pytest.mark.parametrize("name", plugin.__all__)
def test_hooks_have_the_arguments_of_their_specs(name: str) -> None:
    spec = inspect.signature(getattr(hookspecs, name))
    assert list(inspect.signature(getattr(plugin, name)).parameters) == list(spec.parameters)


def test_upload(xom: Any) -> None:
    _store(xom, UPLOAD)
    assert _event(xom) == Event(
        id=0,
        serial=xom.keyfs.get_current_serial(),
        kind="upload",
        index="root/submitted",
        project="rig",
        version="1.0",
        file=EventFile(
            name=NAME,
            path=f"root/submitted/+f/{DIGEST[:3]}/{DIGEST[3:16]}/{NAME}",
            digest=f"sha256:{DIGEST}",
            size=len(CONTENT),
        ),
        user="bob",
        source=None,
        time="2026-11-22T09:08:07+00:00",
    )


def test_newest_arrival_counts(xom: Any) -> None:
    _store(xom, UPLOAD, PUSH, {"what": "overwrite", "who": None, "count": 1})
    event = _event(xom)
    assert event is not None
    assert (event.kind, event.user, event.source) == ("push", "ci", "root/submitted")
    assert event.time == "2026-11-23T10:00:00+00:00"


def test_file_without_log(xom: Any) -> None:
    _store(xom)
    event = _event(xom)
    assert event is not None
    assert (event.kind, event.user, event.source) == ("upload", None, None)
    assert event.time.endswith("+00:00")


def test_file_that_is_gone(xom: Any) -> None:
    _store(xom, UPLOAD)
    with xom.keyfs.read_transaction():
        stage = xom.model.getstage("root/submitted")
        (link,) = stage.get_linkstore_perstage("rig", "1.0").get_links()
        relpath = link.relpath
    serial = xom.keyfs.get_current_serial()
    with xom.keyfs.write_transaction():
        xom.model.getstage("root/submitted").del_project("rig")
    with xom.keyfs.read_transaction(at_serial=serial):
        stage = xom.model.getstage("root/submitted")
        (link,) = stage.get_linkstore_perstage("rig", "1.0").get_links()
        event = _devpi.event_of(stage, "rig", "1.0", link)
    assert event is not None
    assert (event.serial, event.file.path, event.file.size) == (serial, relpath, 0)


def test_test_result_is_no_event(xom: Any) -> None:
    _store(xom, UPLOAD)
    with xom.keyfs.write_transaction():
        stage = xom.model.getstage("root/submitted")
        (link,) = stage.get_linkstore_perstage("rig", "1.0").get_links()
        result = stage.store_toxresult(link, b"{}", hashes=get_hashes(b"{}"))
        assert _devpi.event_of(stage, "rig", "1.0", result) is None


def test_mirror_is_not_reported(xom: Any) -> None:
    _store(xom, UPLOAD)
    with xom.keyfs.read_transaction():
        (link,) = (
            xom.model.getstage("root/submitted").get_linkstore_perstage("rig", "1.0").get_links()
        )
        mirror = xom.model.getstage("root/mirror")
        assert _devpi.event_of(mirror, "rig", "1.0", link) is None


def test_server(xom: Any, tmp_path: Path) -> None:
    _store(xom, UPLOAD)
    server = _devpi.Server(xom)
    assert server.uuid == xom.config.nodeinfo["uuid"]
    assert server.serial == xom.keyfs.get_current_serial() > 0
    assert server.devpi_version == version_of("devpi-server")
    assert _devpi.server_folder(xom) == tmp_path


class FakeThread:
    def __init__(self) -> None:
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def test_notifier_looks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    thread = FakeThread()
    serial = 3
    notifier = SimpleNamespace(thread=thread, read_event_serial=lambda: serial)
    _devpi.hurry_notifier(SimpleNamespace(keyfs=SimpleNamespace(notifier=notifier)))

    for _ in range(5):
        thread.sleep(5)
    assert (pauses, thread.pauses) == ([0.02, 0.1, 0.5], [5, 5])
    serial = 4
    thread.sleep(5)
    assert (pauses[3:], thread.pauses) == ([0.02], [5, 5])


def test_notifier_of_devpi_can_be_hurried(xom: Any) -> None:
    thread = xom.keyfs.notifier.thread
    before = thread.sleep
    _devpi.hurry_notifier(xom)
    assert thread.sleep != before
    assert list(inspect.signature(before).parameters) == ["secs"]


def test_process_without_notifier_is_left_alone() -> None:
    keyfs = SimpleNamespace(notifier=SimpleNamespace())
    _devpi.hurry_notifier(SimpleNamespace(keyfs=keyfs))


# A commit that is too large for the cache, so that SQLite begins to write it, and then dies.
INTERRUPTED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("CREATE TABLE IF NOT EXISTS big (data)")
connection.execute("INSERT INTO big VALUES ('committed')")
connection.execute("BEGIN IMMEDIATE")
for _ in range(2000):
    connection.execute("INSERT INTO big VALUES (?)", ["x" * 500])
os._exit(0)
"""


def _interrupt_commit(database: Path) -> None:
    subprocess.run([sys.executable, "-c", INTERRUPTED, str(database)], check=True, timeout=60)
    with pytest.raises(sqlite3.OperationalError, match="readonly database"):
        _read(database)


def _read(database: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT data FROM big").fetchall()
    finally:
        connection.close()


def test_interrupted_commit_is_rolled_back(tmp_path: Path) -> None:
    database = tmp_path / ".sqlite"
    _devpi.roll_back_interrupted_commit(database)
    assert not database.exists()

    _interrupt_commit(database)
    _devpi.roll_back_interrupted_commit(database)
    assert _read(database) == [("committed",)]


def test_devpi_starts_after_an_interrupted_commit(xom: Any, tmp_path: Path) -> None:
    serial = xom.keyfs.get_current_serial()
    _interrupt_commit(tmp_path / ".sqlite")
    again: Any = XOM(xom.config)
    assert again.keyfs.get_current_serial() == serial


def test_other_storages_are_left_alone() -> None:
    other = {"name": "postgresql", "storage": object}
    assert _devpi.with_recovery([other]) == [other]


def test_replica_keeps_no_feed(xom: Any) -> None:
    assert _devpi.keeps_feed(xom)
    xom.config.nodeinfo["role"] = "replica"
    assert not _devpi.keeps_feed(xom)


def test_event_that_cannot_be_read_is_told(xom: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage = SimpleNamespace(xom=xom, name="root/submitted", ixconfig={})  # no type
    link = SimpleNamespace(rel="releasefile", relpath="root/submitted/+f/abc/rig.whl")
    with xom.keyfs.read_transaction():
        plugin.devpiserver_on_upload(stage, "rig", "1.0", link)
    assert "An event is missing in the feed" in caplog.text
    for word in ("root/submitted/+f/abc/rig.whl", "'rig'", "'1.0'", "KeyError", "serial"):
        assert word in caplog.text
