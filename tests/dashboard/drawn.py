"""Pictures worth drawing, made by hand on the small profile: every status, alerts, a gap, a fence down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np

from data.picture import Alert, DayTotals, FenceState, Gap, LineState, Picture, SiteState
from data.profile import Profile, load_profile
from tests.data.places import NOON, SMALL

SVG = "{http://www.w3.org/2000/svg}"
STATES = ("normal", "busy", "congested", "no_data", "offline", "closed", "normal", "congested")


def small() -> Profile:
    return load_profile(SMALL)


def objects(values: Any) -> Any:
    return np.array(list(values), dtype=object)


def drawn_picture(profile: Profile, **more: Any) -> Picture:
    """Eight sites in every status, two of them with alerts, one more pending."""
    sites, n = profile.sites, len(profile.sites)
    status = objects(STATES[:n])
    known = np.isin(status, ["normal", "busy", "congested"])
    wait = np.where(known, np.linspace(3, 52, n), np.nan)
    congested = np.flatnonzero(status == "congested").tolist()
    alarm = objects("critical" if row in congested else "" for row in range(n))
    state = SiteState(
        status=status,
        observed_at=np.where(known, NOON - 12.0, np.nan),
        interval_s=np.where(known, 60.0, np.nan),
        persons_per_hour=wait * 10,
        vehicles_per_hour=wait * 3,
        rates={},
        queue_m=wait * 12,
        wait_min=wait,
        wait_change=np.linspace(-4, 4, n),
        lanes_open=np.where(known, 1.0, np.nan),
        staff_on_duty=np.where(known, 3.0, np.nan),
        staff_required=sites.staff_required["III"],
        method=objects("measured" if ok else "" for ok in known),
        alarm=alarm,
        usual_persons=np.full(n, np.nan),
        usual_vehicles=np.full(n, np.nan),
        usual_samples=np.zeros(n),
        in_service=np.ones(n, dtype=bool),
    )
    alerts = [
        Alert(
            id=f"a{row}",
            rule="wait_over_30",
            target="site",
            target_id=sites.site_id[row],
            line=sites.line[row],
            county=sites.county[row],
            severity="critical",
            state="firing",
            started_at=NOON - 700,
            fired_at=NOON - 600,
            value=float(wait[row]),
            held=False,
        )
        for row in congested
    ]
    alerts.append(replace(alerts[0], id="f", rule="fence_down", target="fence", target_id="f1", held=True))
    alerts.append(replace(alerts[0], id="p", target_id=sites.site_id[1], state="pending", fired_at=None))
    lines = tuple(
        LineState(
            id=line.id, sites=int(np.sum(sites.line == line.id)), online=2, persons_per_hour=1284.0,
            vehicles_per_hour=None, staff_on_duty=12.0, staff_required=15.0,
            alerts={"critical": 2, "warning": 0, "notice": 1}, km=41.1 if line.border else None,
            km_covered=37.7 if line.border else None, km_uncovered=3.4 if line.border else None,
        )
        for line in profile.spec.lines
    )  # fmt: skip
    values: dict[str, Any] = {
        "at": NOON,
        "revision": 7,
        "scope": "",
        "simulated": False,
        "duty_level": "III",
        "sites": sites,
        "state": state,
        "lines": lines,
        "alerts": tuple(alerts),
        "fences": {
            "f1": FenceState("down", NOON - 60, None, None),
            "f2": FenceState("up", NOON - 60, 1.0, 0.0),
        },
        "gaps": (Gap("first", "900101", 8.0, 11.4),),
        "today": DayTotals(184_206.0, 71_940.0, {"turned_back": 612.0}, 173_000.0, 70_000.0, 48),
        "data_at": NOON - 12.0,
    }
    return Picture(**values | more)


def words_of(svg: bytes) -> list[str]:
    """Every text of an SVG, in the order of drawing."""
    return [item.text or "" for item in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def marks_of(svg: bytes, prefix: str) -> dict[str, list[tuple[float, float]]]:
    """Group id to the positions of its marks, for the groups whose id begins like this."""
    return {
        group.get("id", ""): [
            (float(use.get("x", "nan")), float(use.get("y", "nan"))) for use in group.iter(f"{SVG}use")
        ]
        for group in ElementTree.fromstring(svg).iter(f"{SVG}g")
        if group.get("id", "").startswith(prefix)
    }


def box_of(svg: bytes, gid: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of the rectangle drawn as a group of this id."""
    group = next(one for one in ElementTree.fromstring(svg).iter(f"{SVG}g") if one.get("id") == gid)
    path = next(group.iter(f"{SVG}path")).get("d", "")
    numbers = [float(part) for part in path.replace("M", " ").replace("L", " ").replace("z", " ").split()]
    x, y = numbers[::2], numbers[1::2]
    return min(x), min(y), max(x) - min(x), max(y) - min(y)


def scale_of(svg: bytes) -> tuple[float, float]:
    """Pixels of the scale bar, and the kilometres it says."""
    root = ElementTree.fromstring(svg)
    bar = next(group for group in root.iter(f"{SVG}g") if group.get("id") == "scale-bar")
    numbers = next(bar.iter(f"{SVG}path")).get("d", "").replace("M", "").replace("L", "").split()
    label = next(group for group in root.iter(f"{SVG}g") if group.get("id") == "scale-label")
    said = next(label.iter(f"{SVG}text")).text or ""
    return float(numbers[2]) - float(numbers[0]), float(said.removesuffix(" km"))
