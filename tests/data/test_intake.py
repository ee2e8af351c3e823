from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from data.spec import ReadingsSpec, ReadingTime
from tests.data.intakes import (
    NOW,
    TIME,
    read,
    read_csv,
    row,
)


def refused(**fields: Any) -> tuple[str, str, str]:
    parsed = read(row(), row(**fields), row(site_id="CP-002"))
    assert parsed.readings.site_id.tolist() == ["CP-001", "CP-002"]
    (found,) = parsed.refused
    assert found.row == 2
    return found.field, found.got, found.expected


def test_a_reading_in_full() -> None:
    fields = row(
        persons_in=1, persons_out=2, vehicles_in=3, vehicles_out=4, queue_m=5.5, wait_min=6.25, lanes_open=7,
        staff_on_duty=8, outcomes={"turned_back": 3, "隔离": 1, "isolated": None},
    )  # fmt: skip
    got = read(fields).readings
    assert got.site_id.tolist() == ["CP-001"]
    assert got.observed_at.tolist() == [int(NOW)]
    for name in (
        "interval_s",
        "persons_in",
        "persons_out",
        "vehicles_in",
        "vehicles_out",
        "queue_m",
        "wait_min",
    ):
        assert getattr(got, name).tolist() == [fields[name]]
    assert (got.lanes_open[0], got.staff_on_duty[0]) == (7, 8)
    assert got.method.tolist() == ["manual"]
    assert got.outcomes.tolist() == [{"turned_back": 3, "隔离": 1}]


def test_empty_is_not_reported_and_zero_is_zero() -> None:
    got = read(row(persons_in=None, persons_out=0), row(persons_in="", outcomes={})).readings
    assert np.isnan(got.persons_in).all()
    assert got.persons_out[0] == 0
    assert np.isnan(got.persons_out[1])
    assert got.outcomes.tolist() == [None, None]


@pytest.mark.parametrize(
    "said", [{}, {"persons_in": None}, {"outcomes": {}}, {"outcomes": {"isolated": None}, "wait_min": ""}]
)
def test_a_reading_that_says_nothing_is_refused(said: dict[str, Any]) -> None:
    field, got, expected = refused(staff_on_duty=None, **said)
    assert (field, got) == ("", "")
    assert expected.startswith("nothing reported: a reading has at least one of persons_in, ")
    for name in ("persons_out", "queue_m", "lanes_open"):
        assert len(read(row(staff_on_duty=None, **{name: 0})).readings) == 1
    assert len(read(row(staff_on_duty=None, outcomes={"isolated": 0})).readings) == 1
    assert len(read(row(staff_on_duty=None, **{"outcomes.isolated": 0})).readings) == 1


def test_what_a_row_may_leave_out() -> None:
    spec = ReadingsSpec(expected_interval_s=300)
    got = read({"site_id": "CP-001", "observed_at": TIME, "persons_in": 0}, spec=spec).readings
    assert got.interval_s.tolist() == [300]
    assert got.method.tolist() == ["measured"]
    assert got.outcomes.tolist() == [None]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-31T16:05:00+08:00", "2026-01-31T16:05+08:00", "2026-01-31 16:05:00+08:00",
        "2026-01-31T08:05:00Z", "20260131T080500Z", "2026-01-31T08:05:00.999+00:00",
        " 2026-01-31T03:05:00-0500 ",
    ],
)  # fmt: skip
def test_times_with_an_offset(written: str) -> None:
    assert read(row(observed_at=written)).readings.observed_at.tolist() == [int(NOW)]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-31T16:05:00", "2026-01-31", "2026-01-31+08:00", "31/01/2026 16:05", "yesterday", "",
        None, 1769846700, 1769846700000, True, ["2026-01-31T08:05:00Z"], "2026-13-31T16:05:00+08:00",
        "2026-01-31T25:05:00+08:00", "2026-01-31x16:05:00+08:00", "9999-12-31T23:59:59-23:59",
    ],
)  # fmt: skip
def test_other_times_are_refused(written: Any) -> None:
    field, _, expected = refused(observed_at=written)
    assert field == "observed_at"
    assert "offset" in expected or "after now" in expected


