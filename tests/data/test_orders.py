"""What stands of people's orders is a fold of the journal, and the same at any time one asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.journal import Draft, Entry
from data.orders import NONE, Answer, Orders, Where, fold, level_at
from tests.data.places import small


def told(action: str, subject: str, at: int, who: str = "zk-duty", scope: str = "", **detail: Any) -> Entry:
    return Entry(action, subject, who, "duty", scope, detail, at, at)


def ack(at: int, until: int, who: str = "zk-duty", severity: str = "warning") -> Entry:
    return told("alert.ack", "a", at, who, note="on it", until=until, severity=severity)


def test_an_answer_says_who_when_and_until_when() -> None:
    response = fold(NONE, [ack(10, 100)]).responses["a"]
    assert response.answer == Answer("zk-duty", "duty", 10, "on it", 100, "warning")
    assert (response.answered_at, response.lapsed_at) == (10, None)


def test_the_last_answer_stands_and_the_first_time_stays() -> None:
    response = fold(NONE, [ack(10, 100), ack(50, 200, "yx-duty")]).responses["a"]
    assert response.answer is not None
    assert (response.answer.by, response.answer.until) == ("yx-duty", 200)
    assert (response.answered_at, response.lapsed_at) == (10, None)


def test_what_ran_out_before_the_next_answer_is_remembered() -> None:
    assert fold(NONE, [ack(10, 100), ack(150, 300)]).responses["a"].lapsed_at == 100


def test_an_answer_taken_back_asks_from_then_on() -> None:
    response = fold(NONE, [ack(10, 100), told("alert.unack", "a", 60)]).responses["a"]
    assert (response.answer, response.answered_at, response.lapsed_at) == (None, 10, 60)
    late = fold(NONE, [ack(10, 100), told("alert.unack", "a", 160)]).responses["a"]
    assert late.lapsed_at == 100  # it had run out before
    never = fold(NONE, [told("alert.unack", "a", 60)]).responses["a"]
    assert (never.answer, never.lapsed_at) == (None, None)


def test_setting_out_and_arriving_count_once() -> None:
    entries = [
        told("alert.sent", "a", 20, "one"), told("alert.sent", "a", 30, "two"),
        told("alert.arrived", "a", 40, "three"), told("alert.arrived", "a", 50, "four"),
    ]  # fmt: skip
    response = fold(NONE, entries).responses["a"]
    assert (response.sent_at, response.sent_by) == (20, "one")
    assert (response.arrived_at, response.arrived_by) == (40, "three")


def test_a_silence_ends_early_and_never_late() -> None:
    where = {"lines": ["third"], "sites": ["c1"]}
    add = told(
        "silence.add", "s1", 10, scope="900101", kind="closure", reason="road works", start=100, end=500,
        where=where,
    )  # fmt: skip
    silence = fold(NONE, [add]).silences["s1"]
    assert (silence.kind, silence.scope, silence.reason) == ("closure", "900101", "road works")
    assert silence.where == Where(lines=("third",), sites=("c1",))
    assert [silence.holds(at) for at in (99, 100, 499, 500)] == [False, True, True, False]
    ended = fold(NONE, [add, told("silence.end", "s1", 200)]).silences["s1"]
    assert [ended.holds(at) for at in (199, 200)] == [True, False]
    assert fold(NONE, [add, told("silence.end", "s1", 900)]).silences["s1"].end == 500
    assert not fold(NONE, [add, told("silence.end", "s1", 50)]).silences["s1"].holds(100)
    assert not fold(NONE, [told("silence.end", "s2", 50)]).silences


@pytest.mark.parametrize(
    ("ordered", "prefecture", "county"),
    [
        ({}, "III", "III"),
        ({"": "I"}, "I", "I"),
        ({"900101": "I"}, "III", "I"),
        ({"": "II", "900101": "I"}, "II", "I"),
        ({"900101": "I", "": "II"}, "II", "I"),
        ({"": "gone"}, "III", "III"),
    ],
    ids=["nothing", "prefecture", "county", "both", "in-either-order", "gone"],
)
def test_a_county_follows_the_prefecture_unless_ordered_otherwise(
    ordered: dict[str, str], prefecture: str, county: str
) -> None:
    entries = [told("duty.set", scope, 1, level=level, reason="drill") for scope, level in ordered.items()]
    orders = fold(NONE, entries)
    assert (level_at(small(), orders), level_at(small(), orders, "900101")) == (prefecture, county)
    followed = fold(orders, [told("duty.set", "900101", 9, level="", reason="over")])
    assert level_at(small(), followed, "900101") == prefecture


ACTIONS = st.sampled_from(
    ["alert.ack", "alert.unack", "alert.sent", "alert.arrived", "silence.end", "export"]
)


@given(st.lists(st.tuples(ACTIONS, st.sampled_from(["a", "b"]), st.integers(1, 9)), max_size=20))
def test_folding_in_parts_is_folding_at_once(steps: list[tuple[str, str, int]]) -> None:
    entries, at = [], 0
    for action, subject, pause in steps:
        at += pause
        entries.append(told(action, subject, at, until=at + 5, note="", severity="notice"))
    whole = fold(NONE, entries)
    parts: Orders = NONE
    for entry in entries:
        parts = fold(parts, [entry])
    assert parts == whole


def test_what_is_not_touched_stays_the_same_value() -> None:
    orders = fold(NONE, [ack(10, 100)])
    after = fold(orders, [told("duty.set", "", 20, level="I", reason="")])
    assert after.responses is orders.responses
    assert fold(orders, [Entry("export", "brief", seq=3, at=3)]).responses is orders.responses
    assert Draft("export", "brief").who == ""
