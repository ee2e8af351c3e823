"""What tests of the intake share: a clock, what is known, a row that is right."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.intake import Known, Parsed, parse
from data.spec import ReadingsSpec

NOW = datetime(2026, 1, 31, 8, 5, tzinfo=UTC).timestamp()
TIME = "2026-01-31T16:05:00+08:00"
KNOWN = Known(["CP-001", "CP-002", "云县-001"], ["F-1"], ["D-1"], ZoneInfo("Asia/Shanghai"), ["隔离"])
SPEC = ReadingsSpec()
JSON = "application/json"
NDJSON = "application/x-ndjson"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"


def row(**fields: Any) -> dict[str, Any]:
    """A reading that is right, with some fields changed."""
    right = {
        "site_id": "CP-001",
        "observed_at": TIME,
        "interval_s": 60,
        "method": "manual",
        "staff_on_duty": 9,
    }
    return right | fields


def read(*rows: Any, spec: ReadingsSpec = SPEC) -> Parsed:
    """Rows sent as JSON."""
    return parse(json.dumps(rows).encode(), JSON, spec, KNOWN, now=NOW)


def read_csv(text: str, spec: ReadingsSpec = SPEC) -> Parsed:
    """Rows sent as CSV."""
    return parse(text.encode(), CSV, spec, KNOWN, now=NOW)


def counted(parsed: Parsed) -> int:
    """Every row that was read, whatever became of it."""
    return len(parsed.readings) + len(parsed.reports) + len(parsed.refused)
