"""Briefs to test the formats with: of a simulated store with alerts, answers, a closure and a duty order."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np

from dashboard.briefs.content import manuscript
from dashboard.briefs.gather import Brief, gather
from dashboard.briefs.manuscript import Manuscript
from data.engine import Engine
from data.feeds.simulated import SimulatedFeed
from data.journal import Draft
from data.orders import ANSWERS
from data.profile import Profile, load_profile
from data.readings import Readings
from data.store import open_store
from tests.serving import Clock

DAY_S, HOUR_S, STEP_S = 86_400, 3600, 120
JAMMED = 5
SAMPLES = ("lincang", "xishuangbanna", "zibo", "lanzhou", "capital")
BASE = "https://board.example"


def eight(profile: Profile) -> int:
    """Eight o'clock of the day of all briefs, a Friday, by the profile's clocks."""
    return int(datetime(2026, 11, 20, 8, tzinfo=profile.zone).timestamp())


@cache
def engine_of(profile_name: str = "lincang") -> Engine:
    """An engine that has lived through seventy minutes before eight, and stands there.

    The store holds 26 hours of simulated readings, the same day of the week before, and the journal a brief
    of a day before, answers to some alerts, a closure and an order of the duty level.
    """
    profile = load_profile(profile_name)
    at = eight(profile)
    store = open_store(f"sqlite:///{_folder() / profile_name}.sqlite")
    feed = SimulatedFeed(profile)
    begin = at - HOUR_S * 7 // 6
    store.write(feed.past(at - 8 * DAY_S, at - 7 * DAY_S))
    store.write(feed.past(at - 26 * HOUR_S, begin, fine_from=begin - HOUR_S))
    store.write_reports(feed.reports(at - 26 * HOUR_S, begin))
    store.put_entries(
        [Draft("export", "x00000001", "zk-duty", "command", "", {"file": "brief.docx", "at": at - DAY_S})],
        at=at - DAY_S,
    )
    clock = Clock(begin)
    engine = Engine(profile, store, clock=clock)
    engine.resume()
    for now in range(begin + STEP_S, at + 1, STEP_S):
        clock.now = now
        engine.readings(_slow(profile, feed.generate(now - STEP_S, now), now > at - HOUR_S * 2 // 3))
        engine.reports(feed.reports(now - STEP_S, now))
        engine.step()
        if now == at - HOUR_S:
            _order(engine)
        elif now > at - HOUR_S:
            _answer(engine, now)
    engine.refresh_today()
    engine.step()
    return engine


@cache
def _folder() -> Path:
    keep = tempfile.TemporaryDirectory(prefix="threeline-briefs-")
    _KEPT.append(keep)
    return Path(keep.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def _slow(profile: Profile, rows: Readings, slow: bool) -> Readings:
    """The same readings, but a few busy sites have a long queue."""
    busy = profile.sites.site_id[np.argsort(-profile.sites.lanes_total, kind="stable")[:JAMMED]].tolist()
    mine = np.isin(rows.site_id.astype(str), busy) & ~np.isnan(rows.wait_min) & slow
    wait = 31.0 + np.array([busy.index(site) if site in busy else 0 for site in rows.site_id]) * 4
    return replace(
        rows,
        wait_min=np.where(mine, wait, rows.wait_min),
        queue_m=np.where(mine, wait * 14, rows.queue_m),
    )


def _order(engine: Engine) -> None:
    """Another duty level, and a site that is closed on purpose."""
    profile, now = engine.profile, int(engine.clock())
    level = profile.spec.duty.levels[-2].id
    where = {"sites": [str(profile.sites.site_id[0])]}
    closure = {"kind": "closure", "reason": "桥梁检修", "start": now, "end": now + DAY_S, "where": where}
    engine.order(
        [
            Draft("duty.set", "", "zk-duty", "command", "", {"level": level, "reason": "节日"}),
            Draft("silence.add", "s1", "zk-duty", "command", "", closure),
        ]
    )


def _answer(engine: Engine, now: int) -> None:
    """Of the alerts that ask, every other is answered, some of them late; somebody sets out and is there."""
    asking = [alert for alert in engine.picture.alerts if alert.asks]
    drafts = []
    for alert in asking:
        fired = alert.fired_at or now
        number = sum(alert.id.encode())
        if number % 3 == 0 or now - fired != number % 5 // 2 * STEP_S:
            continue
        note = {"note": "已派人查看", "until": now + HOUR_S, "severity": alert.severity}
        drafts.append(Draft(ANSWERS[0], alert.id, "zk-duty", "command", "", note))
        drafts += [Draft(what, alert.id, "zk-duty", "command", "") for what in ANSWERS[2 : 2 + number % 4]]
    engine.order(drafts)


@cache
def brief_of(profile_name: str = "lincang", *, scope: str = "", late: bool = False) -> Brief:
    """What a brief at eight o'clock is made of, compared with that of the day before."""
    engine = engine_of(profile_name)
    at = eight(engine.profile)
    return gather(
        engine,
        at,
        scope,
        made_at=at + (4 * HOUR_S if late else 20),
        made_by="zk-duty",
        base=BASE if _links() else "",
        marks=("late",) if late else (),
    )


@cache
def manuscript_of(profile_name: str = "lincang", lang: str = "zh-CN", *, scope: str = "") -> Manuscript:
    """The manuscript of that brief."""
    return manuscript(brief_of(profile_name, scope=scope).facts, lang)


def _links() -> bool:
    import importlib.util

    return importlib.util.find_spec("dashboard.exports.permalink") is not None
