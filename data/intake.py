"""Untrusted bodies become checked readings and reports; a faulty row is refused, the others are kept."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from data.bodies import LIMITS, Columns, Limits, Table, objects, read_body, unreadable
from data.fields import (
    COUNT,
    FIELDS,
    KEYS,
    OUTCOME_WORDS,
    RANGES,
    READING,
    REPORT,
    STATES,
    Bools,
    Floats,
    Objects,
    empty,
    outcome_name,
    read_numbers,
    read_outcomes,
    read_texts,
)  # fmt: skip
from data.instants import EARLIEST, expected_time, read_instants
from data.readings import COUNTS, GAUGES, LEVELS, METHODS, Readings, Reports
from data.refusal import NO_COLUMN, NO_VALUE, Refuser, Suggest, Why
from data.spec import ReadingsSpec
from data.store.base import Refused
from layers.privacy import WITHHELD, personal, personal_column

if TYPE_CHECKING:
    from data.profile import Profile

AHEAD_S = 600
"""How far ahead of our clock a sender's may be."""
REPORTED = "nothing: a fence or device reports state, crossings_in and crossings_out"
SAYS = (*COUNTS, *GAUGES, *LEVELS)
NOTHING = f"nothing reported: a reading has at least one of {', '.join(SAYS)} or outcomes"
NOT_REPORTED = "nothing: only a fence or device reports it"


class Known:
    """What rows may refer to, and the zone of times that carry no offset."""

    def __init__(
        self,
        site_ids: Iterable[str],
        fence_ids: Iterable[str],
        device_ids: Iterable[str],
        zone: ZoneInfo,
        outcomes: Iterable[str] = (),
    ) -> None:
        self.site_ids = frozenset(map(str, site_ids))
        self.fence_ids = frozenset(map(str, fence_ids))
        self.device_ids = frozenset(map(str, device_ids))
        self.zone = zone
        self.outcomes = frozenset(outcomes)
        """Names of outcomes that may be in any script."""

    @classmethod
    def of(cls, profile: Profile) -> Known:
        """What a profile's layers hold."""
        devices = [layer.name for layer in profile.spec.layers if layer.kind == "devices"]
        return cls(
            site_ids=profile.sites.site_id,
            fence_ids=profile.fences["fence_id"],
            device_ids=[value for name in devices for value in profile.layers[name]["device_id"]],
            zone=profile.zone,
            outcomes=profile.spec.outcomes,
        )

    def ids(self, key: str) -> frozenset[str]:
        """What `site_id`, `fence_id` or `device_id` may be."""
        return {"site_id": self.site_ids, "fence_id": self.fence_ids, "device_id": self.device_ids}[key]


@dataclass(frozen=True, eq=False)
class Parsed:
    """What a body held: every row of it is in exactly one of the three."""

    readings: Readings
    reports: Reports
    refused: list[Refused]


def parse(
    body: bytes,
    media_type: str,
    spec: ReadingsSpec,
    known: Known,
    *,
    now: float | None = None,
    limits: Limits = LIMITS,
) -> Parsed:
    """Check every row of a body.

    A row without `interval_s` has the profile's expected interval, one without `method` was measured.
    `now`: epoch seconds, the clock's when absent. A body that cannot be read raises `FaultsError`.
    """
    table = read_body(body, media_type, limits)
    return _Check(table, spec, known, time.time() if now is None else now, limits).parsed()


