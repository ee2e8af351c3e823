"""The bulletin of a day: what the video rounds found."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.access import access_now
from dashboard.api.problems import Problem, choice
from dashboard.api.query import AskedQuery, answer
from dashboard.api.rounds import day_asked, due_row, look_row, moment_of, video
from dashboard.bulletin import csv_of, finding_name, place, text_of, what_found
from dashboard.times import moment
from data.bulletin import Bulletin, Counts, Found, today_of
from data.profile import Profile

FORMATS = ("json", "csv")

router = APIRouter(prefix="/api/v1")


@router.get("/findings")
def findings(
    query: AskedQuery,
    day: Annotated[str, Query(description="A day, YYYY-MM-DD; empty for today")] = "",
    form: Annotated[str, Query(alias="format", description=f"One of {', '.join(FORMATS)}")] = "json",
) -> Response:
    """Looks of the day that found something, with counts, repeats, what was missed, and it all as a text."""
    if form not in FORMATS:
        raise choice("bad-value", "format", form, FORMATS)
    if form == "csv" and not access_now().may("export"):
        raise Problem("no-export")
    picture, desk = query.picture(), video(query)
    profile, at, lang = desk.profile, moment_of(query, picture), query.lang
    on = day_asked(day, profile, at) if day else today_of(profile, at)
    told = desk.bulletin(on, at, query.scope, past=query.at is not None)
    if form == "csv":
        name = f"findings-{on.isoformat()}{'-' + told.scope if told.scope else ''}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(csv_of(profile, told, lang), media_type="text/csv; charset=utf-8", headers=headers)
    head = query.head(picture)
    return answer(
        {
            **head,
            "simulated": picture.simulated or told.simulated,
            "day": on.isoformat(),
            "counts": counts_row(told.counts),
            "counties": counties(profile, told),
            "found": [found_row(profile, one, lang) for one in told.found],
            "again": [
                {
                    "site_id": str(profile.sites.site_id[one.row]),
                    "name": str(profile.sites.name[one.row]),
                    "county_name": place(profile, one.row, lang),
                    "what": one.what,
                    "what_name": finding_name(profile, one.what, lang),
                    "times": one.times,
                }
                for one in told.again
            ],
            "missed": [due_row(profile, one, lang) for one in told.missed],
            "text": text_of(profile, told, at, lang),
            "as_of": moment(at, profile.zone),
        }
    )


def counts_row(counts: Counts) -> dict[str, int]:
    """Looks that were due, and what became of them."""
    return {
        "asked": counts.asked,
        "done": counts.done,
        "in_time": counts.in_time,
        "late": counts.late,
        "missed": counts.missed,
        "open": counts.open,
    }


def counties(profile: Profile, told: Bulletin) -> list[dict[str, Any]]:
    """Each county's own counts."""
    return [
        {
            "county": county,
            "county_name": profile.county_name.get(county, county),
            **counts_row(counts),
            "found": sum(profile.sites.county[one.row] == county for one in told.found),
        }
        for county, counts in told.by_county.items()
    ]


def found_row(profile: Profile, one: Found, lang: str) -> dict[str, Any]:
    """One look that found something."""
    return {
        **look_row(profile, one.look),
        "name": str(profile.sites.name[one.row]),
        "county": str(profile.sites.county[one.row]),
        "county_name": place(profile, one.row, lang),
        "severity": one.severity,
        "what": what_found(profile, one, lang),
    }
