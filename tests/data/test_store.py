from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.readings import METHODS, Readings
from data.store import Alerted, Refused
from data.store import sqlite as sqlite_store
from data.store.sqlite import SqliteStore
from tests.data.stores import T0, reports, rows, told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite", clock=lambda: 42.0)
    yield store
    store.close()


def same(left: Readings, right: Readings) -> None:
    for field in fields(Readings):
        one, other = getattr(left, field.name), getattr(right, field.name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_a_reading_comes_back_whole(store: SqliteStore) -> None:
    given_rows = Readings.of(
        site_id=["A", "云县-1"], observed_at=[T0, T0 + 60], interval_s=[60, 300.5], persons_in=[0, np.nan],
        persons_out=[1, 2.25], vehicles_in=[np.nan, 10_000_000], vehicles_out=[3, 4], queue_m=[12.345678, 0],
        wait_min=[0.1, 1 / 3], lanes_open=[2, np.nan], staff_on_duty=[5, 0],
        method=["estimated", "simulated"], outcomes=[{"turned_back": 3, "隔离": 0.5}, None],
    )  # fmt: skip
    assert store.write(given_rows).accepted == 2
    kept = store.read(0, T0 + 60)
    given_rows.wait_min[1] = round(1 / 3, 6)
    same(kept, given_rows)


def test_nothing_is_no_trouble(store: SqliteStore) -> None:
    assert store.write(Readings.empty()).accepted == 0
    assert len(store.read(0, T0)) == len(store.latest(T0)) == len(store.read_reports(0, T0)) == 0
    assert store.span() is None
    assert store.totals(T0, T0 + 900, 300).persons.shape == (0, 3)
    assert store.totals(T0, T0, 300).starts.tolist() == []
    assert store.corrections() == store.quarantined() == store.alerts(T0) == []
    assert not store.has_simulated(0, T0)
    assert store.prune(T0) == 0


def test_the_same_again_is_a_duplicate_and_a_different_value_a_correction(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1), ("B", 0, 2)))
    written = store.write(rows(("A", 0, 1), ("B", 0, 3), ("C", 0, 4)))
    assert (written.accepted, written.duplicate, written.corrected) == (1, 1, 1)
    assert told(written.fresh) == [("B", 0, 3), ("C", 0, 4)]
    assert sorted(told(store.read(0, T0))) == [("A", 0, 1), ("B", 0, 3), ("C", 0, 4)]
    (old,) = store.corrections()
    assert (old["site_id"], old["observed_at"], old["persons_in"], old["received_at"]) == ("B", T0, 2, 42)
    assert old["method"] == "measured"


@pytest.mark.parametrize(
    "change",
    [
        {"interval_s": 61}, {"persons_in": np.nan}, {"vehicles_out": 0}, {"queue_m": 0.5}, {"lanes_open": 1},
        {"method": ["manual"]}, {"outcomes": [{"isolated": 1}]},
    ],
)  # fmt: skip
def test_any_difference_is_a_correction(store: SqliteStore, change: dict[str, Any]) -> None:
    before = {"site_id": ["A"], "observed_at": [T0], "persons_in": 5, "outcomes": [{"isolated": 2, "x": 1}]}
    assert store.write(Readings.of(**before)).accepted == 1
    assert store.write(Readings.of(**{**before, "outcomes": [{"x": 1.0, "isolated": 2}]})).duplicate == 1
    assert store.write(Readings.of(**{**before, **change})).corrected == 1
    same(store.read(0, T0), Readings.of(**{**before, **change}))
    assert store.corrections()[0]["outcomes"] == {"isolated": 2, "x": 1}


def test_within_one_batch_the_later_row_wins(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1)))
    written = store.write(rows(("A", 0, 2), ("B", 0, 7), ("A", 0, 2), ("A", 0, 3), ("B", 0, 7), ("A", 0, 1)))
    assert (written.accepted, written.duplicate, written.corrected) == (1, 2, 3)
    assert told(written.fresh) == [("B", 0, 7), ("A", 0, 1)]
    assert sorted(told(store.read(0, T0))) == [("A", 0, 1), ("B", 0, 7)]
    assert sorted(old["persons_in"] for old in store.corrections()) == [1, 2, 3]


identities = st.tuples(st.sampled_from("AB"), st.integers(0, 2), st.sampled_from([0.0, 1.0, np.nan]))


