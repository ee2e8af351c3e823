"""The bulletin of a day (通报) as it is passed on: a text in official words, a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dashboard.area import whole
from dashboard.exporting.spreadsheet import FORMULA
from dashboard.words import pick, say
from data.bulletin import RESULTS, Bulletin, Found
from data.profile import Profile
from data.rota import rounds_of

COLUMNS = (
    "day", "time", "county", "site_id", "site", "kind", "round", "severity", "result", "findings", "note",
    "by", "simulated",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"


def place(profile: Profile, row: int, lang: str) -> str:
    """The name of a site's county."""
    county = str(profile.sites.county[row])
    return profile.county_name.get(county, county) or say(lang, "outside_counties")


def what_found(profile: Profile, found: Found, lang: str) -> list[str]:
    """What a look found, in words; a finding that the profile has no longer by its id."""
    look = found.look
    told = [finding_name(profile, one, lang) for one in look.findings]
    return [say(lang, f"result_{look.result}"), *told] if look.result in RESULTS else told


def finding_name(profile: Profile, what: str, lang: str) -> str:
    """The words of a finding, or of a look that saw nothing."""
    if what in RESULTS:
        return say(lang, f"result_{what}")
    video = profile.spec.video
    name = next((one.name for one in video.findings if one.id == what), None) if video else None
    return pick(name, lang) if name else what


def text_of(profile: Profile, told: Bulletin, at: int, lang: str) -> str:
    """The whole bulletin as a text to be copied."""
    return "\n".join(_lines(profile, told, at, lang)) + "\n"


def _lines(profile: Profile, told: Bulletin, at: int, lang: str) -> Iterator[str]:
    where = profile.county_name.get(told.scope, "")
    head = f"{where}{say(lang, 'b_title')}" if lang.startswith("zh") else f"{say(lang, 'b_title')} {where}"
    yield head.strip()
    yield told.day.strftime(say(lang, "b_day"))
    if told.simulated:
        yield say(lang, "b_simulated")
    yield ""
    yield say(lang, "b_one")
    counts = told.counts
    yield say(
        lang,
        "b_asked",
        where=where or whole(profile.spec.place, lang),
        asked=counts.asked,
        done=counts.done,
        in_time=counts.in_time,
        late=counts.late,
        missed=counts.missed,
    )
    if counts.open:
        yield say(lang, "b_open", time=_clock(profile, at, lang), open=counts.open)
    rows = {one.row for one in told.found}
    counties = {str(profile.sites.county[row]) for row in rows}
    yield (
        say(lang, "b_found", looks=len(told.found), sites=len(rows), counties=len(counties))
        if told.found
        else say(lang, "b_nothing")
    )
    yield from ("", say(lang, "b_two"), *_found(profile, told, lang))
    yield from ("", say(lang, "b_three"), *_again(profile, told, lang))
    yield from ("", say(lang, "b_four"), *_missed(profile, told, lang))
    if told.found or told.missed:
        yield from ("", say(lang, "b_end"))


def _found(profile: Profile, told: Bulletin, lang: str) -> Iterator[str]:
    if not told.found:
        yield say(lang, "b_none")
    by_county: dict[str, list[Found]] = {}
    for one in told.found:
        by_county.setdefault(place(profile, one.row, lang), []).append(one)
    for number, (county, finds) in enumerate(by_county.items()):
        chinese = lang.startswith("zh")
        mark = f"（{NUMERALS[number]}）" if chinese and number < len(NUMERALS) else f"({number + 1}) "
        yield mark + say(lang, "b_county", county=county, n=len(finds))
        for place_in_list, one in enumerate(finds, 1):
            between = "、" if chinese else "; "
            said = say(
                lang,
                "b_row",
                time=_clock(profile, one.look.seen_at, lang),
                site=profile.sites.name[one.row],
                what=between.join(what_found(profile, one, lang)),
            )
            note = one.look.note.rstrip("。. ")
            yield f"{place_in_list}. {said}" + (say(lang, "b_note", note=note) if note else "")


def _again(profile: Profile, told: Bulletin, lang: str) -> Iterator[str]:
    if not told.again:
        yield say(lang, "b_none")
    for number, one in enumerate(told.again, 1):
        site, county = profile.sites.name[one.row], place(profile, one.row, lang)
        what = finding_name(profile, one.what, lang)
        yield f"{number}. " + say(lang, "b_again", site=site, county=county, what=what, n=one.times)


def _missed(profile: Profile, told: Bulletin, lang: str) -> Iterator[str]:
    if not told.missed:
        yield say(lang, "b_none")
    rounds = rounds_of(profile)
    for number, one in enumerate(told.missed, 1):
        site, county = profile.sites.name[one.row], place(profile, one.row, lang)
        name, time = pick(rounds[one.round_id].name, lang), _clock(profile, one.due_at, lang)
        yield f"{number}. " + say(lang, "b_missed", site=site, county=county, round=name, time=time)


def _clock(profile: Profile, at: float, lang: str) -> str:
    return datetime.fromtimestamp(at, profile.zone).strftime(say(lang, "b_time"))


def csv_of(profile: Profile, told: Bulletin, lang: str) -> bytes:
    """The finds of the day as CSV in UTF-8 with a byte order mark; no text of it is run as a formula."""
    rounds, sites = rounds_of(profile), profile.sites
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([say(lang, f"f_{name}") for name in COLUMNS])
    for one in told.found:
        look = one.look
        spec = rounds.get(look.round_id)
        seen = datetime.fromtimestamp(look.seen_at, profile.zone)
        row: list[Any] = [
            seen.date().isoformat(),
            seen.strftime("%H:%M:%S"),
            place(profile, one.row, lang),
            look.site_id,
            sites.name[one.row],
            pick(profile.spec.kinds[str(sites.kind[one.row])].name, lang),
            pick(spec.name, lang) if spec else look.round_id or say(lang, "round_outside"),
            say(lang, one.severity),
            say(lang, f"result_{look.result}"),
            "；".join(finding_name(profile, what, lang) for what in look.findings),
            look.note,
            look.by,
            "SIMULATED" if look.simulated else "",
        ]
        writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")
