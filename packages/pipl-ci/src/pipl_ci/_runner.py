"""The runner that performs runs in this process, a few at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor


class LocalRunner:
    """Performs runs in threads; their work is done by processes that they start.

    Args:
        perform: Performs one run, given its number; it must not raise.
        slots: How many at a time; as many as there are processors where None.
    """

    def __init__(self, perform: Callable[[int], None], slots: int | None = None) -> None:
        self._perform = perform
        self._slots = slots or max(1, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._slots, thread_name_prefix="run")
        self._lock = threading.RLock()  # a run may end while it is being submitted
        self._under_way: dict[int, Future[None]] = {}

    def capabilities(self) -> Mapping[str, object]:
        """Return how many runs it performs at a time."""
        return {"slots": self._slots}

    def submit(self, run: int) -> None:
        """Have a run performed; submitting one that is under way changes nothing."""
        with self._lock:
            if run not in self._under_way:
                future = self._pool.submit(self._perform, run)
                self._under_way[run] = future
                future.add_done_callback(lambda _: self._forget(run))

    def poll(self) -> Sequence[int]:
        """Return the runs that are under way."""
        with self._lock:
            return sorted(self._under_way)

    def cancel(self, run: int) -> None:
        """Keep a run from starting; one that has started ends by itself, and goes no further."""
        with self._lock:
            future = self._under_way.get(run)
        if future is not None:
            future.cancel()

    def close(self) -> None:
        """Wait for what is under way; what has not started stays queued in the ledger."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _forget(self, run: int) -> None:
        with self._lock:
            self._under_way.pop(run, None)
