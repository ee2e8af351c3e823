"""Readings in, over HTTP."""

import gzip
import io
import json
import re
import socket
import threading
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import NOON
from tests.dashboard.asking import problem
from tests.serving import Served

AT = "2026-06-03T12:00:00+08:00"
ROW = {"site_id": "c1", "observed_at": AT, "persons_in": 30, "wait_min": 7}
CSV = f"site_id,observed_at,persons_in,wait_min\nc1,{AT},30,7\n"


def post(served: Served, body: str | bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    return served.post("/api/v1/readings", content=body, headers={"Content-Type": kind, **headers})


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([ROW]), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps([ROW])),
        ("application/json", json.dumps(ROW)),
        ("application/x-ndjson", json.dumps(ROW) + "\n"),
        ("text/csv", CSV),
        ("text/csv; charset=utf-8", CSV),
        ("text/csv; charset=gb18030", CSV),
        ("application/vnd.apache.parquet", parquet()),
    ],
)
def test_every_form_is_taken(served: Served, kind: str, body: str | bytes) -> None:
    answer = post(served, body, kind)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["accepted"], told["duplicate"], told["corrected"], told["rejected"]) == (1, 0, 0, [])
    assert post(served, body, kind).json()["duplicate"] == 1
    served.settle()
    state = served.board.engine.picture.state
    assert state.wait_min[served.board.profile.sites.row["c1"]] == 7


def test_duplicates_corrections_and_late_rows(served: Served) -> None:
    assert post(served, json.dumps([ROW, ROW])).json()["accepted"] == 1
    corrected = post(served, json.dumps([{**ROW, "wait_min": 9}])).json()
    assert (corrected["accepted"], corrected["duplicate"], corrected["corrected"]) == (0, 0, 1)
    late = post(
        served, json.dumps([{**ROW, "observed_at": "2026-06-03T11:00:00+08:00", "wait_min": 50}])
    ).json()
    assert late["accepted"] == 1
    served.settle()
    row = served.board.profile.sites.row["c1"]
    assert served.board.engine.picture.state.wait_min[row] == 9


def test_good_rows_beside_bad_are_kept_and_bad_ones_quarantined(served: Served) -> None:
    bad = [
        {**ROW, "site_id": "c99"},
        {**ROW, "persons_in": -4},
        {**ROW, "observed_at": "noon"},
        {**ROW, "colour": "red"},
        "no object",
    ]
    told = post(served, json.dumps([*bad, ROW])).json()
    assert told["accepted"] == 1
    assert told["rejected_count"] == 5
    assert [row["row"] for row in told["rejected"]] == [1, 2, 3, 4, 5]
    by_row = {row["row"]: row for row in told["rejected"]}
    assert (by_row[1]["field"], by_row[1]["got"]) == ("site_id", "c99")
    assert (by_row[2]["field"], by_row[2]["got"]) == ("persons_in", "-4")
    assert by_row[4]["field"] == "colour"
    assert all(row["expected"] for row in told["rejected"])
    assert len(served.board.engine.store.quarantined()) == 5


def test_personal_data_is_refused_and_never_told_or_kept(served: Served) -> None:
    told = post(served, json.dumps([{**ROW, "phone": "13800138000"}]))
    assert told.json()["rejected_count"] == 1
    assert told.json()["rejected"][0]["field"] == "phone"
    assert "13800138000" not in told.text
    assert "13800138000" not in json.dumps(served.board.engine.store.quarantined(), default=str)


def test_fence_reports_are_taken_beside_readings(served: Served) -> None:
    fence_id = served.board.profile.fences["fence_id"].iloc[0]
    report = {"fence_id": fence_id, "observed_at": AT, "state": "down", "crossings_in": 1}
    assert post(served, json.dumps([ROW, report])).json()["accepted"] == 2
    assert post(served, json.dumps([ROW, report])).json()["duplicate"] == 2
    served.settle()
    assert served.board.engine.picture.fences[fence_id].state == "down"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"a\nb", "application/x-ndjson"),
        (b"a,a\n1,2", "text/csv"),
        ("编号".encode("gbk"), "text/csv"),
        (b"PAR1", "application/vnd.apache.parquet"),
        (b"site_id\nc1", "text/csv; charset=klingon"),
    ],
)
def test_an_unreadable_body_is_400_and_nothing_is_stored(served: Served, body: bytes, kind: str) -> None:
    answer = post(served, body, kind)
    assert answer.status_code == 400, answer.text
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"].endswith(":unreadable")
    assert told["faults"][0]["what"]
    assert served.board.engine.store.span() is None


