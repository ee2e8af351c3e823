"""CAP 1.2 messages, held against OASIS' own schema, which the WMO's validator carries, and a feed of them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import capvalidator
import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.notify.atom import atom
from dashboard.notify.cap import NAMESPACE, Sender, cap
from data.dispatch import EVENTS, Dispatch
from data.picture import SEVERITIES
from tests.conftest import NOON

NS = {"cap": NAMESPACE}
WORDS = {
    "zh-CN": {
        "event": "等候超时", "name": "甲站", "county_name": "甲县", "what": "等候 45 分钟", "advice": "加开",
    },
    "en": {"event": "Wait", "name": "A <&> B", "county_name": "A", "what": "wait 45 min", "advice": "Open"},
}  # fmt: skip
DETAIL = {
    "words": WORDS, "rule": "wait", "target": "site", "target_id": "a", "line": "third", "value": 45.5,
    "alerts": 1, "started_at": NOON - 60, "fired_at": NOON, "area": {"point": [23.5, 99.1]},
}  # fmt: skip


def made(event: str = "fired", number: int = 1, *, severity: str = "critical", **more: Any) -> Dispatch:
    return Dispatch("wait:站 点,1:7", event, NOON + number, severity, "900101", DETAIL | more, number)


@pytest.fixture(scope="module")
def sender(profile: Any) -> Sender:
    return Sender.of(profile)


def checked(message: bytes) -> ET.Element:
    """The message, after the schema has been held against it."""
    result = capvalidator.check_schema(message)
    assert result.passed, (result.message, message.decode())
    return ET.fromstring(message)


def text(message: ET.Element, path: str) -> str | None:
    return message.findtext("/".join(f"cap:{part}" for part in path.split("/")), namespaces=NS)


def canonical(message: bytes) -> str:
    return ET.canonicalize(message, rewrite_prefixes=True)


def test_the_schema_is_one_that_finds_faults(sender: Sender) -> None:
    broken = cap(sender, made(), []).replace(b"<scope>Restricted</scope>", b"<scope>Somewhat</scope>")
    assert not capvalidator.check_schema(broken).passed


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_event_of_every_severity_is_valid(sender: Sender, event: str, severity: str) -> None:
    before = [] if event == "fired" else [made(), made("answered", 2)]
    message = checked(cap(sender, made(event, 3, severity=severity), before))
    kinds = {"fired": "Alert", "resolved": "Cancel"}
    assert text(message, "msgType") == kinds.get(event, "Update")
    assert text(message, "status") == "Actual"
    assert text(message, "info/urgency") == "Past" or event != "resolved"
    assert [one.text for one in message.findall("cap:info/cap:language", NS)] == ["zh-CN", "en"]


def test_updates_and_cancels_refer_to_the_messages_before_by_what_these_say_of_themselves(
    sender: Sender,
) -> None:
    told = [made(), made("worse", 2), made("resolved", 3)]
    messages = [checked(cap(sender, one, told[:number])) for number, one in enumerate(told)]
    names = [",".join(text(one, part) or "" for part in ("sender", "identifier", "sent")) for one in messages]
    assert text(messages[0], "references") is None
    assert text(messages[1], "references") == names[0]
    assert text(messages[2], "references") == f"{names[0]} {names[1]}"
    # Whoever splits references at blanks and commas finds what was meant.
    assert all(len(name.split(",")) == 3 and " " not in name for name in names)
    assert len({text(one, "incidents") for one in messages}) == 1


def test_what_it_says(sender: Sender) -> None:
    message = checked(cap(sender, made(), []))
    assert text(message, "sender") == "threeline-small"
    assert text(message, "sent") == "2026-06-03T12:00:01+08:00"
    assert text(message, "info/severity") == "Severe"
    assert text(message, "info/headline") == "告警：甲站 等候 45 分钟"
    assert text(message, "info/instruction") == "加开"
    assert text(message, "info/onset") == "2026-06-03T11:59:00+08:00"
    assert text(message, "info/area/areaDesc") == "甲县 甲站"
    assert text(message, "info/area/circle") == "23.5,99.1 0"
    assert text(message, "info/area/geocode/value") == "900101"


def test_simulated_readings_make_a_test(sender: Sender) -> None:
    message = checked(cap(sender, made(simulated=True), []))
    assert text(message, "status") == "Test"
    assert (text(message, "info/headline") or "").startswith("【模拟数据】")


def test_a_polygon_is_latitude_first_and_closed(sender: Sender) -> None:
    ring = [[23.5, 99.1], [23.6, 99.1], [23.6, 99.2], [23.5, 99.1]]
    message = checked(cap(sender, made(area={"polygon": ring}), []))
    told = (text(message, "info/area/polygon") or "").split()
    assert told == ["23.5,99.1", "23.6,99.1", "23.6,99.2", "23.5,99.1"]


def test_an_update_whose_beginning_is_gone_is_a_beginning(sender: Sender) -> None:
    assert text(checked(cap(sender, made("worse", 9), [])), "msgType") == "Alert"


@given(words=st.text(max_size=40), subject=st.text(min_size=1, max_size=30))
def test_whatever_a_profile_writes_stays_valid(profile: Any, words: str, subject: str) -> None:
    names = ("event", "name", "county_name", "what", "advice")
    detail = DETAIL | {"words": {"en": dict.fromkeys(names, words)}, "target_id": words}
    message = checked(cap(Sender.of(profile), Dispatch(subject, "fired", NOON, "notice", "", detail, 1), []))
    assert not set(" ,<&") & set(text(message, "identifier") or "")


def test_the_feed_is_one_that_readers_read(sender: Sender) -> None:
    told = [made(), made("resolved", 2)]
    body = atom(sender, [(told[1], told[:1]), (told[0], [])], root="http://board/api/v1", at=NOON, lang="en")
    feed = feedparser.parse(body)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.updated == "2026-06-03T12:00:02+08:00"
    assert [entry.title for entry in feed.entries] == [
        "Over: A <&> B: wait 45 min",
        "Alert: A <&> B: wait 45 min",
    ]
    assert len({entry.id for entry in feed.entries}) == 2
    link = feed.entries[0].links[0]
    assert (link.rel, link.type) == ("alternate", "application/cap+xml")
    assert link.href.endswith(f"/cap.xml?message={told[1].mark}")
    # The message itself is in the entry, and is the one that the link leads to.
    atoms = {"a": "http://www.w3.org/2005/Atom"} | NS
    inside = ET.fromstring(body).findall("a:entry/a:content/cap:alert", atoms)
    for one, dispatch, before in zip(inside, told[::-1], (told[:1], []), strict=True):
        assert canonical(ET.tostring(one)) == canonical(cap(sender, dispatch, before))
        checked(ET.tostring(one))


def test_an_empty_feed_is_a_feed(sender: Sender) -> None:
    feed = feedparser.parse(atom(sender, [], root="http://board/api/v1", at=NOON, lang="zh-CN"))
    assert not feed.bozo
    assert (feed.entries, feed.feed.title) == ([], "样例州三道防线态势 告警（CAP）")
