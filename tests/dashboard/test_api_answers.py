"""Answers over HTTP: kept before they are told, quiet until their time, the same on every socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from data.readings import Readings
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.dashboard.sockets import connect
from tests.serving import Clock, Served

WAIT = f"wait_over_30:c1:{NOON - 60}"


def told(served: Served, *sites: str, at: int = NOON, wait: float = 45) -> None:
    served.board.engine.readings(
        Readings.of(
            site_id=list(sites), observed_at=[at] * len(sites), wait_min=[wait] * len(sites),
            staff_on_duty=[20] * len(sites),
        )
    )  # fmt: skip


@pytest.fixture
def firing(serve: Callable[..., Served], clock: Clock) -> Served:
    """A board on which two sites of two counties have waited for too long."""
    served = serve()
    told(served, "c1", "c2", at=NOON - 60)
    served.settle()
    told(served, "c1", "c2")
    served.settle()
    return served


def order(served: Served, alert_id: str, what: str, **body: Any) -> httpx.Response:
    return served.post(f"/api/v1/alerts/{quote(alert_id, safe='')}/{what}", json=body)


def alert(served: Served, alert_id: str = WAIT) -> dict[str, Any]:
    (found,) = (one for one in ok(served.get("/api/v1/alerts"))["alerts"] if one["id"] == alert_id)
    return dict(found)


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_an_answer_is_answeredwith_its_author_and_its_end(firing: Served, clock: Clock) -> None:
    assert alert(firing)["state"] == "firing"
    assert seconds(alert(firing)["asked_at"]) == NOON
    (row,) = ok(order(firing, WAIT, "ack", note="  on   it ", until=15))["alerts"]
    assert (row["state"], row["note"], row["acknowledged_role"]) == ("acknowledged", "on it", "open")
    assert seconds(row["until"]) == NOON + 900
    firing.settle()
    kept = alert(firing)
    assert kept == row | {name: kept[name] for name in ("what", "advice")}
    assert (kept["state"], kept["expired"]) == ("acknowledged", False)
    assert [one["id"] for one in ok(firing.get("/api/v1/alerts?state=acknowledged"))["alerts"]] == [WAIT]
    # No ring for an answered alert.
    assert [s for s in ok(firing.get("/api/v1/alerts?state=firing"))["alerts"] if s["id"] == WAIT] == []
    clock.forward(900)
    told(firing, "c1", at=NOON + 900)
    firing.settle()
    again = alert(firing)
    assert (again["state"], again["expired"], again["note"]) == ("firing", True, "on it")
    assert seconds(again["asked_at"]) == NOON + 900


def test_without_an_end_it_holds_as_long_as_the_profile_says(firing: Served) -> None:
    (row,) = ok(order(firing, WAIT, "ack"))["alerts"]
    assert seconds(row["until"]) == NOON + 1800
    ends = datetime.fromtimestamp(NOON + 7200).astimezone().isoformat()
    (row,) = ok(order(firing, WAIT, "ack", until=ends))["alerts"]
    assert seconds(row["until"]) == NOON + 7200


def test_an_answer_is_taken_back(firing: Served, clock: Clock) -> None:
    problem(order(firing, WAIT, "unack"), 409, "not-answered")
    ok(order(firing, WAIT, "ack"))
    clock.forward(60)
    (row,) = ok(order(firing, WAIT, "unack"))["alerts"]
    assert (row["state"], row["acknowledged_by"]) == ("firing", None)
    assert (seconds(row["asked_at"]), seconds(row["answered_at"])) == (NOON + 60, NOON)


def test_setting_out_and_arriving_are_recorded_once(firing: Served, clock: Clock) -> None:
    for what in ("sent", "arrived"):
        clock.forward(60)
        (first,) = ok(order(firing, WAIT, what, note="two cars"))["alerts"]
        clock.forward(60)
        (second,) = ok(order(firing, WAIT, what))["alerts"]
        assert second[f"{what}_at"] == first[f"{what}_at"]
    store = firing.board.engine.store
    assert [one.action for one in store.entries()] == ["alert.sent", "alert.arrived"]
    assert [one.detail for one in store.entries()] == [{"note": "two cars"}] * 2


def test_several_are_answered_at_once_and_who_is_gone_keeps_none_of_them(firing: Served) -> None:
    other = f"wait_over_30:c2:{NOON - 60}"
    both = {"ids": [WAIT, other, WAIT], "note": "county outage", "until": 60}
    problem(firing.post("/api/v1/alerts/ack", json=both | {"ids": ["nothing", "more"]}), 404, "unknown-alert")
    assert firing.board.engine.store.entries() == []
    told = ok(firing.post("/api/v1/alerts/ack", json=both | {"ids": [*both["ids"], "nothing"]}))
    rows = told["alerts"]
    assert [row["id"] for row in rows] == [WAIT, other]
    assert [(one["type"].rpartition(":")[2], one["got"]) for one in told["refused"]] == [
        ("unknown-alert", "nothing")
    ]
    assert [one.scope for one in firing.board.engine.store.entries()] == [row["county"] for row in rows]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"until": 0}, "bad-time"),
        ({"until": -5}, "bad-time"),
        ({"until": 60 * 13}, "bad-time"),
        ({"until": "soon"}, "bad-time"),
        ({"until": True}, "bad-time"),
        ({"until": "1999-01-01T00:00:00Z"}, "bad-time"),
        ({"note": 5}, "bad-value"),
        ({"note": "x" * 201}, "bad-value"),
        ({"note": "王某 13800138000"}, "personal-data"),
        ({"note": "138\u200b0013\u200b8000"}, "personal-data"),
        ({"who": "somebody"}, "bad-value"),
    ],
    ids=["now", "before", "too-long", "words", "bool", "past", "number", "long", "person", "unseen", "who"],
)
def test_what_is_wrong_is_answeredand_nothing_kept(firing: Served, body: dict[str, Any], kind: str) -> None:
    problem(order(firing, WAIT, "ack", **body), 400, kind)
    assert firing.board.engine.store.entries() == []


def test_only_what_fires_is_answered(firing: Served, clock: Clock) -> None:
    told(firing, "c3", at=NOON)
    firing.settle()
    problem(order(firing, f"wait_over_30:c3:{NOON}", "ack"), 409, "not-firing")
    problem(order(firing, "nothing", "ack"), 404, "unknown-alert")
    problem(firing.post(f"/api/v1/alerts/{quote(WAIT, safe='')}/ack?at={NOON}", json={}), 400, "bad-time")
    problem(firing.post(f"/api/v1/alerts/{quote(WAIT, safe='')}/ack", content="{}"), 415, "wrong-media-type")
    clock.forward(60)
    told(firing, "c1", at=NOON + 60, wait=5)
    firing.settle()
    problem(order(firing, WAIT, "ack"), 409, "alert-over")


def test_what_was_done_is_answeredof_an_alert_that_is_over(firing: Served, clock: Clock) -> None:
    ok(order(firing, WAIT, "ack", note="cones out"))
    clock.forward(60)
    ok(order(firing, WAIT, "sent"))
    told(firing, "c1", at=NOON + 60, wait=5)
    firing.settle()
    over = ok(firing.get("/api/v1/alerts?state=resolved"))["alerts"]
    (row,) = (one for one in over if one["id"] == WAIT)
    assert (row["note"], seconds(row["answered_at"]), seconds(row["sent_at"])) == (
        "cones out", NOON, NOON + 60,
    )  # fmt: skip


def test_the_history_of_an_alert_tells_everything_in_order(firing: Served, clock: Clock) -> None:
    clock.forward(30)
    ok(order(firing, WAIT, "ack", note="cones out", until=60))
    clock.forward(30)
    told(firing, "c1", at=NOON + 60, wait=5)
    firing.settle()
    path = f"/api/v1/alerts/{quote(WAIT, safe='')}/history"
    history = ok(firing.get(path))["history"]
    assert [(one["what"], seconds(one["at"]) - NOON) for one in history] == [
        ("began", -60), ("fired", 0), ("ack", 30), ("resolved", 60),
    ]  # fmt: skip
    assert (history[2]["note"], history[2]["until"], history[3]["value"]) == ("cones out", NOON + 3630, 45)
    then = ok(firing.get(f"{path}?at={NOON + 40}"))["history"]
    assert [one["what"] for one in then] == ["began", "fired", "ack"]
    problem(firing.get("/api/v1/alerts/nothing/history"), 404, "unknown-alert")


@pytest.mark.parametrize("what", ["ack", "unack", "sent", "arrived"])
def test_who_may_only_look_answers_nothing(serve: Callable[..., Served], what: str) -> None:
    served = serve(login=True)
    briefing = served.login("briefing")
    problem(briefing.post(f"/api/v1/alerts/x/{what}", json={}), 403, "no-operate")
    problem(briefing.post("/api/v1/alerts/ack", json={"ids": ["x"]}), 403, "no-operate")


def test_a_county_answers_its_own_alerts_and_knows_no_others(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    for at in (NOON - 60, NOON):
        told(served, "c1", "c2", at=at)
        served.settle()
    county = str(served.board.profile.sites.county[served.board.profile.sites.row["c1"]])
    mine = served.login("zk-duty", role="county", scope=county)
    path = f"/api/v1/alerts/{quote(WAIT, safe='')}/ack"
    (row,) = ok(mine.post(path, json={}))["alerts"]
    assert (row["acknowledged_by"], row["acknowledged_role"]) == ("zk-duty", "county")
    other = f"wait_over_30:c2:{NOON - 60}"
    problem(mine.post(f"/api/v1/alerts/{quote(other, safe='')}/ack", json={}), 404, "unknown-alert")
    both = {"ids": [WAIT, other]}
    answered = ok(mine.post("/api/v1/alerts/ack", json=both))
    (row,), (refused,) = answered["alerts"], answered["refused"]
    assert (row["id"], refused["got"]) == (WAIT, other)
    problem(mine.get(f"/api/v1/alerts/{quote(other, safe='')}/history"), 404, "unknown-alert")
    assert len(ok(mine.get(f"/api/v1/alerts/{quote(WAIT, safe='')}/history"))["history"]) == 4
    *_, entry = served.board.engine.store.entries()
    assert (entry.who, entry.role, entry.scope) == ("zk-duty", "county", county)


def test_two_pages_see_an_answer_with_the_next_step(firing: Served) -> None:
    with connect(firing.live_url) as one, connect(f"{firing.live_url}?lang=en") as two:
        revisions = [json.loads(page.recv(timeout=60))["revision"] for page in (one, two)]
        ok(order(firing, WAIT, "ack", note="here"))
        # It is in the journal now: the second step from here on began after it.
        newest = firing.board.engine.picture.revision + 2
        for page, first in zip((one, two), revisions, strict=True):
            found: list[str] = []
            heard = first
            while heard < newest and not found:
                message = json.loads(page.recv(timeout=60))
                heard = message["revision"]
                put = message.get("alerts", {}).get("put", ())
                found = [row["state"] for row in put if row["id"] == WAIT and row["note"] == "here"]
            assert found == ["acknowledged"]
