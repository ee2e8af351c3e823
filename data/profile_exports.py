"""Whether a profile's schedules can be kept: times, scopes, languages, looks, addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from data.profile_delivery import MAIL, MOST_ADDRESSES
from data.profile_files import Files
from data.profile_rules import ids_of
from data.profile_toml import FILE, Draft
from data.size import SIZES, parse_size
from data.spec_exports import LOOK, MapLayer, ScheduleSpec
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown

MOST_SCHEDULES, MOST_TIMES = 50, 48
"""Of a profile, and times of the day of one: as many as half hours. It is looked at every second."""


def check_exports(draft: Draft, files: Files, adcodes: Collection[str] | None) -> list[Fault]:
    """Every fault of the tables `schedules`; without `adcodes` any county may stand."""
    found = []
    for path, schedule in draft.schedules.items():
        found += [*_times(path, schedule), *_names(draft, path, schedule, adcodes), *_mail(path, schedule)]
        found += [*_look(draft, files, path, schedule), *_size(path, schedule)]
    ids = [schedule.id for schedule in draft.schedules.values()]
    for one in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        found.append(_fault("id stands twice", f"schedules[{one}].id", one, "each id once"))
    if len(ids) > MOST_SCHEDULES:
        found.append(_fault("too many schedules", "schedules", len(ids), f"at most {MOST_SCHEDULES}"))
    return found


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _times(path: str, schedule: ScheduleSpec) -> Iterator[Fault]:
    if not schedule.at and not schedule.severities:
        hint = "Say when the files are made"
        expected = 'times of day such as at = ["08:00"], or severities of alerts'
        yield _fault("a schedule without a time", f"{path}.at", "nothing", expected, hint)
    elif schedule.weekdays and not schedule.at:
        hint = "Leave weekdays out: files on alerts are made on every day"
        yield _fault("weekdays without a time of day", f"{path}.weekdays", "nothing", "at", hint)
    if len(schedule.at) > MOST_TIMES:
        yield _fault("too many times of day", f"{path}.at", len(schedule.at), f"at most {MOST_TIMES}")


def _names(
    draft: Draft, path: str, schedule: ScheduleSpec, adcodes: Collection[str] | None
) -> Iterator[Fault]:
    if not schedule.scopes:
        expected = '"" for the whole area, adcodes, or "*" for every county'
        yield _fault("a schedule without a scope", f"{path}.scopes", "an empty list", expected)
    for scope in schedule.scopes:
        if adcodes is not None and scope not in ("", "*") and scope not in adcodes:
            hint = did_you_mean(scope, adcodes)
            yield _fault("unknown county", f"{path}.scopes", scope, one_of(adcodes), hint)
    languages = draft.tree.get("languages", ["zh-CN", "en"])
    if schedule.lang and isinstance(languages, list) and schedule.lang not in languages:
        hint = did_you_mean(schedule.lang, languages)
        yield _fault("unknown language", f"{path}.lang", schedule.lang, one_of(languages), hint)


def _look(draft: Draft, files: Files, path: str, schedule: ScheduleSpec) -> Iterator[Fault]:
    said = [key for key in LOOK if key in schedule.model_fields_set]
    if said and not any(file.startswith("snapshot.") for file in schedule.files):
        hint = "Leave it out, or make a file such as snapshot.png"
        expected = "only where snapshots are made"
        yield _fault("a look without a snapshot", f"{path}.{said[0]}", ", ".join(said), expected, hint)
        return
    lines, layers = draft.line_ids, get_args(MapLayer)
    sites = ids_of(files, "site") if schedule.site else None
    for what, key, named, known in (
        ("line", "line", [schedule.line] if schedule.line else [], lines),
        ("layer of the map", "hide", schedule.hide, [*lines, *layers]),
        ("site", "site", [schedule.site] if schedule.site else [], sites),
    ):
        for one in named:
            if known is not None and one not in known:
                yield _fault(f"unknown {what}", f"{path}.{key}", one, one_of(known), did_you_mean(one, known))
    if schedule.center is None or draft.usable_area is None:
        return
    lon, lat = schedule.center
    west, south, east, north = draft.usable_area
    if not (west <= lon <= east and south <= lat <= north):
        hint = "Write longitude first" if west <= lat <= east and south <= lon <= north else ""
        expected = f"within {list(draft.usable_area)}"
        yield _fault(
            "the middle of a snapshot outside the area", f"{path}.center", [lon, lat], expected, hint
        )


def _size(path: str, schedule: ScheduleSpec) -> Iterator[Fault]:
    try:
        parse_size(schedule.size)
    except ValueError:
        hint = "Write it such as 3840x2160"
        yield _fault("not a size of a snapshot", f"{path}.size", schedule.size, SIZES, hint)


def _mail(path: str, schedule: ScheduleSpec) -> Iterator[Fault]:
    wrong = next((one for one in schedule.mail if not MAIL.fullmatch(one)), None)
    if wrong is not None or len(schedule.mail) > MOST_ADDRESSES:
        expected = f"at most {MOST_ADDRESSES} addresses such as duty@example.org, one to a string"
        got = wrong or len(schedule.mail)
        yield _fault("not an address of e-mail", f"{path}.mail", got, expected)
