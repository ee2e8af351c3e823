"""What rules may look at and when: levels, steps, conditions, hours, and every kind of target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data.balance import expected_m, imbalance
from data.baseline import Usual
from data.build import Look, look
from data.facts import COLUMNS
from data.in_force import in_force
from data.metrics import METRICS, SCOPES
from data.opened import target_of
from data.orders import LevelOrder, Orders
from data.picture import SEVERITIES
from data.profile import Profile
from data.spec_rules import BalanceSpec, WhenSpec
from data.targets import targets_of
from tests.data.places import NOON, every, fence, one, remember, small
from tests.data.test_rules import with_rules


def saw(
    rule: dict[str, Any],
    *rows: Any,
    at: int = NOON,
    reports: Any = (),
    profile: Profile | None = None,
    **more: Any,
) -> tuple[Look, dict[str, int]]:
    """What a rule `r` saw, and the row of each of its targets."""
    place = profile or with_rules({"id": "r", **rule})
    view = look(place, *remember(place, rows, reports), at, **more)
    return view, targets_of(place)[target_of(place.spec.rules[0])].row


def holding(rule: dict[str, Any], *rows: Any, **more: Any) -> set[str]:
    """Where a rule holds."""
    view, row = saw(rule, *rows, **more)
    return {name for name, at in row.items() if view.seen["r"].holds[at]}


def test_every_metric_is_read_and_every_target_has_its_scopes() -> None:
    assert COLUMNS.keys() == METRICS.keys()
    assert {metric.target for metric in METRICS.values()} == SCOPES.keys()
    for name in METRICS:
        view, row = saw({"metric": name, "threshold": 0})
        assert len(view.seen["r"].value) == len(row), name


def test_a_threshold_follows_the_duty_level_of_the_sites_county() -> None:
    rule = {"metric": "wait_min", "threshold": 30, "clear": 25, "by_level": {"I": 20, "IV": 50}}
    rows = [one("c1", NOON, wait_min=22), one("c2", NOON, wait_min=22), one("c3", NOON, wait_min=55)]
    assert holding(rule, *rows) == {"c3"}
    orders = Orders(levels={"900101": LevelOrder("I", "zk-duty", NOON, "")})
    assert holding(rule, *rows, orders=orders) == {"c1", "c3"}
    everywhere = Orders(levels={"": LevelOrder("IV", "zk-duty", NOON, "")})
    assert holding(rule, *rows, orders=everywhere) == {"c3"}
    # The clearing threshold moves by as much.
    view, row = saw(rule, one("c1", NOON, wait_min=16), orders=orders)
    assert not view.seen["r"].clears[row["c1"]]
    view, row = saw(rule, one("c1", NOON, wait_min=15), orders=orders)
    assert view.seen["r"].clears[row["c1"]]


def test_steps_make_an_alert_graver_from_there_on() -> None:
    steps = [{"threshold": 45, "severity": "warning"}, {"threshold": 60, "severity": "critical"}]
    rule = {"metric": "wait_min", "threshold": 30, "steps": steps}
    rows = [one(site, NOON, wait_min=value) for site, value in (("c1", 40), ("c2", 46), ("c3", 61))]
    view, row = saw(rule, *rows)
    grade = view.seen["r"].grade
    assert grade is not None
    assert [SEVERITIES[grade[row[site]]] for site in ("c1", "c2", "c3")] == ["notice", "warning", "critical"]


@pytest.mark.parametrize(
    ("queue", "closed", "holds", "clears", "known"),
    [
        (300.0, 2, True, False, True),
        (100.0, 2, False, True, True),
        (300.0, 0, False, True, True),
        (np.nan, 2, False, False, False),  # it cannot be said
        (np.nan, 0, False, True, True),  # whatever the queue
    ],
)
def test_what_is_given_must_hold_too_and_what_is_not_known_is_not_guessed(
    queue: float, closed: int, holds: bool, clears: bool, known: bool
) -> None:
    rule = {
        "metric": "lanes_closed", "op": ">=", "threshold": 1,
        "given": [{"metric": "queue_m", "threshold": 250}],
    }  # fmt: skip
    total = small().sites.lanes_total[small().sites.row["c1"]]
    view, row = saw(rule, one("c1", NOON, queue_m=queue, lanes_open=total - closed))
    seen, at = view.seen["r"], row["c1"]
    assert (bool(seen.holds[at]), bool(seen.known[at])) == (holds, known)
    assert not known or bool(seen.clears[at]) == clears


# NOON is 2026-09-23 12:00 in Asia/Shanghai, a Wednesday.
@pytest.mark.parametrize(
    ("when", "hours_later", "meant"),
    [
        ({}, 0, True),
        ({"months": [9, 10]}, 0, True),
        ({"months": [10]}, 0, False),
        ({"weekdays": ["wed"]}, 0, True),
        ({"weekdays": ["sat", "sun"]}, 0, False),
        ({"hours": ["07:00-12:00"]}, 0, False),
        ({"hours": ["07:00-10:00", "12:00-13:00"]}, 0, True),
        ({"hours": ["22:00-06:00"]}, 0, False),
        ({"hours": ["22:00-06:00"]}, 11, True),
        ({"hours": ["22:00-06:00"]}, 17, True),
        ({"hours": ["22:00-06:00"]}, 18, False),
        ({"hours": ["22:00-06:00"], "weekdays": ["wed"]}, 15, True),  # Thursday at three, begun on Wednesday
        ({"hours": ["22:00-06:00"], "weekdays": ["thu"]}, 15, False),
        ({"hours": ["20:00-24:00"]}, 11, True),
        ({"hours": ["20:00-24:00"]}, 12, False),
    ],
)
def test_a_rule_is_in_force_by_the_profiles_clocks(
    when: dict[str, Any], hours_later: int, meant: bool
) -> None:
    at = NOON + hours_later * 3600
    assert in_force(WhenSpec.model_validate(when), at, small().zone) == meant
    view, row = saw({"metric": "wait_min", "threshold": 30, "when": when}, one("c1", at, wait_min=45), at=at)
    looks = view.seen["r"].looks
    assert looks is not None
    assert bool(view.seen["r"].holds[row["c1"]]) == meant == bool(looks[row["c1"]])


def test_a_rule_may_name_sites_and_fences() -> None:
    rows = [every(small(), NOON, wait_min=45)]
    assert holding({"metric": "wait_min", "threshold": 30, "where": {"sites": ["c1", "d1"]}}, *rows) == {
        "c1",
        "d1",
    }
    reports = [fence("f1", NOON, "down"), fence("f2", NOON, "down")]
    rule = {"metric": "fence_down", "threshold": 0, "where": {"fences": ["f2"]}}
    assert holding(rule, reports=reports) == {"f2"}


def test_a_surge_is_told_against_past_weeks_and_not_without_them() -> None:
    rule = {"metric": "surge", "threshold": 2}
    rows = [one(site, NOON, persons_in=50, interval_s=300) for site in ("c1", "c2", "c3")]
    n, row = len(small().sites), small().sites.row
    usual = Usual(np.full(n, np.nan), np.full(n, np.nan), np.zeros(n))
    usual.persons[[row["c1"], row["c2"]]] = [250.0, 400.0]
    assert holding(rule, *rows, usual=usual) == {"c1"}
    view, _ = saw(rule, *rows, usual=usual)
    assert view.seen["r"].known[row["c2"]]
    assert not view.seen["r"].known[row["c3"]]
    assert holding(rule, *rows) == set()


def test_numbers_that_cannot_all_be_true_are_found_by_littles_law() -> None:
    """60 vehicles an hour and half an hour of wait are 30 vehicles: 105 m in each of two lanes."""
    assert expected_m(np.array([60.0]), np.array([30.0]), np.array([2.0]), 7.0) == 105
    rule = {"metric": "imbalance", "threshold": 3}
    same = {"vehicles_in": 5, "interval_s": 300, "wait_min": 30, "lanes_open": 2}
    rows = [
        one("c1", NOON, queue_m=110, **same),
        one("c2", NOON, queue_m=900, **same),
        one("c3", NOON, **same),
    ]
    assert holding(rule, *rows) == {"c2"}
    view, row = saw(rule, *rows)
    assert view.seen["r"].value[row["c1"]] < 1.1
    assert not view.seen["r"].known[row["c3"]]
    spec = BalanceSpec()
    # As far off one way as the other, and never less than one.
    assert imbalance(np.array([0.0]), np.array([540.0]), spec) == imbalance(
        np.array([540.0]), np.array([0.0]), spec
    )
    assert imbalance(np.array([105.0]), np.array([105.0]), spec) == 1


def test_lines_counties_feeds_and_the_board_are_judged() -> None:
    rows = [every(small(), NOON, staff_on_duty=20)]
    assert holding({"metric": "line_offline", "threshold": 0}, *rows) == set()
    some = [one("c1", NOON, staff_on_duty=1), one("d1", NOON, staff_on_duty=9)]
    assert holding({"metric": "line_offline", "threshold": 50}, *some) == {"first", "second", "third"}
    assert holding({"metric": "line_staff_short", "threshold": 0}, *some) == {"third"}
    assert holding({"metric": "line_km_uncovered", "threshold": 1}, *some) == {"first"}
    assert holding({"metric": "km_uncovered", "threshold": 1}, *some) == {"900101", "900102"}
    silent = {"metric": "feed_age_s", "threshold": 900}
    waited = np.full(len(small().sites) + len(small().fences), NOON - 1000.0)
    assert holding(silent, *some, watched_since=waited) == {"second_line_posts", "fences"}
    assert holding(silent, *some) == set()
    refused = {"metric": "profile_refused_min", "threshold": 5}
    assert holding(refused, board={"profile_refused_min": NOON - 301.0}) == {"board"}
    view, row = saw(refused, board={"profile_refused_min": np.inf})
    assert view.seen["r"].known[row["board"]]
    assert view.seen["r"].clears[row["board"]]
    assert not saw(refused)[0].seen["r"].known[0]


def test_the_share_of_a_lines_sites_that_is_offline_is_of_those_in_service() -> None:
    rows = [one("c1", NOON), one("c2", NOON)]
    view, row = saw({"metric": "line_offline", "threshold": 0}, *rows)
    assert view.seen["r"].value[row["third"]] == pytest.approx(100 / 3)
