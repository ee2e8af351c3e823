"""Which alerts the interface calls resolved."""

from typing import Any

from data.readings import Readings
from tests.dashboard.asking import ok
from tests.serving import Served


def test_what_never_fired_is_not_resolved(served: Served) -> None:
    clock = served.board.clock

    def at(**waits: float) -> None:
        served.board.engine.readings(
            Readings.of(
                site_id=list(waits), observed_at=[int(clock())] * len(waits), wait_min=list(waits.values())
            )
        )
        served.settle()

    def told(state: str) -> dict[str, Any]:
        rows = ok(served.get(f"/api/v1/alerts?state={state}"))["alerts"]
        return {row["site_id"]: row["fired_at"] for row in rows if row["rule"] == "wait_over_30"}

    at(c1=45, c2=45)
    assert told("pending") == {"c1": None, "c2": None}
    clock.forward(30)
    at(c2=5)  # over before its time
    clock.forward(60)
    at(c1=45)
    assert list(told("firing")) == ["c1"]
    clock.forward(60)
    at(c1=5)
    assert told("pending") == told("firing") == {}
    assert told("resolved") == {"c1": "2026-06-03T12:01:30+08:00"}
    # The store keeps both: the second is the past's business, not the list's.
    kept = served.board.engine.store.alerts_between(0, int(clock()))
    assert {one.target_id for one in kept if one.rule == "wait_over_30"} == {"c1", "c2"}
