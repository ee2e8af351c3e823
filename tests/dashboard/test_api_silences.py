"""Silences and closures over HTTP: ordered with a reason and an end, previewed, ended, the same to all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from data.readings import Readings
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.serving import Clock, Served

HOUR = 3600


def told(served: Served, *sites: str, at: int = NOON, wait: float = 45) -> None:
    n = len(sites)
    served.board.engine.readings(
        Readings.of(site_id=list(sites), observed_at=[at] * n, wait_min=[wait] * n, staff_on_duty=[20] * n)
    )


@pytest.fixture
def firing(serve: Callable[..., Served]) -> Served:
    """A board on which two sites of two counties have waited for too long."""
    served = serve()
    told(served, "c1", "c2", at=NOON - 60)
    served.settle()
    told(served, "c1", "c2")
    served.settle()
    return served


def body(**changes: Any) -> dict[str, Any]:
    return {"reason": "road works", "end": 60, "where": {"rules": ["wait_over_30"]}, **changes}


def add(served: Served, **changes: Any) -> dict[str, Any]:
    found = dict(ok(served.post("/api/v1/silences", json=body(**changes)))["silence"])
    served.settle()
    return found


def hidden(served: Served, query: str = "") -> dict[str, str]:
    rows = ok(served.get(f"/api/v1/alerts{query}"))["alerts"]
    return {row["target_id"]: row["hidden_by"] for row in rows if row["rule"] == "wait_over_30"}


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_a_silence_hides_from_the_next_step_and_asks_again_at_its_end(firing: Served, clock: Clock) -> None:
    assert hidden(firing) == {"c1": "", "c2": ""}
    row = add(firing, where={"sites": ["c1"]}, end=30)
    assert (row["state"], row["reason"], row["scope"]) == ("running", "road works", "900101")
    assert seconds(row["end"]) == NOON + 1800
    assert hidden(firing) == {"c1": f"silence:{row['id']}", "c2": ""}
    state = {f["id"]: f["properties"] for f in ok(firing.get("/api/v1/sites"))["features"]}
    assert state["c1"].get("alarm", "") == "" or state["c1"]["alarm"] is None
    (listed,) = ok(firing.get("/api/v1/silences"))["silences"]
    assert (listed["id"], listed["hides"], listed["covers"]) == (row["id"], 1, {"site": 1})
    clock.forward(1800)
    told(firing, "c1", "c2", at=NOON + 1800)
    firing.settle()
    assert hidden(firing)["c1"] == ""
    (over,) = ok(firing.get("/api/v1/silences"))["silences"]
    assert over["state"] == "over"


def test_it_is_ended_early_once(firing: Served, clock: Clock) -> None:
    row = add(firing)
    clock.forward(60)
    ended = ok(firing.post(f"/api/v1/silences/{row['id']}/end", json={}))["silence"]
    assert (ended["state"], seconds(ended["end"])) == ("over", NOON + 60)
    firing.settle()
    assert set(hidden(firing).values()) == {""}
    problem(firing.post(f"/api/v1/silences/{row['id']}/end", json={}), 409, "silence-over")
    problem(firing.post("/api/v1/silences/s0/end", json={}), 404, "unknown-silence")


def test_a_closed_site_is_closed_and_asks_for_nothing(firing: Served, clock: Clock) -> None:
    row = add(firing, kind="closure", where={"sites": ["c1"]})
    sites = {f["id"]: f["properties"] for f in ok(firing.get("/api/v1/sites"))["features"]}
    assert (sites["c1"]["status"], sites["c1"]["staff_required"]) == ("closed", None)
    assert sites["c2"]["status"] == "congested"
    assert hidden(firing) == {"c1": f"closure:{row['id']}", "c2": ""}
    third = next(one for one in ok(firing.get("/api/v1/lines"))["lines"] if one["id"] == "third")
    assert third["sites"] == 2
    clock.forward(HOUR)
    told(firing, "c1", at=NOON + HOUR)
    firing.settle()
    assert hidden(firing)["c1"] == ""
    # A moment of that hour shows it closed, as it was.
    query = f"?at={NOON + 60}"
    then = {f["id"]: f["properties"] for f in ok(firing.get(f"/api/v1/sites{query}"))["features"]}
    assert then["c1"]["status"] == "closed"
    (past,) = ok(firing.get(f"/api/v1/silences{query}"))["silences"]
    assert (past["id"], past["state"]) == (row["id"], "running")


def test_the_preview_tells_what_it_would_hide_and_orders_nothing(firing: Served) -> None:
    found = ok(firing.post("/api/v1/silences/preview", json={"where": {"rules": ["wait_over_30"]}}))
    assert (found["hides"], found["covers"]["site"], found["lately"]) == (2, 8, 2)
    assert {one["name"] for one in found["alerts"]} == {"甲城检查站", "乙城检查站"}
    closing = {"kind": "closure", "where": {"sites": ["d1"]}}
    assert ok(firing.post("/api/v1/silences/preview", json=closing))["opens_km"] == 0  # nobody reported there
    assert ok(firing.get("/api/v1/silences"))["silences"] == []
    assert set(hidden(firing).values()) == {""}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"reason": ""}, "reason"), ({"reason": "x" * 201}, "reason"), ({"end": None}, "end"),
        ({"end": NOON - 60}, "end"), ({"end": 32 * 1440}, "end"), ({"end": "tomorrow"}, "end"),
        ({"start": NOON - HOUR}, "start"), ({"kind": "quiet"}, "kind"), ({"where": {}}, "where"),
        ({"where": {"sites": ["c9"]}}, "where.sites"), ({"where": {"people": ["a"]}}, "where.people"),
        ({"where": {"rules": "offline"}}, "where.rules"), ({"where": {"sites": ["c1"] * 501}}, "where.sites"),
        ({"where": {"sites": ["c1"], "lines": ["first"]}}, "where"),
        ({"where": {"rules": ["fence_down"], "sites": ["c1"]}}, "where"),
        ({"kind": "closure", "where": {"rules": ["offline"]}}, "where.rules"),
        ({"kind": "closure", "where": {"fences": ["f1"]}}, "where.fences"),
    ],
    ids=[str(number) for number in range(17)],
)  # fmt: skip
def test_what_is_not_a_silence_is_refused(asked: Served, changes: dict[str, Any], where: str) -> None:
    answer = asked.post("/api/v1/silences?lang=zh-CN", json=body(**changes))
    assert answer.status_code == 400
    assert f" {where} " in answer.json()["detail"]
    assert ok(asked.get("/api/v1/silences"))["silences"] == []


def test_a_reason_holds_nobodys_number(asked: Served) -> None:
    answer = asked.post("/api/v1/silences", json=body(reason="call 13812345678"))
    problem(answer, 400, "personal-data")
    assert "13812345678" not in answer.text
    assert ok(asked.get("/api/v1/silences"))["silences"] == []


def test_maintenance_tells_its_next_times(serve: Callable[..., Served], profile: Any) -> None:
    from dataclasses import replace

    from data.spec_hiding import MaintenanceSpec

    work = MaintenanceSpec.model_validate(
        {
            "id": "gates", "name": {"zh-CN": "检修", "en": "Works"}, "where": {"sites": ["c1"]},
            "weekdays": ["wed"], "start": "11:00", "end": "13:00",
        }
    )  # fmt: skip
    served = serve(replace(profile, spec=profile.spec.model_copy(update={"maintenance": [work]})))
    told(served, "c1", "c2", at=NOON - 60)
    served.settle()
    told(served, "c1", "c2")
    served.settle()
    assert hidden(served) == {"c1": "maintenance:gates", "c2": ""}
    (row,) = ok(served.get("/api/v1/maintenance?lang=en"))["maintenance"]
    assert (row["name"], row["running"], row["hides"], row["names"]) == (
        "Works", True, 1, {"sites": ["甲城检查站"]},
    )  # fmt: skip
    assert [seconds(one["start"]) - NOON for one in row["windows"]] == [-HOUR, 7 * 24 * HOUR - HOUR]


def test_a_county_orders_at_home_and_is_told_of_what_reaches_into_it(
    serve: Callable[..., Served],
) -> None:
    served = serve(login=True)
    command, county = served.login("command"), served.login("county", scope="900101")

    def order(client: Any, **changes: Any) -> dict[str, Any]:
        return dict(ok(client.post("/api/v1/silences", json=body(**changes)))["silence"])

    wide = order(command, reason="乙城检查站停电", where={"sites": ["c1", "c2"]})
    other = order(command, where={"sites": ["c2"]})
    home = order(county, where={"kinds": ["checkpoint"]})
    assert (wide["scope"], other["scope"], home["scope"]) == ("", "900102", "900101")
    assert home["covers"] == {"site": 1}
    served.settle()
    for when in ("", f"?at={NOON}"):
        told = {one["id"]: one for one in ok(county.get(f"/api/v1/silences{when}"))["silences"]}
        assert set(told) == {wide["id"], home["id"]}
        assert (told[wide["id"]]["reason"], told[wide["id"]]["where"]["sites"]) == ("", ["c1"])
        assert (told[wide["id"]]["theirs"], told[home["id"]]["theirs"]) == (True, False)
    problem(county.post(f"/api/v1/silences/{wide['id']}/end", json={}), 403, "silence-not-yours")
    problem(county.post(f"/api/v1/silences/{other['id']}/end", json={}), 404, "unknown-silence")
    for where in ({"sites": ["c2"]}, {"counties": ["900102"]}):
        problem(county.post("/api/v1/silences", json=body(where=where)), 400, "bad-value")
    problem(county.post("/api/v1/silences", json=body(scope="900102")), 404, "unknown-scope")
    assert ok(county.post(f"/api/v1/silences/{home['id']}/end", json={}))["silence"]["state"] == "over"
    briefing = served.login("briefing")
    assert len(ok(briefing.get("/api/v1/silences"))["silences"]) == 3
    problem(briefing.post("/api/v1/silences", json=body()), 403, "no-operate")
    problem(briefing.post("/api/v1/silences/preview", json=body()), 403, "no-operate")
    made = [(one.action, one.subject, one.scope) for one in served.board.engine.store.entries()]
    assert ("silence.end", home["id"], "900101") in made
    assert {one[1] for one in made if one[0] == "silence.add"} == {wide["id"], other["id"], home["id"]}
