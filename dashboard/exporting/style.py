"""The board's shapes and colours as rules that a map program can be told in its own language."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import theme, words
from dashboard.exports.mark_style import mark_style
from dashboard.interchange.offer import EXITS, FENCES, GAPS, SITES, Collection
from data.picture import SEVERITIES, STATUSES
from data.profile import Profile
from data.rules import in_language
from data.spec import LineSpec
from layers.catalog import CATALOG

SITE_MM, BORDER_MM, SMALL_MM = 3.2, 2.6, 2.2
"""Size of a site's mark on paper, of one at the border, where they stand close, and of other points."""
BOTTOM_UP = ("closed", "normal", "no_data", "offline", "busy", "congested")


@dataclass(frozen=True)
class Marker:
    """A mark at a point; `fill` "" is hollow."""

    shape: str
    fill: str
    edge: str
    edge_mm: float = 0.3
    size_mm: float = SITE_MM
    opacity: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A line; `dash` in millimetres, on and off."""

    colour: str
    width_mm: float
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Fill:
    """An area and its edge."""

    colour: str
    opacity: float
    edge: Stroke


Symbol = tuple[Marker | Stroke | Fill, ...]
"""Drawn one over the other."""


@dataclass(frozen=True)
class Rule:
    """What is drawn so: features whose fields have these values; None: any value at all."""

    label: str
    where: tuple[tuple[str, str | bool | None], ...] = ()
    symbol: Symbol = ()
    rules: tuple[Rule, ...] = ()
    """Further rules for the features that this one holds of."""


@dataclass(frozen=True)
class Style:
    """How one table is drawn."""

    rules: tuple[Rule, ...]
    label: str = ""
    """The field whose text stands at each feature; "" for none."""
    over: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What lies on top: fields, gravest first, each with its values from the bottom up."""


def style_of(profile: Profile, collection: Collection, geometry: str, lang: str) -> Style:
    """The style of a collection's features of one geometry: `point`, `line` or `polygon`."""
    kind = collection.kind
    if kind == SITES or (kind in CATALOG and CATALOG[kind].is_site):
        return Style(_sites(profile, lang), over=(("alarm", ("", *SEVERITIES)), ("status", BOTTOM_UP)))
    if kind == GAPS:
        return Style(_gaps(lang))
    if kind == FENCES:
        return Style(_fences(lang, area=geometry == "polygon"))
    title = collection.title(profile, lang)
    if kind == "counties":
        edge = Stroke(theme.LAND_EDGE, 0.35)
        return Style((Rule(title, (), (Fill(theme.LAND, 1.0, edge),)),), label="name")
    if kind == EXITS:
        return Style(_exits(lang))
    return Style((Rule(title, (), _plain(kind, geometry)),))


def _sites(profile: Profile, lang: str) -> tuple[Rule, ...]:
    """Shape says which line, colour says status, a ring says an unanswered alert."""
    rings = [
        Rule(
            words.say(lang, severity),
            (("alarm", severity),),
            (Marker("circle", "", theme.SEVERITY[severity], 0.7, SITE_MM * 1.8),),
        )
        for severity in reversed(SEVERITIES)
    ]
    lines = [
        Rule(
            in_language(line.name, lang, profile),
            (("line", line.id),),
            rules=tuple(
                Rule(words.say(lang, status), (("status", status),), (_mark(line, status),))
                for status in STATUSES
            ),
        )
        for line in profile.spec.lines
    ]
    # The ring first: it lies under the mark.
    return (Rule(words.say(lang, "ring"), (("alarm", None),), rules=tuple(rings)), *lines)


def _mark(line: LineSpec, status: str) -> Marker:
    told = mark_style(status)
    size = BORDER_MM if line.border else SITE_MM
    return Marker(line.shape, told.fill, told.edge, 0.2 * told.edge_width, size, told.alpha)


def _gaps(lang: str) -> tuple[Rule, ...]:
    red, amber, grey = theme.STATUS["congested"], theme.SEVERITY["warning"], theme.STATUS["no_data"]
    told = words.say(lang, "gap")
    backed, exposed = ("后方有力量", "后方无力量") if lang.startswith("zh") else ("backed", "nobody behind")
    case = Stroke(theme.DARK["rim"], 1.9)
    return (
        Rule(f"{told} · {exposed}", (("backed", False),), (case, Stroke(red, 1.1))),
        Rule(f"{told} · {backed}", (("backed", True),), (Stroke(amber, 1.0, (1.0, 0.6)),)),
        Rule(words.say(lang, "border_unknown"), (("known", False),), (Stroke(grey, 1.1, (0.4, 1.2)),)),
        Rule(told, (), (Stroke(red, 1.1),)),
    )


def _fences(lang: str, *, area: bool) -> tuple[Rule, ...]:
    chinese = lang.startswith("zh")
    title = words.say(lang, "fences")
    rows = (
        ("breach", "越界告警" if chinese else "breach", theme.SEVERITY["critical"], (), 0.8, 0.25),
        ("down", "失效" if chinese else "down", theme.SEVERITY["warning"], (0.6, 1.2), 0.75, 0.08),
        ("up", "正常" if chinese else "up", theme.ACCENT, (1.2, 0.8), 0.4, 0.08),
        ("unknown", "无数据" if chinese else "no data", theme.STATUS["no_data"], (0.4, 1.2), 0.4, 0.08),
    )
    rules = []
    for state, told, colour, dash, width, opacity in rows:
        edge = Stroke(colour, width, dash)
        where = (("alarm", "critical"),) if state == "breach" else (("state", state),)
        rules.append(Rule(f"{title} · {told}", where, (Fill(colour, opacity, edge),) if area else (edge,)))
    return tuple(rules)


def _exits(lang: str) -> tuple[Rule, ...]:
    chinese = lang.startswith("zh")
    hollow = Marker("circle", "", theme.QUIET, 0.35, SMALL_MM)
    held = Marker("circle", theme.STATUS["normal"], theme.GROUND, 0.3, SMALL_MM)
    open_ = Marker("circle", "", theme.STATUS["congested"], 0.6, SMALL_MM * 1.4)
    return (
        Rule("有人值守" if chinese else "held", (("held", True),), (held,)),
        Rule("无人值守" if chinese else "not held", (("held", False),), (open_,)),
        Rule("未判断" if chinese else "not judged", (), (hollow,)),
    )


def _plain(kind: str, geometry: str) -> Symbol:
    """What is drawn in one way."""
    water = theme.DARK["water"]
    if geometry == "polygon":
        return (Fill(water, 0.5, Stroke(water, 0.3)),)
    if geometry == "line":
        width, colour = {"border": (0.7, theme.BORDER_LINE), "roads": (0.4, theme.DARK["road"])}.get(
            kind, (0.4, water)
        )
        return (Stroke(colour, width),)
    fill, edge = (theme.GROUND, theme.BORDER_LINE) if kind == "crossings" else (theme.PANEL, theme.ACCENT)
    return (Marker("square" if kind == "hubs" else "circle", fill, edge, 0.4, SMALL_MM),)
