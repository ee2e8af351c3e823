from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from data.bodies import Limits
from data.intake import parse
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
    read,
    read_csv,
    row,
)


def test_rows_that_are_not_objects() -> None:
    parsed = read(row(), 5, "CP-001", [1], None, row(site_id="CP-002"))
    assert len(parsed.readings) == 2
    assert [(r.row, r.got) for r in parsed.refused] == [(2, "int"), (3, "str"), (4, "list"), (5, "NoneType")]


def test_one_object_is_one_row() -> None:
    assert len(parse(json.dumps(row()).encode(), JSON, SPEC, KNOWN, now=NOW).readings) == 1


def test_ndjson_keeps_good_lines_beside_bad_ones() -> None:
    body = f"{json.dumps(row())}\n\n{{broken\n{json.dumps(row(site_id='CP-002'))}\n".encode()
    parsed = parse(body, NDJSON, SPEC, KNOWN, now=NOW)
    assert parsed.readings.site_id.tolist() == ["CP-001", "CP-002"]
    assert [r.row for r in parsed.refused] == [2]


def test_csv() -> None:
    head = "site_id,observed_at,interval_s,persons_in,persons_out,outcomes,outcomes.handed_over"
    parsed = read_csv(
        f"\ufeff{head}\r\n"
        f'CP-001,{TIME},60,5,,"{{""turned_back"": 2}}",1\r\n'
        f"\r\n"
        f"CP-002,{TIME},60,0,x,,\r\n"
        f"云县-001 ,{TIME},60,0,7,,3\r\n"
    )
    got = parsed.readings
    assert got.site_id.tolist() == ["CP-001", "云县-001"]
    assert got.persons_in.tolist() == [5, 0]
    assert np.isnan(got.persons_out[0])
    assert got.outcomes.tolist() == [{"turned_back": 2, "handed_over": 1}, {"handed_over": 3}]
    assert [(r.row, r.field, r.got) for r in parsed.refused] == [(2, "persons_out", "x")]


def test_csv_rows_that_do_not_fit_the_header() -> None:
    parsed = read_csv(
        f'site_id,observed_at,persons_in,\nCP-001,{TIME},1,\nCP-001,{TIME}\nCP-001,{TIME},1,2,3\nCP-001,"{TIME},1,\n'
        f"CP-002,{TIME},1,,,\nCP-002,{TIME},2\n"
    )
    assert parsed.readings.persons_in.tolist() == [1, 1, 2]
    assert [(r.row, r.got, r.expected) for r in parsed.refused] == [
        (2, "2 values", "3 values, as in the header"),
        (3, "5 values", "3 values, as in the header"),
        (4, "2 values", "3 values, as in the header"),
    ]


def test_csv_of_another_charset_is_read_when_declared() -> None:
    body = f"site_id,observed_at,persons_in\n云县-001,{TIME},1\n".encode("gb18030")
    assert len(parse(body, "text/csv; charset=GB18030", SPEC, KNOWN, now=NOW).readings) == 1
    with pytest.raises(FaultsError, match=r"not utf-8 text.*charset=gb18030"):
        parse(body, CSV, SPEC, KNOWN, now=NOW)


def test_an_unknown_csv_column_refuses_every_row() -> None:
    parsed = read_csv(f"site_id,observed_at,queue\nCP-001,{TIME},5\nCP-002,{TIME},\n")
    assert [(r.row, r.field, r.expected) for r in parsed.refused] == [
        (1, "queue", "a field of a reading; did you mean queue_m?"),
        (2, "queue", "a field of a reading; did you mean queue_m?"),
    ]


