"""When alerts were hidden, looked back upon: the same as the pictures of that time said."""

from __future__ import annotations

from dataclasses import replace

from data.hidden_times import hidden_times, seconds
from data.orders import Silence, Where
from data.profile import Profile
from data.spec_hiding import MaintenanceSpec
from data.store.base import Alerted
from tests.conftest import NOON

DAY = {"start": NOON - 43_200, "end": NOON + 43_200}


def alert(rule: str, site: str, fired: int | None, over: int | None = None, target: str = "site") -> Alerted:
    state = "firing" if over is None else "resolved"
    return Alerted(f"{rule}:{site}", rule, target, site, "warning", state, NOON - 60, fired, over)


def silence(start: int, end: int, kind: str = "silence", **where: tuple[str, ...]) -> Silence:
    return Silence("s1", kind, "zk", start, "works", start, end, where=Where(**where))


def explaining(profile: Profile) -> Profile:
    """The same, but that a site that is offline, and a feed that is silent, explain a long wait."""
    rules = [
        rule.model_copy(update={"hides": ["wait_over_30"]} if rule.id in ("offline", "feed") else {})
        for rule in (
            *profile.spec.rules,
            profile.spec.rules[0].model_copy(update={"id": "feed", "metric": "feed_age_s"}),
        )
    ]
    return replace(profile, spec=profile.spec.model_copy(update={"rules": rules}))


def test_orders_hide_what_they_name_and_for_as_long(profile: Profile) -> None:
    found = [alert(rule, site, NOON) for rule in ("wait_over_30", "offline") for site in ("c1", "c2")]
    orders = [
        silence(NOON, NOON + 100, rules=("offline",), sites=("c1",)),
        silence(NOON + 90, NOON + 300, "closure", sites=("c1",)),
        silence(NOON - 99_999, NOON - 99_000, sites=("c2",)),
    ]
    times = hidden_times(profile, found, [], orders, **DAY)
    assert times == {
        "wait_over_30:c1": ((NOON + 90, NOON + 300),),
        "offline:c1": ((NOON, NOON + 300),),
    }
    assert hidden_times(profile, found, [], [], **DAY) == {}
    assert seconds(times["offline:c1"], NOON + 50, NOON + 1000) == 250


def test_maintenance_hides_on_each_of_its_days(profile: Profile) -> None:
    work = MaintenanceSpec.model_validate(
        {
            "id": "m", "name": {"en": "Works"}, "reason": {"en": "Works"}, "where": {"sites": ["c1"]},
            "start": "23:30", "end": "00:30",
        }
    )  # fmt: skip
    works = replace(profile, spec=profile.spec.model_copy(update={"maintenance": [work]}))
    times = hidden_times(works, [alert("offline", "c1", NOON)], [], [], **DAY)
    within = seconds(times["offline:c1"], **DAY)
    # Half an hour at either end of the day, by the clocks of the profile.
    assert within == 3600


def test_what_a_graver_alert_explains_is_hidden_while_it_lasts(profile: Profile) -> None:
    found = [alert("wait_over_30", site, NOON) for site in ("c1", "c2", "d1")]
    graver = [
        alert("offline", "c1", NOON + 60, NOON + 120),
        alert("offline", "c2", None),
        alert("feed", "duty_points", NOON + 600, target="feed"),
    ]
    times = hidden_times(explaining(profile), found, [*found, *graver], [], **DAY)
    assert times == {
        "wait_over_30:c1": ((NOON + 60, NOON + 120),),
        "wait_over_30:d1": ((NOON + 600, DAY["end"]),),
    }
