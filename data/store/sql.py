"""The statements of the embedded store: each takes or gives whole tables as JSON, in one step."""

# ruff: noqa: S608  only names of our own columns are put into the texts

from __future__ import annotations

from collections.abc import Sequence

from data.readings import COUNTS, GAUGES, LEVELS

NUMBERS = ("interval_s", *COUNTS, *GAUGES, *LEVELS)
VALUES = (*NUMBERS, "method", "outcomes")
"""Columns of a reading beside its identity."""
COLUMNS = ("observed_at", "site", *VALUES)
REPORT = ("observed_at", "target", "target_id", "state", "crossings_in", "crossings_out")
ALERT = (
    "id",
    "rule",
    "target",
    "target_id",
    "severity",
    "state",
    "started_at",
    "fired_at",
    "resolved_at",
    "value",
    "grades",
    "swings",
    "clear_since",
    "swung",
)
ALERT_LATER = {"grades": "TEXT", "swings": "TEXT", "clear_since": "INTEGER", "swung": "INTEGER"}
"""Columns that a file of before lacks; a program of before leaves them alone."""
QUARANTINE = ("received_at", "source", "row", "raw", "field", "got", "expected")
CORRECTION = ("received_at", *COLUMNS)


def names(columns: Sequence[str], before: str = "") -> str:
    """Columns as a list in SQL."""
    return ", ".join(before + column for column in columns)


def insert(table: str, columns: Sequence[str], *, verb: str = "INSERT") -> str:
    """Put a JSON list of lists into a table."""
    values = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(columns)))
    return f"{verb} INTO {table} ({names(columns)}) SELECT {values} FROM json_each(?) WHERE true"


def arrays(columns: Sequence[str]) -> str:
    """Columns as one JSON list each."""
    return ", ".join(f"json_group_array({column})" for column in columns)


def rows(columns: Sequence[str], rest: str) -> str:
    """Rows of a table as one JSON list of lists."""
    listed = names(columns)
    return f"SELECT json_group_array(json_array({listed})) FROM (SELECT {listed} FROM {rest})"


def after_many(table: str) -> str:
    """The time so many rows after the oldest, of those before a time."""
    return f"SELECT observed_at FROM {table} WHERE observed_at < ? ORDER BY observed_at LIMIT 1 OFFSET ?"


def drop_by_time(table: str) -> str:
    """Drop all rows from before a time."""
    return f"DELETE FROM {table} WHERE observed_at < ?"


def drop_by_id(table: str) -> str:
    """Drop so many rows from before a time."""
    return f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {BY_ID[table]} < ? LIMIT ?)"


# NUMERIC keeps whole numbers as integers: smaller, and faster to write out as text than reals.
_VALUES = ", ".join(f"{name} NUMERIC" for name in NUMBERS) + ", method INTEGER NOT NULL, outcomes TEXT"
TABLES = f"""
CREATE TABLE sites (key INTEGER PRIMARY KEY, site_id TEXT NOT NULL UNIQUE);
CREATE TABLE readings (
    observed_at INTEGER NOT NULL, site INTEGER NOT NULL, {_VALUES}, PRIMARY KEY (observed_at, site)
) WITHOUT ROWID;
CREATE INDEX readings_by_site ON readings (site, observed_at);
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL,
    observed_at INTEGER NOT NULL, site INTEGER NOT NULL, {_VALUES}
);
CREATE TABLE reports (
    observed_at INTEGER NOT NULL, target TEXT NOT NULL, target_id TEXT NOT NULL,
    state TEXT NOT NULL, crossings_in NUMERIC, crossings_out NUMERIC,
    PRIMARY KEY (observed_at, target, target_id)
) WITHOUT ROWID;
CREATE TABLE alerts (
    id TEXT PRIMARY KEY, rule TEXT NOT NULL, target TEXT NOT NULL, target_id TEXT NOT NULL,
    severity TEXT NOT NULL, state TEXT NOT NULL,
    started_at INTEGER NOT NULL, fired_at INTEGER, resolved_at INTEGER, value REAL,
    grades TEXT, swings TEXT, clear_since INTEGER, swung INTEGER
) WITHOUT ROWID;
CREATE INDEX alerts_open ON alerts (started_at) WHERE resolved_at IS NULL;
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, source TEXT NOT NULL, row INTEGER NOT NULL,
    raw TEXT NOT NULL, field TEXT NOT NULL, got TEXT NOT NULL, expected TEXT NOT NULL
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
"""
INCOMING = f"CREATE TEMP TABLE incoming (n INTEGER PRIMARY KEY, observed_at INTEGER, site INTEGER, {_VALUES})"

