"""What a picture has to tell that was not told yet: a pure function, so a table of cases and a property."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.notify.news import News, hidden, news
from data.dispatch import Dispatch
from data.engine import Engine
from data.picture import SEVERITIES, Alert, Group, Picture
from data.store import open_store
from tests.conftest import NOON
from tests.serving import Clock


def alert(name: str = "a", *, severity: str = "warning", state: str = "firing", **more: Any) -> Alert:
    return Alert(
        id=f"wait:{name}:1", rule="wait", target="site", target_id=name, line="third", county="900101",
        severity=severity, state=state, started_at=NOON, fired_at=None if state == "pending" else NOON,
        value=45.0, held=False, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def blank(profile: Any, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A picture without alerts."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('news') / 'board'}.sqlite")
    picture = Engine(profile, store, clock=Clock(NOON)).picture
    store.close()
    return replace(picture, alerts=())


def told(found: list[News], before: dict[str, Dispatch] | None = None) -> dict[str, Dispatch]:
    """What was told, once the news are."""
    known = dict(before or {})
    for one in found:
        if one.event == "resolved":
            del known[one.subject]
        else:
            detail = {"answered": one.answered}
            known[one.subject] = Dispatch(one.subject, one.event, NOON, one.severity, one.county, detail)
    return known


def heard(found: list[News]) -> list[tuple[str, str]]:
    return [(one.subject, one.event) for one in found]


def test_the_life_of_an_alert(blank: Picture) -> None:
    known: dict[str, Dispatch] = {}
    steps = [
        ([alert(state="pending")], []),
        ([alert()], ["fired"]),
        ([alert()], []),
        ([alert(state="acknowledged")], ["answered"]),
        ([alert(severity="critical")], ["worse"]),
        ([alert(severity="critical", state="acknowledged")], ["answered"]),
        ([alert(severity="critical")], ["asks"]),
        ([alert(severity="critical", hidden_by="silence:s1")], []),
        ([alert(severity="critical")], []),
        ([], ["resolved"]),
        ([], []),
    ]
    for alerts, expected in steps:
        found = news(known, replace(blank, alerts=tuple(alerts)))
        assert [one.event for one in found] == expected
        known = told(found, known)


def test_what_is_hidden_from_the_first_is_never_told(blank: Picture) -> None:
    hidden = replace(blank, alerts=(alert(hidden_by="maintenance:m1"),))
    assert news({}, hidden) == []
    known = told(news({}, replace(blank, alerts=(alert(),))))
    # Told before it was hidden: its end is told, too.
    assert news(known, hidden) == []
    assert heard(news(known, blank)) == [("wait:a:1", "resolved")]


def test_what_was_answered_before_it_was_told_is_both(blank: Picture) -> None:
    found = news({}, replace(blank, alerts=(alert(state="acknowledged"),)))
    assert heard(found) == [("wait:a:1", "fired"), ("wait:a:1", "answered")]
    assert [one.answered for one in found] == [False, True]


def test_a_county_outage_is_one_matter(blank: Picture) -> None:
    group = Group("g1", "wait", "county", "900101", "critical", 3, NOON)
    members = (alert("a", group="g1"), alert("b", group="g1", severity="critical"), alert("c", group="g1"))
    first = news({}, replace(blank, alerts=members[:1], groups=()))
    known = told(first)
    found = news(known, replace(blank, alerts=members, groups=(group,)))
    assert heard(found) == [("g1", "fired")]
    assert (found[0].severity, found[0].county, len(found[0].members)) == ("critical", "900101", 3)
    known = told(found, known)
    answered = tuple(replace(one, state="acknowledged") for one in members)
    mixed = (*answered[:2], members[2])
    assert news(known, replace(blank, alerts=mixed, groups=(group,))) == []
    assert heard(news(known, replace(blank, alerts=answered, groups=(group,)))) == [("g1", "answered")]
    over = news(known, blank)
    assert sorted(heard(over)) == [("g1", "resolved"), ("wait:a:1", "resolved")]


def test_a_group_that_is_hidden_is_not_over(blank: Picture) -> None:
    group = Group("wait@900101", "wait", "county", "900101", "warning", 2, NOON)
    members = (alert("a", group=group.id), alert("b", group=group.id))
    known = told(news({}, replace(blank, alerts=members, groups=(group,))), {})
    one = (replace(members[0], hidden_by="silence:s1"),)
    assert news(known, replace(blank, alerts=one)) == []
    both = tuple(replace(each, group="", hidden_by="silence:s1") for each in members)
    assert news(known, replace(blank, alerts=both)) == []
    assert hidden(replace(blank, alerts=both)) >= {"wait@900101", "wait:a:1", "wait:b:1"}
    part = (both[0], members[1])
    assert "wait@900101" not in hidden(replace(blank, alerts=part, groups=(group,)))
    # The silence ends and it is as before; or all of them are over.
    assert news(known, replace(blank, alerts=members, groups=(group,))) == []
    assert heard(news(known, blank)) == [("wait@900101", "resolved")]


def test_a_group_of_several_counties_is_no_single_countys(blank: Picture) -> None:
    group = Group("g1", "wait", "line", "third", "warning", 2, NOON)
    members = (alert("a", group="g1"), replace(alert("b", group="g1"), county="900102"))
    (found,) = news({}, replace(blank, alerts=members, groups=(group,)))
    assert found.county == ""


STATES = st.sampled_from(["pending", "firing", "acknowledged"])
HISTORY = st.lists(
    st.dictionaries(
        st.sampled_from("abc"),
        st.tuples(st.sampled_from(SEVERITIES), STATES, st.sampled_from(["", "silence:s1"])),
    ),
    max_size=12,
)


@given(history=HISTORY, missed=st.sets(st.integers(0, 11)))
def test_nothing_is_told_twice_whatever_pictures_are_missed(
    blank: Picture, history: list[dict[str, tuple[str, str, str]]], missed: set[int]
) -> None:
    known: dict[str, Dispatch] = {}
    for number, alerts in enumerate(history):
        if number in missed:
            continue
        drawn = [alert(name, severity=s, state=t, hidden_by=h) for name, (s, t, h) in alerts.items()]
        picture, before = replace(blank, alerts=tuple(drawn)), set(known)
        found = news(known, picture)
        known = told(found, known)
        assert news(known, picture) == []
        assert {one.id for one in drawn if one.fired} <= known.keys()
        for one in found:
            assert (one.event == "fired") == (one.subject not in before) or one.event == "answered"
            assert (one.event == "resolved") == (one.subject not in {each.id for each in drawn})
