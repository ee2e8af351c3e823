"""One site's day: outcomes since midnight, and its log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.readings import Readings
from data.site_day import CORRECTIONS, ENTRIES, READINGS, site_day, staff_by_level
from data.store import open_store
from data.store.base import Alerted, Refused
from tests.conftest import NOON
from tests.serving import Clock

MIDNIGHT = NOON - 12 * 3600


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = open_store(f"sqlite:///{tmp_path / 'day'}.sqlite")
    store._clock = Clock(NOON)
    yield store
    store.close()


def rows(*values: tuple[str, int], **columns: Any) -> Readings:
    return Readings.of(
        site_id=[value[0] for value in values], observed_at=[value[1] for value in values], **columns
    )


def test_outcomes_are_those_since_local_midnight_in_the_profiles_order(profile: Any, store: Any) -> None:
    store.write(
        rows(
            ("c1", MIDNIGHT), ("c1", MIDNIGHT + 60), ("c1", NOON - 60), ("c2", NOON - 60), ("c1", NOON + 60),
            outcomes=[
                {"turned_back": 9}, {"zeta": 1, "isolated": 2}, {"turned_back": 3, "isolated": 1},
                {"turned_back": 50}, {"turned_back": 70},
            ],
        )
    )  # fmt: skip
    day = site_day(profile, store, "c1", NOON)
    assert day.outcomes == {"turned_back": 3, "isolated": 3, "zeta": 1}
    listed = [name for name in profile.spec.outcomes if name in day.outcomes]
    assert list(day.outcomes) == [*listed, "zeta"]
    assert site_day(profile, store, "d1", NOON).outcomes == {}


def test_the_log_is_newest_first_of_one_site_and_one_day_and_bounded(profile: Any, store: Any) -> None:
    times = [NOON - 60 * back for back in range(100)]
    store.write(rows(*(("c1", t) for t in times), ("c2", NOON), ("c1", NOON + 60), persons_in=4))
    store.put_alerts(
        [
            Alerted("a", "long_wait", "site", "c1", "warning", "resolved", NOON - 900, NOON - 800, NOON - 90),
            Alerted("b", "long_wait", "site", "c1", "notice", "resolved", NOON - 700, None, NOON - 650),
            Alerted("c", "long_wait", "site", "c2", "critical", "firing", NOON - 600, NOON - 500),
            Alerted("d", "long_wait", "site", "c1", "critical", "firing", NOON - 90_000, NOON - 89_000),
        ]
    )
    day = site_day(profile, store, "c1", NOON)
    assert [entry.t for entry in day.log] == sorted((entry.t for entry in day.log), reverse=True)
    assert len(day.log) <= ENTRIES
    readings = [entry for entry in day.log if entry.what == "reading"]
    assert [entry.t for entry in readings] == times[:READINGS]
    assert readings[0].values == {"persons_in": 4}, "what was not reported is not told"
    told = [(entry.what, entry.t, entry.severity) for entry in day.log if entry.what.startswith("alert")]
    assert told == [("alert_ended", NOON - 90, "warning"), ("alert_began", NOON - 800, "warning")]


def test_a_correction_tells_what_changed_step_by_step(profile: Any, store: Any) -> None:
    for wait in (5.0, 12.0, 30.0):
        store.write(rows(("c1", NOON - 300), ("c2", NOON - 300), wait_min=[wait, 1], persons_in=7))
    found = [entry for entry in site_day(profile, store, "c1", NOON).log if entry.what == "corrected"]
    assert [(entry.of, entry.was, entry.values) for entry in found] == [
        (NOON - 300, {"wait_min": 12}, {"wait_min": 30}),
        (NOON - 300, {"wait_min": 5}, {"wait_min": 12}),
    ]
    assert len(store.corrections(CORRECTIONS, site_id="c1")) == 2
    assert store.corrections(CORRECTIONS, site_id="c2") == []
    assert store.corrections(CORRECTIONS, site_id="nobody") == []


def test_refused_rows_of_the_site_are_counted_once_and_only_of_the_last_day(profile: Any, store: Any) -> None:
    def refused(row: int, raw: str, field: str = "wait_min") -> Refused:
        return Refused(row, raw, field, "x", "a number")

    store._clock.now = NOON - 90_000
    store.quarantine([refused(1, '{"site_id": "c1"}')], source="http")
    store._clock.now = NOON - 60
    store.quarantine(
        [
            refused(1, '{"site_id": "c1", "wait_min": "x"}'),
            refused(1, '{"site_id": "c1", "wait_min": "x"}', "queue_m"),
            refused(2, '{"site_id": "c11", "note": "c1"}'),
            refused(3, '"c1"'),
            refused(4, 'not json "c1"'),
            refused(5, '{"site_id": "c1"}'),
        ],
        source="http",
    )
    assert site_day(profile, store, "c1", NOON).refused == 2
    assert site_day(profile, store, "c2", NOON).refused == 0


def test_staff_by_level_is_highest_first(profile: Any) -> None:
    row = profile.sites.row["c1"]
    assert staff_by_level(profile, row) == {"I": 24, "II": 18, "III": 12, "IV": 9}
    assert all(value is None or np.isfinite(value) for value in staff_by_level(profile, 0).values())
