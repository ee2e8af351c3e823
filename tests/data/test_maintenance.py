"""Work that comes again is under way when its days and times of day say so, by the profile's clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.calendar import span_of, windows
from data.county import county_profile
from data.maintenance import coming, running
from data.orders import NONE
from data.profile import Profile
from data.silences import in_force
from data.spec_hiding import MaintenanceSpec
from layers.faults import FaultsError
from tests.data.edited import Edited
from tests.data.places import small

SHANGHAI = ZoneInfo("Asia/Shanghai")


def work(**told: Any) -> MaintenanceSpec:
    return MaintenanceSpec.model_validate(
        {"id": "m1", "name": {"zh-CN": "检修", "en": "Works"}, "where": {"sites": ["c1"]}, **told}
    )


def with_works(*works: MaintenanceSpec) -> Profile:
    return replace(small(), spec=small().spec.model_copy(update={"maintenance": list(works)}))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def spans(spec: MaintenanceSpec, first: str, days: int, zone: ZoneInfo = SHANGHAI) -> list[str]:
    return [
        f"{datetime.fromtimestamp(one.start, zone):%a %H:%M}-{datetime.fromtimestamp(one.end, zone):%a %H:%M}"
        for one in windows(spec, zone, date.fromisoformat(first), days)
    ]


def test_days_and_times_of_day() -> None:
    # 2026-09-21 is a Monday.
    assert spans(work(start="02:00", end="04:30", weekdays=["tue", "fri"]), "2026-09-21", 7) == [
        "Tue 02:00-Tue 04:30", "Fri 02:00-Fri 04:30",
    ]  # fmt: skip
    assert spans(work(start="22:00", end="02:00", dates=["2026-09-22"]), "2026-09-21", 7) == [
        "Tue 22:00-Wed 02:00"
    ]
    assert spans(work(dates=["2026-09-22/2026-09-30"], weekdays=["wed"]), "2026-09-21", 14) == [
        "Wed 00:00-Thu 00:00", "Wed 00:00-Thu 00:00",
    ]  # fmt: skip
    assert len(spans(work(), "2026-09-21", 7)) == 7


def test_clocks_put_forward_and_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = work(start="01:00", end="04:00")
    hours = {
        day: [(one.end - one.start) // 3600 for one in windows(night, berlin, date.fromisoformat(day), 1)]
        for day in ("2026-03-28", "2026-03-29", "2026-10-25")
    }
    assert hours == {"2026-03-28": [3], "2026-03-29": [2], "2026-10-25": [4]}


def test_it_is_under_way_between_and_over_midnight() -> None:
    profile = with_works(work(start="22:00", end="02:00", weekdays=["tue"]))
    told = {
        moment: [one.id for one in running(profile, at(moment))]
        for moment in (
            "2026-09-22T21:59:59", "2026-09-22T22:00:00", "2026-09-23T01:59:59", "2026-09-23T02:00:00",
            "2026-09-23T22:30:00",
        )
    }  # fmt: skip
    assert list(told.values()) == [[], ["m1"], ["m1"], [], []]
    (hush,) = in_force(profile, NONE, at("2026-09-22T23:00:00"))
    assert (hush.name, hush.where.sites) == ("maintenance:m1", ("c1",))


def test_what_is_to_come_begins_with_what_is_under_way() -> None:
    profile = with_works(work(start="22:00", end="02:00"), work(id="m2", start="06:00", end="07:00"))
    told = [(one.id, one.start) for one in coming(profile, at("2026-09-23T01:00:00"), 1)]
    assert told == [
        ("m1", at("2026-09-22T22:00:00")), ("m2", at("2026-09-23T06:00:00")),
        ("m1", at("2026-09-23T22:00:00")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-30", "20260101", "2026-W01-1", "2026-01-02/2026-01-01", "2026-01-01/", "/2026-01-01"],
)
def test_what_is_no_day(text: str) -> None:
    assert span_of(text) is None


def test_a_county_has_the_works_that_name_nobody_else() -> None:
    profile = with_works(
        work(id="own"), work(id="all", where={"rules": ["offline"]}),
        work(id="both", where={"sites": ["c1", "c2"]}),
        work(id="other", where={"counties": ["900102"]}),
    )  # fmt: skip
    assert [one.id for one in county_profile(profile, "900101").spec.maintenance] == ["own", "all"]


GOOD = """
[[maintenance]]
id = "gates"
name = { "zh-CN" = "通道检修", en = "Lane works" }
where = { sites = ["c1"], rules = ["wait_over_30"] }
weekdays = ["sun"]
start = "02:00"
end = "05:00"
reason = { "zh-CN" = "季度检修", en = "Quarterly works" }
"""


def test_a_profile_with_maintenance_is_read(tmp_path: Any) -> None:
    edited = Edited(tmp_path)
    edited.write("profile.toml", edited.text("profile.toml") + GOOD)
    (spec,) = edited.load().spec.maintenance
    assert (spec.id, spec.weekdays, spec.reason["en"]) == ("gates", ["sun"], "Quarterly works")


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        ('["c1"]', '["c9"]', "maintenance[gates].where.sites", ""),
        ('"wait_over_30"', '"wait_over_3"', "maintenance[gates].where.rules", "wait_over_30"),
        ('{ sites = ["c1"], rules = ["wait_over_30"] }', "{}", "maintenance[gates].where", "Name rules"),
        ('"02:00"', '"2:00"', "maintenance[gates].start", ""),
        ('weekdays = ["sun"]', 'dates = ["2026-13-01"]', "maintenance[gates].dates", ""),
        (', en = "Quarterly works"', "", "maintenance[gates].reason.en", ""),
    ],
    ids=["site", "rule", "everything", "time", "date", "words"],
)
def test_faults_of_maintenance_name_their_place(
    tmp_path: Any, old: str, new: str, path: str, hint: str
) -> None:
    edited = Edited(tmp_path)
    assert GOOD.count(old) == 1
    edited.write("profile.toml", edited.text("profile.toml") + GOOD.replace(old, new))
    with pytest.raises(FaultsError) as raised:
        edited.load()
    (fault,) = raised.value.faults
    assert fault.field == path
    assert hint in fault.hint


def test_rules_that_hide_each_other_are_refused(tmp_path: Any) -> None:
    edited = Edited(tmp_path)
    edited.replace("profile.toml", 'id = "offline"\n', 'id = "offline"\nhides = ["no_data"]\n')
    edited.load()
    edited.replace("profile.toml", 'id = "no_data"\n', 'id = "no_data"\nhides = ["offline", "no_such"]\n')
    with pytest.raises(FaultsError) as raised:
        edited.load()
    told = {(fault.what, fault.field, fault.got) for fault in raised.value.faults}
    assert told == {
        ("the rule hides itself", "rules[offline].hides", "no_data"),
        ("the rule hides itself", "rules[no_data].hides", "offline"),
        ("unknown rule", "rules[no_data].hides", "no_such"),
    }
