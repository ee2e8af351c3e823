"""What Hong Kong's control points really counted in 2020, taken in and kept as its profile says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from data.intake import Known, Parsed, parse
from data.spec import ReadingsSpec, ReadingTime
from data.store import Store, open_store

FILE = Path(__file__).parents[3] / "shared" / "data" / "hk-2020" / "passengers_daily.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the Hong Kong data is not beside this project")
SPEC = ReadingsSpec(
    columns={
        "site_id": "control_point",
        "observed_at": "date",
        "persons_in": "arrive_total",
        "persons_out": "departure_total",
    },
    constants={"interval_s": 86_400, "method": "measured"},
    ignore=[f"{way}_{who}" for way in ("arrive", "departure") for who in ("resident", "mainland", "others")],
    time=ReadingTime(format="%Y-%m-%d", marks="start"),
)
ZONE = timezone(timedelta(hours=8))


def day(month: int, number: int) -> int:
    """Midnight at the start of a day of 2020."""
    return int(datetime(2020, month, number, tzinfo=ZONE).timestamp())


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    body = FILE.read_bytes()
    site_ids = pd.read_csv(io.BytesIO(body))["control_point"].unique()
    return parse(body, "text/csv", SPEC, Known(site_ids, [], [], ZoneInfo("Asia/Hong_Kong")))


@pytest.fixture(scope="module")
def store(parsed: Parsed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(str(tmp_path_factory.mktemp("hk") / "hk.sqlite"))
    assert store.write(parsed.readings).accepted == 4522
    yield store
    store.close()


def test_every_row_is_taken(parsed: Parsed) -> None:
    assert parsed.refused == []
    assert len(parsed.readings) == 4522
    assert len(set(parsed.readings.site_id)) == 16


def test_the_same_file_again_adds_nothing(parsed: Parsed, store: Store) -> None:
    again = store.write(parsed.readings)
    assert (again.accepted, again.duplicate, again.corrected, len(again.fresh)) == (0, 4522, 0, 0)
    assert len(store.read(*year())) == 4522


def test_totals(store: Store) -> None:
    totals = store.totals(*year(), 86_400)
    assert np.nansum(totals.persons) == 6_116_622
    assert np.isnan(totals.vehicles).all()
    assert store.span() == (day(1, 26), day(11, 16))


def test_lo_wu_closes_with_a_true_zero(store: Store) -> None:
    rows = store.read(day(2, 3), day(2, 5), ["Lo Wu"])
    assert rows.observed_at.tolist() == [day(2, 4), day(2, 5)]
    assert rows.persons_in.tolist() == [29_437, 0]
    assert rows.interval_s.tolist() == [86_400, 86_400]


def test_heung_yuen_wai_says_nothing_before_it_opens(store: Store) -> None:
    totals = store.totals(day(8, 24), day(8, 28), 86_400)
    persons = totals.persons[totals.site_id.tolist().index("Heung Yuen Wai")]
    assert np.isnan(persons).tolist() == [True, True, False, False]
    assert len(store.latest(day(8, 26), ["Heung Yuen Wai"])) == 0


def year() -> tuple[int, int]:
    return day(1, 1), day(12, 31)
