"""A webhook: an alert as signed JSON, by the rules of Standard Webhooks (standardwebhooks.com).

The signature is HMAC-SHA256 over `id.timestamp.body`; a receiver checks it, refuses an old timestamp, and
knows by the id what it had already: what was not confirmed is sent again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import httpx
import orjson

from dashboard.notify.cap import cap
from dashboard.notify.facts import headline, words_of
from dashboard.notify.way import Letter, Undelivered, trust, unreachable

TIMEOUT_S = 10.0
BUSY = (408, 425, 429)
"""Refusals that only mean: later."""
LONGEST_WAIT_S = 3600.0
PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The key that a secret is: `whsec_` and base64 as Standard Webhooks writes it, or the text itself."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""


def signed(key: bytes, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that prove a body."""
    digest = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def body_of(letter: Letter) -> bytes:
    """What is sent: the same bytes at every try."""
    sender, dispatch, detail = letter.sender, letter.dispatch, letter.dispatch.detail
    told = words_of(dispatch, letter.lang)
    data: dict[str, Any] = {
        "id": dispatch.subject,
        "event": dispatch.event,
        "severity": dispatch.severity,
        "headline": headline(dispatch, letter.lang),
        "what": told["what"],
        "advice": told["advice"],
        "rule": detail.get("rule"),
        "rule_name": told["event"],
        "target": detail.get("target"),
        "target_id": detail.get("target_id"),
        "name": told["name"],
        "line": detail.get("line"),
        "county": dispatch.county,
        "county_name": told["county_name"],
        "alerts": detail.get("alerts", 1),
        "value": detail.get("value"),
        "answered": bool(detail.get("answered")),
        "simulated": bool(detail.get("simulated")),
        "started_at": _moment(letter, "started_at"),
        "fired_at": _moment(letter, "fired_at"),
        "cap": cap(sender, dispatch, letter.before).decode(),
    }
    told_at = sender.moment(dispatch.at)
    return orjson.dumps({"type": f"alert.{dispatch.event}", "timestamp": told_at, "data": data})


def _moment(letter: Letter, name: str) -> str | None:
    seconds = letter.dispatch.detail.get(name)
    return None if seconds is None else letter.sender.moment(seconds)


class Webhook:
    """Posts letters. Redirects are not followed and no proxy is taken from the environment: what leaves the
    machine goes to the address in the profile and nowhere else."""

    def __init__(self, secret: str, ca: str = "", *, now: Callable[[], float] = time.time) -> None:
        """`now` is the true time: receivers compare it with their own clocks."""
        self._key, self._ca, self._now = key_of(secret), ca, now
        self._client: httpx.Client | None = None

    def send(self, letter: Letter) -> None:
        """Post it; any answer of 200 to 299 takes it over."""
        if not self._key:
            raise Undelivered("THREELINE_WEBHOOK_SECRET is not set, or is no secret")
        body, message_id = body_of(letter), letter.sender.identifier(letter.dispatch)
        headers = {"content-type": "application/json", "user-agent": "threeline"}
        headers |= signed(self._key, message_id, int(self._now()), body)
        try:
            # Of an answer the head is enough.
            asked = self._open().stream("POST", letter.delivery.address, content=body, headers=headers)
            with asked as answer:
                status, later = answer.status_code, answer.headers.get("retry-after", "")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise unreachable(error) from error
        if not 200 <= status < 300:
            wait = min(float(later), LONGEST_WAIT_S) if later.isascii() and later.isdigit() else None
            refused = 400 <= status < 500 and status not in BUSY
            raise Undelivered(f"HTTP {status}", refused=refused, wait_s=wait)

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                timeout=TIMEOUT_S, verify=trust(self._ca), trust_env=False, follow_redirects=False
            )
        return self._client

    def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            self._client.close()