LOOK = (
    "id", "site_id", "round_id", "due_at", "seen_at", "recorded_at", "result", "findings", "note", "by",
    "replaces", "simulated",
)  # fmt: skip
# Added to a file of before without a new version: a program of before goes on with it and leaves it alone.
LOOKS = (
    """CREATE TABLE IF NOT EXISTS looks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site_id TEXT NOT NULL, round_id TEXT NOT NULL, due_at INTEGER,
    seen_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, result TEXT NOT NULL, findings TEXT NOT NULL,
    note TEXT NOT NULL, by TEXT NOT NULL, replaces INTEGER, simulated INTEGER NOT NULL
)""",
    # What is never counted twice: a turn's first look, and the look that another takes the place of.
    """CREATE UNIQUE INDEX IF NOT EXISTS looks_once ON looks (round_id, site_id, due_at)
WHERE replaces IS NULL AND due_at IS NOT NULL""",
    "CREATE UNIQUE INDEX IF NOT EXISTS looks_replaced ON looks (replaces) WHERE replaces IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS looks_seen ON looks (seen_at, round_id, site_id)",
    "CREATE INDEX IF NOT EXISTS looks_by_site ON looks (site_id, seen_at)",
)

ENTRY = ("seq", "at", "who", "role", "action", "subject", "scope", "detail", "seal")
JOURNAL = (
    """CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, scope TEXT NOT NULL, detail TEXT NOT NULL, seal TEXT NOT NULL
)""",
    "CREATE INDEX IF NOT EXISTS journal_by_subject ON journal (subject, seq)",
    "CREATE INDEX IF NOT EXISTS journal_by_time ON journal (at)",
    "CREATE INDEX IF NOT EXISTS journal_by_action ON journal (action, seq)",
    """CREATE TRIGGER IF NOT EXISTS journal_stands BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END""",
    """CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END""",
)

CLAIM = ("id", "at", "detail", "tries", "until")
CLAIMS = (
    """CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, detail TEXT NOT NULL, tries INTEGER NOT NULL,
    holder TEXT NOT NULL, until INTEGER NOT NULL
)""",
)

# Writing: first as if all rows were new; where some are not, all go to `incoming` and are compared there.
PUT_SITES = "INSERT OR IGNORE INTO sites (site_id) VALUES "
PUT = insert("readings", COLUMNS) + " ON CONFLICT DO NOTHING"
BRING = insert("incoming", COLUMNS)
OVERWRITE = insert("readings", COLUMNS, verb="INSERT OR REPLACE")
LOG = insert("corrections", CORRECTION)
_SAME = " AND ".join(f"i.{name} IS r.{name}" for name in VALUES)
_PAIR = "r.observed_at = i.observed_at AND r.site = i.site"
KNOWN = f"SELECT json_group_array(json_array(i.n, {_SAME})) FROM incoming i JOIN readings r ON {_PAIR}"
LOG_REPLACED = (
    f"INSERT INTO corrections ({names(CORRECTION)}) "
    f"SELECT ?, {names(COLUMNS, 'r.')} FROM incoming i JOIN readings r ON {_PAIR} WHERE NOT ({_SAME})"
)
MERGE = (
    f"INSERT OR REPLACE INTO readings ({names(COLUMNS)}) SELECT {names(COLUMNS, 'i.')} FROM incoming i "
    f"WHERE NOT EXISTS (SELECT 1 FROM readings r WHERE {_PAIR} AND {_SAME})"
)