def test_clocks_ahead_or_never_set() -> None:
    late = datetime.fromtimestamp(NOW, UTC)
    assert len(read(row(observed_at=(late + timedelta(minutes=10)).isoformat())).readings) == 1
    field, got, expected = refused(observed_at=(late + timedelta(minutes=10, seconds=1)).isoformat())
    assert (field, got) == ("observed_at", "2026-01-31T08:15:01+00:00")
    assert "10 minutes after now, 2026-01-31T08:05:00+00:00" in expected
    assert refused(observed_at="1970-01-01T00:00:00Z")[2] == "a time since 2000"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("persons_in", -1, "a count from 0 to 10,000,000, or nothing"),
        ("persons_in", "many", "a count"),
        ("persons_in", True, "a count"),
        ("persons_in", [1], "a count"),
        ("persons_in", "nan", "a count"),
        ("persons_in", "inf", "a count"),
        ("persons_in", 1e9, "a count"),
        ("persons_out", "1,000", "a count"),
        ("vehicles_in", "0x10", "a count"),
        ("vehicles_out", "1_0", "a count"),
        ("queue_m", 200_001, "metres"),
        ("wait_min", -0.5, "minutes"),
        ("wait_min", 10_081, "minutes"),
        ("lanes_open", 1.5, "a whole number"),
        ("lanes_open", -1, "a whole number"),
        ("staff_on_duty", "3.5", "a whole number"),
        ("interval_s", 0, "seconds"),
        ("interval_s", -60, "seconds"),
        ("interval_s", 31 * 86400 + 1, "seconds"),
        ("method", "guessed", "measured or estimated or manual or simulated"),
        ("method", 3, "measured"),
        ("outcomes", {"turned_back": -1}, "counts from 0"),
        ("outcomes", {"turned_back": "many"}, "counts from 0"),
        ("outcomes", {"turned_back": True}, "counts from 0"),
        ("outcomes", {"": 1}, "names of outcomes"),
        ("outcomes", {"a b": 1}, "names of outcomes"),
        ("outcomes", {"x" * 41: 1}, "names of outcomes"),
        ("outcomes", {f"k{i}": 1 for i in range(33)}, "at most 32 counts"),
        ("outcomes", [1], "an object"),
        ("outcomes", 5, "an object"),
        ("outcomes", "{", "a JSON object"),
        ("outcomes", "x" * 5000, "at most 4,000 characters"),
        ("state", "up", "nothing: only a fence or device"),
        ("crossings_in", 1, "nothing: only a fence or device"),
        ("site_id", "CP-01", "a site of the profile; did you mean CP-001?"),
        ("site_id", "somewhere else", "a site of the profile"),
        ("site_id", "", "a site_id"),
        ("site_id", None, "a site_id"),
        ("site_id", {"a": 1}, "a site of the profile"),
        ("fence_id", {"a": 1}, "only one of"),
        ("fence_id", "F-1", "only one of site_id, fence_id and device_id"),
        ("queue", 10, "a field of a reading; did you mean queue_m?"),
        ("person_in", 10, "did you mean persons_in?"),
        ("", 10, "a name for the column"),
    ],
)
def test_faulty_values_are_refused_and_their_neighbours_kept(field: str, value: Any, expected: str) -> None:
    named, _, wanted = refused(**{field: value})
    assert named == ("site_id" if field == "fence_id" else field)
    assert expected in wanted


def test_numbers_may_come_as_text() -> None:
    got = read(row(persons_in="12", wait_min=" 1.5 ", queue_m="1e2", lanes_open="  ")).readings
    assert (got.persons_in[0], got.wait_min[0], got.queue_m[0]) == (12, 1.5, 100)
    assert np.isnan(got.lanes_open[0])


def test_what_was_found_is_told() -> None:
    assert refused(persons_in=-3)[1] == "-3"
    assert refused(persons_in={"a": 1})[1] == "[withheld]"
    assert refused(observed_at=None)[1] == ""
    parsed = read(row(persons_in=-3))
    assert json.loads(parsed.refused[0].raw) == row(persons_in=-3)
    assert len(refused(method="x" * 5000)[1]) == 200