@settings(max_examples=80)
@given(st.lists(st.lists(identities, max_size=8), max_size=5), st.integers(1, 3))
def test_the_store_does_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, int, float]]], chunk: int
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("model") / "store.sqlite")
    kept: dict[tuple[str, int], float] = {}
    log: list[tuple[str, int, float]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_store, "CHUNK", chunk)
        for batch in batches:
            counts = {"accepted": 0, "duplicate": 0, "corrected": 0}
            touched = set()
            for site, at, value in batch:
                old = kept.get((site, at))
                if old is None:
                    counts["accepted"] += 1
                elif repr(old) == repr(value):
                    counts["duplicate"] += 1
                    continue
                else:
                    counts["corrected"] += 1
                    log.append((site, at, old))
                kept[site, at] = value
                touched.add((site, at))
            written = store.write(rows(*batch))
            assert {name: getattr(written, name) for name in counts} == counts
            fresh = {(site, at): value for site, at, value in told(written.fresh)}
            assert len(fresh) == len(written.fresh)
            assert repr(sorted(fresh.items())) == repr(sorted((key, kept[key]) for key in touched))
    found = {(site, at): value for site, at, value in told(store.read(0, T0 + 9))}
    assert repr(sorted(found.items())) == repr(sorted(kept.items()))
    logged = [
        (
            old["site_id"],
            old["observed_at"] - T0,
            np.nan if old["persons_in"] is None else float(old["persons_in"]),
        )
        for old in store.corrections()
    ]
    assert sorted(map(repr, logged)) == sorted(map(repr, log))
    store.close()


def test_rows_may_come_out_of_order_and_are_read_in_order(store: SqliteStore) -> None:
    store.write(rows(("A", 300, 3), ("B", 120, 2)))
    store.write(rows(("A", 60, 1), ("B", 600, 4)))
    assert told(store.read(0, T0 + 900)) == [("A", 60, 1), ("B", 120, 2), ("A", 300, 3), ("B", 600, 4)]
    assert told(store.read(T0 + 60, T0 + 300)) == [("B", 120, 2), ("A", 300, 3)]
    assert told(store.read(0, T0 + 900, ["B", "nobody"])) == [("B", 120, 2), ("B", 600, 4)]
    assert told(store.read(0, T0 + 900, ["A", "B"])) == told(store.read(0, T0 + 900))
    assert len(store.read(0, T0 + 900, [])) == 0
    assert store.span() == (T0 + 60, T0 + 600)


def test_large_reads_come_in_parts(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    given_rows = rows(*[(site, at, at) for at in range(50) for site in "ABC"])
    store.write(given_rows)
    monkeypatch.setattr(sqlite_store, "SLICE", 7)
    same(store.read(0, T0 + 100), given_rows)
    assert told(store.read(T0 + 3, T0 + 40, ["B"])) == [("B", at, at) for at in range(4, 41)]


def test_the_newest_of_each_site(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1), ("A", 60, 2), ("B", 30, 3)))
    assert sorted(told(store.latest(T0 + 60))) == [("A", 60, 2), ("B", 30, 3)]
    assert sorted(told(store.latest(T0 + 59))) == [("A", 0, 1), ("B", 30, 3)]
    assert told(store.latest(T0 + 59, ["A", "nobody"])) == [("A", 0, 1)]
    assert len(store.latest(T0 - 1)) == 0


