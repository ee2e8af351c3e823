"""What Hong Kong's control points really counted in 2020, through the real interface."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from data.profile import load_profile
from data.series import MOST_STEPS
from tests.serving import ROOT, Clock, Served

DATA = ROOT.parent / "shared" / "data" / "hk-2020"
DAILY, POINTS = DATA / "passengers_daily.csv", DATA / "control_points.csv"
DAY_S = 86_400
FIRST, LAST = "2020-01-25T00:00:00+08:00", "2020-11-16T00:00:00+08:00"
PERSONS = 6_116_622

pytestmark = pytest.mark.skipif(
    not DAILY.is_file(), reason=f"the Hong Kong counts are not here ({DATA.name} beside the project)"
)

PROFILE = """
id = "hong-kong"
title = { en = "Hong Kong control points" }
timezone = "Asia/Hong_Kong"
languages = ["en"]
demonstration = true
area = [113.8, 22.1, 114.5, 22.6]

[map]
center = [114.1, 22.35]
zoom = 10
source = { en = "Immigration Department" }

[[lines]]
id = "control"
name = { en = "Control points" }
short = { en = "CP" }
shape = "circle"

[kinds.control_point]
name = { en = "Control point" }
line = "control"

[[layers]]
name = "control_points"
kind = "checkpoints"
file = "control_points.csv"
crs = "EPSG:4326"
title = { en = "Control points" }
columns = { site_id = "control_point", name = "name_zh" }
constants = { kind = "control_point" }

[duty]
current = "normal"

[[duty.levels]]
id = "normal"
name = { en = "Normal" }

[readings]
expected_interval_s = 86400
no_data_after_s = 129600
offline_after_s = 259200
ignore = [
    "arrive_resident", "arrive_mainland", "arrive_others", "departure_resident", "departure_mainland",
    "departure_others",
]

[readings.columns]
site_id = "control_point"
observed_at = "date"
persons_in = "arrive_total"
persons_out = "departure_total"

[readings.time]
format = "%Y-%m-%d"
marks = "start"

[windows]
minutes = [1440]
main = 1440
"""


@pytest.fixture
def hong_kong(tmp_path: Path, serve: Any, clock: Clock) -> Served:
    folder = tmp_path / "hong-kong"
    folder.mkdir()
    (folder / "profile.toml").write_text(PROFILE, "utf-8")
    (folder / "control_points.csv").write_bytes(POINTS.read_bytes())
    return serve(load_profile(folder))


def post(served: Served) -> dict[str, Any]:
    answer = served.post("/api/v1/readings", content=DAILY.read_bytes(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def series(served: Served, site: str, metric: str, start: str = FIRST, end: str = LAST) -> list[Any]:
    query = {"metric": metric, "from": start, "to": end, "step": str(DAY_S)}
    answer = served.get(f"/api/v1/sites/{site}/series", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def site_on(served: Served, site: str, at: str) -> dict[str, Any]:
    answer = served.get("/api/v1/sites", params={"at": at})
    assert answer.status_code == 200, answer.text
    return next(one["properties"] for one in answer.json()["features"] if one["id"] == site)


def test_hong_kong(hong_kong: Served) -> None:
    with DAILY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = post(hong_kong)
    assert (told["accepted"], told["duplicate"], told["corrected"], told["rejected"]) == (4522, 0, 0, [])
    assert told["accepted"] == len(rows)
    assert hong_kong.get("/api/health").json()["sites"] == 16

    # Twice adds nothing.
    again = post(hong_kong)
    assert (again["accepted"], again["duplicate"], again["corrected"]) == (0, 4522, 0)

    # The sum of everything, by the interface's own sums, agrees with the file.
    sites = sorted({row["control_point"] for row in rows})
    total = 0
    for site in sites:
        for metric, column in (("persons_in", "arrive_total"), ("persons_out", "departure_total")):
            values = [point["value"] for point in series(hong_kong, site, metric)]
            assert len(values) == 296 <= MOST_STEPS
            summed = sum(value for value in values if value is not None)
            assert summed == sum(int(row[column]) for row in rows if row["control_point"] == site)
            assert sum(value is not None for value in values) == sum(
                row["control_point"] == site for row in rows
            )
            total += summed
    assert total == PERSONS

    # Lo Wu: a busy day, then a true zero, which is not "no data".
    third, fourth = series(
        hong_kong, "Lo Wu", "persons_in", "2020-02-03T00:00:00+08:00", "2020-02-05T00:00:00+08:00"
    )
    assert third == {"t": "2020-02-03T00:00:00+08:00", "value": 29_437}
    assert fourth == {"t": "2020-02-04T00:00:00+08:00", "value": 0}
    closed = site_on(hong_kong, "Lo Wu", "2020-02-05T12:00:00+08:00")
    assert (closed["status"], closed["persons_per_hour"], closed["data_age_s"]) == ("normal", 0, DAY_S // 2)
    busy = site_on(hong_kong, "Lo Wu", "2020-02-04T12:00:00+08:00")
    departed = next(
        int(row["departure_total"])
        for row in rows
        if (row["control_point"], row["date"]) == ("Lo Wu", "2020-02-03")
    )
    assert busy["persons_per_hour"] == pytest.approx((29_437 + departed) / 24, abs=0.05)

    # Heung Yuen Wai opened on 2020-08-26: nothing before, neither a number nor a status.
    before = series(hong_kong, "Heung Yuen Wai", "persons_in", FIRST, "2020-08-26T00:00:00+08:00")
    assert {point["value"] for point in before} == {None}
    unopened = site_on(hong_kong, "Heung Yuen Wai", "2020-08-26T12:00:00+08:00")
    assert (unopened["status"], unopened["persons_per_hour"], unopened["observed_at"]) == (
        "no_data",
        None,
        None,
    )
    opened = series(hong_kong, "Heung Yuen Wai", "persons_in", "2020-08-26T00:00:00+08:00", LAST)
    assert opened[0]["value"] is not None
    assert site_on(hong_kong, "Heung Yuen Wai", "2020-08-27T12:00:00+08:00")["status"] == "normal"
    # Years later it has long been silent, and nothing old is shown as live.
    now = site_on(hong_kong, "Lo Wu", "2026-06-03T12:00:00+08:00")
    assert (now["status"], now["persons_per_hour"]) == ("offline", None)