def test_reports_of_fences_and_devices() -> None:
    parsed = read(
        {"fence_id": "F-1", "observed_at": TIME, "state": "up", "crossings_in": 2, "crossings_out": 0},
        {"device_id": "D-1", "observed_at": TIME},
        {"fence_id": "F-2", "observed_at": TIME, "state": "up"},
        {"fence_id": "F-1", "observed_at": TIME, "state": "open"},
        {"fence_id": "F-1", "observed_at": TIME, "crossings_in": -1},
        {"fence_id": "F-1", "observed_at": TIME, "persons_in": 5},
        {"fence_id": "F-1", "device_id": "D-1", "observed_at": TIME},
        row(),
    )
    reports = parsed.reports
    assert reports.target.tolist() == ["fence", "device"]
    assert reports.target_id.tolist() == ["F-1", "D-1"]
    assert reports.observed_at.tolist() == [int(NOW)] * 2
    assert reports.state.tolist() == ["up", "unknown"]
    assert reports.crossings_in[0] == 2
    assert np.isnan(reports.crossings_in[1])
    assert [r.field for r in parsed.refused] == ["fence_id", "state", "crossings_in", "persons_in", "site_id"]
    assert len(parsed.readings) == 1


def test_readings_and_reports_in_one_csv() -> None:
    parsed = read_csv(
        f"site_id,fence_id,observed_at,persons_in,state\nCP-001,,{TIME},3,\n,F-1,{TIME},,down\n,,{TIME},,\n"
    )
    assert (len(parsed.readings), len(parsed.reports), [r.field for r in parsed.refused]) == (
        1,
        1,
        ["site_id"],
    )


def test_a_senders_columns_constants_and_time() -> None:
    spec = ReadingsSpec(
        columns={
            "site_id": "站点",
            "observed_at": "日期",
            "queue_m": "wait_min",
            "outcomes.turned_back": "劝返",
        },
        constants={"interval_s": 86400, "method": "manual"},
        ignore=["备注", "name"],
        time=ReadingTime(format="%Y-%m-%d", zone="Asia/Hong_Kong", marks="start"),
    )
    parsed = read_csv(
        "站点,日期,wait_min,劝返,备注,name\nCP-001,2026-01-30,250,4,晴,小黑江\nCP-002,2026/01/30,,,,\n", spec
    )
    got = parsed.readings
    assert got.observed_at.tolist() == [
        int(datetime(2026, 1, 31, tzinfo=timezone(timedelta(hours=8))).timestamp())
    ]
    assert (got.interval_s[0], got.method[0], got.queue_m[0]) == (86400, "manual", 250)
    assert np.isnan(got.wait_min[0])
    assert got.outcomes.tolist() == [{"turned_back": 4}]
    assert [(r.field, r.got, r.expected) for r in parsed.refused] == [
        ("observed_at", "2026/01/30", "a time written as %Y-%m-%d")
    ]
    assert "备注" not in parsed.refused[0].raw


def test_our_own_names_stay_understood_beside_a_mapping() -> None:
    spec = ReadingsSpec(columns={"persons_in": "entered"})
    parsed = read(row(persons_in=1), row(entered=2), row(entered=3, persons_in=3), spec=spec)
    assert parsed.readings.persons_in.tolist() == [1, 2]
    assert parsed.refused[0].expected == "only one of the columns entered and persons_in"


def test_a_rows_own_value_goes_before_the_constant() -> None:
    spec = ReadingsSpec(constants={"method": "manual", "site_id": "CP-002"})
    parsed = read(
        {"observed_at": TIME, "method": "simulated", "wait_min": 0},
        {"fence_id": "F-1", "observed_at": TIME},
        spec=spec,
    )
    assert parsed.readings.method.tolist() == ["simulated"]
    assert parsed.readings.site_id.tolist() == ["CP-002"]
    assert len(parsed.reports) == 1
