"""Rules of the fences: a breach, a fence that is down, and one that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.engine import Engine
from data.fencing import fence_members
from data.picture import cut
from data.readings import Reports
from data.rules import words
from data.spec import RuleSpec
from tests.data.places import NOON, every, small
from tests.data.standing import Bench, same

SILENT = RuleSpec(
    id="fence_silent",
    name={"en": "Fence silent"},
    metric="fence_age_s",
    threshold=1800,
    severity="warning",
    what={"zh-CN": "{minutes} 分钟无上报", "en": "No report for {minutes} min"},
)
FENCES = small().fences["fence_id"].tolist()


def report(fence_id: str, at: int, state: str = "up", came: float = np.nan) -> Reports:
    return Reports(
        target=np.array(["fence"], dtype=object),
        target_id=np.array([fence_id], dtype=object),
        observed_at=np.array([at], dtype=np.int64),
        state=np.array([state], dtype=object),
        crossings_in=np.array([came]),
        crossings_out=np.array([np.nan]),
    )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    profile = small()
    rules = [*(rule for rule in profile.spec.rules if rule.metric != "data_age_s"), SILENT]
    made = Bench(tmp_path, replace(profile, spec=profile.spec.model_copy(update={"rules": rules})))
    yield made
    made.store.close()


def silent(bench: Bench) -> dict[str, float | None]:
    return {one.target_id: one.value for one in bench.engine.picture.alerts if one.rule == SILENT.id}


def test_a_fence_that_never_reported_is_silent_since_the_board_waits(bench: Bench) -> None:
    bench.at(1800)
    assert silent(bench) == {}
    picture = bench.at(1860)
    assert silent(bench) == dict.fromkeys(FENCES, 1860)
    assert words(bench.profile, picture.alerts[0], picture, "en")[0] == "No report for 31 min"


def test_a_report_ends_the_silence_and_its_end_begins_it_anew(bench: Bench) -> None:
    bench.at(1900)
    bench.engine.reports(report(FENCES[0], NOON + 1930))
    bench.at(1940)
    assert list(silent(bench)) == FENCES[1:]
    bench.at(1930 + 1801)
    assert silent(bench)[FENCES[0]] == 1800


def test_the_silence_is_as_long_after_a_restart(bench: Bench) -> None:
    for fence in FENCES:
        bench.engine.reports(report(fence, NOON + 10))
    later = bench.at(3 * 3600)
    assert set(silent(bench).values()) == {3 * 3600 - 60}
    bench.at(3 * 3600 + 1)
    again = Engine(bench.profile, bench.store, clock=bench.clock)
    same(again.picture_at(later.at), later)


def test_old_reports_count_no_crossings(bench: Bench) -> None:
    bench.engine.reports(report(FENCES[0], NOON + 10, came=5))
    bench.at(3 * 3600)
    assert bench.restart().fences[FENCES[0]].crossings_in is None


def test_the_advice_names_the_nearest_working_site(bench: Bench) -> None:
    bench.at(2000, every(small(), NOON + 1990, staff_on_duty=20))
    asks = {"advice": {"zh-CN": "{nearest}", "en": "{nearest}"}}
    rules = [rule.model_copy(update=asks) for rule in bench.profile.spec.rules]
    spec = bench.profile.spec.model_copy(update={"rules": rules})
    asking = replace(bench.profile, spec=spec, fences=bench.profile.fences.assign(buffer_m=20_000.0))
    picture = bench.engine.picture
    (alert,) = (one for one in picture.alerts if one.rule == SILENT.id and one.target_id == "f1")
    near = [one for one in fence_members(asking)["f1"] if one.target == "site"]
    assert words(asking, alert, picture, "en")[1] == near[0].name
    other = cut(picture, asking, "900102")
    assert words(asking, alert, other, "en")[1] in ("–", *other.sites.name.tolist())
