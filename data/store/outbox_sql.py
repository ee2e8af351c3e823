"""The statements of the outbox in the embedded store."""

from __future__ import annotations

DISPATCH = ("id", "subject", "event", "at", "severity", "county", "detail")
WAY = ("way", "delivery", "due_at", "tries", "next_at", *DISPATCH)
TABLES = (
    """CREATE TABLE IF NOT EXISTS dispatches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,
    severity TEXT NOT NULL, county TEXT NOT NULL, detail TEXT NOT NULL
)""",
    "CREATE INDEX IF NOT EXISTS dispatches_by_subject ON dispatches (subject, id)",
    "CREATE INDEX IF NOT EXISTS dispatches_by_time ON dispatches (at)",
    """CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT NOT NULL, dispatch INTEGER NOT NULL,
    subject TEXT NOT NULL, at INTEGER NOT NULL, due_at INTEGER NOT NULL, state TEXT NOT NULL,
    tries INTEGER NOT NULL, next_at INTEGER NOT NULL, failed_at INTEGER, done_at INTEGER, why TEXT NOT NULL
)""",
    "CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (delivery, id) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS outbox_of_subject ON outbox (subject, delivery)",
    "CREATE INDEX IF NOT EXISTS outbox_by_time ON outbox (at)",
    "CREATE INDEX IF NOT EXISTS outbox_by_state ON outbox (state, delivery, done_at)",
)
PUT = (
    "INSERT INTO dispatches (subject, event, at, severity, county, detail) VALUES (?, ?, ?, ?, ?, ?)"
    " RETURNING id"
)
SKIP = (
    "UPDATE outbox SET state = 'skipped', done_at = :at WHERE subject = :subject"
    " AND (state = 'held' OR (state = 'waiting' AND due_at > :at AND tries = 0))"
)
HOLD = (
    "UPDATE outbox SET state = 'held' WHERE state = 'waiting' AND tries = 0"
    " AND subject IN (SELECT value FROM json_each(:hidden))"
    # Whoever was told of an alert is told what became of it, hidden or not.
    " AND (SELECT event FROM dispatches WHERE id = outbox.dispatch) NOT IN ('answered', 'resolved')"
)
RELEASE = (
    "UPDATE outbox SET state = 'waiting' WHERE state = 'held'"
    " AND subject NOT IN (SELECT value FROM json_each(:hidden))"
)
KNOWN = (
    "SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = :subject AND delivery = :delivery"
    " AND state NOT IN ('skipped', 'held') AND dispatch > ("
    "SELECT ifnull(max(id), 0) FROM dispatches"
    " WHERE subject = :subject AND event = 'resolved' AND id < :dispatch))"
)
SEND = (
    "INSERT INTO outbox (delivery, dispatch, subject, at, due_at, state, tries, next_at, why)"
    " VALUES (:delivery, :dispatch, :subject, :at, :due, 'waiting', 0, 0, '')"
)
DUE = (
    "(SELECT o.id AS way, o.delivery, o.due_at, o.tries, o.next_at,"
    " d.id, d.subject, d.event, d.at, d.severity, d.county, d.detail"
    " FROM outbox o JOIN dispatches d ON d.id = o.dispatch"
    " WHERE o.delivery = :delivery AND o.state = 'waiting'"
    # What was tried was due, whatever the clock says since.
    " AND (o.due_at <= :at OR o.tries > 0) ORDER BY o.id LIMIT 1)"
)
OPEN = (
    "(SELECT * FROM dispatches WHERE id IN (SELECT max(id) FROM dispatches GROUP BY subject)"
    " AND event <> 'resolved') ORDER BY id"
)
COUNTS = (
    "SELECT delivery, iif(state = 'held', 'waiting', state) AS stands, count(*) FROM outbox"
    " WHERE at > :since OR state IN ('waiting', 'held') GROUP BY delivery, stands"
)
LAST = "SELECT delivery, max(id), max(done_at) FROM outbox WHERE state = 'sent' GROUP BY delivery"
FAILING = (
    "SELECT id, delivery, failed_at, CASE state WHEN 'waiting' THEN next_at END, why FROM outbox"
    " WHERE failed_at IS NOT NULL AND state IN ('waiting', 'failed') ORDER BY id"
)
SETTLE = (
    "UPDATE outbox SET state = :state, tries = tries + 1, next_at = :next, why = :why,"
    " failed_at = ifnull(failed_at, :failed), done_at = :done WHERE id = :id"
)
WITHDRAW = (
    "UPDATE outbox SET state = 'skipped', done_at = :at WHERE state IN ('waiting', 'held')"
    " AND delivery NOT IN (SELECT value FROM json_each(:known))"
)
