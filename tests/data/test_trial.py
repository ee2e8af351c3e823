"""A rule tried on saved readings fires when the board would have, and what is usual comes from past weeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data.baseline import Baseline, usual_at
from data.readings import Readings
from data.spec_rules import RuleSpec
from data.store.sqlite import SqliteStore
from data.trial import STEP_S, Trial, try_rules, variant
from tests.data.places import NOON, fence, small
from tests.data.standing import Bench

WEEK_S = 7 * 86_400
MINUTES = 120


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "kept.db")
    yield made
    made.close()


def rule(**given: object) -> RuleSpec:
    return RuleSpec.model_validate(
        {
            "id": "r",
            "name": {},
            "what": {},
            "severity": "warning",
            "metric": "wait_min",
            "threshold": 30,
            **given,
        }
    )


def two_hours(site: str = "c1") -> Readings:
    """A wait that rises to sixty minutes and falls again, told by the minute."""
    minutes = np.arange(1, MINUTES + 1)
    return Readings.of(
        site_id=[site] * MINUTES,
        observed_at=NOON + minutes * 60,
        wait_min=60 - np.abs(minutes - 60.0),
        interval_s=[60] * MINUTES,
    )


def tried(store: SqliteStore, *rules: RuleSpec, start: int = NOON, end: int = NOON + 7200) -> list[Trial]:
    return try_rules(small(), store, rules, start, end)


def test_it_fires_when_the_board_would_have(tmp_path: Path, store: SqliteStore) -> None:
    rows = two_hours()
    store.write(rows)
    bench = Bench(tmp_path / "board")
    try:
        for minute in range(1, MINUTES + 1):
            bench.at(minute * 60, rows.take(np.array([minute - 1])))
        there = [a for a in bench.store.alerts_between(NOON, NOON + 7200) if a.rule == "wait_over_30"]
    finally:
        bench.store.close()
    own = next(one for one in small().spec.rules if one.id == "wait_over_30")
    found = tried(store, own)[0]
    assert [(one.target_id, one.fired_at, one.ended_at, one.worst) for one in found.firings] == [
        (one.target_id, one.fired_at, one.resolved_at, one.value) for one in there
    ]
    assert len(there) == 1
    assert found.firings[0].name == "甲城检查站"
    assert (found.targets, found.judged, found.most_at_once) == (8, 1, 1)


def test_other_numbers_are_tried_in_one_walk(store: SqliteStore) -> None:
    store.write(two_hours())
    asked = rule(clear=25, by_level={"III": 99}, steps=[{"threshold": 50, "severity": "critical"}])
    found = tried(store, asked, *(variant(asked, threshold=one) for one in (40.0, 59.5, 60.0)))
    assert [len(one.firings) for one in found] == [0, 1, 1, 0]  # at this duty level the rule's own is 99
    assert found[1].rule.clear == 35
    assert found[1].firings[0].fired_at == NOON + 41 * 60
    assert found[1].firings[0].ended_at == NOON + 85 * 60
    assert found[1].stood_s == 44 * 60
    longer = variant(asked, threshold=40.0, for_s=600, clear_for_s=300)
    again = tried(store, longer)[0].firings[0]
    assert (again.fired_at, again.ended_at) == (NOON + 51 * 60, NOON + 90 * 60)


def test_what_still_stands_at_the_end_has_no_end(store: SqliteStore) -> None:
    store.write(two_hours())
    found = tried(store, rule(), end=NOON + 3600)[0]
    assert [(one.ended_at, one.worst) for one in found.firings] == [(None, 60)]
    assert found.firings[0].lasted_s(found.end) == 3600 - 31 * 60


def test_only_some_sites_or_fences(store: SqliteStore) -> None:
    store.write(Readings.concat([two_hours("c1"), two_hours("c2")]))
    assert {one.target_id for one in tried(store, rule())[0].firings} == {"c1", "c2"}
    only = variant(rule(), sites=["c2"])
    assert [one.target_id for one in tried(store, only)[0].firings] == ["c2"]
    for at in range(NOON, NOON + 3600, 600):
        store.write_reports(fence("f1", at, "down"))
    down = tried(store, rule(metric="fence_down", threshold=0))[0]
    assert [(one.target_id, one.fired_at) for one in down.firings] == [("f1", NOON + STEP_S)]
    assert tried(store, variant(rule(metric="fence_down", threshold=0), sites=["f2"]))[0].firings == ()


def weeks(store: SqliteStore, counts: dict[int, int], site: str = "c1") -> None:
    """Four quarters of so many persons each about noon, so many weeks ago."""
    for week, count in counts.items():
        ends = [NOON - week * WEEK_S + quarter * 900 for quarter in (-1, 0, 1, 2)]
        store.write(
            Readings.of(site_id=[site] * 4, observed_at=ends, persons_in=[count] * 4, interval_s=[900] * 4)
        )


def test_what_is_usual_is_the_median_of_past_weeks_with_their_number(store: SqliteStore) -> None:
    weeks(store, {1: 10, 2: 30, 3: 20, 9: 500})
    usual, row = usual_at(small(), store, NOON + 100), small().sites.row
    assert (usual.persons[row["c1"]], usual.samples[row["c1"]]) == (80, 3)
    assert np.isnan(usual.persons[row["c2"]])
    assert np.isnan(usual.vehicles[row["c1"]])
    # Another hour of the day is another matter.
    assert np.isnan(usual_at(small(), store, NOON + 4 * 3600).persons[row["c1"]])


def test_what_is_usual_is_asked_for_beside_the_steps_and_only_for_a_rule(store: SqliteStore) -> None:
    from tests.data.test_rules import with_rules

    weeks(store, {1: 10})
    place = with_rules({"id": "r", "metric": "surge", "threshold": 2})
    now, row = [0.0], place.sites.row["c1"]
    known = Baseline(place, store, clock=lambda: now[0])
    assert np.isnan(known.newest().persons[row])
    known.refresh(NOON)
    assert known.newest().persons[row] == 40
    weeks(store, {2: 30})
    known.refresh(NOON + 1)
    assert known.newest().persons[row] == 40
    now[0] += 600
    known.refresh(NOON + 1)
    assert known.newest().persons[row] == 80
    without = Baseline(small(), store)
    without.refresh(NOON)
    assert np.isnan(without.newest().persons).all()
