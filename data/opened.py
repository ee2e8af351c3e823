"""One rule's open alerts as columns, and the names that alerts go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data.metrics import METRICS
from data.picture import SEVERITIES
from data.spec import RuleSpec
from data.store.base import Alerted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Open:
    """One rule's open alerts, ordered by target row; times are epoch seconds, NaN for not yet."""

    row: Ints
    started_at: Floats
    fired_at: Floats
    clear_since: Floats
    worst: Floats
    value: Floats
    """The newest known value."""
    held: Bools
    grade: Ints
    """Index into SEVERITIES, now."""
    grew_at: Floats
    """When it last grew worse after it had fired."""
    grades: Strings
    """Each one's (time, index into SEVERITIES) as a tuple, from its start on."""
    swings: Strings
    """Each one's times at which it fired or held again, those of the alerts before it on its target that
    still count included, as a tuple."""
    swung: Bools
    """Whether it was clear since it last held."""
    calm_at: Floats
    """Until when it flaps; minus infinity where it does not come and go often."""
    flapping: Bools
    """Whether it flapped at the last step."""
    response: Strings
    """The `Response` of each, or None."""
    until: Floats
    """Until when its answer holds, if it does not grow worse; NaN without an answer."""
    answered: Ints
    """The grade that it was answered at; -1 without an answer."""
    quiet: Bools
    """Whether an answer held at the last step."""
    shown: Strings
    """The alert as people see it, or None where it must be written anew."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: NDArray[np.bool_] | Ints) -> Open:
        """The alerts of a mask or of positions."""
        return Open(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def of(cls, row: Ints, started_at: Floats, value: Floats, grade: Ints | int = 0) -> Open:
        """Alerts that have just begun."""
        n = len(row)
        grade = np.broadcast_to(np.asarray(grade, np.int64), (n,)).copy()
        grades = filled(n, None)
        grades[:] = [((int(at), one),) for at, one in zip(started_at.tolist(), grade.tolist(), strict=True)]
        return cls(
            row=row,
            started_at=started_at,
            fired_at=np.full(n, np.nan),
            clear_since=np.full(n, np.nan),
            worst=value,
            value=value,
            held=np.zeros(n, bool),
            grade=grade,
            grew_at=np.full(n, np.nan),
            grades=grades,
            swings=filled(n, ()),
            swung=np.zeros(n, bool),
            calm_at=np.full(n, -np.inf),
            flapping=np.zeros(n, bool),
            response=filled(n, None),
            until=np.full(n, np.nan),
            answered=np.full(n, -1, dtype=np.int64),
            quiet=np.zeros(n, bool),
            shown=filled(n, None),
        )

    @classmethod
    def none(cls) -> Open:
        """No alert."""
        return cls.of(np.empty(0, np.int64), np.empty(0), np.empty(0))


def filled(n: int, value: object) -> Strings:
    """So many times the same value, also where it is a tuple."""
    column = np.empty(n, dtype=object)
    for index in range(n):
        column[index] = value
    return column


def merged(a: Open, b: Open) -> Open:
    """Two lots of open alerts of one rule in one, by row."""
    if not len(b):
        return a
    order = np.argsort(np.concatenate([a.row, b.row]), kind="stable")
    return Open(*(np.concatenate([getattr(a, f.name), getattr(b, f.name)])[order] for f in fields(Open)))


def target_of(rule: RuleSpec) -> str:
    """The kind of target that a rule is about, as in `data.targets`."""
    return METRICS[rule.metric].target


def alert_id(rule: str, target_id: str, started_at: float) -> str:
    """The same alert has the same id after a restart and in every picture."""
    return f"{rule}:{target_id}:{int(started_at)}"


def names_of(open_: Open, rule: str, ids: Strings) -> list[str]:
    """The alert ids of one rule's open alerts; `ids` names the targets by row."""
    names, starts = ids[open_.row].tolist(), open_.started_at.tolist()
    return [alert_id(rule, name, at) for name, at in zip(names, starts, strict=True)]


def ids_of(open_: Mapping[str, Open], rules: Mapping[str, RuleSpec], ids: Mapping[str, Strings]) -> set[str]:
    """The ids of all open alerts."""
    return {
        name
        for rule_id, mine in open_.items()
        for name in names_of(mine, rule_id, ids[target_of(rules[rule_id])])
    }


def kept(open_: Open, rule: RuleSpec, ids: Strings, *, resolved_at: int | None = None) -> list[Alerted]:
    """The alerts in the form that the store keeps."""
    rows = []
    for name, row, started, fired, worst, grades, swings, clear, swung in zip(
        names_of(open_, rule.id, ids),
        open_.row.tolist(),
        open_.started_at.tolist(),
        open_.fired_at.tolist(),
        open_.worst.tolist(),
        open_.grades.tolist(),
        open_.swings.tolist(),
        open_.clear_since.tolist(),
        open_.swung.tolist(),
        strict=True,
    ):
        fired_at = None if np.isnan(fired) else int(fired)
        state = "pending" if fired_at is None else "firing"
        rows.append(
            Alerted(
                id=name,
                rule=rule.id,
                target=target_of(rule),
                target_id=ids[row],
                severity=SEVERITIES[grades[-1][1]],
                state=state if resolved_at is None else "resolved",
                started_at=int(started),
                fired_at=fired_at,
                resolved_at=resolved_at,
                value=None if np.isnan(worst) else worst,
                grades=told_grades(grades),
                swings=swings,
                clear_since=None if np.isnan(clear) else int(clear),
                swung=swung,
            )
        )
    return rows


def told_grades(grades: Sequence[tuple[int, int]]) -> tuple[tuple[int, str], ...]:
    """Grades as the store keeps them."""
    return tuple((at, SEVERITIES[grade]) for at, grade in grades)