class _Check:
    """The rows of one body, checked column by column; a row's first fault is the one told."""

    def __init__(self, table: Table, spec: ReadingsSpec, known: Known, now: float, limits: Limits) -> None:
        self.table, self.spec, self.known, self.now, self.limits = table, spec, known, now, limits
        self.field_of = {column: field for field, column in spec.columns.items()}
        """The sender's column to our field; our own names are understood too, where they are free."""
        for field in FIELDS:
            self.field_of.setdefault(field, field)
        self.refuser = Refuser(
            table, self.field_of, frozenset(spec.ignore), known.ids, limits, outcomes=known.outcomes
        )
        self.refuse = self.refuser.refuse
        self.is_reading = np.ones(table.n, dtype=np.bool_)
        self.outcome_columns = [
            (field.removeprefix("outcomes."), column)
            for field, column in spec.columns.items()
            if field.startswith("outcomes.")
        ]
        """Outcome and column, where an outcome has a column of its own."""

    def parsed(self) -> Parsed:
        """Run every check; what is left is good."""
        for row, (got, expected) in self.table.broken.items():
            self.refuse([row], Why("", "", expected, got))
        self.check_columns()
        columns: dict[str, Any] = {}
        columns["target"], columns["target_id"] = self.check_targets()
        for field in RANGES:
            columns[field] = self.check_numbers(field)
        columns["observed_at"] = self.check_times(columns["interval_s"])
        columns["method"] = self.check_words("method", METHODS, "measured")
        columns["state"] = self.check_words("state", STATES, "unknown")
        columns["outcomes"] = self.check_outcomes()
        self.check_said(columns)
        good = ~self.refuser.refused
        columns["observed_at"] = np.where(good, np.floor(columns["observed_at"]), 0).astype(np.int64)
        reading, report = good & self.is_reading, good & ~self.is_reading
        names = ("observed_at", *READING)
        return Parsed(
            Readings.of(
                site_id=columns["target_id"][reading], **{name: columns[name][reading] for name in names}
            ),
            Reports(*(columns[name][report] for name in ("target", "target_id", "observed_at", *REPORT))),
            self.refuser.rows(),
        )

    def column(self, field: str) -> str:
        """The sender's name for a field."""
        return self.spec.columns.get(field, field)

    def raw(self, field: str) -> Objects:
        """A field's values as they came; our own name counts beside a mapping where it is free."""
        values = self.table.column(self.column(field))
        own = self.field_of.get(field) == field
        if self.column(field) != field and own:
            values = np.where(self.table.has(field), self.table.column(field), values)
        return values if field in self.spec.columns or own else np.full(self.table.n, None, dtype=object)

    def values(self, field: str) -> Objects:
        """A field's values as they came, the profile's constant where a reading says nothing."""
        values = self.raw(field)
        if field in self.spec.constants:
            values = np.where(empty(values) & self.is_reading, objects([self.spec.constants[field]]), values)
        return values

    def check_columns(self) -> None:
        """Columns that are unknown, that mean what another means, or that hold what nobody may send."""
        table, spec = self.table, self.spec
        keys = [name for name, field in self.field_of.items() if field in KEYS]
        if isinstance(table, Columns) and "site_id" not in spec.constants and not table.any_of(keys):
            raise unreadable("No column says what a row is about", table.heading(), " or ".join(keys))
        for name in spec.ignore:
            if personal_column(name, declared=True):
                self.refuse(table.has(name), Why(name, name, NO_COLUMN))
            self.refuse(personal_rows(table.column(name)), Why(name, name, NO_VALUE))
        for field, column in spec.columns.items():
            if column != field and self.field_of.get(field) == field:
                both = table.has(column) & table.has(field)
                self.refuse(both, Why(field, field, f"only one of the columns {column} and {field}"))
        suggest = Suggest(self.field_of)
        for name, rows in table.strange(frozenset(self.field_of) | frozenset(spec.ignore)).items():
            outcome = name.removeprefix("outcomes.")
            if name == "":
                self.refuse(rows[~empty(table.column(name)[rows])], Why(name, name, "a name for the column"))
            elif outcome == name:
                self.refuse(rows, Why(name, name, suggest("a field of a reading", name)))
            elif not outcome_name(outcome, self.known.outcomes):
                self.refuse(rows, Why(self.refuser.label(name), name, OUTCOME_WORDS, WITHHELD))
            elif len(self.outcome_columns) < self.limits.columns:
                self.outcome_columns.append((outcome, name))
            else:
                self.refuse(rows, Why(name, name, f"at most {self.limits.columns} columns of outcomes"))

    def check_targets(self) -> tuple[Objects, Objects]:
        """What each row is about: `site`, `fence` or `device`, and its id."""
        texts = {key: read_texts(self.raw(key)) for key in ("fence_id", "device_id")}
        about = {key: said(values) for key, values in texts.items()}
        self.is_reading = ~(about["fence_id"] | about["device_id"])
        texts["site_id"] = read_texts(self.values("site_id"))
        about["site_id"] = said(texts["site_id"])
        named = np.sum(list(about.values()), axis=0)
        site = self.column("site_id")
        self.refuse(named == 0, Why("site_id", site, "a site_id, or the fence_id or device_id of a report"))
        self.refuse(named > 1, Why("site_id", site, "only one of site_id, fence_id and device_id"))
        for key in KEYS:
            known = self.known.ids(key)
            wrong: dict[str, list[int]] = {}
            for row in np.flatnonzero(about[key]).tolist():
                if texts[key][row] not in known:
                    wrong.setdefault(texts[key][row], []).append(row)
            suggest = Suggest(known)
            for text, rows in wrong.items():
                expected = suggest(f"a {key.removesuffix('_id')} of the profile", text)
                self.refuse(rows, Why(key, self.column(key), expected))
        for field in READING if not self.is_reading.all() else ():
            self.refuse(~empty(self.raw(field)) & ~self.is_reading, Why(field, self.column(field), REPORTED))
        for field in REPORT:
            self.refuse(
                ~empty(self.raw(field)) & self.is_reading, Why(field, self.column(field), NOT_REPORTED)
            )
        fence = about["fence_id"]
        target = np.where(fence, objects(["fence"]), objects(["device"]))
        target_id = np.where(fence, texts["fence_id"], texts["device_id"])
        return target, np.where(self.is_reading, texts["site_id"], target_id)

    def check_numbers(self, field: str) -> Floats:
        """A field's numbers, NaN where not reported."""
        numbers, given = read_numbers(self.values(field))
        self.refuse(
            given & ~RANGES[field].holds(numbers), Why(field, self.column(field), RANGES[field].words)
        )
        if field == "interval_s":
            numbers = np.where(given, numbers, float(self.spec.expected_interval_s))
        return numbers

    def check_times(self, interval_s: Floats) -> Floats:
        """The end of each row's interval, epoch seconds."""
        rule, column = self.spec.time, self.column("observed_at")
        at = read_instants(self.values("observed_at"), rule, self.known.zone)
        if rule is not None and rule.marks == "start":
            at = at + np.where(self.is_reading, interval_s, 0)
        self.refuse(np.isnan(at), Why("observed_at", column, expected_time(rule)))
        self.refuse(at < EARLIEST, Why("observed_at", column, "a time since 2000"))
        latest = datetime.fromtimestamp(self.now, UTC).isoformat(timespec="seconds")
        expected = f"a time no more than {AHEAD_S // 60} minutes after now, {latest}"
        self.refuse(at > self.now + AHEAD_S, Why("observed_at", column, expected))
        return at

    def check_words(self, field: str, words: tuple[str, ...], default: str) -> Objects:
        """A field's words, each one of a few."""
        texts = read_texts(self.values(field))
        texts = np.where(said(texts), texts, objects([default]))
        wrong = np.fromiter((text not in words for text in texts), dtype=np.bool_, count=len(texts))
        self.refuse(wrong, Why(field, self.column(field), " or ".join(words)))
        return texts

    def check_outcomes(self) -> Objects:
        """A dictionary of counts per row, or None."""
        raw, column = self.values("outcomes"), self.column("outcomes")
        outcomes = np.full(self.table.n, None, dtype=object)
        seen: dict[str, dict[str, float] | str] = {}
        for row in np.flatnonzero(~empty(raw)).tolist():
            value = raw[row]
            text = value if isinstance(value, str) else ""
            counts = seen.get(text) if text else None
            if counts is None:
                counts = read_outcomes(
                    value, most=self.limits.outcomes, longest=self.limits.text, listed=self.known.outcomes
                )
                if text:
                    seen[text] = counts
            if isinstance(counts, str):
                self.refuse([row], Why("outcomes", column, counts))
            elif counts:
                outcomes[row] = dict(counts)
        for outcome, column in self.outcome_columns:
            numbers, given = read_numbers(self.table.column(column))
            field = f"outcomes.{outcome}"
            self.refuse(given & ~COUNT.holds(numbers), Why(field, column, COUNT.words))
            self.refuse(given & ~self.is_reading, Why(field, column, REPORTED))
            for row in np.flatnonzero(given).tolist():
                outcomes[row] = {**(outcomes[row] or {}), outcome: float(numbers[row])}
        return outcomes

    def check_said(self, columns: dict[str, Any]) -> None:
        """A reading says something: one with no value at all would make a silent site look well."""
        silent = self.is_reading & ~said(columns["outcomes"])
        for field in SAYS:
            silent &= np.isnan(columns[field])
        self.refuse(silent, Why("", "", NOTHING, ""))


def said(texts: Objects) -> Bools:
    """Which texts are there."""
    return np.fromiter((text is not None for text in texts), dtype=np.bool_, count=len(texts))


def personal_rows(values: Objects) -> Bools:
    """Which values hold personal data; each different value is looked at once."""
    seen: dict[Any, bool] = {}

    def holds(value: Any) -> bool:
        if not isinstance(value, str | int | float):
            return value is not None and personal(value)
        if value not in seen:
            seen[value] = personal(value)
        return seen[value]

    return np.fromiter((holds(value) for value in values), dtype=np.bool_, count=len(values))
