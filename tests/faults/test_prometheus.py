"""The same values, hold times and thresholds, given to a real Prometheus with Alertmanager and to us."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.profile import Profile
from data.readings import Readings
from data.spec import RuleSpec
from data.spec_alerts import AlertsSpec
from tests.data.places import NOON, small
from tests.data.standing import Bench
from tests.faults.monitoring import alertmanager, prometheus, promtool, serving, until

SITES = ("c1", "c2", "c3", "p1")
STEPS = 180
Values = dict[str, list[float]]
"""Site to its wait at each step; NaN where nothing was reported."""


def board(rule: dict[str, Any], **alerts: Any) -> Profile:
    """The small profile with one rule on waits."""
    spec = RuleSpec.model_validate(
        {"id": "w", "name": {}, "what": {}, "metric": "wait_min", "severity": "warning", **rule}
    )
    # Prometheus damps nothing: nor does the board here, unless a test asks for it.
    never = {"flap_times": 50, "flap_within_s": 60}
    changes = {"rules": [spec], "alerts": AlertsSpec.model_validate({**never, **alerts})}
    return replace(small(), spec=small().spec.model_copy(update=changes))


def ours(
    profile: Profile, values: Values, folder: Path, times: Sequence[int] = range(0, 86_400, 60)
) -> list[set[str]]:
    """Which sites' alerts fire after each step of the board, answered or not; `times`: seconds after noon."""
    folder.mkdir()
    bench, firing = Bench(folder, profile), []
    try:
        for step, after in zip(range(len(next(iter(values.values())))), times, strict=False):
            told = {site: column[step] for site, column in values.items() if not math.isnan(column[step])}
            rows = Readings.of(
                site_id=list(told), observed_at=[NOON + after] * len(told), wait_min=list(told.values()),
                interval_s=[times[1] - times[0]] * len(told),
            )  # fmt: skip
            bench.at(after, *([rows] if told else []))
            firing.append({site for site, state in bench.states("w").items() if state == "firing"})
    finally:
        bench.store.close()
    return firing


def agrees(values: Values, rule: dict[str, Any], firing: Sequence[set[str]], folder: Path) -> None:
    """Prometheus' own rule tests find exactly these sites firing at every step."""
    minutes = range(len(firing))
    series = [
        {
            "series": f'wait_min{{site="{site}"}}',
            "values": " ".join("stale" if math.isnan(value) else f"{value:g}" for value in column),
        }
        for site, column in values.items()
    ]
    expected = [
        {
            "eval_time": f"{minute}m",
            "alertname": "w",
            "exp_alerts": [{"exp_labels": {"site": site}} for site in sorted(firing[minute])],
        }
        for minute in minutes
    ]
    groups = {"groups": [{"name": "g", "rules": [{"alert": "w", **rule}]}]}
    (folder / "rules.json").write_text(json.dumps(groups))
    ran = promtool(
        folder,
        {
            "rule_files": ["rules.json"],
            "evaluation_interval": "1m",
            "tests": [{"interval": "1m", "input_series": series, "alert_rule_test": expected}],
        },
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def walks(seed: int) -> Values:
    """Waits that wander about thirty minutes, told by the minute."""
    rng = np.random.default_rng(seed)
    found = {}
    for site in SITES:
        wander = 30 + np.cumsum(rng.normal(0, 3, STEPS)) * 0.6 + rng.normal(0, 1.5, STEPS)
        found[site] = [round(float(value), 1) for value in np.clip(wander, 0, 90)]
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("op", "for_min", "keep_min"),
    [(">", 0, 0), (">=", 2, 0), (">", 5, 3), ("<", 3, 4)],
)
def test_firing_and_resolving_agree_at_every_step(
    seed: int, op: str, for_min: int, keep_min: int, tmp_path: Path
) -> None:
    """`for` is our `for_s`, `keep_firing_for` our `clear_for_s`: not one step apart over three hours."""
    values = walks(seed)
    rule = {"op": op, "threshold": 30, "for_s": for_min * 60, "clear_for_s": keep_min * 60}
    firing = ours(board(rule), values, tmp_path / "ours")
    assert any(firing), "a series of which nothing fires would prove nothing"
    theirs = {"expr": f"wait_min {op} 30", "for": f"{for_min}m", "keep_firing_for": f"{keep_min}m"}
    agrees(values, theirs, firing, tmp_path)


def test_on_purpose_a_clearing_threshold_holds_where_prometheus_lets_go(tmp_path: Path) -> None:
    """Prometheus has one threshold. Ours resolves past a second; written out by hand there, both agree."""
    values = {"c1": [20, 40, 40, 27, 26, 31, 28, 24, 20, 20], "c2": [20, 26, 27, 28, 29, 30, 29, 28, 27, 26]}
    series: Values = {site: [float(value) for value in column] for site, column in values.items()}
    firing = ours(board({"threshold": 30, "clear": 25, "for_s": 60}), series, tmp_path / "ours")
    assert [sorted(sites) for sites in firing] == [[], [], *[["c1"]] * 5, [], [], []]
    one = {"expr": "wait_min > 30", "for": "1m"}
    with pytest.raises(AssertionError, match="FAILED"):
        agrees(series, one, firing, tmp_path)
    held = 'wait_min > 30 or (wait_min > 25 and on(site) ALERTS{alertname="w",alertstate="firing"})'
    agrees(series, {"expr": held, "for": "1m"}, firing, tmp_path)


