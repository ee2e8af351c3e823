"""Rules judge every site and fence at once, and put it into words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data.picture import Alert, Picture
from data.placeholders import PLACEHOLDERS, unknown_placeholders
from data.profile import Profile
from data.rules import UNKNOWN, more_lanes, number, words
from data.spec import RuleScope, RuleSpec
from tests.data.places import NOON, every, fence, one, picture_of, small, view_of


def with_rules(*rules: dict[str, Any]) -> Profile:
    """The small profile with other rules."""
    specs = [
        RuleSpec.model_validate({"severity": "notice", "name": {}, "what": {}, **rule}) for rule in rules
    ]
    from dataclasses import replace

    return replace(small(), spec=small().spec.model_copy(update={"rules": specs}))


def judged(rule: dict[str, Any], at: int = NOON, **rows: Any) -> dict[str, tuple[bool, bool, bool]]:
    """Target to (holds, clears, known)."""
    profile = with_rules({"id": "r", **rule})
    seen = view_of(profile, at, **rows).seen["r"]
    on_fence = rule["metric"] in ("fence_down", "crossings")
    ids = profile.fences["fence_id"] if on_fence else profile.sites.site_id
    marks = zip(seen.holds.tolist(), seen.clears.tolist(), seen.known.tolist(), strict=True)
    return dict(zip(ids, marks, strict=True))


@pytest.mark.parametrize(
    ("op", "values", "holds", "clears"),
    [
        (">", [25, 26, 30, 31], [False, False, False, True], [True, False, False, False]),
        (">=", [24, 25, 30, 29], [False, False, True, False], [True, False, False, False]),
        ("<", [29, 30, 35, 34], [True, False, False, False], [False, False, True, False]),
        ("<=", [30, 31, 35, 36], [True, False, False, False], [False, False, False, True]),
    ],
)
def test_operators_have_a_band_between_holding_and_clearing(
    op: str, values: list[float], holds: list[bool], clears: list[bool]
) -> None:
    clear = 25 if op.startswith(">") else 35
    rows = [
        one(site, NOON, wait_min=value) for site, value in zip(("c1", "c2", "c3", "p1"), values, strict=True)
    ]
    found = judged({"metric": "wait_min", "op": op, "threshold": 30, "clear": clear}, readings=rows)
    assert [found[site][0] for site in ("c1", "c2", "c3", "p1")] == holds
    assert [found[site][1] for site in ("c1", "c2", "c3", "p1")] == clears
    assert found["d1"] == (False, False, False)


@pytest.mark.parametrize(
    ("op", "threshold", "until", "holds", "over"),
    [
        (">", 30, 40, [False, True, True, False], [False, False, False, True]),
        (">=", 30, 40, [True, True, False, False], [False, False, True, True]),
        ("<", 50, 40, [False, False, True, True], [True, True, False, False]),
        ("<=", 50, 40, [False, False, False, True], [True, True, True, False]),
    ],
)
def test_a_rule_ends_where_the_next_begins(
    op: str, threshold: float, until: float, holds: list[bool], over: list[bool]
) -> None:
    sites = ("c1", "c2", "c3", "p1")
    rows = [one(site, NOON, wait_min=value) for site, value in zip(sites, (30, 31, 40, 41), strict=True)]
    found = judged({"metric": "wait_min", "op": op, "threshold": threshold, "until": until}, readings=rows)
    assert [found[site][0] for site in sites] == holds
    after = judged({"metric": "wait_min", "op": op, "threshold": until}, readings=rows)
    assert [after[site][0] for site in sites] == over
    for site, gone in zip(sites, over, strict=True):
        assert found[site][1] or not gone
    assert not found["d1"][1]


def test_without_a_clearing_threshold_what_does_not_hold_clears() -> None:
    found = judged({"metric": "wait_min", "threshold": 30}, readings=[one("c1", NOON, wait_min=30)])
    assert found["c1"] == (False, True, True)


def test_old_values_are_not_known() -> None:
    found = judged({"metric": "wait_min", "threshold": 30}, readings=[one("c1", NOON - 601, wait_min=99)])
    assert found["c1"] == (False, False, False)


def test_the_age_of_data_is_known_once_there_was_any() -> None:
    rows = [one("c1", NOON - 601), one("c2", NOON - 600)]
    found = judged({"metric": "data_age_s", "threshold": 600}, readings=rows)
    assert found["c1"] == (True, False, True)
    assert found["c2"] == (False, True, True)
    assert found["d1"] == (False, False, False)


def test_an_age_may_be_asked_to_be_short() -> None:
    rows = [one("c1", NOON - 50), one("c2", NOON - 700)]
    found = judged({"metric": "data_age_s", "op": "<", "threshold": 300}, readings=rows)
    assert [found[site] for site in ("c1", "c2")] == [(True, False, True), (False, True, True)]


def test_a_growing_age_is_told_by_the_minute() -> None:
    profile = with_rules({"id": "r", "metric": "data_age_s", "threshold": 600})
    seen = view_of(profile, NOON, [one("c1", NOON - 725)]).seen["r"]
    assert seen.value[profile.sites.row["c1"]] == 720


def test_staff_short_needs_both_numbers() -> None:
    rows = [one("c1", NOON, staff_on_duty=11), one("c2", NOON, staff_on_duty=9), one("c3", NOON)]
    found = judged({"metric": "staff_short", "threshold": 0}, readings=rows)
    assert [found[site] for site in ("c1", "c2", "c3")] == [
        (True, False, True), (False, True, True), (False, False, False),
    ]  # fmt: skip


def test_throughput_is_a_metric_too() -> None:
    rows = [one("c1", NOON, persons_in=10, interval_s=60), one("c2", NOON, persons_in=9, interval_s=60)]
    found = judged({"metric": "persons_per_hour", "threshold": 599}, readings=rows)
    assert [found[site][0] for site in ("c1", "c2")] == [True, False]


@pytest.mark.parametrize(
    ("where", "sites"),
    [
        ({}, {"d1", "d2", "d3", "p1", "p2", "c1", "c2", "c3"}),
        ({"kinds": ["checkpoint"]}, {"c1", "c2", "c3"}),
        ({"kinds": ["checkpoint.fixed", "duty_point"]}, {"c3", "d1", "d2", "d3"}),
        ({"lines": ["third"], "counties": ["900102"]}, {"c2", "c3"}),
        ({"counties": ["900101"]}, {"d1", "d2", "p1", "c1"}),
    ],
)
def test_a_rule_looks_where_it_is_told(where: dict[str, list[str]], sites: set[str]) -> None:
    RuleScope.model_validate(where)
    rule = {"metric": "wait_min", "threshold": 30, "where": where}
    found = judged(rule, readings=[every(small(), NOON, wait_min=45)])
    assert {site for site, (holds, _, _) in found.items() if holds} == sites


def test_fences_are_judged_by_state_and_by_crossings() -> None:
    reports = [
        fence("f1", NOON - 60, "down"),
        fence("f2", NOON - 4000, "up", 5),
        fence("f2", NOON - 60, "up", 0, 2),
    ]
    down = judged({"metric": "fence_down", "threshold": 0}, reports=reports)
    assert down == {"f1": (True, False, True), "f2": (False, True, True)}
    crossed = judged({"metric": "crossings", "threshold": 2, "op": ">="}, reports=reports)
    assert crossed == {"f1": (False, False, False), "f2": (True, False, True)}
    silent = judged({"metric": "fence_down", "threshold": 0}, reports=[fence("f1", NOON - 1801, "down")])
    assert silent["f1"] == (False, False, False)
    here = {"metric": "fence_down", "threshold": 0, "where": {"counties": ["900102"]}}
    assert judged(here, reports=reports)["f1"] == (False, False, True)


def alert(rule: str, target_id: str, value: float | None, target: str = "site") -> Alert:
    return Alert(
        "x", rule, target, target_id, "third", "900101", "critical", "firing", NOON, NOON, value, held=False
    )  # fmt: skip


@pytest.fixture(scope="module")
def busy() -> Picture:
    rows = [one("c1", NOON, wait_min=45, lanes_open=4, staff_on_duty=10)]
    return picture_of(small(), view_of(small(), NOON, rows))


def test_words_fill_the_profiles_sentences(busy: Picture) -> None:
    assert words(small(), alert("wait_over_30", "c1", 45.04), busy, "en") == (
        "甲城检查站: wait 45 min, over 30 min", "Open 2 more lanes and divert upstream",
    )  # fmt: skip
    assert words(small(), alert("wait_over_30", "c1", 45.26), busy, "zh-CN") == (
        "甲城检查站 等候 45.3 分钟，超过 30 分钟", "可再开 2 条通道，上游分流",
    )  # fmt: skip
    assert (
        words(small(), alert("staff_short", "c1", 2), busy, "en")[0] == "甲城检查站: 10 on duty, 12 required"
    )


def test_words_without_a_number_say_so_and_a_fence_has_its_name(busy: Picture) -> None:
    assert words(small(), alert("wait_over_30", "c2", None), busy, "en") == (
        f"乙城检查站: wait {UNKNOWN} min, over 30 min", f"Open {UNKNOWN} more lanes and divert upstream",
    )  # fmt: skip
    assert words(small(), alert("fence_down", "f1", 1, "fence"), busy, "en") == (
        "甲县围栏 is down", "Send a patrol to stand in",
    )  # fmt: skip


def test_spare_lanes_are_never_fewer_than_none() -> None:
    rows = [
        one("c1", NOON, wait_min=45, lanes_open=9),  # more than the profile knows of
        one("c2", NOON, wait_min=45),  # not reported
        one("c3", NOON - 700, wait_min=45, lanes_open=1),  # reported, and too old to be told as true
    ]
    picture = picture_of(small(), view_of(small(), NOON, rows))
    said = [words(small(), alert("wait_over_30", site, 45), picture, "en")[1] for site in ("c1", "c2", "c3")]
    assert said == [f"Open {spare} more lanes and divert upstream" for spare in ("0", UNKNOWN, UNKNOWN)]


def test_words_fall_back_to_the_first_language_and_to_the_id_of_an_unknown_rule(busy: Picture) -> None:
    assert words(small(), alert("wait_over_30", "c1", 45), busy, "fr")[1] == "可再开 2 条通道，上游分流"
    assert words(small(), alert("no_data", "c1", 660), busy, "en") == ("甲城检查站: no data for 660 s", "")
    assert words(small(), alert("gone", "c1", 1), busy, "en") == ("gone: c1", "")


def test_every_placeholder_can_be_filled(busy: Picture) -> None:
    template = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    profile = with_rules({"id": "all", "metric": "wait_min", "threshold": 30, "what": {"en": template}})
    said, _ = words(profile, alert("all", "c1", 125), busy, "en")
    numbers = "125 30 30 2 甲城检查站 Third line 甲县 Level III 12 10 4 6 2 open more lanes (2 spare)"
    assert said == f"{numbers} – – 45 – – – 0 – – –"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (45.0, "45"),
        (45.26, "45.3"),
        (0.04, "0"),
        (-0.04, "0"),
        (100.0, "100"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_numbers_in_sentences(value: float | None, said: str) -> None:
    assert number(value) == said


def test_unknown_placeholders_are_found() -> None:
    assert unknown_placeholders("{site} {value} {threshold}") == []
    assert unknown_placeholders("{siet} {value:.1f} {} {site.name} {{ok}}") == [
        "siet",
        "value:.1f",
        "",
        "site.name",
    ]
    assert unknown_placeholders("{site") == ["{site"]


@pytest.mark.parametrize(
    ("spare", "chinese", "english"),
    [
        (3.0, "可增开车道 3 条", "open more lanes (3 spare)"),
        (0.0, "车道已全部开放", "all lanes are open"),
        (np.nan, "增开车道", "open more lanes"),
    ],
    ids=["some", "none", "unknown"],
)
def test_nobody_is_told_to_open_no_lanes(spare: float, chinese: str, english: str) -> None:
    assert (more_lanes(spare, "zh-CN"), more_lanes(spare, "en")) == (chinese, english)
