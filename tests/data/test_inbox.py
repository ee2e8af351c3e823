"""What arrives is handed on once, in order, and not before its time."""

from __future__ import annotations

import threading

import numpy as np

from data.inbox import Inbox
from data.readings import Readings
from tests.data.places import NOON, one


def waits(due: list[tuple[np.ndarray, Readings]]) -> list[float]:
    return [wait for _, rows in due for wait in rows.wait_min.tolist()]


def test_rows_wait_for_their_time_and_keep_their_order() -> None:
    inbox: Inbox[Readings] = Inbox()
    both = Readings.of(site_id=["c1", "c1"], observed_at=[NOON, NOON + 5], wait_min=[1, 2])
    inbox.put(np.array([0, 0]), both)
    inbox.put(np.array([0]), one("c1", NOON + 5, wait_min=3))
    assert waits(inbox.until(NOON)) == [1]
    assert waits(inbox.until(NOON + 4)) == []
    assert waits(inbox.until(NOON + 5)) == [2, 3]
    assert inbox.until(NOON + 9) == []


def test_a_correction_that_arrives_meanwhile_comes_after_what_it_corrects() -> None:
    inbox: Inbox[Readings] = Inbox()
    correction = one("c1", NOON + 5, wait_min=2)
    writers: list[threading.Thread] = []

    class Slow(Readings):
        """While its rows are sorted out, a correction of them arrives."""

        def take(self, which: np.ndarray) -> Readings:
            writer = threading.Thread(target=inbox.put, args=(np.array([0]), correction))
            writers.append(writer)
            writer.start()
            writer.join(0.2)
            return Readings.take(self, which)

    inbox.put(np.array([0]), Slow.of(site_id=["c1"], observed_at=[NOON + 5], wait_min=[1]))
    assert inbox.until(NOON) == []
    for writer in writers:
        writer.join()
    assert waits(inbox.until(NOON + 5)) == [1, 2]


def test_what_was_cleared_does_not_come() -> None:
    inbox: Inbox[Readings] = Inbox()
    inbox.put(np.array([0]), one("c1", NOON))
    inbox.clear()
    assert inbox.until(NOON) == []
