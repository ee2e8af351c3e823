"""Whether the parts of a profile fit each other: names that others use, times, thresholds, words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from data.fields import FIELDS
from data.placeholders import PLACEHOLDERS, unknown_placeholders
from data.profile_toml import FILE, Draft, Keys, path_to, walk
from layers.catalog import CATALOG
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown

WALL_SHAPE = (1.2, 6.0)
"""How many times as wide as high a wall may be."""
_WORDS = ("title", "place", "name", "short", "source", "what", "advice", "attribution", "reason")
"""Keys whose value is words in each language."""


def check_parts(draft: Draft) -> list[Fault]:
    """Every fault between the parts of a profile, but those of rules."""
    return [
        *_zones(draft),
        *_place(draft),
        *_wall(draft),
        *_twice(draft),
        *_names(draft),
        *_left_out(draft),
        *_holding(draft),
        *_numbers(draft),
        *_words(draft),
    ]


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _unknown(what: str, path: str, got: str, known: Collection[str], hint: str = "") -> Iterator[Fault]:
    if got not in known:
        yield _fault(f"unknown {what}", path, got, one_of(known), did_you_mean(got, known) or hint)


def _zones(draft: Draft) -> Iterator[Fault]:
    readings = draft.tree.get("readings")
    time = readings.get("time") if isinstance(readings, dict) else None
    zones = {"timezone": draft.tree.get("timezone")}
    if isinstance(time, dict):
        zones["readings.time.zone"] = time.get("zone")
    for path, zone in zones.items():
        if not isinstance(zone, str):
            continue
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            known = available_timezones()
            hint = did_you_mean(zone, known) if known else "Install the time zone database (package tzdata)"
            yield _fault("unknown time zone", path, zone, "an IANA time zone such as Asia/Shanghai", hint)


def _place(draft: Draft) -> Iterator[Fault]:
    if draft.area is None:
        return
    if draft.usable_area is None:
        expected = "west < east within ±180 and south < north within ±90"
        yield _fault(
            "not an area", "area", list(draft.area), expected, "Write west, south, east, north in degrees"
        )
        return
    spec = draft.map
    if spec is None:
        return
    lon, lat = spec.center
    west, south, east, north = draft.usable_area
    if not (west <= lon <= east and south <= lat <= north):
        swapped = west <= lat <= east and south <= lon <= north
        hint = "Write longitude first" if swapped else ""
        yield _fault(
            "the map opens outside the area",
            "map.center",
            list(spec.center),
            f"within {list(draft.area)}",
            hint,
        )
    if not 0 <= spec.min_zoom <= spec.zoom <= spec.max_zoom <= 24:
        expected = "0 ≤ min_zoom ≤ zoom ≤ max_zoom ≤ 24"
        yield _fault(
            "zooms out of order", "map.zoom", f"{spec.min_zoom:g}, {spec.zoom:g}, {spec.max_zoom:g}", expected
        )


def _wall(draft: Draft) -> Iterator[Fault]:
    """A canvas that is no wall: its two numbers the wrong way round, or a mistake in one of them."""
    if draft.wall is None or draft.wall.canvas is None:
        return
    width, height = draft.wall.canvas
    if not WALL_SHAPE[0] <= width / height <= WALL_SHAPE[1]:
        expected = f"{WALL_SHAPE[0]:g} to {WALL_SHAPE[1]:g} times as wide as high"
        hint = "Write the pixels across first, as in [6656, 1792]"
        yield _fault("not the shape of a wall", "wall.canvas", [width, height], expected, hint)


def _twice(draft: Draft) -> Iterator[Fault]:
    """Ids and names that stand twice, and tables that must not be empty."""
    for table, key in (("lines", "id"), ("layers", "name"), ("rules", "id"), ("duty.levels", "id")):
        rows: Any = draft.tree
        for part in table.split("."):
            rows = rows.get(part) if isinstance(rows, dict) else None
        if not isinstance(rows, list):
            continue
        names = [row.get(key) for row in rows if isinstance(row, dict)]
        for name in dict.fromkeys(name for name in names if isinstance(name, str) and names.count(name) > 1):
            yield _fault(f"{key} stands twice", f"{table}[{name}].{key}", name, f"each {key} once")
        if not rows and table != "rules":
            yield _fault(f"no {table}", table, "an empty list", "at least one")


def _left_out(draft: Draft) -> Iterator[Fault]:
    """Layers that say their rows may be left out, and of which none may."""
    for path, layer in draft.layers.items():
        if layer.on_error == "quarantine" and layer.kind in CATALOG and CATALOG[layer.kind].whole:
            what = f"a layer of kind {layer.kind} cannot leave rows out"
            hint = "A row left out would make a hole that nobody sees: mend it in the file"
            yield _fault(what, f"{path}.on_error", layer.on_error, "stop", hint)


def _names(draft: Draft) -> Iterator[Fault]:
    """Names that one part uses of another."""
    for kind, spec in draft.kinds.items():
        yield from _unknown("line", path_to(draft.tree, ("kinds", kind, "line")), spec.line, draft.line_ids)
    for path, layer in draft.layers.items():
        yield from _unknown("layer kind", f"{path}.kind", layer.kind, CATALOG)
    if draft.duty is not None:
        yield from _unknown("duty level", "duty.current", draft.duty.current, draft.levels)
    kinds = {layer.kind for layer in draft.layers.values()}
    if draft.layers and not any(CATALOG[kind].is_site for kind in kinds if kind in CATALOG):
        sites = one_of(row.id for row in CATALOG.values() if row.is_site)
        yield _fault("the profile has no sites", "layers", one_of(sorted(kinds)), f"a layer of kind {sites}")
    readings = draft.tree.get("readings")
    for table in ("columns", "constants"):
        fields = readings.get(table) if isinstance(readings, dict) else None
        for field in fields if isinstance(fields, dict) else ():
            if not field.startswith("outcomes."):
                path = path_to(draft.tree, ("readings", table, field))
                yield from _unknown("field of a reading", path, field, FIELDS)
    given = draft.tree.get("layers")
    layers = given if isinstance(given, list) else []
    for path, line in draft.lines.items():
        if line.border and "border" not in kinds and len(draft.layers) == len(layers):
            hint = "Add a [[layers]] of kind border, or leave border out of the line"
            yield _fault(
                "the line counts a border that no layer gives", f"{path}.border", True, "a border layer", hint
            )
        if line.stated_km is not None and not line.border:
            hint = "Say border = true, or leave stated_km out"
            yield _fault(
                "a border's length for a line that counts no border",
                f"{path}.stated_km",
                line.stated_km,
                "a line with border = true",
                hint,
            )
    for kind in draft.simulation.demand if draft.simulation else ():
        where = path_to(draft.tree, ("simulation", "demand", kind))
        yield from _unknown("site kind", where, kind, draft.kind_names)
    given = draft.tree.get("outcomes")
    for name in draft.simulation.outcomes if draft.simulation else ():
        where = path_to(draft.tree, ("simulation", "outcomes", name))
        yield from _unknown("outcome", where, name, given if isinstance(given, dict) else {})


def _holding(draft: Draft) -> Iterator[Fault]:
    """What is asked about whether lines hold, and what it is judged by."""
    given = draft.tree.get("layers")
    kinds = {layer.kind for layer in draft.layers.values()}
    whole = len(draft.lines) == len(draft.line_ids) and len(draft.layers) == (
        len(given) if isinstance(given, list) else 0
    )
    if not whole:
        return
    rings = [path for path, line in draft.lines.items() if line.ring_m is not None]
    if rings and "exits" not in kinds:
        hint = "Add a [[layers]] of kind exits, or leave ring_m out of the line"
        what, got = "the line closes a ring, but no layer gives its exits", draft.lines[rings[0]].ring_m
        yield _fault(what, f"{rings[0]}.ring_m", got, "a layer of kind exits", hint)
    for path, layer in draft.layers.items():
        if layer.kind == "exits" and not rings:
            hint = "Say ring_m, in metres, in the line that closes the ring, or leave the layer out"
            what = "the layer gives exits, but no line closes a ring"
            yield _fault(what, f"{path}.kind", layer.kind, "a line with ring_m", hint)
    coverage = draft.tree.get("coverage")
    depth = coverage.get("depth_km") if isinstance(coverage, dict) else None
    lines = list(draft.lines.values())
    if depth is not None and not any(line.border for line in lines[:-1]):
        hint = "Leave depth_km out, or say border = true in a line that has another one behind it"
        what = "depth behind a border, but no line at a border has a line behind it"
        yield _fault(what, "coverage.depth_km", depth, "a line with border = true, and a line after it", hint)


def _numbers(draft: Draft) -> Iterator[Fault]:
    """Numbers that must stand in order, and dates."""
    if draft.windows is not None:
        minutes, main = draft.windows.minutes, draft.windows.main
        if not minutes or min(minutes) < 1 or len(set(minutes)) < len(minutes):
            yield _fault(
                "not a list of windows", "windows.minutes", list(minutes), "minutes, each once, 1 or more"
            )
        if main not in minutes:
            yield _fault(
                "the main window is not among the windows", "windows.main", main, one_of(map(str, minutes))
            )
    for day in draft.simulation.holidays if draft.simulation else ():
        try:
            date.fromisoformat(day)
        except ValueError:
            yield _fault("not a date", "simulation.holidays", day, "YYYY-MM-DD")
    status, readings = draft.status, draft.readings
    for low, high in (("busy_wait_min", "congested_wait_min"), ("busy_queue_m", "congested_queue_m")):
        if status is not None and getattr(status, low) > getattr(status, high):
            expected = f"at least {low}, {getattr(status, low):g}"
            yield _fault("thresholds out of order", f"status.{high}", getattr(status, high), expected)
    if readings is not None and readings.offline_after_s < readings.no_data_after_s:
        expected = f"at least no_data_after_s, {readings.no_data_after_s}"
        yield _fault(
            "thresholds out of order", "readings.offline_after_s", readings.offline_after_s, expected
        )


def _words(draft: Draft) -> Iterator[Fault]:
    """Words in every language of the profile and in no other; templates with known placeholders."""
    languages = draft.tree.get("languages", ["zh-CN", "en"])
    if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
        return
    if not languages:
        yield _fault("no languages", "languages", languages, "at least one")
    for where, text in _texts(draft.tree):
        path = path_to(draft.tree, where)
        optional = where[-1] in ("advice", "reason") and not text
        for language in languages:
            if not optional and not (isinstance(text.get(language), str) and text[language].strip()):
                yield _fault(
                    f"no words in {language}",
                    f"{path}.{language}",
                    "nothing",
                    f"words in {', '.join(languages)}",
                )
        for language in text:
            yield from _unknown("language", f"{path}.{language}", language, languages)
        if where[0] != "rules" or where[-1] not in ("what", "advice"):
            continue
        for language, template in text.items():
            for name in unknown_placeholders(template) if isinstance(template, str) else ():
                hint = did_you_mean(name, PLACEHOLDERS)
                expected = one_of(f"{{{known}}}" for known in PLACEHOLDERS)
                yield _fault("unknown placeholder", f"{path}.{language}", f"{{{name}}}", expected, hint)


def _texts(tree: Any) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Every table of words with the keys that lead to it."""
    for where, value in walk(tree):
        if not isinstance(value, dict) or not where:
            continue
        # Site kinds and outcomes have names of their own choice.
        chosen = where[:-1] in (("kinds",), ("simulation", "demand"))
        if (where[-1] in _WORDS and not chosen) or where[:-1] == ("outcomes",):
            yield where, value
