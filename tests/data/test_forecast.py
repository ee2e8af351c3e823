"""The forecast of a wait: made from what was known, scored honestly, hidden where a plain guess is better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from data.forecast import AHEAD, WEEK, forecast, hints, learn
from data.forecast_score import FEWEST, before, fit, score, seasonal_hints, walk
from data.service_rate import service_of
from data.site_past import SitePast, site_past
from tests.data.forecasting import HK, hk_days, hk_scores, hk_walk, learned, simulated, together

Floats = NDArray[np.float64]
DAY_S = 86400
T0 = 1_790_000_000 // 900 * 900
needs_hk = pytest.mark.skipif(not HK.exists(), reason="the Hong Kong data is not beside this project")


def past_of(wait: Floats, lanes: float = 2.0) -> SitePast:
    """A past with these waits, and as many checked as two lanes of 60 can where a queue stood."""
    rate = np.where(wait > 0, 60.0 * lanes, 30.0 * lanes)
    return SitePast(
        ends=T0 + 900 * np.arange(len(wait)),
        wait_min=wait,
        lanes=np.full(len(wait), lanes),
        counted_h={"vehicles": rate, "persons": 3 * rate},
    )


def test_a_simulated_month_is_forecast_better_than_by_both_guesses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scores = [one.score for one in (learned(site, 28) for site in simulated(28, 6)) if one.score]
    told = together(scores)
    with capsys.disabled():
        print(f"\nwait in half an hour, a simulated month, MAE in minutes: {told}")
    assert told["forecast"] < told["no_change"]
    assert told["forecast_where_week_known"] < told["last_week"]
    assert 0.7 < told["inside"] < 0.9


@needs_hk
def test_hong_kong_by_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    """The errors of both guesses are those that the file itself gives, counted in another way."""
    scores = hk_scores()
    with capsys.disabled():
        print(f"\npersons on the next day, Hong Kong 2020, MAE: {together(list(scores.values()))}")
    for name, values in hk_days().items():
        told = hk_walk(values).value
        rows = [
            (abs(values[t] - values[t + 1]), abs(values[t - 6] - values[t + 1]), abs(told[t] - values[t + 1]))
            for t in range(6, len(values) - 1)
            if not np.isnan([values[t], values[t + 1], values[t - 6], told[t]]).any()
        ]
        found = scores[name]
        assert found.n_week == len(rows)
        assert (found.last_week, found.mae_week) == pytest.approx(tuple(np.mean(rows, axis=0)[1:]))
    assert scores["Airport"].verdict == ""
    # Closed since February: nothing changes, and no forecast is better than that.
    assert scores["Lo Wu"].verdict == "no_change"


def test_what_is_told_of_a_moment_knows_nothing_of_what_came_after() -> None:
    """Other values from some moment on leave everything told before it as it was, to the last digit."""
    site = simulated(8, 11)[0]
    end = int(site.rows.observed_at[-1])
    whole = site_past(site.rows, end, end - 6 * DAY_S)
    service = service_of(site.rows, np.nan, site.vehicles_per_lane_h)
    cut = 4 * 96 + 17
    rng = np.random.default_rng(1)
    later = np.arange(whole.steps) >= cut
    other = replace(
        whole,
        wait_min=np.where(later, rng.uniform(0, 90, whole.steps), whole.wait_min),
        lanes=np.where(later, 1.0, whole.lanes),
        counted_h={unit: np.where(later, 5.0, rate) for unit, rate in whole.counted_h.items()},
    )
    one, two = (learn(past, service, site.lanes_total).walks for past in (whole, other))
    for a, b in zip(one, two, strict=True):
        for name in ("value", "low", "high"):
            before_cut, same = getattr(a, name)[:cut], getattr(b, name)[:cut]
            assert np.array_equal(before_cut, same, equal_nan=True)
            assert np.count_nonzero(~np.isnan(before_cut)) > 0


def test_the_forecast_made_now_is_the_one_that_the_walk_would_have_made() -> None:
    site = simulated(8, 11)[0]
    end = int(site.rows.observed_at[-1])
    past = site_past(site.rows, end, end - 6 * DAY_S)
    service = service_of(site.rows, np.nan, site.vehicles_per_lane_h)
    known = learn(past, service, site.lanes_total)
    told = forecast(past, service, site.lanes_total, known)
    for point, horizon, walked in zip(told.points, AHEAD, known.walks, strict=True):
        table = np.column_stack([one[-1:] for one in hints(past, service, site.lanes_total, horizon)])
        expected = max(past.wait_min[-1] + (np.clip(np.nan_to_num(table), -60, 60) @ walked.weights)[0], 0)
        assert point.t == end + 900 * horizon
        assert point.wait_min == pytest.approx(expected)
        assert point.low is not None
        assert point.high is not None
        assert 0 <= point.low <= point.wait_min <= point.high


def test_nobody_beats_no_change_on_a_walk_of_chance() -> None:
    """Every step's change is drawn anew: an honest score does not claim to know it."""
    rng = np.random.default_rng(3)
    wait = np.abs(np.cumsum(rng.normal(0, 1, 10 * 96)) + 60)
    known = learn(past_of(wait), None, np.nan)
    assert known.score is not None
    assert known.score.mae > 0.97 * known.score.no_change


