"""Transport: how bytes reach the board: plain or TLS, direct or through a proxy that is named."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import uvicorn

from dashboard import redaction
from dashboard.settings import Settings, variable
from dashboard.wire import Wire
from layers.faults import Fault, FaultsError

LOG = logging.getLogger("threeline.http")
SOCKET_MESSAGE = 4096
"""Bytes; clients of the live socket have nothing to say."""
RENEW_S = 30
"""How often a certificate is looked at for a newer one."""
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secret and authenticated; those of 1.3 all are."""


def scheme_of(settings: Settings) -> str:
    """`https` where the board serves TLS itself; behind a proxy that does, a request says so itself."""
    return "https" if settings.tls_cert else "http"


class Certificate:
    """The certificate that the board shows, taken anew when its file changes: boards run for months."""

    def __init__(self, settings: Settings) -> None:
        """Read it.

        Raises:
            FaultsError: a file is missing or unreadable, or the key is not this certificate's.
        """
        self.cert, self.key = Path(settings.tls_cert), Path(settings.tls_key or settings.tls_cert)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers(CIPHERS)
        try:
            self._seen = self._look()
            self._load()
        except (OSError, ValueError) as error:
            raise FaultsError([self._fault(error)]) from None

    def _look(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in (self.cert, self.key))

    def _load(self) -> None:
        # A key with a passphrase would ask for it on the terminal, where nobody sits.
        self.context.load_cert_chain(self.cert, self.key, password=lambda: b"")

    def renew(self) -> bool:
        """Take the files again if they changed; whether they did. Half-written ones are tried again later."""
        try:
            seen = self._look()
            if seen == self._seen:
                return False
            # Tried apart, so that a pair that does not fit leaves the one in use as it is.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.cert, self.key, password=lambda: b"")
            self._load()
        except (OSError, ValueError) as error:
            LOG.warning("The renewed certificate %s cannot be used yet: %s", self.cert, error)
            return False
        self._seen = seen
        LOG.warning("The certificate %s was renewed", self.cert)
        return True

    def _fault(self, error: Exception) -> Fault:
        missing = isinstance(error, FileNotFoundError)
        return Fault(
            "The TLS certificate or its key cannot be used",
            file="environment",
            field=variable("tls_cert"),
            got=f"{self.cert}, {self.key}: {getattr(error, 'strerror', None) or error}",
            expected="a certificate with its chain and its key without a passphrase, both PEM",
            hint="Give files that exist." if missing else "Check that the key is this certificate's own.",
        )


def server_config(app: Any, settings: Settings, certificate: Certificate | None = None) -> uvicorn.Config:
    """How uvicorn serves the board; logs carry no secret from here on."""
    redaction.install()
    redaction.hide(*(getattr(settings, row.name) for row in fields(settings) if row.metadata["secret"]))
    more: dict[str, Any] = {}
    if certificate is not None:
        more = {
            "ssl_certfile": certificate.cert,
            "ssl_context_factory": _factory(certificate),
            "timeout_notify": RENEW_S,
            "callback_notify": _renewing(certificate),
        }
    return uvicorn.Config(
        app,
        lifespan="on",
        log_level=settings.log_level,
        access_log=settings.log_level in ("debug", "info"),
        server_header=False,
        # Nobody's word about where a request came from is taken, but that of proxies that are named.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        ws=Wire,
        ws_max_size=SOCKET_MESSAGE,
        # Frames are packed once for all (see dashboard/live.py), not again for every client.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
        **more,
    )


def _factory(certificate: Certificate) -> Callable[..., ssl.SSLContext]:
    def context(_config: uvicorn.Config, _default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        certificate.context.set_alpn_protocols(["http/1.1"])
        return certificate.context

    return context


def _renewing(certificate: Certificate) -> Callable[..., Any]:
    async def renew() -> None:
        certificate.renew()

    return renew
