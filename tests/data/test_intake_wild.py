from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.intake import parse
from data.spec import ReadingsSpec
from layers.faults import FaultsError
from tests.data.intakes import (
    CSV,
    JSON,
    KNOWN,
    NDJSON,
    NOW,
    PARQUET,
    SPEC,
    TIME,
    counted,
    row,
)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20), st.sampled_from([TIME, "CP-001", "F-1", "D-1", "measured", "up", "0", "12",
    "-1", '{"a":1}']),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
names = st.one_of(
    st.sampled_from(
        ["site_id", "fence_id", "device_id", "observed_at", "interval_s", "persons_in", "queue_m",
        "wait_min", "lanes_open", "staff_on_duty", "method", "outcomes", "outcomes.a", "state",
        "crossings_in", "entered", "skip"]
    ),
    st.text(max_size=8),
)  # fmt: skip
wild_rows = st.one_of(st.dictionaries(names, values, max_size=8), values)
GOOD = row(persons_in=7)
WILD = ReadingsSpec(columns={"persons_in": "entered"}, constants={"method": "manual"}, ignore=["skip"])


def dumps(value: Any) -> bytes | None:
    """JSON, unless the value holds what JSON cannot say (half a surrogate pair, an integer too long)."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return None


@settings(max_examples=400)
@given(st.lists(st.one_of(wild_rows, st.just(GOOD)), max_size=8), st.sampled_from([SPEC, WILD]))
def test_wild_rows_never_crash_and_every_row_is_accounted_for(rows: list[Any], spec: ReadingsSpec) -> None:
    rows = [r for r in rows if dumps(r) is not None]
    parsed = parse(dumps([GOOD, *rows]) or b"", JSON, spec, KNOWN, now=NOW)
    assert counted(parsed) == len(rows) + 1
    assert (parsed.readings.persons_in == 7).sum() >= 1 + rows.count(GOOD)
    body = b"\n".join([dumps(GOOD) or b"", *(dumps(r) or b"" for r in rows)])
    again = parse(body, NDJSON, spec, KNOWN, now=NOW)
    assert [r.row for r in again.refused] == [r.row for r in parsed.refused]
    for found in parsed.refused:
        assert 1 <= found.row <= len(rows) + 1
        json.loads(found.raw)
        assert found.expected


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(["site_id", "observed_at", "persons_in", "outcomes", "outcomes.a", "x", "skip", ""]),
        unique=True,
    ),
    st.lists(st.lists(st.text(max_size=10), max_size=9), max_size=6),
    st.sampled_from([SPEC, WILD]),
)
def test_wild_csv_never_crashes(header: list[str], rows: list[list[str]], spec: ReadingsSpec) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows([header, *rows])
    try:
        parsed = parse(lines.getvalue().encode("utf-8", "replace"), CSV, spec, KNOWN, now=NOW)
    except FaultsError:
        return
    assert len(parsed.readings) == 0  # no time among random text is right


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from([JSON, NDJSON, CSV, PARQUET, "text/csv; charset=gbk", "x"]))
def test_wild_bytes_never_crash(body: bytes, kind: str) -> None:
    try:
        parsed = parse(body, kind, SPEC, KNOWN, now=NOW)
    except FaultsError:
        return
    assert len(parsed.readings) == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CP-001", "CP-002"]),
            st.integers(946_684_800, int(NOW)),
            st.one_of(st.none(), st.integers(0, 10_000_000)),
            st.one_of(st.none(), st.floats(0, 10_080, allow_subnormal=False)),
        ).filter(lambda row: row[2:] != (None, None)),
        min_size=1,
    )
)
def test_good_rows_say_the_same_in_every_form(rows: list[tuple[str, int, int | None, float | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["site_id", "observed_at", "persons_in", "wait_min"])
    frame["observed_at"] = [datetime.fromtimestamp(at, UTC).isoformat() for at in frame["observed_at"]]
    frame = frame.astype({"persons_in": "float64", "wait_min": "float64"})
    parquet = io.BytesIO()
    frame.to_parquet(parquet)
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    bodies = {
        JSON: json.dumps(records).encode(),
        NDJSON: "\n".join(map(json.dumps, records)).encode(),
        CSV: frame.to_csv(index=False).encode(),
        PARQUET: parquet.getvalue(),
    }
    for kind, body in bodies.items():
        got = parse(body, kind, SPEC, KNOWN, now=NOW)
        assert got.refused == []
        assert got.readings.site_id.tolist() == [r[0] for r in rows]
        assert got.readings.observed_at.tolist() == [r[1] for r in rows]
        for column, index in (("persons_in", 2), ("wait_min", 3)):
            expected = np.array([np.nan if r[index] is None else r[index] for r in rows], dtype=np.float64)
            np.testing.assert_array_equal(getattr(got.readings, column), expected)
