from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.store import Alerted, Refused
from data.store import sqlite as sqlite_store
from data.store.sqlite import SqliteStore
from tests.data.stores import T0, reports


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite", clock=lambda: 42.0)
    yield store
    store.close()


def test_reports(store: SqliteStore) -> None:
    assert store.write_reports(reports(("F-2", 60), ("F-1", 0))) == 2
    assert store.write_reports(reports(("F-2", 60))) == 0
    assert store.write_reports(reports(("F-2", 60), state="down", entered=3)) == 1
    assert store.write_reports(reports()) == 0
    kept = store.read_reports(T0 - 1, T0 + 60)
    assert kept.target.tolist() == ["fence", "fence"]
    assert kept.target_id.tolist() == ["F-1", "F-2"]
    assert kept.observed_at.tolist() == [T0, T0 + 60]
    assert kept.state.tolist() == ["up", "down"]
    np.testing.assert_array_equal(kept.crossings_in, [np.nan, 3])
    assert len(store.read_reports(T0, T0 + 59)) == 0


def test_quarantine_keeps_the_newest(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "QUARANTINED", 5)
    monkeypatch.setattr(sqlite_store, "CHUNK", 2)
    store.quarantine(
        [Refused(n, '{"a":"云\\u0000"}', "wait_min", "-1", "more") for n in range(1, 4)], source="post"
    )
    store.quarantine([Refused(n, "{}", "site_id", 'x"\n', "a site") for n in range(1, 9)], source="file.csv")
    store.quarantine([], source="nothing")
    kept = store.quarantined()
    assert [row["row"] for row in kept] == [8, 7, 6, 5, 4]
    assert kept[0] == {
        "received_at": 42, "source": "file.csv", "row": 8, "raw": "{}", "field": "site_id", "got": 'x"\n',
        "expected": "a site",
    }  # fmt: skip
    assert len(store.quarantined(2)) == 2


def test_alerts_as_they_stood(store: SqliteStore) -> None:
    pending = Alerted("1", "wait", "site", "A", "warning", "pending", T0)
    store.put_alerts(
        [pending, Alerted("2", "fence", "fence", "F", "critical", "firing", T0 + 10, T0 + 10, None, 1.5)]
    )
    assert store.alerts(T0 - 1) == []
    assert [alert.id for alert in store.alerts(T0)] == ["1"]
    store.put_alerts([replace(pending, state="resolved", fired_at=T0 + 20, resolved_at=T0 + 50, value=45.0)])
    assert [(alert.id, alert.state) for alert in store.alerts(T0 + 19)] == [("1", "pending"), ("2", "firing")]
    at_30 = store.alerts(T0 + 30)[0]
    assert (at_30.state, at_30.fired_at, at_30.resolved_at, at_30.value) == ("firing", T0 + 20, None, 45.0)
    assert [alert.id for alert in store.alerts(T0 + 50)] == ["2"]
    assert [alert.id for alert in store.alerts_between(T0 + 49, T0 + 60)] == ["1", "2"]
    assert [alert.id for alert in store.alerts_between(T0 + 50, T0 + 60)] == ["2"]
    assert [alert.id for alert in store.alerts_between(T0 - 9, T0 + 9)] == ["1"]
    assert store.alerts_between(T0 + 49, T0 + 60)[0].state == "resolved"
    store.put_alerts([])


def test_facts(store: SqliteStore) -> None:
    assert store.get_meta("profile") is None
    store.set_meta("profile", "lincang")
    store.set_meta("profile", "临沧")
    assert store.get_meta("profile") == "临沧"


def test_a_file_of_before_gains_what_alerts_are_kept_with_now(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = SqliteStore(path)
    store.put_alerts([Alerted("1", "wait", "site", "A", "warning", "firing", T0, T0 + 5)])
    store.close()
    with sqlite3.connect(path) as db:
        for column in ("grades", "swings", "clear_since", "swung"):
            db.execute(f"ALTER TABLE alerts DROP COLUMN {column}")
    db.close()
    store = SqliteStore(path)
    assert store.alerts(T0 + 9) == [Alerted("1", "wait", "site", "A", "warning", "firing", T0, T0 + 5)]
    worse = Alerted(
        "1", "wait", "site", "A", "critical", "firing", T0, T0 + 5,
        grades=((T0, "warning"), (T0 + 20, "critical")), swings=(T0 + 5, T0 + 30),
        clear_since=T0 + 40, swung=True,
    )  # fmt: skip
    store.put_alerts([worse])
    assert store.alert("1") == worse == store.alerts(T0 + 50)[0]
    then = store.alerts(T0 + 10)[0]
    assert (then.severity, then.swings) == ("warning", (T0 + 5,))
    assert store.alert("2") is None
    store.close()