def test_totals_add_up_and_tell_nothing_from_zero(store: SqliteStore) -> None:
    store.write(
        Readings.of(
            site_id=["A", "A", "A", "B", "B", "C"],
            observed_at=[T0 + 1, T0 + 300, T0 + 301, T0, T0 + 600, T0 + 900],
            persons_in=[1, 2, np.nan, 99, 0, 5],
            persons_out=[np.nan, 4, np.nan, 99, 0, 5],
            vehicles_in=[np.nan, np.nan, 7, 99, np.nan, 5],
            outcomes=[{"x": 1}, {"x": 2, "y": 3}, None, {"x": 99}, {"y": 0}, {"x": 99}],
        )
    )
    totals = store.totals(T0, T0 + 700, 300)
    assert totals.site_id.tolist() == ["A", "B"]
    assert totals.starts.tolist() == [T0, T0 + 300, T0 + 600]
    np.testing.assert_array_equal(totals.persons, [[7, np.nan, np.nan], [np.nan, 0, np.nan]])
    np.testing.assert_array_equal(totals.vehicles, [[np.nan, 7, np.nan], [np.nan, np.nan, np.nan]])
    assert sorted(totals.outcomes) == ["x", "y"]
    np.testing.assert_array_equal(totals.outcomes["x"], [[3, np.nan, np.nan], [np.nan, np.nan, np.nan]])
    np.testing.assert_array_equal(totals.outcomes["y"], [[3, np.nan, np.nan], [np.nan, 0, np.nan]])


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABC"), st.integers(0, 400_000)),
        st.one_of(st.none(), st.integers(0, 99)),
        max_size=30,
    ),
    st.sampled_from([300, 3600, 50_000, 86_400, 200_000]),
    st.integers(0, 100_000),
)
def test_totals_are_the_sums_of_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[tuple[str, int], int | None], step: int, start: int
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("totals") / "store.sqlite")
    store.write(rows(*[(site, at, np.nan if value is None else value) for (site, at), value in kept.items()]))
    totals = store.totals(T0 + start, T0 + 300_000, step)
    for number, begin in enumerate(totals.starts.tolist()):
        readings = store.read(begin, min(begin + step, T0 + 300_000))
        for row, site in enumerate(totals.site_id.tolist()):
            found = readings.persons_in[(readings.site_id == site) & ~np.isnan(readings.persons_in)]
            np.testing.assert_equal(totals.persons[row, number], found.sum() if len(found) else np.nan)
    store.close()


def test_simulated_rows_are_known(store: SqliteStore) -> None:
    store.write(rows(("A", 0, 1), ("B", 60, 1), ("C", 120, 1), method=["measured", "simulated", "manual"]))
    assert store.has_simulated(T0, T0 + 60)
    assert not store.has_simulated(T0 + 60, T0 + 120)
    store.write(rows(("B", 60, 1)))
    assert not store.has_simulated(0, T0 + 120)
    assert set(METHODS) == {
        "measured",
        "estimated",
        "manual",
        "simulated",
    }  # kept by number: add at the end only


def test_prune_drops_what_is_old(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "CHUNK", 4)
    store.write(rows(*[(site, at, 1) for at in range(0, 100, 10) for site in "AB"]))
    store.write(rows(("A", 0, 2), ("A", 90, 2)))
    store.write_reports(reports(("F", 40), ("F", 60)))
    assert store.prune(T0 + 50) == 11
    assert store.span() == (T0 + 50, T0 + 90)
    assert len(store.read_reports(0, T0 + 99)) == 1
    assert [old["observed_at"] for old in store.corrections()] == [T0 + 90]
    assert store.prune(T0 + 50) == 0


def test_prune_drops_alerts_that_ended_and_refused_rows_too(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "CHUNK", 2)
    ended = [
        Alerted(str(at), "r", "site", "A", "notice", "resolved", T0, resolved_at=T0 + at)
        for at in range(0, 90, 10)
    ]
    store.put_alerts([*ended, Alerted("open", "r", "site", "A", "notice", "pending", T0)])
    store.quarantine([Refused(1, "{}", "site_id", "x", "y")], source="test")
    assert store.prune(T0 + 50) == 0
    assert [one.id for one in store.alerts_between(0, T0 + 100)] == ["50", "60", "70", "80", "open"]
    assert store.quarantined() == []  # received in the year 1970


def test_prune_goes_on_in_parts_as_long_as_it_may(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "CHUNK", 4)
    store.write(rows(*[(site, at, 1) for at in range(0, 100, 10) for site in "AB"]))
    left = []

    def go_on() -> bool:
        store.write(rows(("C", 99, len(left))))  # whoever writes gets its turn between two parts
        left.append(len(store.read(0, T0 + 90)))
        return len(left) < 2

    assert store.prune(T0 + 80, go_on) == 12
    assert left == [14, 8]
    assert store.prune(T0 + 80) == 4


def test_it_is_known_when_others_wrote(store: SqliteStore) -> None:
    assert not store.others_wrote()
    store.write(rows(("A", 0, 1)))
    store.read(0, T0)
    assert not store.others_wrote()
    other = SqliteStore(store.path)
    other.read(0, T0)
    assert not store.others_wrote()
    other.write(rows(("A", 0, 1)))  # a duplicate: nothing changes
    assert not store.others_wrote()
    other.write(rows(("A", 0, 2)))
    store.write(rows(("B", 0, 1)))  # its own write in between hides nothing
    assert store.others_wrote()
    assert not store.others_wrote()
    assert other.others_wrote()
    other.close()
    assert not store.others_wrote()
