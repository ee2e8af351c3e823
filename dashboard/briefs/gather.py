"""What a brief is made of, from an engine and its store: the facts, the picture and the profile."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.words import WORDS
from data.brief import Compared, Facts, Occasion, brief_facts
from data.engine import Engine
from data.picture import Picture
from data.profile import Profile
from data.spans import shift_over
from data.store.base import Store
from layers.faults import Fault, FaultsError

DAY_S, WEEK_S = 86_400, 7 * 86_400
SOON_S = 1800
"""A brief so soon before this one is another file of the same occasion, and nothing to compare with."""
LONG_S = 35 * DAY_S
"""One that is older than this is forgotten."""
LONGEST_DAYS = 366
"""As far back a brief may tell what changed: every quarter of an hour of it is summed up in memory."""
LISTED = 500
"""Exports of a scope among which its last brief is looked for."""
STEP_S = 900


@dataclass(frozen=True, eq=False)
class Brief:
    """Everything that the formats are written from; may be pickled."""

    facts: Facts
    picture: Picture
    profile: Profile
    """The one that the map is drawn on: of a county, its own part of it."""


def gather(
    engine: Engine,
    at: int | None,
    scope: str,
    *,
    since: int | None = None,
    covers: str = "last",
    schedule: str = "",
    made_at: float,
    made_by: str,
    base: str = "",
    marks: tuple[str, ...] = (),
    picture: Picture | None = None,
) -> Brief:
    """The brief of a time (None: now) and a scope that was checked.

    Args:
        engine: one that runs, or one that was only opened over a store.
        since: compare with this time, whatever `covers` says.
        covers: `last` for the last brief of the scope (24 hours where there is none), `day` or `week`.
        schedule: id of the schedule that it is made for; its own last brief goes before any other.
        made_at: epoch seconds.
        base: the board's address for the permanent link; none where it is empty.
        marks: further marks in words; that of what was made late is known in every language.
        picture: the picture of that time and scope, where it stands already.

    Raises:
        FaultsError: there is no such county, or `since` lies too far back.
    """
    if engine.picture.revision == 0:
        # It was never started: its newest picture knows nothing, the one before comes from the store.
        newest = engine.picture.at - 1
        at = newest if at is None else min(at, newest)
    picture = picture or engine.picture_at(at, scope)
    profile = picture.profile or engine.profile
    compared, start, last = _compared(engine.store, picture, since, covers, schedule)
    span = engine.store.span()
    heard = span is not None and span[0] <= start
    links = _links(base, picture, profile)
    occasion = Occasion(int(made_at), made_by, compared, last, links, tuple(_mark(mark) for mark in marks))
    facts = brief_facts(
        picture,
        engine.picture_at(start, scope) if heard else None,
        shift_over(engine.store, engine.history, picture, start),
        engine.history.curve(picture.at, scope=scope, step_s=STEP_S),
        occasion,
    )
    return Brief(facts, picture, profile)


def _compared(
    store: Store, picture: Picture, since: int | None, covers: str, schedule: str
) -> tuple[Compared, int, str]:
    """With what a brief compares: how that was chosen, since when, and the last brief's id."""
    at = picture.at
    if since is not None and at - since > LONGEST_DAYS * DAY_S:
        expected = f"a time at most {LONGEST_DAYS} days before"
        raise FaultsError([Fault("a brief looks back too far", field="since", expected=expected)])
    if since is not None and since < at:
        return "since", since, ""
    if covers == "week":
        return "week", at - WEEK_S, ""
    if covers == "day":
        return "day", at - DAY_S, ""
    told = store.entries(actions=("export",), scope=picture.scope, newest=True, limit=LISTED)
    briefs = [
        (schedule != "" and entry.detail.get("schedule") == schedule, int(entry.detail["at"]), entry.subject)
        for entry in told
        if str(entry.detail.get("file", "")).startswith("brief.")
        and isinstance(entry.detail.get("at"), int)
        and at - LONG_S <= entry.detail["at"] <= at - SOON_S
    ]
    if not briefs:
        return "day", at - DAY_S, ""
    _, start, last = max(briefs)
    return "brief", start, last


def _mark(mark: str) -> str:
    """A mark as facts have it: `late` for the one that has words in every language, else its own."""
    chinese, english = WORDS["export_late"]
    return "late" if mark in (chinese, english) else mark


def _links(base: str, picture: Picture, profile: Profile) -> dict[str, str]:
    """Language to the permanent address of the picture; empty where the board's own is not known."""
    if not base:
        return {}
    from dashboard.exports.permalink import permalink  # noqa: PLC0415  (only where there is an address)

    return {
        lang: permalink(base, profile, scope=picture.scope, at=picture.at, lang=lang)
        for lang in profile.spec.languages
    }
