"""A file from a running board: logs in, asks for it, follows its making and fetches it."""

from __future__ import annotations

import html
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from dashboard.export_order import Order, Steps, choices, refused
from dashboard.saying import language
from dashboard.saying_exports import told
from dashboard.settings import Settings, is_loopback

API = "/api/v1/exports"
TIMEOUT_S = 30.0
LOOK_S, LONGEST_S = 0.3, 900.0
TRIES = 5
"""How often a board that has no room now is asked again."""
MOST_BYTES = 512 * 2**20
_FORM = re.compile(r'name="form" value="([^"]{1,400})"')


@dataclass(frozen=True)
class Fetched:
    """A file that a board made."""

    content: bytes
    at: str
    """Time of the picture, ISO 8601; "" where the board did not say."""


def fetch(order: Order, server: str, account: str, settings: Settings, step: Steps) -> Fetched:
    """The file of an order from a board; the password of an account is the settings' own.

    Raises:
        FaultsError: it cannot be reached, does not let the account in, or does not make the file.
    """
    base = address_of(server, account, settings)
    try:
        with _client(base) as client, _session(client, base, account, settings.password):
            job = _ordered(client, base, order, step)
            job = _followed(client, base, job, step)
            step.show("fetch", int(job.get("steps") or 0))
            return Fetched(_file(client, base, str(job["id"])), str(job.get("at") or ""))
    except httpx.TimeoutException:
        raise refused(told("unreachable", server=base, why="timeout")) from None
    except httpx.HTTPError as error:
        raise refused(told("unreachable", server=base, why=error)) from None


def address_of(server: str, account: str, settings: Settings) -> str:
    """A board's address without what follows its host; a password goes by TLS, or to this machine.

    Raises:
        FaultsError: it is none.
    """
    try:
        parts = urlsplit(server.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or parts.username or port == 0:
        raise refused(told("bad_server", got=server))
    if account and parts.scheme == "http" and not is_loopback(host) and not settings.plain:
        raise refused(told("in_the_clear"))
    return f"{parts.scheme}://{parts.netloc}"


def _client(base: str) -> httpx.Client:
    """A client for one board. The system says whose certificates are believed (SSL_CERT_FILE, too)."""
    return httpx.Client(
        base_url=base,
        timeout=TIMEOUT_S,
        verify=ssl.create_default_context(),
        # To the board that was named, and past nobody else.
        trust_env=False,
        headers={"Accept-Language": language(), "User-Agent": "threeline"},
    )


@contextmanager
def _session(client: httpx.Client, base: str, account: str, password: str) -> Iterator[None]:
    """A login for as long as it is needed; nothing without an account."""
    if not account:
        yield
        return
    page = client.get("/login")
    if page.status_code in (302, 303):  # a demonstration that is open to everybody
        yield
        return
    form = _FORM.search(page.text)
    if page.status_code != httpx.codes.OK or form is None:
        raise refused(told("no_board", server=base, status=page.status_code))
    given = {"form": html.unescape(form[1]), "name": account, "password": password}
    answer = client.post("/login", data=given)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise refused(told("login_failed", name=account))
    try:
        yield
    finally:
        # It would end by itself, hours later.
        with suppress(httpx.HTTPError):
            form = _FORM.search(client.get("/password").text)
            if form is not None:
                client.post("/logout", data={"form": html.unescape(form[1])})


def _ordered(client: httpx.Client, base: str, order: Order, step: Steps) -> dict[str, Any]:
    body = {"file": order.file, "scope": order.scope, "lang": order.lang, **order.more}
    body = {name: value for name, value in body.items() if value}
    if order.at is not None:
        body["at"] = str(order.at)
    for left in reversed(range(TRIES)):
        answer = client.post(API, json=body)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and left:
            wait = answer.headers.get("retry-after", "")
            step.show("queued", 0, n="?")
            time.sleep(min(int(wait), 30) if wait.isdecimal() else 2)
            continue
        break
    return _object(answer, base)


def _followed(client: httpx.Client, base: str, job: dict[str, Any], step: Steps) -> dict[str, Any]:
    """Wait until a job is over."""
    end = time.monotonic() + LONGEST_S
    while (state := job.get("state")) != "done":
        if state == "failed":
            raise refused(told("refused", server=base, why=job.get("why") or "?"))
        if time.monotonic() > end:
            raise refused(told("slow", server=base, n=int(LONGEST_S / 60)))
        if state == "queued":
            step.show("queued", 0, n=job.get("place") or 0)
        else:
            done, of = int(job.get("step") or 1) - 1, int(job.get("steps") or 0)
            step.show(str(job.get("doing") or "file"), done, of)
        time.sleep(LOOK_S)
        answer = client.get(f"{API}/{job['id']}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise refused(told("gone", server=base))
        job = _object(answer, base)
    return job


def _file(client: httpx.Client, base: str, export: str) -> bytes:
    with client.stream("GET", f"{API}/{export}/file") as answer:
        if answer.status_code != httpx.codes.OK:
            answer.read()
            _object(answer, base)
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > MOST_BYTES:
                raise refused(told("no_board", server=base, status=answer.status_code))
            parts.append(part)
    return b"".join(parts)


def _object(answer: httpx.Response, base: str) -> dict[str, Any]:
    """The JSON object of an answer; what a problem document says becomes the error."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise refused(told("login_asked", server=base))
    if not isinstance(said, dict):
        raise refused(told("no_board", server=base, status=answer.status_code))
    if answer.is_success:
        return said
    why = said.get("detail") or said.get("title")
    if not why:
        raise refused(told("no_board", server=base, status=answer.status_code))
    known = said.get("expected")
    if isinstance(known, list) and known:
        why = f"{why} {told('possible', expected=choices(str(one) for one in known))}"
    raise refused(told("refused", server=base, why=why))
