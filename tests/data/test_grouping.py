"""So many alerts of one rule in one county, or on one line, are one matter."""

from __future__ import annotations

import pytest

from data.grouping import groups
from data.picture import Alert, Group, cut
from tests.data.places import NOON, picture_of, small, view_of
from tests.data.test_hiding import SITES, alert, with_rules

COUNTY = with_rules(small(), offline={"group": "county", "group_min": 2})
LINE = with_rules(small(), offline={"group": "line", "group_min": 2})
SILENT = [alert("offline", site) for site in SITES]


def home(site: str) -> str:
    return str(small().sites.county[small().sites.row[site]])


def test_a_countys_outage_is_one_matter() -> None:
    found, member = groups(COUNTY, SILENT, {})
    assert [(one.id, one.by, one.key, one.alerts) for one in found] == [
        (f"offline@{county}", "county", county, sum(home(site) == county for site in SITES))
        for county in dict.fromkeys(home(site) for site in SITES)
    ]
    assert member == {one.id: f"offline@{one.county}" for one in SILENT}


def test_a_line_may_gather_them_in_place_of_a_county() -> None:
    found, _ = groups(LINE, SILENT, {})
    assert {one.key for one in found} == {"first", "second", "third"}


def test_fewer_than_asked_for_stand_alone_and_so_do_hidden_and_pending_ones() -> None:
    pair = [alert("offline", "c2"), alert("offline", "c3")]
    assert len(groups(COUNTY, pair, {})[0]) == 1
    assert groups(COUNTY, pair[:1], {}) == ((), {})
    assert groups(COUNTY, pair, {pair[0].id: "silence:s1"}) == ((), {})
    assert groups(COUNTY, [pair[0], alert("offline", "c3", state="pending")], {}) == ((), {})
    assert groups(small(), SILENT, {}) == ((), {})  # no rule asks for it


def test_a_group_speaks_for_its_worst_and_its_oldest() -> None:
    mine = [
        alert("offline", "c2", severity="notice", started_at=NOON - 50),
        alert("offline", "c3", severity="critical", state="acknowledged"),
    ]
    (one,), _ = groups(COUNTY, mine, {})
    assert (one.severity, one.since, one.alerts) == ("critical", NOON - 50, 2)


def test_a_group_keeps_its_name_while_alerts_come_and_go() -> None:
    names = {
        groups(COUNTY, [one for one in SILENT if one.target_id not in gone], {})[0][0].id
        for gone in ((), ("d1",), ("d2", "p1"))
    }
    assert names == {f"offline@{SILENT[0].county}"}


@pytest.mark.parametrize("by", ["county", "line"])
def test_a_county_is_told_of_its_own_part_alone(by: str) -> None:
    from dataclasses import replace

    profile = COUNTY if by == "county" else LINE
    found, member = groups(profile, SILENT, {})
    alerts: tuple[Alert, ...] = tuple(replace(one, group=member.get(one.id, "")) for one in SILENT)
    whole = replace(picture_of(small(), view_of(small(), NOON)), alerts=alerts, groups=found)
    told: tuple[Group, ...] = cut(whole, small(), "900101").groups
    assert told
    assert sum(one.alerts for one in told) == sum(home(site) == "900101" for site in SITES)
    assert "900102" not in str(told)
