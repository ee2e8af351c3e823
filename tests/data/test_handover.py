"""What a shift hands over, and the two signatures under it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import orjson
import pytest

from data.county import county_profile
from data.handover import MOST, digest_of, facts_of, teams
from data.handover import Shift as Span
from data.journal import Entry
from data.orders import NONE, Answer, Orders, Response, Silence, Where, fold
from data.picture import Alert, Picture
from data.planned import AHEAD_S, planned
from data.roster import Roster, Shift, Team
from data.signoff import OPEN_S, Handover, handovers, last_end
from data.store.base import Alerted
from tests.data.places import NOON, every, picture_of, small, view_of

START = NOON - 8 * 3600
WAIT = f"wait_over_30:c1:{NOON - 900}"
OTHER = f"wait_over_30:c2:{NOON - 600}"


def alert(alert_id: str, site: str, county: str, **more: Any) -> Alert:
    plain = Alert(
        alert_id, "wait_over_30", "site", site, "third", county, "warning", "firing", NOON - 900, NOON - 840,
        45.0, False, NOON - 840,
    )  # fmt: skip
    return replace(plain, **more)


def alerted(alert_id: str, site: str, **more: Any) -> Alerted:
    plain = Alerted(alert_id, "wait_over_30", "site", site, "warning", "firing", NOON - 900, NOON - 840)
    return replace(plain, **more)


def entry(
    seq: int, action: str, subject: str, at: int, who: str = "zk-duty", scope: str = "", **detail: Any
) -> Entry:
    return Entry(action, subject, who, "command", scope, detail, seq, at, f"{seq:064x}")


def picture(*alerts: Alert, wait: float = 12.0) -> Picture:
    profile = small()
    readings = every(
        profile, NOON, wait_min=[wait] * len(profile.sites), staff_on_duty=[9] * len(profile.sites)
    )
    made = picture_of(profile, view_of(profile, NOON, [readings]))
    return replace(made, alerts=alerts, profile=profile)


def facts(*alerts: Alert, orders: Orders = NONE, **shift: Any) -> dict[str, Any]:
    return facts_of(picture(*alerts), orders, Span(START, NOON, **shift))


def test_open_alerts_are_told_with_who_looks_after_them() -> None:
    answer = Answer("zk-duty", "command", NOON - 800, "已加开车道", NOON + 600, "warning")
    told = facts(
        alert(WAIT, "c1", "900101", state="acknowledged", answer=answer, sent_at=NOON - 700),
        alert(OTHER, "c2", "900102"),
        alert("p", "c1", "900101", state="pending", fired_at=None),
        alert("h", "c1", "900101", hidden_by="silence:s1"),
    )
    first, second = told["open"]["rows"]
    assert (first["id"], first["county"], first["state"]) == (WAIT, "甲县", "acknowledged")
    assert first["answer"] == {
        "by": "zk-duty", "role": "command", "at": NOON - 800, "until": NOON + 600, "note": "已加开车道",
        "holds": True,
    }  # fmt: skip
    assert (first["sent_at"], first["arrived_at"]) == (NOON - 700, None)
    assert (second["id"], second["answer"]) == (OTHER, None)
    assert set(first["what"]) == set(small().spec.languages)
    assert "45" in first["what"]["en"]
    counted = told["counts"]
    assert (counted["open"], counted["unanswered"], counted["hidden"]) == (2, 1, 1)


def test_what_was_answered_is_told_with_author_times_and_end() -> None:
    acks = [
        entry(4, "alert.ack", WAIT, NOON - 820, note="first", until=NOON),
        entry(6, "alert.ack", WAIT, NOON - 100, "yx-duty", note="again", until=NOON),
        entry(7, "alert.ack", "gone:x:1", NOON - 90, until=NOON),
        entry(8, "alert.sent", WAIT, NOON - 60),
    ]
    told = facts(
        entries=acks,
        alerts=[alerted(WAIT, "c1", resolved_at=NOON - 30)],
        responses=fold(NONE, acks).responses,
    )
    (row,) = told["answered"]["rows"]
    assert (row["by"], row["note"], row["at"]) == ("zk-duty", "first", NOON - 820)
    assert (row["sent_at"], row["arrived_at"], row["resolved_at"]) == (NOON - 60, None, NOON - 30)
    assert row["name"] == small().sites.name[small().sites.row["c1"]]


@pytest.mark.parametrize(
    ("response", "resolved", "expected"),
    [
        (Response(answered_at=NOON - 840 + 60), None, (1, 1)),
        (Response(answered_at=NOON - 840 + 61), None, (1, 0)),
        (Response(), None, (1, 0)),
        (Response(), NOON - 840 + 59, (0, 0)),
        (Response(), NOON - 840 + 60, (0, 0)),
        (Response(), NOON - 840 + 61, (1, 0)),
        (Response(answered_at=NOON - 840 + 30), NOON - 840 + 40, (1, 1)),
    ],
    ids=["in-time", "a-second-late", "never", "over-before", "over-then", "over-after", "answered-and-over"],
)
def test_an_answer_counts_when_its_minute_was_up_or_it_was_given(
    response: Response, resolved: int | None, expected: tuple[int, int]
) -> None:
    told = facts(alerts=[alerted(WAIT, "c1", resolved_at=resolved)], responses={WAIT: response})
    step = told["counts"]["steps"][0]
    assert (step["step"], step["minutes"]) == ("answered", 1)
    assert (step["due"], step["kept"]) == expected
    assert told["counts"]["fired"] == 1
    assert told["counts"]["by_severity"] == {"critical": 0, "warning": 1, "notice": 0}


def test_only_what_fired_in_the_span_counts() -> None:
    alerts = [
        alerted("a", "c1", fired_at=START - 1), alerted("b", "c1", fired_at=START),
        alerted("c", "c1", fired_at=None), alerted("d", "c1", fired_at=START - 1, resolved_at=NOON),
        alerted("e", "c1", fired_at=NOON),
    ]  # fmt: skip
    counted = facts(alerts=alerts)["counts"]
    assert (counted["fired"], counted["resolved"]) == (1, 1)


def test_orders_of_the_shift_are_told_as_they_stand_in_the_journal() -> None:
    made = [
        entry(1, "duty.set", "", NOON - 500, level="II", reason="节日"),
        entry(2, "alert.sent", WAIT, NOON - 400),
        entry(3, "silence.end", "s1", NOON - 300),
    ]
    assert [(row["seq"], row["action"]) for row in facts(entries=made)["orders"]["rows"]] == [
        (1, "duty.set"),
        (3, "silence.end"),
    ]


def silence(name: str, start: int, end: int, **more: Any) -> Silence:
    return replace(Silence(name, "closure", "zk-duty", NOON - 50, "桥梁检修", start, end), **more)


def test_what_is_planned_for_the_next_day_is_told_by_when_it_begins() -> None:
    left = [
        silence("s1", NOON + 3600, NOON + 7200, where=Where(sites=("c1",))),
        silence("s2", NOON - 3600, NOON + 60, kind="silence"),
        silence("s3", NOON - 3600, NOON),
        silence("s4", NOON + AHEAD_S + 1, NOON + AHEAD_S + 2),
    ]
    rows = planned(small(), Orders(silences={one.id: one for one in left}), NOON)
    assert [(row["name"], row["kind"]) for row in rows] == [("s2", "silence"), ("s1", "closure")]
    assert rows[1]["where"] == [small().sites.name[small().sites.row["c1"]]]
    assert (rows[1]["by"], rows[1]["reason"]) == ("zk-duty", "桥梁检修")


def test_a_county_is_told_nothing_of_what_is_planned_elsewhere() -> None:
    profile = county_profile(small(), "900101")
    left = [
        silence("s1", NOON, NOON + 60, where=Where(sites=("c2",))),
        silence("s2", NOON, NOON + 60, scope="900102"),
        silence("s3", NOON, NOON + 60, scope="900101", where=Where(sites=("c1",))),
    ]
    rows = planned(profile, Orders(silences={one.id: one for one in left}), NOON, "900101")
    assert [row["name"] for row in rows] == ["s3"]


def test_long_lists_are_cut_and_say_so() -> None:
    told = facts(*(alert(f"{WAIT}{n}", "c1", "900101") for n in range(MOST + 7)))["open"]
    assert (len(told["rows"]), told["left_off"]) == (MOST, 7)


def test_the_slowest_sites_come_first_and_those_without_a_wait_not_at_all() -> None:
    told = facts_of(picture(wait=31.0), NONE, Span(START, NOON))["slowest"]
    assert [row["wait_min"] for row in told] == [31] * min(5, len(small().sites))
    assert facts_of(picture(wait=0.0), NONE, Span(START, NOON))["slowest"] == []


def test_the_facts_are_the_same_after_a_way_through_json() -> None:
    told = facts(alert(WAIT, "c1", "900101"), simulated=True)
    again = json.loads(orjson.dumps(told))
    assert again == told
    assert digest_of(again) == digest_of(told)
    assert digest_of(again | {"note": "other"}) != digest_of(told)
    assert told["simulated"] is True


# ---- signatures ------------------------------------------------------------------------------------

FACTS = {"version": 1, "start": START, "end": NOON}
DIGEST = digest_of(FACTS)


def sign(seq: int, side: str, who: str, at: int = NOON + 60, **detail: Any) -> Entry:
    return entry(seq, "handover.sign", "h1", at, who, **{"side": side, "digest": DIGEST, **detail})


def after(*entries: Entry) -> Handover:
    return handovers([entry(1, "handover.draft", "h1", NOON, **FACTS), *entries])["h1"]


def test_two_accounts_sign_and_the_head_is_the_last_signature() -> None:
    draft = after()
    assert (draft.digest, draft.head, draft.complete) == (DIGEST, (1, f"{1:064x}"), False)
    one = after(sign(2, "outgoing", "zk-duty"))
    assert [one.complete, one.signed("outgoing") is not None] == [False, True]
    both = after(sign(2, "outgoing", "zk-duty"), sign(5, "incoming", "yx-duty"))
    assert both.complete
    assert both.head == (5, f"{5:064x}")
    assert last_end([both], "") == NOON
    assert last_end([one], "") is None
    assert last_end([both], "900101") is None


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (sign(3, "incoming", "zk-duty"), "same-account"),
        (sign(3, "outgoing", "yx-duty"), "side-signed"),
        (sign(3, "incoming", "yx-duty", digest="0" * 64), "other-digest"),
        (sign(3, "incoming", "yx-duty", at=NOON + OPEN_S + 1), "draft-old"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_signature_that_may_not_be_changes_nothing(second: Entry, why: str) -> None:
    from data.signoff import signature_of

    first = after(sign(2, "outgoing", "zk-duty"))
    assert first.refusal(signature_of(second), str(second.detail["digest"])) == why
    assert after(sign(2, "outgoing", "zk-duty"), second) == first


def test_where_nobody_logs_in_the_posts_tell_the_two_apart() -> None:
    first = sign(2, "outgoing", "", post="指挥长岗")
    assert not after(first, sign(3, "incoming", "", post=" 指挥长岗 ")).complete
    assert after(first, sign(3, "incoming", "", post="值班岗")).complete
    assert not after(sign(2, "outgoing", "", post="Duty"), sign(3, "incoming", "", post="duty")).complete


def test_a_signature_of_another_scope_or_of_no_draft_is_none() -> None:
    assert handovers([sign(2, "outgoing", "zk-duty")]) == {}
    foreign = replace(sign(2, "outgoing", "zk-duty"), scope="900101")
    assert after(foreign).signatures == ()
    assert after(entry(2, "handover.draft", "h1", NOON, other=1)) == after()


def test_the_teams_are_told_as_they_stand_and_after_the_next_change() -> None:
    def team(name: str, people: int) -> Team:
        return Team(name, f"{name}组", people)

    shifts = (
        Shift("a", "on_post", 0, 12 * 3600 + 60, 86_400), Shift("a", "rest", 12 * 3600 + 60, 86_400, 86_400),
        Shift("b", "standby", 0, 86_400, 86_400),
    )  # fmt: skip
    told = teams(replace(small(), roster=Roster((team("a", 6), team("b", 4), team("c", 2)), shifts)), NOON)
    assert told is not None
    rows = {name: {row["state"]: row["names"] for row in told[name]} for name in ("now", "next")}
    assert rows["now"] == {"on_post": ["a组"], "standby": ["b组"], "rest": [], "": ["c组"]}
    assert rows["next"] == {"on_post": [], "standby": ["b组"], "rest": ["a组"], "": ["c组"]}
    assert told["next_at"] == NOON + 60
    assert [row["people"] for row in told["now"]] == [6, 4, 0, 2]
    assert teams(replace(small(), roster=None), NOON) is None
