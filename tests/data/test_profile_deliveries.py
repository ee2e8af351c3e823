"""What is wrong with the deliveries of a profile, and which dispatches each is for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.county import county_profile
from data.dispatch import Dispatch
from data.profile import check_profile, load_profile
from data.spec_delivery import DeliveryScope, DeliverySpec, due_at, wants
from layers.faults import Fault

GOOD = """
[[deliveries]]
id = "room"
kind = "webhook"
address = "https://hooks.example/alerts"
severities = ["critical"]
where = { rules = ["wait_over_30"], counties = ["900101"], lines = ["third"], kinds = ["checkpoint"] }

[[deliveries]]
id = "chief"
kind = "email"
address = "chief@example.org, duty@example.org"
after_s = 300
lang = "en"
"""


@pytest.fixture
def folder(tmp_path: Path, small_profile: Path) -> Path:
    return Path(shutil.copytree(small_profile, tmp_path / "small"))


def faults(folder: Path, old: str = "", new: str = "") -> list[Fault]:
    assert old in GOOD
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write(GOOD.replace(old, new, 1) if old else GOOD)
    return check_profile(folder)


def test_good_ones_are_read(folder: Path) -> None:
    assert faults(folder) == []
    room, chief = load_profile(folder).spec.deliveries
    assert (room.kind, room.where.kinds, chief.after_s, chief.lang) == ("webhook", ["checkpoint"], 300, "en")


@pytest.mark.parametrize(
    ("old", "new", "field", "hint"),
    [
        (
            '"https://hooks.example/alerts"',
            '"http://hooks.example/alerts"',
            "deliveries[room].address",
            "TLS",
        ),
        (
            '"https://hooks.example/alerts"',
            '"https://me:pw@hooks.example/"',
            "deliveries[room].address",
            "TLS",
        ),
        ('"https://hooks.example/alerts"', '"hooks.example"', "deliveries[room].address", "TLS"),
        ('"https://hooks.example/alerts"', '"https://[::1"', "deliveries[room].address", "TLS"),
        ('"https://hooks.example/alerts"', '"ftp://127.0.0.1/"', "deliveries[room].address", "TLS"),
        (", duty@example.org", ", duty", "deliveries[chief].address", ""),
        (", duty@example.org", "\\nBcc: x@example.org", "deliveries[chief].address", ""),
        ("wait_over_30", "wait_over_3", "deliveries[room].where.rules", "wait_over_30"),
        ("900101", "900199", "deliveries[room].where.counties", ""),
        ('"third"', '"thrid"', "deliveries[room].where.lines", "third"),
        ('"checkpoint"', '"chekpoint"', "deliveries[room].where.kinds", "checkpoint"),
        ('lang = "en"', 'lang = "fr"', "deliveries[chief].lang", ""),
        ('id = "chief"', 'id = "room"', "deliveries[room].id", ""),
        ('"critical"', '"fatal"', "deliveries[room].severities[1]", ""),
        ("after_s = 300", "after_s = -1", "deliveries[chief].after_s", ""),
        ('kind = "email"', 'kind = "fax"', "deliveries[chief].kind", ""),
        ("after_s", "afters", "deliveries[chief].afters", "after_s"),
    ],
)
def test_each_fault_is_told_where_it_is(folder: Path, old: str, new: str, field: str, hint: str) -> None:
    (fault,) = faults(folder, old, new)
    assert fault.field == field
    assert hint in fault.hint
    # An address may carry a key, and faults are shown on the wall.
    assert "pw" not in str(fault.as_dict())


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000/x", "http://[::1]/x", "http://localhost/x"])
def test_this_machine_may_be_told_without_tls(folder: Path, address: str) -> None:
    assert faults(folder, "https://hooks.example/alerts", address) == []


def test_a_county_knows_of_its_own_deliveries_alone(folder: Path) -> None:
    faults(folder)
    whole = load_profile(folder)
    assert [one.id for one in county_profile(whole, "900101").spec.deliveries] == ["room"]
    assert county_profile(whole, "900102").spec.deliveries == []


def dispatch(
    event: str = "fired", *, severity: str = "critical", county: str = "900101", **more: object
) -> Dispatch:
    detail = {"rule": "wait", "line": "third", "kind": "checkpoint.level1", "fired_at": 1000} | more
    return Dispatch("wait:a:1", event, 1010, severity, county, detail)


def delivery(after_s: int = 0, **more: object) -> DeliverySpec:
    return DeliverySpec.model_validate(
        {"id": "d", "kind": "email", "address": "a@b", "after_s": after_s} | more
    )


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ({}, True), ({"rules": ["wait"]}, True), ({"rules": ["queue"]}, False), ({"lines": ["first"]}, False),
        ({"counties": ["900102"]}, False), ({"counties": ["900101", "900102"]}, True),
        ({"kinds": ["checkpoint"]}, True), ({"kinds": ["check"]}, False),
        ({"kinds": ["checkpoint.level1"], "lines": ["third"]}, True),
    ],
)  # fmt: skip
def test_where_says_which_alerts(where: dict[str, list[str]], wanted: bool) -> None:
    assert wants(delivery(where=DeliveryScope(**where).model_dump()), dispatch()) is wanted


def test_severity_counts_until_it_is_over() -> None:
    grave = delivery(severities=["critical"])
    assert wants(grave, dispatch())
    assert not wants(grave, dispatch(severity="warning"))
    # Whoever was told is told how it ended; who was not is left out by the store.
    assert wants(grave, dispatch("resolved", severity="warning"))
    assert not wants(delivery(events=["fired"]), dispatch("resolved"))


def test_a_group_over_several_counties_is_for_each_of_them() -> None:
    both = dispatch(county="", counties=["900101", "900102"])
    assert wants(delivery(where={"counties": ["900102"]}), both)
    assert not wants(delivery(where={"counties": ["900103"]}), both)


def test_a_group_is_for_whoever_would_be_told_of_one_of_it() -> None:
    group = dispatch(line="", lines=["second", "third"], kind="", kinds=["checkpoint.fixed", "duty_point"])
    assert wants(delivery(where={"kinds": ["checkpoint"]}), group)
    assert wants(delivery(where={"lines": ["third"], "kinds": ["duty_point"]}), group)
    assert not wants(delivery(where={"kinds": ["second_line_post"]}), group)
    assert not wants(delivery(where={"lines": ["first"]}), group)


def test_the_seconds_count_from_when_it_asked() -> None:
    assert due_at(delivery(), dispatch()) == 1010
    assert due_at(delivery(300), dispatch()) == 1300
    assert due_at(delivery(300), dispatch("asks", asked_at=2000)) == 2300
    # The board was down meanwhile: at once, not in the past.
    assert due_at(delivery(5), dispatch()) == 1010
    assert due_at(delivery(300), dispatch("resolved")) == 1010