@pytest.mark.parametrize(
    ("body", "got"), [("5", "a number"), (" null ", "null"), ('"x"', "a text"), ("true", "true or false")]
)
def test_json_that_is_no_reading_is_400_in_plain_words(served: Served, body: str, got: str) -> None:
    told = problem(post(served, body, **{"Accept-Language": "en"}), 400, "unreadable")
    assert told["got"] == got
    assert "a list of readings, or one reading" in told["detail"]
    assert not re.search(r"NoneType|\bint\b|\bstr\b|\bbool\b", json.dumps(told))
    assert served.board.engine.store.quarantined() == []


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/xml"])
def test_another_media_type_is_415_and_says_which_are_taken(served: Served, kind: str) -> None:
    answer = post(served, json.dumps([ROW]), kind)
    assert answer.status_code == 415
    assert "text/csv" in answer.json()["expected"]


def test_a_compressed_body_is_refused(served: Served) -> None:
    answer = post(served, gzip.compress(json.dumps([ROW]).encode()), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_a_body_over_the_limit_is_413_whether_announced_or_not(serve: Any) -> None:
    served = serve(max_body_mb=1)
    body = b" " * (2**20 + 1)
    assert post(served, body).status_code == 413

    def stream() -> Any:
        for _ in range(40):
            yield b" " * 65536

    answer = served.post(
        "/api/v1/readings",
        content=stream(),
        headers={"Content-Type": "application/json", "Connection": "close"},
    )
    assert answer.status_code == 413
    assert answer.json()["type"].endswith(":too-large")
    assert served.board.engine.store.span() is None
    assert post(served, json.dumps([ROW])).json()["accepted"] == 1


def test_a_callback_body_over_its_limit_is_refused(served: Served) -> None:
    answer = served.post("/_dash-update-component", content=b" " * (9 * 2**20))
    assert answer.status_code == 413


def test_a_body_that_breaks_off_stores_nothing(served: Served) -> None:
    head = (
        f"POST /api/v1/readings HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(head.encode() + json.dumps([ROW]).encode())
    assert served.get("/api/health").status_code == 200
    assert served.board.engine.store.span() is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_cannot_post(served: Served, headers: dict[str, str]) -> None:
    answer = post(served, json.dumps([ROW]), **headers)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":foreign-origin")
    assert served.board.engine.store.span() is None


def test_its_own_page_may_post(served: Served) -> None:
    assert post(served, json.dumps([ROW]), Origin=served.url).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421), ("[", 421), ("localhost", 200),
        ("127.0.0.1", 200), ("[::1]:80", 200), ("192.168.1.4:8050", 200), ("wall.board", 200),
    ],
)  # fmt: skip
def test_a_name_that_is_not_the_boards_is_refused(serve: Any, host: str, status: int) -> None:
    served = serve(hosts=("wall.board",))
    answer = served.get("/api/health", headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert answer.json()["type"].endswith(":foreign-host")


def test_a_token_is_asked_for_where_one_is_set(serve: Any) -> None:
    served = serve(ingest_token="s3cret")
    assert post(served, json.dumps([ROW])).status_code == 401
    for wrong in ("Bearer other", "s3cret", "Basic s3cret", "Bearer", "Bearer s3cret2"):
        answer = post(served, json.dumps([ROW]), Authorization=wrong)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "s3cret" not in answer.text
    assert post(served, json.dumps([ROW]), Authorization="Bearer s3cret").json()["accepted"] == 1


def test_an_open_board_without_a_token_takes_nothing(serve: Any) -> None:
    served = serve(host="0.0.0.0")
    answer = post(served, json.dumps([ROW]))
    assert answer.status_code == 403
    assert "THREELINE_INGEST_TOKEN" in answer.json()["detail"]


def test_many_may_post_at_once(served: Served) -> None:
    accepted: list[int] = []

    def send(number: int) -> None:
        rows = [
            {"site_id": "c1", "observed_at": NOON - 3600 + number * 60 + second, "persons_in": 1}
            for second in range(50)
        ]
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.post(f"{served.url}/api/v1/readings", json=_iso(rows))
            accepted.append(answer.json()["accepted"])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert accepted == [50] * 20
    assert len(served.board.engine.store.read(0, NOON)) == 1000


def _iso(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from datetime import UTC, datetime

    return [
        {**row, "observed_at": datetime.fromtimestamp(row["observed_at"], UTC).isoformat()} for row in rows
    ]


def test_every_answer_carries_the_security_headers(served: Served) -> None:
    for path in ("/", "/county/900101", "/api/health", "/api/none", "/assets/none", "/_dash-layout"):
        headers = served.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
    assert served.get("/api/health").headers["cache-control"] == "no-store"


def test_a_page_that_is_asked_for_first_has_every_script(serve: Any) -> None:
    """Dash finishes its scripts on the first call of `/`; after a restart that may be a county's page."""
    first = serve(name="a").get("/county/900101").text
    assert "live.js" in first
    second = serve(name="b")
    second.get("/")
    scripts = second.get("/county/900101").text.count("<script")
    assert first.count("<script") == scripts
