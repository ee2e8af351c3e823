"""A Chinese answer is Chinese throughout."""

from __future__ import annotations

import io
import re
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.api.chinese import in_chinese
from tests.serving import Served

ENGLISH = re.compile(r"[A-Za-z]+ [a-z]{2,}")
"""Two words of English one after the other."""


def parquet_with_twins() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table([[1], [2]], names=["a", "a"]), out)
    return out.getvalue()


def chinese_only(told: dict[str, Any]) -> None:
    texts = [told["title"], told["detail"]]
    if isinstance(told.get("expected"), str):
        texts.append(told["expected"])
    texts += [fault[key] for fault in told.get("faults", ()) for key in ("what", "expected", "hint")]
    assert [text for text in texts if ENGLISH.search(text)] == []
    assert re.search(r"[\u4e00-\u9fff]", told["detail"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sites?at=noon", "ISO 8601 时间"), ("sites?at=2999-01-01T00:00:00Z", "不晚于现在"),
        ("sites?scope=1", ""), ("sites?scpoe=1", ""), ("sites?line=x", ""), ("layers/x", ""),
        ("alerts?state=resolved&from=noon", "ISO 8601 时间"),
        ("alerts?state=resolved&at=1780459000&from=1780459100", "早于 at"),
        ("sites/c1/series?metric=x", ""), ("sites/c1/series?metric=wait_min&step=x", "的整数"),
        ("sites/c1/series?metric=wait_min&step=1", "至少"),
        ("sites/c1/series?metric=wait_min&to=x", "ISO 8601"),
        ("sites/c1/series?metric=wait_min&from=1780459100&to=1780459000", "早于 to"),
        ("snapshot.png?size=1", "像素"), ("snapshot.png?c=x", "经度和纬度"), ("snapshot.svg?z=99", "0 到 24"),
        ("snapshot.pdf?hue=x", ""), ("brief.docx?covers=month", ""), ("exports/x00000000", ""),
        ("exports?limit=0", "的整数"), ("none", ""), ("sites/c9/series?metric=wait_min", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_parameter_is_told_in_chinese(asked: Served, path: str, expected: str) -> None:
    glue = "&" if "?" in path else "?"
    told = asked.get(f"/api/v1/{path}{glue}lang=zh-CN").json()
    chinese_only(told)
    assert expected in told["detail"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"), ("application/json", b""), ("application/json", b"5"),
        ("application/x-ndjson", b"x"), ("text/csv", b"a,a\n1,2"), ("text/csv", "编号".encode("gbk")),
        ("text/csv; charset=klingon", b"a"), ("application/vnd.apache.parquet", b"PAR1"),
        ("application/vnd.apache.parquet", parquet_with_twins()), ("text/csv", b",".join([b"a"] * 300)),
        ("text/csv", b"a\n1"), ("text/plain", b"x"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_body_is_told_in_chinese(asked: Served, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind, "Accept-Language": "zh-CN"}
    answer = asked.post("/api/v1/readings", content=body, headers=headers)
    assert answer.status_code in (400, 415)
    chinese_only(answer.json())


def test_what_was_sent_is_repeated_as_it_was(asked: Served) -> None:
    assert asked.get("/api/v1/layers/readings?lang=zh-CN").json()["got"] == "readings"


def test_what_has_no_translation_stays_as_it_is() -> None:
    assert in_chinese("something else") == "something else"
