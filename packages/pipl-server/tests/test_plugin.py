"""The plugin inside a real devpi-server."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as version_of
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import DevpiServer

pytestmark = pytest.mark.slow

JSON = {"Accept": "application/json"}
_numbers = count(1)


def test_upload(server: DevpiServer, client: httpx.Client, index: str, since: int) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    file = server.upload(client, index, "char-hero-rig", "2.1")
    data = server.events(since, wait=30)

    (event,) = data["events"]
    assert data == {"format": 1, "server": server.uuid, "events": [event], "next": since + 1}
    assert before <= datetime.fromisoformat(event.pop("time")) <= before + timedelta(seconds=60)
    path = event["file"].pop("path")
    assert event == {
        "id": since + 1,
        "serial": httpx.get(f"{server.url}/+pipl/status").json()["serial"],
        "kind": "upload",
        "index": index,
        "project": "char-hero-rig",
        "version": "2.1",
        "file": {"name": file.name, "digest": file.digest, "size": len(file.content)},
        "user": "root",
        "source": None,
        "reason": None,
    }
    assert path.startswith(f"{index}/+f/")
    assert httpx.get(f"{server.url}/{path}").content == file.content


def test_push(server: DevpiServer, client: httpx.Client, index: str, since: int) -> None:
    target = server.create_index(client, f"checked{next(_numbers)}")
    file = server.upload(client, index, "prop-lamp", "1.0")
    server.push(client, index, target, "prop-lamp", "1.0")

    upload, push = server.events_after(since, 2)
    assert (upload["kind"], upload["index"], upload["source"]) == ("upload", index, None)
    assert (push["kind"], push["index"], push["source"]) == ("push", target, index)
    assert push["user"] == "root"
    assert push["file"]["digest"] == file.digest
    assert push["file"]["size"] == len(file.content)
    assert push["file"]["path"].startswith(f"{target}/+f/")
    assert push["serial"] > upload["serial"]


def test_test_results_and_documentation_are_no_events(
    server: DevpiServer, client: httpx.Client, index: str, since: int
) -> None:
    target = server.create_index(client, f"checked{next(_numbers)}")
    server.upload(client, index, "prop-lamp", "1.0")
    (upload,) = server.events_after(since, 1)
    client.post(f"/{upload['file']['path']}", json={"passed": True}).raise_for_status()
    data = {":action": "doc_upload", "name": "prop-lamp", "version": "1.0"}
    doc = ("prop-lamp.zip", b"PK\x05\x06" + bytes(18))
    client.post(f"/{index}/", data=data, files={"content": doc}).raise_for_status()
    server.push(client, index, target, "prop-lamp", "1.0")  # with its test result and documentation
    server.upload(client, index, "prop-lamp", "2.0")

    events = server.events_after(since, 3)
    assert [(event["kind"], event["version"]) for event in events] == [
        ("upload", "1.0"),
        ("push", "1.0"),
        ("upload", "2.0"),
    ]


def test_removal_and_refused_upload_are_no_events(
    server: DevpiServer, client: httpx.Client, index: str, since: int
) -> None:
    server.upload(client, index, "prop-lamp", "1.0")
    server.upload(client, index, "prop-lamp", "1.0")  # identical: devpi answers 200 and keeps it
    client.delete(f"/{index}/prop-lamp/1.0?force", headers=JSON).raise_for_status()
    server.upload(client, index, "prop-lamp", "2.0")

    events = server.events_after(since, 2)
    assert [event["version"] for event in events] == ["1.0", "2.0"]


def test_order_without_gaps(
    server: DevpiServer, client: httpx.Client, index: str, since: int
) -> None:
    versions = [f"1.{number}" for number in range(30)]
    for version in versions:
        server.upload(client, index, "shot-010-anim", version)

    events = server.events_after(since, 30)
    assert [event["version"] for event in events] == versions
    assert [event["id"] for event in events] == list(range(since + 1, since + 31))
    serials = [event["serial"] for event in events]
    assert serials == sorted(set(serials))

    page = server.events(since + 10, limit=5)
    assert [event["version"] for event in page["events"]] == versions[10:15]
    assert page["next"] == since + 15


def test_waiting_follower_neither_blocks_uploads_nor_comes_late(
    server: DevpiServer, client: httpx.Client, index: str, since: int
) -> None:
    answers: list[tuple[float, dict[str, Any]]] = []

    def follow(since: int) -> None:
        data = server.events(since, wait=60)
        answers.append((time.monotonic(), data))

    def seconds_to_upload(version: str) -> float:
        begin = time.monotonic()
        server.upload(client, index, "prop-lamp", version)
        return time.monotonic() - begin

    early = threading.Thread(target=follow, args=[since])
    late = threading.Thread(target=follow, args=[since + 1])  # waits during both uploads
    early.start()
    late.start()
    with httpx.Client(base_url=server.url) as reader:
        while reader.get("/+status", headers=JSON).status_code != httpx.codes.OK:
            pass
    assert seconds_to_upload("1.0") < 20
    early.join(30)
    assert late.is_alive()
    assert seconds_to_upload("2.0") < 20
    done = time.monotonic()
    late.join(30)

    (_, first), (when, second) = answers
    assert [event["version"] for event in first["events"]] == ["1.0"]
    assert [event["version"] for event in second["events"]] == ["2.0"]
    assert when - done < 20


def test_more_followers_than_may_wait(server: DevpiServer, since: int) -> None:
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: server.events(since, wait=3), range(30)))
        # Others may use the same server, but none of them may find it without a free thread.
        assert httpx.get(f"{server.url}/+pipl/status", timeout=10).status_code == httpx.codes.OK
    assert [answer["next"] for answer in answers] == [since] * 30


def test_empty_answer_after_a_wait(server: DevpiServer, since: int) -> None:
    begin = time.monotonic()
    data = server.events(since, wait=1)
    assert 1 <= time.monotonic() - begin < 20
    assert (data["events"], data["next"]) == ([], since)


@pytest.mark.parametrize("query", ["since=abc", "since=-1", "wait=-1", "limit=0"])
def test_bad_parameters(server: DevpiServer, query: str) -> None:
    answer = httpx.get(f"{server.url}/+pipl/events?{query}")
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert query.partition("=")[0] in answer.json()["message"]


def test_status(server: DevpiServer, client: httpx.Client, index: str, since: int) -> None:
    server.upload(client, index, "prop-lamp", "1.0")
    server.events_after(since, 1)
    assert httpx.get(f"{server.url}/+pipl/status").json() == {
        "format": 1,
        "server": server.uuid,
        "version": version_of("pipl-server"),
        "devpi": version_of("devpi-server"),
        "serial": client.get("/+status", headers=JSON).json()["result"]["serial"],
        "last_event": since + 1,
    }


def test_nothing_is_lost_or_doubled_when_the_server_is_killed(own_server: DevpiServer) -> None:
    with own_server.client() as client:
        index = own_server.create_index(client, "submitted")
    versions = count(1)
    for seconds in (0.4, 0.55, 0.7, 0.85):
        killer = threading.Timer(seconds, own_server.kill)
        with own_server.client() as client:
            killer.start()
            try:
                for number in versions:
                    own_server.upload(client, index, "shot-010-anim", f"1.{number}")
            except httpx.HTTPError:
                pass
        killer.join()
        own_server.start()

    # What the server keeps is what it committed; it may have committed without having answered.
    with own_server.client() as client:
        kept = client.get(f"/{index}/shot-010-anim", headers=JSON).json()["result"]
    files = {version for version, data in kept.items() if data.get("+links")}
    events = own_server.events_after(0, len(files))
    events += own_server.events(events[-1]["id"], wait=1)["events"]
    assert len(files) > 4
    assert sorted(event["version"] for event in events) == sorted(files)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    serials = [event["serial"] for event in events]
    assert serials == sorted(serials)


def test_notifier_that_replays_everything_adds_nothing(own_server: DevpiServer) -> None:
    with own_server.client() as client:
        index = own_server.create_index(client, "submitted")
        for number in range(5):
            own_server.upload(client, index, "prop-lamp", f"1.{number}")
    before = own_server.events_after(0, 5)
    own_server.kill()
    # devpi's note of how far its hooks came (devpi_server/keyfs.py, `TxNotificationThread`).
    (own_server.folder / ".event_serial").write_text("0")
    own_server.start()
    with own_server.client() as client:
        own_server.upload(client, index, "prop-lamp", "2.0")

    after = own_server.events_after(0, 6)
    after += own_server.events(6, wait=1)["events"]
    assert after[:5] == before
    assert [event["version"] for event in after[5:]] == ["2.0"]


def test_event_waits_while_the_feed_cannot_be_written(own_server: DevpiServer) -> None:
    with own_server.client() as client:
        index = own_server.create_index(client, "submitted")
        with closing(sqlite3.connect(own_server.folder / "pipl-events.sqlite")) as feed:
            feed.execute("ALTER TABLE event RENAME TO away")
            file = own_server.upload(client, index, "prop-lamp", "1.0")
            _wait_for_log(own_server, "The event feed waits for")
            own_server.upload(client, index, "prop-lamp", "2.0")  # is not held up
            feed.execute("ALTER TABLE away RENAME TO event")

    assert file.digest in own_server.log.read_text()
    assert [event["version"] for event in own_server.events_after(0, 2)] == ["1.0", "2.0"]


def _wait_for_log(server: DevpiServer, text: str) -> None:
    end = time.monotonic() + 60
    while text not in server.log.read_text():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_stopping_does_not_wait_for_followers(own_server: DevpiServer) -> None:
    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(_events_or_none, own_server) for _ in range(5)]
        time.sleep(1)
        assert own_server.stop() < 20
        assert [future.result() for future in futures] == [None] * 5


def _events_or_none(server: DevpiServer) -> dict[str, Any] | None:
    try:
        return server.events(wait=60)
    except httpx.HTTPError:
        return None


def test_backup_keeps_times_and_yanks(own_server: DevpiServer, tmp_path: Path) -> None:
    with own_server.client() as client:
        source, target = (own_server.create_index(client, name) for name in ("from", "to"))
        own_server.upload(client, source, "prop-lamp", "1.0")
        own_server.push(client, source, target, "prop-lamp", "1.0")
        _yank(client, target)
    before = _pages(own_server, source, target)
    own_server.stop()
    own_server.run("importexport:export", str(tmp_path / "backup"))
    restored = type(own_server)(tmp_path / "restored", backup=tmp_path / "backup")
    restored.start()
    try:
        assert _pages(restored, source, target) == before
        told = {(e["kind"], e["index"], e["reason"]) for e in restored.events_after(0, 3)}
        assert told == {
            ("upload", source, None),
            ("push", target, None),
            ("yank", target, "too dim"),
        }
        with restored.client() as client:
            restored.upload(client, target, "prop-lamp", "2.0")  # writes the page anew
        assert _pages(restored, source, target)[1].items() > before[1].items()
    finally:
        restored.kill()


def test_replica_has_the_same_pages_and_hands_yanks_on(
    own_server: DevpiServer, tmp_path: Path
) -> None:
    replica = type(own_server)(tmp_path / "replica", primary=own_server)
    replica.start()
    try:
        with own_server.client() as client:
            index = own_server.create_index(client, "submitted")
            own_server.upload(client, index, "prop-lamp", "1.0")
        with replica.client() as client:
            _wait_until(lambda: _pages(replica, index) == _pages(own_server, index))
            _yank(client, index)
        assert _pages(own_server, index)[0]["prop_lamp-1.0-py3-none-any.whl"]["yanked"] == "too dim"
        _wait_until(lambda: _pages(replica, index) == _pages(own_server, index))
        answer = httpx.get(f"{replica.url}/+pipl/events")
        assert answer.status_code == httpx.codes.NOT_FOUND
    finally:
        replica.kill()


def _yank(client: httpx.Client, index: str) -> None:
    order = {"index": index, "project": "prop-lamp", "version": "1.0", "reason": "too dim"}
    assert client.post("/+pipl/yank", json=order).raise_for_status().json()["changed"] is True


def _pages(server: DevpiServer, *indexes: str) -> list[dict[str, dict[str, Any]]]:
    """Return what the pages of indexes tell of each file."""
    headers = {"Accept": "application/vnd.pypi.simple.v1+json"}
    found = []
    for index in indexes:
        answer = httpx.get(f"{server.url}/{index}/+simple/prop-lamp/", headers=headers)
        files = answer.json()["files"] if answer.is_success else []
        found.append({file["filename"]: file for file in files})
    return found


def _wait_until(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not come():
        assert time.monotonic() < end
        time.sleep(0.05)
