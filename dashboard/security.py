"""Who may ask, how much they may send, and what a browser is told it may do: one layer around everything."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.problems import Problem, language, respond
from dashboard.settings import Settings, is_loopback

LOG = logging.getLogger("threeline.http")
LIVE = "/api/v1/live"
READINGS = "/api/v1/readings"
HEALTH = "/api/health"
SAFE = ("GET", "HEAD", "OPTIONS")
HSTS = "max-age=31536000"
"""A year; this host only, for others of its domain are not the board's to decide about."""
FEATURES = (
    "accelerometer", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope",
    "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb",
)  # fmt: skip
"""What no page of the board may use of the machine that it is shown on."""
CALLBACK_BODY = 8 * 2**20
"""Bytes; what a page may send back to its own callbacks."""


def policy(script_hashes: Sequence[str], style_sources: str) -> str:
    """The Content-Security-Policy of pages: all from this server, what is inline only by its hash.

    Nothing here needs `unsafe-eval`: Dash's callbacks in the browser are functions of our own files, the
    table's functions are read by a parser of its own, and MapLibre's worker is a blob of its own text.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(script_hashes)}".rstrip(),
            style_sources,
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            # MapLibre starts its workers from blobs.
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


DATA_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Of what is no page: a drawing that is opened by itself has its styles, and nothing else happens."""
SCRIPT_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
"""Of scripts, one of which is a worker with a policy of its own: it asks this server for what pages want."""


def host_name(host: str) -> str:
    """The name or address of a Host header, without its port; "" for what is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def known_host(host: str, settings: Settings) -> bool:
    """Whether a Host header can be this board's own.

    A page of another site can only pose as this one under a name that it controls (DNS rebinding), so
    plain addresses are let through and names must be known.
    """
    name = host_name(host)
    if name in ("localhost", settings.host.lower(), *settings.hosts):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_secure(scope: Scope) -> bool:
    """Whether a request came by TLS, to this server or to a proxy whose word is taken."""
    return scope.get("scheme") in ("https", "wss")


def exposed(scope: Scope, settings: Settings) -> bool:
    """Whether a request came in the clear although a proxy is there to serve TLS: around it, or by it."""
    if not settings.proxies or settings.plain or is_secure(scope) or scope["path"] == HEALTH:
        return False
    host = (scope.get("client") or ("",))[0]
    return not is_loopback(host) or _among(host, settings.proxies)


def _among(host: str, networks: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a name, which only a proxy can have written
        return True
    return any(address in ipaddress.ip_network(one) for one in networks)


def foreign_origin(headers: Headers, *, secure: bool = False) -> str | None:
    """The origin of a request that another site's page made, or None when it is ours or no page's at all.

    Where the request came by TLS, a page of the same name that did not is another site's: anyone on the way
    could have written it.
    """
    origin = headers.get("origin")
    if origin is None:
        return "cross-site" if headers.get("sec-fetch-site") in ("cross-site", "same-site") else None
    try:
        parts = urlsplit(origin)
        same = parts.netloc.lower() == headers.get("host", "").lower()
        same = same and not (secure and parts.scheme == "http")
    except ValueError:
        same = False
    return None if same else origin


class _TooLargeError(Exception):
    """The body went over its limit while it was being read."""


class Guard:
    """Checks host, origin and size of what comes in, and adds the security headers to what goes out."""

    def __init__(self, app: ASGIApp, *, settings: Settings, csp: str) -> None:
        self.app = app
        self.settings = settings
        self.policies = {"text/html": csp, "text/javascript": SCRIPT_POLICY}
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            # With none at all, browsers send forms of our own pages with the origin `null`.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": ", ".join(f"{one}=()" for one in FEATURES),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        # Dash has a callback socket of its own; nothing here uses it, so it stays shut.
        allowed = (
            scope["path"] == LIVE
            and known_host(headers.get("host", ""), self.settings)
            and foreign_origin(headers, secure=is_secure(scope)) is None
            and not exposed(scope, self.settings)
        )
        if allowed:
            await self.app(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "Not for this page"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        started = False
        limit = self._limit(scope["path"])
        over = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if over and not started:
                return
            if message["type"] == "http.response.start":
                started = True
                out = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    out.setdefault(name, value)
                kind = out.get("content-type", "").partition(";")[0]
                out.setdefault("Content-Security-Policy", self.policies.get(kind, DATA_POLICY))
                if is_secure(scope):
                    out.setdefault("Strict-Transport-Security", HSTS)
                if scope["path"].startswith(("/api/", "/ogc")):
                    out.setdefault("Cache-Control", "no-store")
            await send(message)

        async def refuse(problem: Problem) -> None:
            nonlocal over
            over = False
            request = Request(scope)
            answer = respond(
                problem, path=scope["path"], lang=language(request), headers={"Connection": "close"}
            )
            await answer(scope, receive, send_with_headers)

        got = 0

        async def receive_bounded() -> Message:
            nonlocal got, over
            message = await receive()
            if message["type"] == "http.request":
                got += len(message.get("body", b""))
                if got > limit:
                    over = True
                    raise _TooLargeError
            return message

        problem = self._problem(scope, headers, limit)
        if problem is not None:
            await refuse(problem)
            return
        try:
            await self.app(scope, receive_bounded, send_with_headers)
        except _TooLargeError:
            pass
        except Exception:
            # Answered here and not by the server, which would drop the connection with it.
            LOG.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            over = True
            problem = Problem("failed")
        if over and not started:
            await refuse(problem or self._too_large(limit))

    def _limit(self, path: str) -> int:
        return self.settings.max_body_mb * 2**20 if path == READINGS else CALLBACK_BODY

    def _too_large(self, limit: int) -> Problem:
        return Problem("too-large", expected=f"at most {limit} bytes")

    def _problem(self, scope: Scope, headers: Headers, limit: int) -> Problem | None:
        host = headers.get("host", "")
        if not known_host(host, self.settings):
            return Problem("foreign-host", got=host)
        if scope["method"] not in SAFE:
            origin = foreign_origin(headers, secure=is_secure(scope))
            if origin is not None:
                return Problem("foreign-origin", got=origin)
        if exposed(scope, self.settings):
            return Problem("not-secure")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            return self._too_large(limit)
        return None
