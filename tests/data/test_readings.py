from __future__ import annotations

import numpy as np

from data.readings import Readings, Reports


def test_what_is_left_out_is_not_reported() -> None:
    rows = Readings.of(site_id=["A", "B"], observed_at=[1, 2], wait_min=[np.nan, 0])
    assert len(rows) == 2
    assert rows.interval_s.tolist() == [60, 60]
    assert rows.method.tolist() == ["measured", "measured"]
    assert rows.outcomes.tolist() == [None, None]
    assert np.isnan(rows.wait_min[0])
    assert rows.wait_min[1] == 0
    assert np.isnan(rows.persons_in).all()


def test_one_value_fills_a_column() -> None:
    rows = Readings.of(site_id=["A", "B"], observed_at=[1, 2], interval_s=300, persons_in=4)
    assert rows.interval_s.tolist() == [300, 300]
    assert rows.persons_in.tolist() == [4, 4]


def test_columns_are_the_tables_own() -> None:
    given = np.array([1.0, 2.0])
    rows = Readings.of(site_id=["A", "B"], observed_at=[1, 2], wait_min=given)
    given[0] = 99
    assert rows.wait_min.tolist() == [1, 2]


def test_rows_are_taken_by_mask_and_by_number() -> None:
    rows = Readings.of(site_id=["A", "B", "C"], observed_at=[1, 2, 3], outcomes=[None, {"isolated": 1}, None])
    assert rows.take(np.array([False, True, True])).site_id.tolist() == ["B", "C"]
    assert rows.take(np.array([2, 0])).observed_at.tolist() == [3, 1]
    assert rows.take(rows.site_id == "B").outcomes.tolist() == [{"isolated": 1}]


def test_tables_stand_one_below_the_other() -> None:
    one = Readings.of(site_id=["A"], observed_at=[1], method=["manual"])
    two = Readings.of(site_id=["B"], observed_at=[2])
    both = Readings.concat([one, two])
    assert both.site_id.tolist() == ["A", "B"]
    assert both.method.tolist() == ["manual", "measured"]
    assert len(Readings.concat([])) == len(Readings.empty()) == 0


def test_reports_are_taken_too() -> None:
    words = np.array(["fence", "device"], dtype=object), np.array(["F-1", "D-1"], dtype=object)
    reports = Reports(
        *words, np.array([1, 2]), np.array(["up", "down"], dtype=object), np.zeros(2), np.zeros(2)
    )
    assert len(reports) == 2
    assert reports.take(reports.target == "device").target_id.tolist() == ["D-1"]
