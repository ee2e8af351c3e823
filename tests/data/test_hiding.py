"""What need not be heard is hidden, and only that: closures, maintenance, silences, explained alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from data.county import county_profile
from data.hiding import hidden_by
from data.orders import NONE, Orders, Silence, Where
from data.picture import Alert
from data.preview import preview
from data.profile import Profile
from data.silences import hush_of, in_force, meant, planned_for
from data.store.base import Alerted
from data.targets import targets_of
from tests.data.places import NOON, every, picture_of, small, view_of

SITES = ("d1", "d2", "d3", "p1", "p2", "c1", "c2", "c3")
NO_END = 2**40


def alert(rule: str, target_id: str, *, target: str = "site", state: str = "firing", **more: Any) -> Alert:
    among = targets_of(small())[target]
    row = among.row[target_id]
    given = {
        "id": f"{rule}:{target_id}:{NOON}", "rule": rule, "target": target, "target_id": target_id,
        "line": among.lines[row], "county": among.counties[row], "severity": "warning", "state": state,
        "started_at": NOON, "fired_at": None if state == "pending" else NOON, "value": 1.0, "held": False,
    }  # fmt: skip
    return Alert(**{**given, **more})


def silence(
    name: str = "s1",
    kind: str = "silence",
    *,
    start: int = NOON,
    end: int = NO_END,
    scope: str = "",
    **where: Any,
) -> Silence:
    return Silence(name, kind, "zk-duty", NOON, "road works", start, end, scope, Where(**where))


def orders(*silences: Silence) -> Orders:
    return replace(NONE, silences={one.id: one for one in silences})


def with_rules(profile: Profile, **changes: dict[str, Any]) -> Profile:
    """The profile with something else in some of its rules."""
    rules = [rule.model_copy(update=changes.get(rule.id, {})) for rule in profile.spec.rules]
    return replace(profile, spec=profile.spec.model_copy(update={"rules": rules}))


def hidden(profile: Profile, given: Orders, alerts: Sequence[Alert], at: int = NOON) -> dict[str, str]:
    """Target to what hides its alert."""
    found = hidden_by(profile, given, alerts, at)
    return {f"{one.rule}:{one.target_id}": found[one.id] for one in alerts if one.id in found}


def ids(profile: Profile, one: Silence, target: str = "site") -> set[str]:
    return set(targets_of(profile)[target].ids[meant(profile, hush_of(one))[target]].tolist())


WAITS = [alert("wait_over_30", site) for site in SITES]


def test_a_silence_hides_what_every_list_of_it_names_and_nothing_else() -> None:
    given = orders(silence(rules=("wait_over_30",), counties=("900101",), kinds=("checkpoint",)))
    alerts = [*WAITS, *(alert("queue_over_500", site) for site in SITES)]
    meant_ = {
        site
        for site, kind, county in zip(
            small().sites.site_id, small().sites.kind, small().sites.county, strict=True
        )
        if kind.startswith("checkpoint.") and county == "900101"
    }
    assert meant_  # or the test says nothing
    assert hidden(small(), given, alerts) == {f"wait_over_30:{site}": "silence:s1" for site in meant_}


def test_it_holds_from_its_start_until_before_its_end() -> None:
    given = orders(silence(start=NOON + 10, end=NOON + 20, sites=("c1",)))
    for at, held in ((NOON + 9, False), (NOON + 10, True), (NOON + 19, True), (NOON + 20, False)):
        assert bool(hidden(small(), given, WAITS, at)) is held, at


def test_sites_and_fences_named_together_are_each_meant() -> None:
    fence = next(iter(small().fences["fence_id"]))
    one = silence(sites=("c1",), fences=(fence,))
    assert (ids(small(), one), ids(small(), one, "fence")) == ({"c1"}, {fence})
    assert not ids(small(), one, "county")


def test_a_countys_silence_reaches_no_other_county() -> None:
    everything = silence(scope="900101")
    counties = {site: small().sites.county[small().sites.row[site]] for site in SITES}
    assert ids(small(), everything) == {site for site in SITES if counties[site] == "900101"}
    assert ids(small(), everything, "county") == {"900101"}
    assert not ids(small(), everything, "line")
    # Named outright, it still does not reach over the limit.
    other = next(site for site in SITES if counties[site] == "900102")
    assert not ids(small(), silence(scope="900101", sites=(other,)))


def test_a_closure_means_sites_alone() -> None:
    closure = silence(kind="closure", counties=("900101",))
    assert ids(small(), closure)
    for target in ("fence", "county", "line", "board"):
        assert not ids(small(), closure, target)


def test_what_closes_is_named_before_what_silences() -> None:
    given = orders(
        silence("s1", sites=("c1",), start=NOON - 100),
        silence("s2", "closure", sites=("c1",), start=NOON - 5),
    )
    assert [hush.name for hush in in_force(small(), given, NOON)] == ["closure:s2", "silence:s1"]
    assert hidden(small(), given, WAITS) == {"wait_over_30:c1": "closure:s2"}


# ---- one alert explains another ----------------------------------------------------------------------


HIDES = with_rules(
    small(), offline={"hides": ["wait_over_30", "no_data"]}, no_data={"hides": ["queue_over_500"]}
)


def test_an_offline_site_hides_its_own_congestion_and_no_other_sites() -> None:
    alerts = [alert("offline", "c1"), alert("wait_over_30", "c1"), alert("wait_over_30", "c2")]
    assert hidden(HIDES, NONE, alerts) == {"wait_over_30:c1": f"alert:offline:c1:{NOON}"}


def test_what_has_not_fired_explains_nothing() -> None:
    alerts = [alert("offline", "c1", state="pending"), alert("wait_over_30", "c1")]
    assert not hidden(HIDES, NONE, alerts)


def test_an_answered_or_hidden_alert_goes_on_explaining() -> None:
    alerts = [alert("offline", "c1", state="acknowledged"), alert("wait_over_30", "c1")]
    assert "wait_over_30:c1" in hidden(HIDES, NONE, alerts)
    given = orders(silence(rules=("offline",)))
    assert hidden(HIDES, given, alerts) == {
        "offline:c1": "silence:s1", "wait_over_30:c1": f"alert:offline:c1:{NOON}",
    }  # fmt: skip
    chain = [alert("offline", "c1"), alert("no_data", "c1"), alert("queue_over_500", "c1")]
    assert set(hidden(HIDES, NONE, chain)) == {"no_data:c1", "queue_over_500:c1"}


def test_a_silent_feed_hides_the_silence_of_its_members() -> None:
    feed = with_rules(small(), queue_over_500={"hides": ["no_data"]})
    source = alert("queue_over_500", "duty_points", target="feed")
    alerts = [source, alert("no_data", "d1"), alert("no_data", "p1"), alert("wait_over_30", "d1")]
    assert hidden(feed, NONE, alerts) == {"no_data:d1": f"alert:{source.id}"}


# ---- what a county may know ----------------------------------------------------------------------------


def test_a_county_is_told_of_the_prefectures_without_its_reason_or_the_others() -> None:
    part = county_profile(small(), "900101")
    mine = silence("s1", scope="900101", sites=("d1",))
    wide = silence("s2", sites=("d1", "d3"), counties=("900101", "900102"))
    others = [
        silence("s3", scope="900102"),
        silence("s4", sites=("d3",)),
        silence("s5", counties=("900102",)),
    ]
    assert {one.id for one in planned_for([mine, wide, *others], part, "900101")} == {"s1", "s2"}
    kept, cut = planned_for([mine, wide], part, "900101")
    assert kept is mine
    assert (cut.reason, cut.where.sites, cut.where.counties, cut.scope) == ("", ("d1",), ("900101",), "")


# ---- the preview tells what would be so ------------------------------------------------------------------


def test_the_preview_tells_targets_alerts_and_what_fired_lately() -> None:
    view = view_of(small(), NOON)
    dull = replace(WAITS[SITES.index("c2")], hidden_by="silence:s9")
    picture = replace(
        picture_of(small(), view), alerts=(*(one for one in WAITS if one.target_id != "c2"), dull)
    )
    lately = [
        Alerted("a", "wait_over_30", "site", "c1", "warning", "resolved", NOON - 90, NOON - 60, NOON - 10),
        Alerted("b", "wait_over_30", "site", "c1", "warning", "resolved", NOON - 90, None, NOON - 60),
        Alerted("c", "queue_over_500", "site", "c1", "warning", "resolved", NOON - 90, NOON - 60, NOON - 10),
        Alerted("d", "wait_over_30", "site", "gone", "warning", "resolved", NOON - 90, NOON - 60, NOON - 10),
    ]
    one = silence(rules=("wait_over_30",), sites=("c1", "c2"))
    told = preview(small(), picture, one, lately)
    assert told.targets == {"site": 2}
    assert [alert.target_id for alert in told.alerts] == ["c1"]
    assert (told.already, told.lately, told.opens_km) == (1, 1, None)


def test_the_preview_of_a_closure_tells_the_border_that_it_opens() -> None:
    view = view_of(small(), NOON, [every(small(), NOON - 30, staff_on_duty=[5] * len(SITES))])
    picture = picture_of(small(), view)
    told = preview(small(), picture, silence(kind="closure", sites=("d3",)), ())
    assert told.opens_km is not None
    assert told.opens_km > 1
    assert preview(small(), picture, silence(kind="closure", sites=("c1",)), ()).opens_km == 0
    assert preview(small(), picture, silence(sites=("d3",)), ()).opens_km is None


@st.composite
def _silences(draw: st.DrawFn) -> list[Silence]:
    some = lambda names: st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)  # noqa: E731
    return [
        silence(
            f"s{number}", draw(st.sampled_from(["silence", "closure"])),
            start=NOON + draw(st.integers(-3, 3)),
            end=NOON + draw(st.integers(-3, 6)), scope=draw(st.sampled_from(["", "900101"])),
            rules=draw(some(["wait_over_30", "offline"])), sites=draw(some(SITES)),
            counties=draw(some(["900101", "900102"])), kinds=draw(some(["checkpoint", "duty_point"])),
        )
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip


def plainly(one: Silence, alert_: Alert, kind: str) -> bool:
    """Whether a silence hides a site's alert, told alert by alert."""
    where = one.where
    return (
        one.start <= NOON < one.end
        and one.scope in ("", alert_.county)
        and alert_.rule in (where.rules or (alert_.rule,))
        and alert_.target_id in (where.sites or (alert_.target_id,))
        and alert_.county in (where.counties or (alert_.county,))
        and (not where.kinds or any(kind == want or kind.startswith(f"{want}.") for want in where.kinds))
    )


@given(_silences())
def test_masks_agree_with_a_plain_telling(given_: Iterable[Silence]) -> None:
    ordered = list(given_)
    alerts = [*WAITS, *(alert("offline", site) for site in SITES)]
    found = hidden_by(small(), orders(*ordered), alerts, NOON)
    for one in alerts:
        kind = small().sites.kind[small().sites.row[one.target_id]]
        by = {f"{each.kind}:{each.id}" for each in ordered if plainly(each, one, kind)}
        assert bool(by) == (one.id in found)
        assert found.get(one.id, next(iter(by), "")) in by or not by