# Reading.
CORRECTED = f"(SELECT id, {names(CORRECTION)} FROM corrections ORDER BY id DESC LIMIT 5000)"
"""Where corrections are looked for: they have no index by site, and may be many."""
OF_SITE = "WHERE site = (SELECT key FROM sites WHERE site_id = ?)"
NEWEST = "ORDER BY id DESC LIMIT ?"
COUNT = "SELECT count(*) FROM readings WHERE "
MARK = (
    "SELECT (SELECT count(*) FROM readings"
    " WHERE site = key AND observed_at > :start AND observed_at <= :end),"
    f" (SELECT ifnull(max(id), 0) FROM {CORRECTED}"
    " WHERE site = key AND observed_at > :start AND observed_at <= :end)"
    " FROM (SELECT key FROM sites WHERE site_id = :site)"
)
"""Both by an index, or of few: it is asked for with every forecast."""
RANGE = "observed_at > :start AND observed_at <= :end"
OF_SITES = "site IN (SELECT key FROM sites WHERE site_id IN (SELECT value FROM json_each(:sites)))"
READ = f"SELECT {arrays([*COLUMNS[:-1], 'json(outcomes)'])}"
LATEST = (
    "FROM (SELECT key, "
    "(SELECT max(observed_at) FROM readings WHERE site = key AND observed_at <= :end) AS at "
    "FROM sites WHERE :sites IS NULL OR site_id IN (SELECT value FROM json_each(:sites))) AS last "
    "CROSS JOIN readings ON observed_at = last.at AND site = last.key"
)
_PERSONS = "ifnull(persons_in + persons_out, ifnull(persons_in, persons_out))"
_VEHICLES = "ifnull(vehicles_in + vehicles_out, ifnull(vehicles_in, vehicles_out))"
SUMMED = f"SELECT {arrays(['site', 'observed_at', _PERSONS, _VEHICLES])} FROM readings WHERE {RANGE}"
COUNTED = (
    f"SELECT {arrays(['site', 'observed_at', 'o.key', 'o.value'])} FROM readings, json_each(outcomes) o "
    f"WHERE {RANGE} AND outcomes IS NOT NULL"
)
SPAN = "SELECT (SELECT min(observed_at) FROM readings), (SELECT max(observed_at) FROM readings)"
SIMULATED = f"SELECT EXISTS (SELECT 1 FROM readings WHERE {RANGE} AND method = :method)"

_REST = REPORT[3:]
PUT_REPORTS = (
    insert("reports", REPORT)
    + f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _REST)}"
    + f" WHERE {' OR '.join(f'reports.{name} IS NOT excluded.{name}' for name in _REST)}"
)
READ_REPORTS = f"SELECT {arrays(REPORT)} FROM reports WHERE {RANGE}"
# SQLite takes the other columns from the row that has the maximum.
NEWEST_REPORTS = (
    f"SELECT {arrays(REPORT)} FROM (SELECT {', '.join(REPORT[1:])}, max(observed_at) AS observed_at"
    f" FROM reports WHERE {RANGE} GROUP BY target, target_id)"
)
PUT_ALERTS = insert("alerts", ALERT, verb="INSERT OR REPLACE")
PUT_QUARANTINE = insert("quarantine", QUARANTINE)
BY_TIME = ("readings", "reports")
"""Tables kept in order of time: what is old is one end of them."""
BY_ID = {
    "corrections": "observed_at",
    "alerts": "resolved_at",
    "quarantine": "received_at",
    "looks": "seen_at",
    "outbox": "at",
    "dispatches": "at",
}
"""Tables of which the named column says whether a row is old; an alert that is open has none."""
TRIM_QUARANTINE = "DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?"
