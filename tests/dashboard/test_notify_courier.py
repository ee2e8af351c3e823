"""A courier by itself: a store, a clock that stands, and a receiver that takes or refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboard.notify.courier import LONGEST_S, Courier, pause_s
from dashboard.notify.way import Letter, Undelivered
from data.dispatch import Dispatch
from data.spec_delivery import DeliverySpec
from data.store import open_store
from tests.conftest import NOON
from tests.serving import Clock

HOOK = DeliverySpec.model_validate({"id": "room", "kind": "webhook", "address": "https://room.example/"})


class Room:
    """Takes what it is brought, while it is open."""

    def __init__(self) -> None:
        self.open, self.got = False, list[str]()

    def send(self, letter: Letter) -> None:
        if not self.open:
            raise Undelivered("HTTP 503")
        self.got.append(letter.dispatch.event)


def test_a_clock_that_was_set_back_holds_nothing_up(profile: Any, tmp_path: Path) -> None:
    store, clock, room = open_store(f"sqlite:///{tmp_path / 'board'}.sqlite"), Clock(NOON), Room()
    courier = Courier(HOOK, lambda: profile, store, {"webhook": room}, clock=clock, tell=lambda draft: None)

    def told(event: str) -> None:
        made = Dispatch("wait:c1:1", event, int(clock()), "critical", "900101", {"words": {}})
        store.put_dispatches([(made, [("room", int(clock()))])])

    told("fired")
    for tries in range(1, 12):
        assert courier.step() == 0
        assert courier.step() == pause_s(tries)
        clock.forward(pause_s(tries))
    clock.forward(-3600)
    told("resolved")
    # It is tried at once, by the pauses from then on, and still in its order.
    assert courier.step() == 0
    assert courier.step() == LONGEST_S
    room.open = True
    clock.forward(LONGEST_S)
    assert (courier.step(), courier.step()) == (0, 0)
    assert room.got == ["fired", "resolved"]
    store.close()
