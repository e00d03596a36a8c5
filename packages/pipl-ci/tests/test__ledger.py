"""The ledger keeps runs, and says clearly what cannot be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pipl_ci import CiError, Ledger
from pipl_hooks import Event, EventFile, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def project(folder: Path) -> Any:
    return SimpleNamespace(system=folder)


def event(number: int = 1, name: str = "char-hero", digest: str = "a") -> Event:
    file = EventFile(
        f"{name}-1.0-py3-none-any.whl", f"root/submitted/{digest}", f"sha256:{digest * 64}", 7
    )
    time = "2026-11-23T10:00:00+00:00"
    return Event(number, number, "upload", "root/submitted", name, "1.0", file, "bob", None, time)


def test_a_run_is_wanted_once_for_a_stage_and_a_digest(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        first = ledger.want(event(1), "submitted", "qa")
        again = ledger.want(event(2), "submitted", "qa")
        other = ledger.want(event(3, digest="b"), "submitted", "qa")

        assert (first, again, other) == (True, False, True)
        assert ledger.queued() == [1, 2]


def test_a_run_goes_from_queued_to_passed(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        started = ledger.start(1)
        ledger.end(1, Outcome(passed=True, summary="It installs.", products=("a==1.0",)))
        ended = ledger.run(1)

    assert started is not None
    assert (started.state, started.log) == ("running", tmp_path / "handlers" / "logs" / "1-1.log")
    assert (ended.state, ended.summary, ended.products) == ("passed", "It installs.", ("a==1.0",))


def test_a_run_starts_only_once(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        assert ledger.start(1) is not None
        assert ledger.start(1) is None


def test_runs_whose_worker_is_gone_are_done_again(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        ledger.start(1)
    with Ledger(project(tmp_path)) as ledger:
        assert ledger.requeue_running() == 1
        assert (ledger.run(1).state, ledger.run(1).attempt) == ("queued", 2)


def test_only_what_failed_can_be_tried_again(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        with pytest.raises(CiError) as caught:
            ledger.retry(1)
        ledger.start(1)
        ledger.end(1, Outcome(passed=False, summary="Failed: it imports."))
        again = ledger.retry(1)

    assert caught.value.message == "The run 1 of char-hero 1.0 cannot be tried again: it is queued."
    assert (again.state, again.attempt, again.log.name) == ("queued", 2, "1-2.log")


def test_what_was_cancelled_stays_cancelled(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        ledger.start(1)
        ledger.cancel(1)
        ledger.end(1, Outcome(passed=True, summary="Too late."))
        run = ledger.run(1)
        with pytest.raises(CiError) as caught:
            ledger.cancel(1)

    assert (run.state, run.summary) == ("cancelled", "Cancelled.")
    assert (
        caught.value.message == "The run 1 of char-hero 1.0 cannot be cancelled: it is cancelled."
    )


def test_an_unknown_run_is_one_clear_error(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger, pytest.raises(CiError) as caught:
        ledger.run(7)

    assert str(caught.value) == "There is no run 7.\n`pipl ci status` lists the runs."


def test_events_and_their_runs_are_recorded_together_or_not_at_all(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        with pytest.raises(RuntimeError, match="power cut"):
            handle_and_break(ledger)
        assert (ledger.position("server"), ledger.queued()) == (0, [])
        with ledger.handling("server", 5):
            ledger.want(event(), "submitted", "qa")
        assert (ledger.position("server"), ledger.queued()) == (5, [1])


def handle_and_break(ledger: Ledger) -> None:
    with ledger.handling("server", 5):
        ledger.want(event(), "submitted", "qa")
        raise RuntimeError("power cut")


def test_another_server_is_noticed(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        with ledger.handling("one", 5):
            pass
        with pytest.raises(CiError) as caught:
            ledger.position("two")

    assert caught.value.context == "It was one, and is two: it was made anew, or restored."


def test_runs_are_found_by_any_spelling_of_a_name(tmp_path: Path) -> None:
    with Ledger(project(tmp_path)) as ledger:
        ledger.want(event(), "submitted", "qa")
        ledger.want(event(2, name="other"), "submitted", "qa")
        found = [run.name for run in ledger.runs("Char_Hero")]
        everything = [run.name for run in ledger.runs()]

    assert (found, everything) == (["char-hero"], ["other", "char-hero"])


def test_a_damaged_ledger_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers" / "ledger.sqlite").write_bytes(b"not a database, but long enough" * 9)

    with pytest.raises(CiError, match=r"The ledger .*ledger\.sqlite cannot be opened\."):
        Ledger(project(tmp_path))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(project(tmp_path)) as ledger:
        yield ledger


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
def test_a_number_that_no_run_can_have_is_an_error(ledger: Ledger, number: int) -> None:
    for ask in (ledger.run, ledger.retry, ledger.cancel):
        with pytest.raises(CiError) as error:
            ask(number)
        assert error.value.message == f"There is no run {number}."


def test_a_ledger_without_its_tables_is_an_error(ledger: Ledger) -> None:
    ledger._execute("DROP TABLE run")
    with pytest.raises(CiError) as error:
        ledger.runs()
    assert error.value.message == f"The ledger in {ledger.folder} cannot be used."
    assert error.value.context == "no such table: run"
