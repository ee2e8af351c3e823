"""Forecast, advice and what-if in sentences: the same for the drawer and the interface."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.desk import Desk
from dashboard.words import say
from data.advice import Advice
from data.diversion import MOST_KM, Outcome
from data.forecast import SiteForecast

DAY_S = 86400


def clock(seconds: float, zone: ZoneInfo) -> str:
    """A time of day, as a sentence names it."""
    return datetime.fromtimestamp(seconds, zone).strftime("%H:%M")


def forecast_words(told: SiteForecast, lang: str, zone: ZoneInfo) -> str:
    """The farthest forecast in a sentence, or why there is none."""
    if not told.shown:
        return say(lang, f"forecast_{told.why}")
    point = told.points[-1]
    time, wait = clock(point.t, zone), f"{point.wait_min:.0f}"
    if point.low is None or point.high is None:
        return say(lang, "forecast_at", time=time, wait=wait)
    low, high = f"{point.low:.0f}", f"{point.high:.0f}"
    return say(lang, "forecast_between", time=time, wait=wait, low=low, high=high)


def score_words(told: SiteForecast, lang: str) -> str:
    """How such forecasts came out beside the plain guesses; "" where none was ever made."""
    score = told.score
    if score is None or not score.n:
        return ""
    days = max(round((score.end - score.start) / DAY_S), 1)
    text = say(
        lang, "forecast_score",
        days=days, mae=f"{score.mae:.2f}", no_change=f"{score.no_change:.2f}", n=score.n,
    )  # fmt: skip
    if score.n_week:
        text += say(
            lang, "forecast_score_week",
            n=score.n_week, mae=f"{score.mae_week:.2f}", last_week=f"{score.last_week:.2f}",
        )  # fmt: skip
    if score.inside is not None:
        text += say(lang, "forecast_inside", share=f"{100 * score.inside:.0f}")
    return text + ("." if lang.startswith("en") else "。")


def required_now(desk: Desk, site_id: str) -> float | None:
    """Staff that a site needs by the duty level in force; None where the picture does not have the site."""
    picture = desk.picture()
    row = picture.sites.row.get(site_id)
    return None if row is None else float(picture.state.staff_required[row])


def advice_words(told: Advice, lang: str, at: int, zone: ZoneInfo) -> str:
    """What to do, in a sentence; "" where there is nothing to do."""
    if told.what == "calm" or (told.what == "unknown" and (told.wait_min or 0) < told.threshold_min):
        return ""
    if told.what == "unknown":
        return _sentence([say(lang, "advice_unknown")], lang)
    given = {"lanes": told.lanes, "more": told.lanes_more, "threshold": f"{told.threshold_min:g}"}
    by = "" if told.under_min is None else clock(at + 60 * told.under_min, zone)
    parts = []
    if told.what == "divert":
        if told.lanes_more:
            parts.append(say(lang, "advice_divert_open", **given))
        divert, unit = f"{told.divert_h:.0f}", say(lang, f"unit_{told.unit}")
        parts.append(say(lang, "advice_divert", divert=divert, unit=unit, **given))
        if by:
            parts.append(say(lang, "advice_all_by", time=by))
    elif told.what == "open" and not told.under_min:
        parts.append(say(lang, "advice_open_now", **given))
    else:
        parts.append(say(lang, f"advice_{told.what}", time=by, **given))
    if told.staff_more:
        parts.append(say(lang, "advice_staff", n=told.staff_more))
    return _sentence(parts, lang)


def basis_words(told: Advice, lang: str) -> str:
    """What an advice was worked out from; "" where it was from nothing."""
    if told.per_lane_h is None or told.arrivals_h is None:
        return ""
    given = {
        "come": f"{told.arrivals_h:.0f}", "rate": f"{told.per_lane_h:.0f}",
        "unit": say(lang, f"unit_{told.unit}"),
    }  # fmt: skip
    if told.lane_hours:
        return _sentence([say(lang, "advice_basis", hours=f"{told.lane_hours:.0f}", **given)], lang)
    return _sentence([say(lang, "advice_basis_stated", **given)], lang)


def outcome_words(told: Outcome | None, lang: str) -> str:
    """What closing does, in a sentence; the neighbours' numbers stand in a table."""
    if told is None:
        return _sentence([say(lang, "whatif_unknown")], lang)
    unit = say(lang, f"unit_{told.unit}")
    leaves = round(told.leaves_h)
    parts = [say(lang, "whatif_leaves", n=leaves, unit=unit) if leaves else say(lang, "whatif_stays")]
    if told.wait_with is not None:
        waits = {"without": f"{told.wait_without:.0f}", "with_": f"{told.wait_with:.0f}"}
        parts.append(say(lang, "whatif_here", **waits))
    if leaves and not told.taken_by:
        parts.append(say(lang, "whatif_none", km=f"{MOST_KM:g}"))
    return _sentence(parts, lang)


def note_words(lang: str, *, own_only: bool) -> str:
    """How a what-if was worked out, and among whom."""
    parts = say(lang, "whatif_note") + (say(lang, "whatif_own") if own_only else "")
    return _sentence([parts], lang)


def _sentence(parts: list[str], lang: str) -> str:
    return "; ".join(parts) + "." if lang.startswith("en") else "；".join(parts) + "。"
