"""Answers of the interface, checked for what holds of all of them."""

from __future__ import annotations

import json
from typing import Any

import httpx

MOST = 2000
"""Letters of an unexpected answer that are shown: it may be a picture."""


def no_nan(answer: httpx.Response) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in JSON")

    return json.loads(answer.text, parse_constant=refuse)


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text[:MOST]
    return no_nan(answer)


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:MOST]
    assert answer.headers["content-type"] == "application/problem+json"
    told = no_nan(answer)
    assert told["type"].endswith(f":{kind}")
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told
