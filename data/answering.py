"""What people's answers do to open alerts: quiet until the answer's time is over or the alert grows worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.opened import Open, filled, names_of
from data.orders import Response
from data.picture import SEVERITIES, Alert

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Strings = NDArray[np.object_]
GRADE = {severity: grade for grade, severity in enumerate(SEVERITIES)}


def answer(open_: Open, rule: str, ids: Strings, responses: Mapping[str, Response]) -> Open:
    """One rule's open alerts with what people did about them, as of the newest order."""
    if not len(open_):
        return open_
    response = filled(len(open_), None)
    response[:] = [responses.get(name) for name in names_of(open_, rule, ids)]
    told = [one.answer if one else None for one in response.tolist()]
    same = np.array([a is b or a == b for a, b in zip(response, open_.response, strict=True)], dtype=bool)
    return replace(
        open_,
        response=response,
        until=np.array([one.until if one else np.nan for one in told], dtype=np.float64),
        answered=np.array([GRADE.get(one.severity, 0) if one else -1 for one in told], dtype=np.int64),
        shown=blank(open_.shown, ~same),
    )


def settle(open_: Open, at: int) -> Open:
    """Which answers hold at a moment; an alert of which that changed is written anew."""
    quiet = ~np.isnan(open_.fired_at) & (at < open_.until) & (open_.grade <= open_.answered)
    changed = quiet != open_.quiet
    return replace(open_, quiet=quiet, shown=blank(open_.shown, changed)) if changed.any() else open_


def asked_at(open_: Open, at: int) -> Floats:
    """When each alert last began to ask; NaN for one that never fired."""
    lapsed = [
        _lapsed(one, grades) if one is not None and one.lapsed_at is not None else np.nan
        for one, grades in zip(open_.response.tolist(), open_.grades.tolist(), strict=True)
    ]
    # One that grew graver than it was answered at asks from then on, not from the end of the answer's time.
    over = (open_.until <= at) & (open_.grade <= open_.answered)
    asked = np.fmax(np.fmax(open_.fired_at, open_.grew_at), np.array(lapsed, dtype=np.float64))
    return np.where(over, np.fmax(asked, open_.until), asked)


def _lapsed(response: Response, grades: tuple[tuple[int, int], ...]) -> float:
    """When an answer lapsed; NaN where the alert was graver by then and asked already."""
    at = response.lapsed_at or 0
    then = max((grade for since, grade in grades if since <= at), default=0)
    return np.nan if then > GRADE.get(response.lapsed_severity, 0) else at


def as_ordered(alert: Alert, response: Response, at: int) -> Alert:
    """An alert that fired as it is after newer orders than those of its picture."""
    told = response.answer
    holds = told is not None and at < told.until and GRADE[alert.severity] <= GRADE.get(told.severity, 0)
    graver = GRADE[alert.severity] > GRADE.get(response.lapsed_severity, 0)
    lapsed = [time for time in (alert.asked_at, None if graver else response.lapsed_at) if time is not None]
    return replace(
        alert,
        state="acknowledged" if holds else "firing",
        asked_at=max(lapsed, default=None),
        answer=told,
        answered_at=response.answered_at,
        sent_at=response.sent_at,
        arrived_at=response.arrived_at,
    )


def blank(shown: Strings, which: Bools) -> Strings:
    """The same column, but what changed is to be written anew."""
    shown = shown.copy()
    shown[which] = None
    return shown