def test_on_purpose_silence_ends_nothing_here_and_everything_there(tmp_path: Path) -> None:
    gone = math.nan
    series: Values = {"c1": [40.0, 40.0, 40.0, *[gone] * 20, 20.0, 20.0]}
    firing = ours(board({"threshold": 30, "for_s": 60}), series, tmp_path / "ours")
    assert [bool(sites) for sites in firing] == [False, *[True] * 22, False, False]
    theirs = [sites if step < 3 or step > 22 else set[str]() for step, sites in enumerate(firing)]
    agrees(series, {"expr": "wait_min > 30", "for": "1m"}, theirs, tmp_path)


def test_on_purpose_a_wait_that_swings_for_an_hour_is_one_alert_here_and_many_there(tmp_path: Path) -> None:
    series: Values = {"c1": [31.0 if minute // 3 % 2 else 29.0 for minute in range(60)]}
    firing = ours(board({"threshold": 30}, flap_times=4, flap_within_s=3600), series, tmp_path / "ours")
    there = [{"c1"} if value > 30 else set[str]() for value in series["c1"]]
    agrees(series, {"expr": "wait_min > 30"}, there, tmp_path)

    def begun(steps: list[set[str]]) -> int:
        return sum(bool(now) and not before for before, now in zip([set(), *steps], steps, strict=False))

    assert begun(there) == 10
    assert begun(firing) <= 4
    # From the fourth swing on it is damped: one alert to the end.
    assert all(firing[24:])


PLAN: dict[str, list[tuple[float, float]]] = {
    # site: (from which second on, wait); NaN: it is not told any more
    "c1": [(0, 20), (3, 40), (15, 20)],
    "c2": [(0, 20), (3, 40), (5, 20), (10, 40), (12, 20)],
    "c3": [(0, 20), (3, 40), (11, 20), (12.5, 40), (16, 20)],
    "p1": [(0, 40), (9, math.nan)],
}
LASTS_S = 21
HOLD_S, KEEP_S = 4, 3


def test_a_live_prometheus_with_alertmanager_fires_and_resolves_as_the_board_does(tmp_path: Path) -> None:
    """Both judge once a second what Prometheus scraped; they are not more than one evaluation apart."""
    begun: list[float] = []

    def metrics() -> str:
        begun[:] = begun or [time.monotonic()]
        now = time.monotonic() - begun[0]
        told = {site: [wait for since, wait in plan if since <= now][-1] for site, plan in PLAN.items()}
        return "".join(
            f'wait_min{{site="{site}"}} {wait}\n' for site, wait in told.items() if not math.isnan(wait)
        )

    alert = {"alert": "w", "expr": "wait_min > 30", "for": f"{HOLD_S}s", "keep_firing_for": f"{KEEP_S}s"}
    # What each evaluation saw, and that there was one, as Prometheus itself keeps it.
    seen = [{"record": "tick", "expr": "vector(1)"}, {"record": "seen", "expr": "wait_min"}]
    rules = {"groups": [{"name": "g", "interval": "1s", "rules": [*seen, alert]}]}
    with (
        serving(metrics) as watched,
        alertmanager(tmp_path, watched.port) as manager,
        prometheus(tmp_path, rules, scrape_port=watched.port, alertmanager_port=manager) as server,
    ):
        until(lambda: bool(begun) and time.monotonic() - begun[0] > LASTS_S, "the series to end")
        resolved = {"c1", "c3", "p1"}
        until(
            lambda: {a["labels"]["site"] for a in watched.heard if a["status"] == "resolved"} >= resolved,
            "Alertmanager to say that all is over",
        )
        ticks = [at for at, _ in server.query("tick[10m]")[0]["values"]]
        waits = {
            one["metric"]["site"]: dict(one["values"])
            for one in server.query("seen[10m]")
        }  # fmt: skip
        fired = {
            one["metric"]["site"]: [at for at, _ in one["values"]]
            for one in server.query('ALERTS{alertstate="firing"}[10m]')
        }
    values = {site: [float(waits[site].get(at, "nan")) for at in ticks] for site in SITES}
    rule = {"threshold": 30, "for_s": HOLD_S, "clear_for_s": KEEP_S}
    # On a busy machine an evaluation may be left out: ours are at the same seconds as theirs.
    firing = ours(board(rule), values, tmp_path / "ours", [round(at - ticks[0]) for at in ticks])
    spans = {site: [step for step, sites in enumerate(firing) if site in sites] for site in SITES}
    assert set(fired) == {"c1", "c3", "p1"}
    for site in ("c1", "c3"):
        there = [ticks.index(at) for at in fired[site]]
        assert abs(spans[site][0] - there[0]) <= 1, site
        assert abs(spans[site][-1] - there[-1]) <= 1, site
    assert not spans["c2"], "shorter than its hold time, twice"
    # On purpose: who vanished while it fired is let go there, and held here.
    assert abs(spans["p1"][0] - ticks.index(fired["p1"][0])) <= 1
    assert spans["p1"][-1] == len(ticks) - 1 > ticks.index(fired["p1"][-1])
    step = float(np.median(np.diff(ticks)))
    for told in watched.heard:
        mine = fired[told["labels"]["site"]]
        assert abs(datetime.fromisoformat(told["startsAt"]).timestamp() - mine[0]) <= step
        if told["status"] == "resolved":
            assert 0 <= datetime.fromisoformat(told["endsAt"]).timestamp() - mine[-1] <= 2 * step
