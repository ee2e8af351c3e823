"""Duty levels and the roster over HTTP: one audited order, followed at the next step, cut to the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest

from data.journal import verify
from data.readings import Readings
from data.roster import Roster, Shift, Team, wall_of
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.serving import Clock, Served


@pytest.fixture
def rostered(profile: Any) -> Any:
    """The small profile with a team of each county, on post till three, then standing by for a day."""
    teams = (
        Team("jia", "甲县甲班", 12, "900101", "third", "c1"),
        Team("yi", "乙县乙班", 10, "900102", "third", "c2"),
    )
    noon = wall_of(NOON, profile.zone)
    shifts = [
        shift
        for team in teams
        for shift in (
            Shift(team.team_id, "on_post", noon - 3600, noon + 3 * 3600),
            Shift(team.team_id, "standby", noon + 3 * 3600, noon + 27 * 3600),
        )
    ]
    return replace(profile, roster=Roster(teams, tuple(shifts)))


def staff(served: Served, *, at: int = NOON, **on_duty: float) -> None:
    served.board.engine.readings(
        Readings.of(
            site_id=list(on_duty), observed_at=[at] * len(on_duty), staff_on_duty=list(on_duty.values())
        )
    )
    served.settle()


def scopes(answer: httpx.Response) -> dict[str, Any]:
    return {row["scope"]: row for row in ok(answer)["scopes"]}


def test_what_is_in_force_and_what_each_level_asks(served: Served) -> None:
    staff(served, c1=9, c2=3)
    answer = served.get("/api/v1/duty")
    told = ok(answer)
    assert [level["id"] for level in told["levels"]] == ["I", "II", "III", "IV"]
    assert told["levels"][0]["sounds"] == ["critical", "warning", "notice"]
    rows = scopes(answer)
    assert list(rows) == ["", "900101", "900102"]
    assert (rows[""]["level"], rows[""]["own"], rows[""]["by"]) == ("III", False, None)
    assert rows[""]["staff_required"] == sum(row["staff_required"] for key, row in rows.items() if key)
    assert rows[""]["required_by_level"]["III"] == rows[""]["staff_required"]
    assert (rows["900101"]["staff_on_duty"], rows["900101"]["short_sites"]) == (9, 1)
    assert rows["900101"]["staff_short"] == 3
    assert told["history"] == []


def test_one_order_changes_staff_and_level_at_the_next_step_and_is_in_the_journal(
    served: Served, clock: Clock
) -> None:
    staff(served, c1=9)
    clock.forward(60)
    answer = served.post("/api/v1/duty", json={"scope": "900101", "level": "I", "reason": "节日  加强"})
    row = scopes(answer)["900101"]
    assert (row["level"], row["own"], row["reason"], row["staff_short"]) == ("I", True, "节日 加强", 15)
    served.settle()
    picture = served.board.engine.picture
    rows = served.board.profile.sites.row
    assert [picture.state.staff_required[rows[site]] for site in ("c1", "c2")] == [24, 9]
    assert ok(served.get("/api/v1/sites?scope=900101"))["duty_level"] == "I"
    entries = served.board.engine.store.entries()
    assert [(one.action, one.subject, one.scope) for one in entries] == [("duty.set", "900101", "900101")]
    assert verify(entries) is None
    # As it was a minute before, and followed again.
    before = served.get("/api/v1/duty", params={"at": NOON})
    assert (scopes(before)["900101"]["level"], ok(before)["history"]) == ("III", [])
    back = served.post("/api/v1/duty", json={"scope": "900101", "reason": "结束"})
    assert (scopes(back)["900101"]["level"], scopes(back)["900101"]["own"]) == ("III", False)
    assert [one["level"] for one in ok(back)["history"]] == [None, "I"]


def test_a_county_follows_the_prefecture_until_it_has_its_own(served: Served) -> None:
    for scope, level in (("900102", "II"), ("", "I")):
        answer = served.post("/api/v1/duty", json={"scope": scope, "level": level, "reason": "演练"})
    assert {key: row["level"] for key, row in scopes(answer).items()} == {
        "": "I", "900101": "I", "900102": "II",
    }  # fmt: skip
    served.settle()
    assert served.board.engine.picture.duty_level == "I"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"level": "II"}, 400, "empty-value"),
        ({"level": "II", "reason": "   "}, 400, "empty-value"),
        ({"level": "V", "reason": "x"}, 400, "bad-value"),
        ({"level": 2, "reason": "x"}, 400, "bad-value"),
        ({"level": "II", "reason": "x" * 201}, 400, "bad-value"),
        ({"level": "II", "reason": "找 13812345678"}, 400, "personal-data"),
        ({"level": "II", "reason": "x", "scope": "900109"}, 404, "unknown-scope"),
        ({"level": "II", "reason": "x", "by": "me"}, 400, "bad-value"),
        ({"reason": "x"}, 409, "level-in-force"),
    ],
)
def test_what_cannot_be_ordered_changes_nothing(
    asked: Served, body: dict[str, Any], status: int, kind: str
) -> None:
    problem(asked.post("/api/v1/duty", json=body), status, kind)
    assert asked.board.engine.store.newest_entry() == 0


def test_the_past_is_not_ordered(asked: Served) -> None:
    body = {"level": "II", "reason": "x"}
    problem(asked.post("/api/v1/duty", params={"at": NOON - 60}, json=body), 400, "bad-time")


def test_a_county_orders_for_itself_and_learns_of_nothing_else(
    serve: Callable[..., Served], rostered: Any
) -> None:
    served = serve(rostered, login=True)
    command, county = served.login("command"), served.login("county", scope="900101")
    ok(command.post("/api/v1/duty", json={"level": "II", "reason": "乙县有事"}))
    ok(command.post("/api/v1/duty", json={"scope": "900102", "level": "I", "reason": "乙县查缉"}))
    answer = county.get("/api/v1/duty")
    assert list(scopes(answer)) == ["900101"]
    assert (scopes(answer)["900101"]["level"], ok(answer)["history"]) == ("II", [])
    assert "乙县" not in answer.text
    assert "900102" not in answer.text
    for scope in ("900102", "900109"):
        told = problem(
            county.post("/api/v1/duty", json={"scope": scope, "level": "I", "reason": "x"}),
            404,
            "unknown-scope",
        )
        assert told["counties"] == {"900101": "甲县"}
    # Where a county says no scope it means itself.
    ok(county.post("/api/v1/duty", json={"level": "I", "reason": "集市"}))
    rows = scopes(command.get("/api/v1/duty"))
    assert {key: row["level"] for key, row in rows.items()} == {"": "II", "900101": "I", "900102": "I"}
    assert rows["900101"]["by"] == "county-900101"
    teams = ok(county.get("/api/v1/roster"))
    assert [team["team_id"] for team in teams["teams"]] == ["jia"]
    assert [one["adcode"] for one in teams["counties"]] == ["900101"]
    for role in ("briefing", "administrator"):
        body = {"level": "III", "reason": "x"}
        problem(served.login(role).post("/api/v1/duty", json=body), 403, "no-operate")


def test_who_is_where_now_and_at_a_time_to_come(
    serve: Callable[..., Served], rostered: Any, clock: Clock
) -> None:
    served = serve(rostered)
    staff(served, c1=9)
    now = ok(served.get("/api/v1/roster"))
    assert [(team["state"], team["then"]) for team in now["teams"]] == [("on_post", "standby")] * 2
    assert now["strength"]["on_post"] == {"teams": 2, "people": 22}
    assert datetime.fromisoformat(now["next_change"]).timestamp() == NOON + 3 * 3600
    (short,) = now["short"]
    assert (short["site_id"], short["teams"]) == ("c1", [])
    later = ok(served.get("/api/v1/roster", params={"at": NOON + 4 * 3600}))
    assert later["strength"]["standby"]["people"] == 22
    assert later["short"] == []
    after = ok(served.get("/api/v1/roster", params={"at": NOON + 30 * 3600}))
    assert {team["state"] for team in after["teams"]} == {"unknown"}
    clock.forward(4 * 3600)
    staff(served, at=NOON + 4 * 3600, c1=9)
    (short,) = ok(served.get("/api/v1/roster"))["short"]
    (team,) = short["teams"]
    assert (team["team_id"], team["people"], team["km"]) == ("jia", 3, 0)
    problem(served.get("/api/v1/roster", params={"at": NOON + 400 * 86_400}), 400, "bad-time")
    problem(served.get("/api/v1/roster", params={"at": "soon"}), 400, "bad-time")


def test_a_site_tells_the_level_of_its_county_and_its_teams(
    serve: Callable[..., Served], rostered: Any
) -> None:
    served = serve(rostered)
    before = ok(served.get("/api/v1/sites/c1/details"))
    assert (before["duty_level"], [team["name"] for team in before["roster"]]) == ("III", ["甲县甲班"])
    served.post("/api/v1/duty", json={"scope": "900101", "level": "I", "reason": "x"})
    served.settle()
    assert ok(served.get("/api/v1/sites/c1/details"))["duty_level"] == "I"
    assert ok(served.get("/api/v1/sites/c2/details"))["duty_level"] == "III"
    assert ok(served.get("/api/v1/sites/d1/details"))["roster"] == []


def test_a_profile_without_a_roster_says_so(asked: Served) -> None:
    problem(asked.get("/api/v1/roster"), 404, "no-roster")
