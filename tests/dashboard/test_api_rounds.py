"""Rounds over HTTP: who is due, a look that is kept, what is refused, and the day's findings."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.data.walking import OVERDUE, SHIFT, look, walking
from tests.serving import Clock, Served

DUE = NOON - 3 * 3600 - 1800
"""08:30; by 10:30 every site is to be looked at."""


@pytest.fixture
def rounds(serve: Callable[..., Served], profile: Any, clock: Clock) -> Served:
    """A board at 09:00, half an hour into the round."""
    clock.now = DUE - 60
    served = serve(walking(of=profile))
    clock.now = DUE + 1800
    served.settle()
    return served


def seen(served: Served, site: str = "c1", **more: Any) -> Any:
    (round_,) = ok(served.get("/api/v1/rounds"))["rounds"]
    body = {"site_id": site, "round": "shift", "due_at": round_["due_at"], "result": "seen"} | more
    return served.post(
        "/api/v1/rounds", json={name: value for name, value in body.items() if value is not None}
    )


def states(served: Served, **query: str) -> dict[str, str]:
    told = ok(served.get("/api/v1/rounds", params=query))
    return {one["site_id"]: one["state"] for one in told["sites"]}


def test_a_look_is_kept_and_the_list_says_so(rounds: Served) -> None:
    assert states(rounds) == dict.fromkeys(("c1", "c2", "c3"), "due")
    kept = ok(seen(rounds, findings=["device", "dress"], note="  第一 车道\n封闭 "))["look"]
    assert (kept["findings"], kept["note"], kept["by"]) == (["dress", "device"], "第一 车道 封闭", "")
    assert states(rounds) == {"c1": "done", "c2": "due", "c3": "due"}
    told = ok(rounds.get("/api/v1/rounds"))
    assert told["sites"][0]["look"] == kept
    assert {name: told["rounds"][0][name] for name in ("asked", "done", "due", "overdue")} == {
        "asked": 3, "done": 1, "due": 2, "overdue": 0,
    }  # fmt: skip
    assert [one["id"] for one in ok(rounds.get("/api/v1/sites/c1/looks"))["looks"]] == [kept["id"]]


def test_the_list_is_cut_by_scope_round_state_and_day(rounds: Served) -> None:
    assert states(rounds, scope="900101") == {"c1": "due"}
    assert states(rounds, state="done") == {}
    assert states(rounds, round="shift", state="due").keys() == {"c1", "c2", "c3"}
    day = ok(rounds.get("/api/v1/rounds", params={"day": "2026-06-03"}))
    assert sorted({one["state"] for one in day["sites"]}) == ["due", "upcoming"]
    assert day["rounds"][0]["asked"] == 6, "the turn of 00:30 was over before the round began"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("round=nosuch", "bad-value"), ("state=nosuch", "bad-value"), ("day=nosuch", "bad-time"),
        ("day=2999-01-01", "bad-time"), ("scope=nosuch", "unknown-scope"), ("rnd=shift", "unknown-parameter"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(rounds: Served, query: str, kind: str) -> None:
    problem(rounds.get(f"/api/v1/rounds?{query}"), 404 if kind == "unknown-scope" else 400, kind)


def test_the_same_look_again_is_kept_once_and_another_one_is_not_kept(rounds: Served) -> None:
    first = ok(seen(rounds))["look"]
    assert ok(seen(rounds))["look"] == first, "the answer was lost, and the page asks again"
    told = problem(seen(rounds, findings=["dress"]), 409, "already-seen")
    assert told["look"] == first


def test_of_many_at_once_one_is_kept(rounds: Served) -> None:
    due_at = ok(rounds.get("/api/v1/rounds"))["rounds"][0]["due_at"]
    body = {"site_id": "c1", "round": "shift", "due_at": due_at, "result": "seen"}

    def send(note: str) -> int:
        return rounds.post("/api/v1/rounds", json=body | {"note": note}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(send, [f"desk {n}" for n in range(8)]))
    assert sorted(codes) == [200] + [409] * 7
    assert len(ok(rounds.get("/api/v1/sites/c1/looks"))["looks"]) == 1


def test_a_correction_takes_the_place_of_the_look(rounds: Served, clock: Clock) -> None:
    first = ok(seen(rounds))["look"]
    clock.forward(600)
    kept = ok(
        rounds.post("/api/v1/rounds", json={"replaces": first["id"], "result": "no_picture", "note": "黑屏"})
    )["look"]
    assert (kept["replaces"], kept["seen_at"], kept["site_id"]) == (first["id"], first["seen_at"], "c1")
    assert kept["recorded_at"] > first["recorded_at"]
    assert [one["id"] for one in ok(rounds.get("/api/v1/sites/c1/looks"))["looks"]] == [kept["id"]]
    again = rounds.post("/api/v1/rounds", json={"replaces": first["id"], "result": "seen"})
    assert problem(again, 409, "already-seen")["look"]["id"] == kept["id"]
    problem(rounds.post("/api/v1/rounds", json={"replaces": 99, "result": "seen"}), 404, "unknown-look")


def test_a_look_outside_the_rota_counts_for_no_turn(rounds: Served) -> None:
    body = {"site_id": "c1", "result": "seen", "findings": ["off_post"]}
    kept = ok(rounds.post("/api/v1/rounds", json=body))["look"]
    assert ok(rounds.post("/api/v1/rounds", json=body))["look"] == kept
    assert states(rounds)["c1"] == "due"
    assert [one["site_id"] for one in ok(rounds.get("/api/v1/findings"))["found"]] == ["c1"]


def test_a_turn_that_is_over_or_not_begun_takes_no_look(rounds: Served, clock: Clock) -> None:
    problem(seen(rounds, due_at="2026-06-03T16:30:00+08:00"), 409, "not-due")
    due_at = ok(rounds.get("/api/v1/rounds"))["rounds"][0]["due_at"]
    clock.now = DUE + 8 * 3600
    rounds.settle()
    problem(seen(rounds, due_at=due_at), 409, "not-due")
    problem(seen(rounds, site="d1"), 409, "not-due")


@pytest.mark.parametrize(
    ("body", "status", "kind", "where"),
    [
        ({"site_id": "nosuch"}, 404, "unknown-site", "site_id"),
        ({"round": "nosuch"}, 400, "bad-value", "round"),
        ({"due_at": "noon"}, 400, "bad-time", "due_at"),
        ({"result": "fine"}, 400, "bad-value", "result"),
        ({"result": None}, 400, "bad-value", "result"),
        ({"findings": "dress"}, 400, "bad-value", "findings"),
        ({"findings": ["nosuch"]}, 400, "bad-value", "findings"),
        ({"findings": [{}]}, 400, "bad-value", "findings"),
        ({"note": "x" * 201}, 400, "bad-value", "note"),
        ({"note": 5}, 400, "bad-value", "note"),
        ({"by": "somebody"}, 400, "bad-value", "by"),
        ({"replaces": "1"}, 400, "bad-value", "replaces"),
        ({"note": "联系 13812345678"}, 400, "personal-data", "note"),
        ({"note": "车牌云A12345"}, 400, "personal-data", "note"),
        ({"note": "530924 19900307 451X"}, 400, "personal-data", "note"),
    ],
)
def test_what_is_wrong_with_a_look_is_said_with_its_field(
    rounds: Served, body: dict[str, Any], status: int, kind: str, where: str
) -> None:
    told = problem(seen(rounds, **body), status, kind)
    assert told.get("parameter", "") == where
    assert states(rounds)["c1"] == "due", "nothing was kept"


@pytest.mark.parametrize(
    ("note", "english", "chinese"),
    [
        ("13812345678", "a mobile number", "手机号码"), ("云A12345", "a number plate", "车牌号码"),
        ("530924199003074518", "an identity number", "证件号码"),
    ],
)  # fmt: skip
def test_personal_data_is_named_and_never_repeated(
    rounds: Served, note: str, english: str, chinese: str
) -> None:
    for lang, word in (("en", english), ("zh-CN", chinese)):
        due_at = ok(rounds.get("/api/v1/rounds"))["rounds"][0]["due_at"]
        body = {"site_id": "c1", "round": "shift", "due_at": due_at, "result": "seen", "note": f"x {note}"}
        answer = rounds.post(f"/api/v1/rounds?lang={lang}", json=body)
        assert word in problem(answer, 400, "personal-data")["detail"]
        assert note not in answer.text


def test_a_body_that_is_none_of_ours_is_refused(rounds: Served) -> None:
    json_type = {"Content-Type": "application/json"}
    problem(rounds.post("/api/v1/rounds", content=b"{", headers=json_type), 400, "unreadable")
    problem(rounds.post("/api/v1/rounds", content=b"[]", headers=json_type), 400, "unreadable")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    problem(rounds.post("/api/v1/rounds", content=b"site_id=c1", headers=form), 415, "wrong-media-type")
    problem(rounds.post("/api/v1/rounds", content=b" " * 20_000, headers=json_type), 413, "too-large")
    strange = {"Content-Type": "application/json", "Origin": "https://elsewhere.example"}
    problem(rounds.post("/api/v1/rounds", content=b"{}", headers=strange), 403, "foreign-origin")


def test_a_late_look_is_an_alert_and_a_look_ends_it(rounds: Served, clock: Clock) -> None:
    clock.now = NOON
    rounds.settle()
    assert states(rounds) == dict.fromkeys(("c1", "c2", "c3"), "overdue")

    def late() -> set[str]:
        told = ok(rounds.get("/api/v1/alerts", params={"lang": "en"}))["alerts"]
        return {one["site_id"] for one in told if one["rule"] == OVERDUE}

    assert late() == {"c1", "c2", "c3"}
    told = ok(seen(rounds))["look"]
    rounds.settle()
    assert told["site_id"] == "c1"
    assert late() == {"c2", "c3"}
    (mine,) = [one for one in ok(rounds.get("/api/v1/rounds"))["sites"] if one["site_id"] == "c1"]
    assert (mine["state"], mine["late"]) == ("done", True)


def test_a_past_time_is_as_it_was_known_then(rounds: Served, clock: Clock) -> None:
    clock.now = NOON
    rounds.settle()
    ok(seen(rounds))
    clock.forward(60)
    rounds.settle()
    assert states(rounds)["c1"] == "done"
    assert states(rounds, at=str(NOON - 1))["c1"] == "overdue"
    assert states(rounds, at=str(DUE + 60))["c1"] == "due"


def test_a_profile_without_rounds_has_none(asked: Served) -> None:
    for path in ("rounds", "findings", "sites/c1/looks"):
        problem(asked.get(f"/api/v1/{path}"), 404, "no-rounds")
    problem(asked.post("/api/v1/rounds", json={}), 404, "no-rounds")


class TestFindings:
    """The bulletin of a day."""

    @pytest.fixture
    def found(self, rounds: Served, clock: Clock) -> Served:
        days = [
            look("c2", DUE - day * 86_400, DUE - day * 86_400 + 60, findings=("dress",)) for day in (1, 2)
        ]
        rounds.board.engine.looks(days)
        ok(seen(rounds, "c1", findings=["off_post", "device"], note="=1+1"))
        ok(seen(rounds, "c2", findings=["dress"]))
        ok(seen(rounds, "c3", result="not_reachable"))
        return rounds

    def test_it_lists_what_was_found_by_county_with_repeats(self, found: Served) -> None:
        told = ok(found.get("/api/v1/findings", params={"lang": "en"}))
        assert [(one["site_id"], one["severity"], one["what"]) for one in told["found"]] == [
            ("c1", "critical", ["Off post", "Broken"]),
            ("c2", "warning", ["Dress"]),
            ("c3", "notice", ["Not reachable"]),
        ]
        assert [(one["site_id"], one["what"], one["times"]) for one in told["again"]] == [("c2", "dress", 3)]
        assert told["counts"] == {"asked": 3, "done": 3, "in_time": 3, "late": 0, "missed": 0, "open": 0}
        assert {one["county"]: one["found"] for one in told["counties"]} == {"900101": 1, "900102": 2}

    def test_the_text_stands_in_both_languages(self, found: Served) -> None:
        chinese = ok(found.get("/api/v1/findings", params={"lang": "zh-CN"}))["text"]
        assert "2026年6月3日" in chinese
        assert "全域应巡查 3 站次，已巡查 3 站次" in chinese
        assert "甲城检查站：人员脱岗、设备故障。情况说明：=1+1。" in chinese
        assert "乙城检查站（乙县）：着装不规范，7 日内 3 次。" in chinese
        english = ok(found.get("/api/v1/findings", params={"lang": "en"}))["text"]
        assert "甲城检查站: Off post; Broken. Note: =1+1." in english

    def test_another_day_and_another_county_have_their_own(self, found: Served) -> None:
        told = ok(found.get("/api/v1/findings", params={"day": "2026-06-02"}))
        assert [one["site_id"] for one in told["found"]] == ["c2"]
        told = ok(found.get("/api/v1/findings", params={"scope": "900101", "lang": "zh-CN"}))
        assert [one["site_id"] for one in told["found"]] == ["c1"]
        assert "乙" not in told["text"]
        problem(found.get("/api/v1/findings?day=2026-06-04"), 400, "bad-time")
        problem(found.get("/api/v1/findings?format=xlsx"), 400, "bad-value")

    def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(self, found: Served) -> None:
        answer = found.get("/api/v1/findings", params={"format": "csv", "lang": "en"})
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert 'filename="findings-2026-06-03.csv"' in answer.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row["site_id"] for row in rows] == ["c1", "c2", "c3"]
        assert (rows[0]["note"], rows[0]["findings"], rows[0]["time"]) == (
            "'=1+1",
            "Off post；Broken",
            "09:00:00",
        )

    def test_made_up_looks_are_told_as_such(self, rounds: Served) -> None:
        rounds.board.engine.looks([look("c1", DUE, DUE + 60, findings=("dress",), simulated=True)])
        told = ok(rounds.get("/api/v1/findings", params={"lang": "zh-CN"}))
        assert told["simulated"]
        assert "含模拟数据" in told["text"]
        assert "SIMULATED" in rounds.get("/api/v1/findings?format=csv").text


def test_what_was_missed_is_named(rounds: Served, clock: Clock) -> None:
    ok(seen(rounds, "c1"))
    clock.now = DUE + 8 * 3600
    rounds.settle()
    told = ok(rounds.get("/api/v1/findings", params={"lang": "zh-CN"}))
    assert [one["site_id"] for one in told["missed"]] == ["c2", "c3"]
    assert (told["counts"]["missed"], told["counts"]["open"]) == (2, 3)
    assert "乙城检查站（乙县）" in told["text"]


def test_a_round_whose_sites_are_gone_still_answers(rounds: Served) -> None:
    ok(seen(rounds))
    nothing = walking({**SHIFT, "where": {"sites": ["d1"]}}, of=rounds.board.profile)
    rounds.board.engine.adopt(replace(nothing))
    assert states(rounds) == {"d1": "due"}
    assert ok(rounds.get("/api/v1/findings"))["counts"]["asked"] >= 1
