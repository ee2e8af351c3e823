"""A site's series: sums, averages, last values; gaps stay gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.readings import Readings
from data.series import METRICS, Series, series_of
from data.store.base import Store
from data.store.sqlite import SqliteStore
from layers.faults import FaultsError
from tests.data.places import NOON, one, small


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = SqliteStore(tmp_path / "kept.db")
    made.write(one("c1", NOON - 900, staff_on_duty=9))
    made.write(
        Readings.of(
            site_id=["c1"] * 4,
            observed_at=[NOON + 60, NOON + 120, NOON + 300, NOON + 660],
            persons_in=[1, 2, np.nan, 8],
            persons_out=[0, np.nan, np.nan, 8],
            vehicles_in=[0, 0, 0, 0],
            wait_min=[10, 20, np.nan, 5],
            staff_on_duty=[6, 5, np.nan, 7],
            outcomes=[{"turned_back": 2}, {"turned_back": 1}, None, {"isolated": 4}],
        )
    )
    made.write(one("c2", NOON + 60, persons_in=1000))
    return made


def ask(store: Store, metric: str, *, start: int = NOON, end: int = NOON + 900, step: int = 300) -> Series:
    return series_of(small(), store, "c1", metric, start=start, end=end, step=step)


def values(store: Store, metric: str) -> list[float | None]:
    found = ask(store, metric)
    assert [t for t, _ in found] == [NOON, NOON + 300, NOON + 600]
    return [value for _, value in found]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("persons_in", [3, None, 8]),
        ("persons", [3, None, 16]),
        ("vehicles", [0, None, 0]),  # a true zero is not a gap
        ("vehicles_out", [None, None, None]),
        ("persons_per_hour", [90, None, 960]),
        ("wait_min", [15, None, 5]),
        ("staff_on_duty", [5, None, 7]),
        ("staff_required", [12, 12, 12]),
        ("interval_s", [60, None, 60]),
        ("data_age_s", [0, 300, 240]),
        ("outcomes.turned_back", [3, None, None]),
        ("outcomes.isolated", [None, None, 4]),
        ("outcomes.nothing", [None, None, None]),
    ],
)
def test_each_metric_in_its_own_way(store: Store, metric: str, expected: list[float | None]) -> None:
    assert values(store, metric) == expected


def test_a_step_ends_with_the_reading_at_its_end(store: Store) -> None:
    found = ask(store, "persons_in", start=NOON + 60, end=NOON + 120, step=60)
    assert found == [(NOON + 60, 2)]


def test_the_last_step_may_be_short(store: Store) -> None:
    assert ask(store, "persons_in", end=NOON + 700, step=600) == [(NOON, 3), (NOON + 600, 8)]


def test_the_age_before_any_data_is_unknown(store: Store) -> None:
    found = series_of(small(), store, "d1", "data_age_s", start=NOON, end=NOON + 600, step=300)
    assert [value for _, value in found] == [None, None]
    found = ask(store, "data_age_s", start=NOON - 1800, end=NOON, step=600)
    assert [value for _, value in found] == [None, 300, 900]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"metric": "persons_inn"}, "Did you mean persons_in?"),
        ({"metric": "outcomes."}, "There is no such metric"),
        ({"site_id": "c11"}, "Did you mean c1"),
        ({"step": 0}, "A step must be positive"),
        ({"end": NOON}, "The span is empty"),
        ({"end": NOON + 86400, "step": 1}, "Ask for a longer step"),
    ],
)
def test_what_makes_no_sense_is_named(store: Store, asked: dict[str, object], message: str) -> None:
    full = {"site_id": "c1", "metric": "persons", "start": NOON, "end": NOON + 600, "step": 60} | asked
    with pytest.raises(FaultsError, match=message.replace("?", r"\?")):
        series_of(small(), store, full.pop("site_id"), full.pop("metric"), **full)


def test_every_metric_can_be_asked_for(store: Store) -> None:
    for metric in METRICS:
        assert len(values(store, metric)) == 3
