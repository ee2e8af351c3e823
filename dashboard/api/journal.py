"""The journal: what was ordered, by whom, when; only ever added to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard import journal_words as words
from dashboard.api.query import AskedQuery, answer, known_scope, whole_number
from dashboard.times import moment
from data.journal import Entry
from data.profile import Profile

LIMIT, MOST = 100, 1000
LONG = ("title", "lines", "open", "answered", "orders", "planned", "teams", "slowest")
"""What a handover's entry holds besides a few numbers; it is asked for by its id."""

router = APIRouter(prefix="/api/v1")


@router.get("/journal")
def journal(
    query: AskedQuery,
    after: Annotated[
        str, Query(description="Entries after this number, oldest first; empty for the newest")
    ] = "",
    limit: Annotated[str, Query(description=f"At most so many, up to {MOST}")] = str(LIMIT),
) -> Response:
    """Entries in order, with words for each; of a county alone where the reader's scope, or `scope`, is one.

    `head` is the number and the seal of the newest entry: noted elsewhere, it tells whether the journal was
    altered since (`threeline audit verify --head`). Only who sees all entries is told.
    """
    most = whole_number(limit, "limit", 1, MOST)
    begin = whole_number(after, "after", 0, 10**12) if after else 0
    picture, desk = query.picture(), query.board
    profile = query.profile_of(picture)
    with known_scope(desk, query.scope):
        told = desk.journal(begin, most, newest=not after, scope=query.scope, until=query.at)
        last = [] if desk.reach else desk.journal(limit=1, newest=True, until=query.at)
    return answer(
        {
            **query.head(picture),
            "head": {"seq": last[0].seq, "seal": last[0].seal} if last else None,
            "entries": [entry_row(profile, entry, query.lang) for entry in told],
        }
    )


def entry_row(profile: Profile, entry: Entry, lang: str) -> dict[str, Any]:
    """An entry as it is, and in words."""
    return {
        "seq": entry.seq,
        "at": moment(entry.at, profile.zone),
        "who": entry.who,
        "role": entry.role,
        "action": entry.action,
        "subject": entry.subject,
        "scope": entry.scope,
        "detail": {name: value for name, value in entry.detail.items() if name not in LONG},
        "seal": entry.seal,
        "by": words.who(entry.who, entry.role, lang),
        "did": words.action(entry, lang),
        "about": words.subject(profile, entry, lang),
        "said": words.detail(profile, entry, lang),
    }