def test_it_hides_where_it_is_worse() -> None:
    """What its weeks taught is made worthless: the score says so, and nothing is shown."""
    site = simulated(8, 11)[0]
    end = int(site.rows.observed_at[-1])
    past = site_past(site.rows, end, end - 8 * DAY_S)
    known = learn(past, None, site.lanes_total)
    assert known.score is not None
    good = replace(known.score, mae=1.0, no_change=1.2, n_week=200, mae_week=1.0, last_week=2.0)
    for told, why in (
        (good, ""),
        (replace(good, no_change=1.0), "no_change"),
        (replace(good, last_week=0.9), "last_week"),
        (replace(good, last_week=0.9, n_week=FEWEST - 1), ""),
        (replace(good, n=FEWEST - 1), "too_short"),
    ):
        found = forecast(past, None, site.lanes_total, replace(known, score=told))
        assert (found.why, found.shown) == (why, not why)


def test_a_wait_that_never_changes_is_not_forecast_better() -> None:
    known = learn(past_of(np.zeros(10 * 96)), None, np.nan)
    assert known.score is not None
    assert (known.score.mae, known.score.no_change, known.score.verdict) == (0.0, 0.0, "no_change")


def test_the_same_every_week_is_no_better_than_last_week() -> None:
    """Chance that repeats itself to the minute each week: last week's guess has no error."""
    week = np.random.default_rng(2).uniform(0, 60, WEEK)
    known = learn(past_of(np.tile(week, 4)), None, np.nan)
    assert known.score is not None
    assert known.score.last_week == 0.0
    assert known.score.verdict == "last_week"


def test_without_waits_or_with_few_or_old_ones_nothing_is_told() -> None:
    empty, few = past_of(np.full(WEEK, np.nan)), past_of(np.full(20, 5.0))
    assert forecast(empty, None, 2.0, learn(empty, None, 2.0)).why == "no_wait"
    assert forecast(few, None, 2.0, learn(few, None, 2.0)).why == "too_short"
    old = past_of(np.append(np.full(WEEK, 5.0), np.nan))
    assert forecast(old, None, 2.0, learn(old, None, 2.0)).why == "silent"


def test_weights_are_those_of_least_absolute_errors() -> None:
    """A tenth of the changes are wild; a mean would follow them, these weights do not."""
    rng = np.random.default_rng(4)
    table = rng.normal(0, 1, (500, 2))
    change = table @ [0.5, -0.25] + rng.normal(0, 0.01, 500)
    change[::10] += 100.0
    assert fit(table, change, 0.01) == pytest.approx([0.5, -0.25], abs=0.02)
    assert fit(np.empty((0, 2)), np.empty(0), 0.01).tolist() == [0.0, 0.0]


def test_a_hint_that_never_spoke_before_does_not_shout() -> None:
    """Calm days with hardly any change, then a queue: the forecast goes no further than anything ever did."""
    rng = np.random.default_rng(6)
    values = np.append(rng.uniform(0, 2, 300), np.linspace(2, 90, 60))
    loud = np.maximum(values - 1.99, 0.0)
    walked = walk([loud], values, 2, warm=200, again=100, tolerance=0.05, most=60.0)
    seen = values[2:300] - values[:298]
    assert np.nanmax(np.abs(walked.value[300:] - values[300:])) <= np.abs(seen).max() + 1e-9


def test_a_score_counts_only_moments_that_are_known_to_both() -> None:
    values = np.arange(40.0)
    values[25] = np.nan
    walked = walk(seasonal_hints(values, 1, 1, 7), values, 1, warm=20, again=5, tolerance=0.01, most=100.0)
    told = score(walked, values, 1, 7)
    # 20 to 38 but for 24, whose next is not known, and 25.
    assert told.n == 17
    assert told.no_change == pytest.approx(1.0)
    assert told.mae < 0.1
    assert told.last_week == pytest.approx(7.0)


def test_before_shifts_and_keeps_nothing_of_later() -> None:
    values = np.array([1.0, 2.0, 3.0])
    assert np.array_equal(before(values, 1), [np.nan, 1.0, 2.0], equal_nan=True)
    assert np.isnan(before(values, 5)).all()