def test_parquet() -> None:
    frame = pd.DataFrame(
        {
            "site_id": ["CP-001", "CP-002", "CP-009"],
            "observed_at": pd.to_datetime([TIME] * 3),
            "interval_s": [60, 300, 60],
            "persons_in": [1.0, None, 3.0],
            "queue_m": [None, 10.0, None],
            "outcomes": [{"turned_back": 2}, None, None],
        }
    )
    sink = io.BytesIO()
    frame.to_parquet(sink)
    parsed = parse(sink.getvalue(), PARQUET, SPEC, KNOWN, now=NOW)
    assert parsed.readings.observed_at.tolist() == [int(NOW)] * 2
    assert parsed.readings.interval_s.tolist() == [60, 300]
    assert np.isnan(parsed.readings.persons_in[1])
    assert parsed.readings.outcomes.tolist() == [{"turned_back": 2}, None]
    assert [(r.row, r.field) for r in parsed.refused] == [(3, "site_id")]
    frame["observed_at"] = frame["observed_at"].dt.tz_localize(None)
    sink = io.BytesIO()
    frame.to_parquet(sink)
    assert {r.field for r in parse(sink.getvalue(), PARQUET, SPEC, KNOWN, now=NOW).refused} == {
        "observed_at",
        "site_id",
    }


@pytest.mark.parametrize(
    ("body", "kind", "match"),
    [
        (b"", JSON, "empty"),
        (b"  \n", CSV, "empty"),
        (b"not json", JSON, "not JSON"),
        (b'[{"site_id": "CP-001"},', JSON, "not JSON"),
        (b"[" * 5000, JSON, "not JSON"),
        (b"nope\nneither\n", NDJSON, "No line"),
        (b"\xff\xfe\x00", CSV, "not utf-8"),
        (b"\xff\xfe\x00", JSON, "not JSON"),
        (b"a;b;c\n1;2;3\n", CSV, "No column says"),
        (b"PAR1", PARQUET, "not a Parquet"),
        (b"PAR1" + b"\x00" * 100 + b"PAR1", PARQUET, "Parquet"),
        (b"site_id,site_id\nCP-001,CP-001\n", CSV, "twice"),
        (b"{}", "application/xml", "not read"),
        (b"{}", "", "not read"),
        (b"site_id\nCP-001\n", "text/csv; charset=ebcdic", "charset is not read"),
        (b"site_id," + b",".join(b"c%d" % i for i in range(300)), CSV, "too many columns"),
    ],
)
def test_unreadable_bodies(body: bytes, kind: str, match: str) -> None:
    with pytest.raises(FaultsError, match=match):
        parse(body, kind, SPEC, KNOWN, now=NOW)


def test_bodies_are_bounded() -> None:
    limits = Limits(body_bytes=500, rows=2, columns=5)
    with pytest.raises(FaultsError, match="too large"):
        parse(b" " * 501, JSON, SPEC, KNOWN, now=NOW, limits=limits)
    for body, kind in ((b"[1,2,3]", JSON), (b"1\n2\n3\n", NDJSON), (b"site_id\n1\n2\n3\n", CSV)):
        with pytest.raises(FaultsError, match=r"too many rows.*Send it in parts"):
            parse(body, kind, SPEC, KNOWN, now=NOW, limits=limits)
    sink = io.BytesIO()
    pd.DataFrame({"site_id": ["CP-001"] * 3}).to_parquet(sink)
    with pytest.raises(FaultsError, match="too large"):
        parse(sink.getvalue(), PARQUET, SPEC, KNOWN, now=NOW, limits=Limits(rows=2))
    wide = {f"c{i}": 1 for i in range(6)}
    parsed = parse(json.dumps([wide, row()]).encode(), JSON, SPEC, KNOWN, now=NOW, limits=limits)
    assert parsed.refused[0].got == "6 fields"
    assert len(parsed.readings) == 1


def test_a_broken_parquet_file_is_not_a_crash() -> None:
    sink = io.BytesIO()
    pd.DataFrame({"site_id": ["CP-001"] * 50, "observed_at": [TIME] * 50}).to_parquet(sink)
    body = sink.getvalue()
    for cut in range(0, len(body), 37):
        for broken in (body[:cut], body[:cut] + b"\xff" * 8 + body[cut + 8 :]):
            try:
                counted(parse(broken, PARQUET, SPEC, KNOWN, now=NOW))
            except FaultsError:
                continue
