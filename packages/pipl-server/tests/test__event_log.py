"""The feed's memory."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipl_hooks import PiplError
from pipl_server._event_log import FILE_NAME, EventLog, event_log_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipl_hooks import Event

    MakeEvent = Callable[..., Event]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def log(path: Path) -> Iterator[EventLog]:
    log = EventLog(path, max_waiting=2, look_again=0.1, retry=0.05)
    yield log
    log.close()


def test_events_come_back_in_order(log: EventLog, make_event: MakeEvent) -> None:
    events = [make_event(number) for number in (7, 8, 9)]
    assert [log.append(event) for event in events] == [True] * 3

    expected = [replace(event, id=id_) for id_, event in enumerate(events, 1)]
    assert log.read(0, 10) == expected
    assert log.read(1, 10) == expected[1:]
    assert log.read(0, 2) == expected[:2]
    assert log.read(3, 10) == []
    assert log.last_id() == 3


def test_replayed_event_is_ignored_and_leaves_no_gap(log: EventLog, make_event: MakeEvent) -> None:
    assert log.append(make_event(1))
    assert not log.append(make_event(1))
    assert log.append(make_event(2))

    assert [event.id for event in log.read(0, 10)] == [1, 2]


def test_same_file_is_new_in_another_index_or_transaction(
    log: EventLog, make_event: MakeEvent
) -> None:
    assert log.append(make_event(1))
    assert log.append(make_event(1, serial=2))
    assert log.append(make_event(1, index="root/checked"))


def test_yank_of_a_file_is_another_event_than_its_arrival(
    log: EventLog, make_event: MakeEvent
) -> None:
    arrival = make_event(1)
    yank = replace(arrival, kind="yank", reason="broken")
    assert log.append(arrival)
    assert log.append(yank)
    assert not log.append(yank)
    assert log.append(replace(arrival, kind="unyank"))
    assert [event.kind for event in log.read(0, 10)] == ["upload", "yank", "unyank"]


def test_empty_log(log: EventLog) -> None:
    assert log.last_id() == 0
    assert log.read(0, 10) == []


def test_events_outlive_the_log(log: EventLog, path: Path, make_event: MakeEvent) -> None:
    log.append(make_event(1))

    again = EventLog(path)
    assert [event.version for event in again.read(0, 10)] == ["1"]
    again.close()


def test_writes_are_durable(log: EventLog, path: Path) -> None:
    (synchronous,) = log._connection.execute("PRAGMA synchronous").fetchone()
    (journal_mode,) = log._connection.execute("PRAGMA journal_mode").fetchone()
    assert (synchronous, journal_mode) == (2, "wal")  # 2 is FULL
    assert path.exists()


def test_wait_ends_when_an_event_comes(log: EventLog, make_event: MakeEvent) -> None:
    log._look_again = 30
    threading.Timer(0.2, log.append, [make_event(1)]).start()
    begin = time.monotonic()

    assert log.wait(0, 30)
    assert 0.1 < time.monotonic() - begin < 10


def test_wait_sees_what_another_process_wrote(
    log: EventLog, path: Path, make_event: MakeEvent
) -> None:
    other = EventLog(path)  # a condition of its own, as in another process
    threading.Timer(0.2, other.append, [make_event(1)]).start()
    begin = time.monotonic()

    assert log.wait(0, 30)
    assert time.monotonic() - begin < 10
    other.close()


def test_wait_gives_up(log: EventLog) -> None:
    begin = time.monotonic()
    assert not log.wait(0, 0.3)
    assert 0.3 <= time.monotonic() - begin < 10


def test_too_many_do_not_wait(log: EventLog, make_event: MakeEvent) -> None:
    threads = [threading.Thread(target=log.wait, args=(0, 30)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while not log.is_crowded:
        time.sleep(0.01)

    begin = time.monotonic()
    assert not log.wait(0, 30)
    assert time.monotonic() - begin < 5

    log.append(make_event(1))
    for thread in threads:
        thread.join(10)
    assert not log.is_crowded


def test_append_tries_again_while_it_cannot_write(
    log: EventLog, path: Path, make_event: MakeEvent, caplog: pytest.LogCaptureFixture
) -> None:
    log._connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()

    assert log.append(make_event(1))
    assert [event.version for event in log.read(0, 10)] == ["1"]
    assert "rig-1-py3-none-any.whl" in caplog.text
    other.close()


def test_many_threads(log: EventLog, make_event: MakeEvent) -> None:
    def append(first: int) -> None:
        for number in range(first, first + 25):
            log.append(make_event(number))

    threads = [threading.Thread(target=append, args=(first * 100,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [event.id for event in log.read(0, 500)] == list(range(1, 201))


def test_later_format_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()

    with pytest.raises(PiplError, match="format 2"):
        EventLog(path)


def test_one_log_for_each_folder(tmp_path: Path) -> None:
    log = event_log_in(tmp_path)
    assert event_log_in(tmp_path) is log
    log.close()
