"""The local runner performs a few runs at a time, each once."""

from __future__ import annotations

import threading

from pipl_ci._runner import LocalRunner


def test_it_performs_what_is_submitted() -> None:
    performed: list[int] = []
    runner = LocalRunner(performed.append, slots=1)
    for number in (1, 2, 3):
        runner.submit(number)
    runner.close()

    assert performed[0] == 1
    assert runner.poll() == []


def test_what_is_under_way_is_not_performed_twice() -> None:
    performed: list[int] = []
    go_on = threading.Event()

    def perform(number: int) -> None:
        performed.append(number)
        assert go_on.wait(10)

    runner = LocalRunner(perform, slots=2)
    runner.submit(1)
    runner.submit(1)
    under_way = list(runner.poll())
    go_on.set()
    runner.close()

    assert (under_way, performed) == ([1], [1])


def test_what_has_not_started_can_be_cancelled() -> None:
    performed: list[int] = []
    started, go_on = threading.Event(), threading.Event()

    def perform(number: int) -> None:
        performed.append(number)
        started.set()
        assert go_on.wait(10)

    runner = LocalRunner(perform, slots=1)
    runner.submit(1)
    assert started.wait(10)
    runner.submit(2)
    runner.cancel(2)
    go_on.set()
    runner.close()

    assert performed == [1]


def test_it_says_how_many_it_performs_at_a_time() -> None:
    runner = LocalRunner(lambda _: None, slots=3)
    runner.close()

    assert runner.capabilities() == {"slots": 3}
