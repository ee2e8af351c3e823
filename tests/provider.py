"""A real OpenID Connect provider (Canaille) as a process of its own, with accounts, groups and one client.

Run as a script it is the provider; its configuration comes as JSON on the standard input.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serving import ROOT, wait_for

SECRET = "known to the two servers alone"
CLIENTS = 40
"""Each board is a client of its own: with its memory for a store, this provider takes one code of a client
for another, so a test that leaves a code behind would spoil the next one's login."""
PASSWORD = "a heron on the sandbank"
PEOPLE: dict[str, Sequence[str]] = {
    "zk-duty": ("board-command",),
    "gm-duty": ("board-county-900101", "canteen"),
    "guest": ("canteen",),
    "nobody": (),
}
"""Accounts of the provider, and their groups there."""
READY_S = 120


def client_id(number: int) -> str:
    return f"threeline-{number}"


CLIENT = client_id(0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@dataclass
class Idp:
    """The provider; `stop` and `start` again to have it down, or with another key."""

    back: str
    """Where the client's logins come back to."""
    key: RSAKey = field(default_factory=new_key)
    port: int = field(default_factory=free_port)
    board_port: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(CLIENTS)))
    process: subprocess.Popen[str] | None = None
    output: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def reserve(self) -> Idp:
        """Choose the board's port now, so that both servers know of each other before they start."""
        self.board_port = free_port()
        self.back = f"http://127.0.0.1:{self.board_port}/login/oidc/back"
        return self

    def settings(self, **more: Any) -> dict[str, Any]:
        """What the board has to be told."""
        from dashboard.accounts.mapping import parse_rules

        rules = "board-command=command; board-county-*=county:*"
        return {
            "oidc_issuer": self.issuer,
            "oidc_client": client_id(next(self.numbers)),
            "oidc_secret": SECRET,
            "oidc_roles": parse_rules(rules),
            "oidc_scopes": "openid profile groups",
            "oidc_name": "sub",
        } | more

    def start(self) -> Idp:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.provider"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        told = {"port": self.port, "back": self.back, "key": self.key.as_dict(private=True)}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told))
        self.process.stdin.close()
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        wait_for(self._answers, seconds=READY_S, what="the provider")
        return self

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.output.extend(lines)

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError("the provider ended:\n" + "".join(self.output))
        try:
            found = httpx.get(f"{self.issuer}/.well-known/openid-configuration", trust_env=False)
        except httpx.TransportError:
            return False
        return found.status_code == 200

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def token(self, key: RSAKey | None = None, **changed: Any) -> str:
        """An ID token as the provider makes them, but for what is changed; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "zk-duty", "iat": now, "exp": now + 600, "nonce": "n",
        } | changed  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, kept, key or self.key)


def sign_in(client: httpx.Client, address: str, name: str, password: str = PASSWORD) -> httpx.Response:
    """Follow an address to the provider and fill in its forms as a browser does; the last answer.

    The last answer is the one that leads back to the board, or a page that asks for something else.
    """
    provider = httpx.URL(address).copy_with(path="/", query=None)
    answer = client.get(address)
    for _ in range(12):
        while answer.is_redirect:
            to = answer.url.join(answer.headers["location"])
            if to.host != provider.host or to.port != provider.port:
                return answer
            answer = client.get(to)
        fields = _fields(answer.text)
        if "login" in fields:
            fields["login"] = name
        elif "password" in fields:
            fields["password"] = password
        else:
            return answer
        answer = client.post(answer.url, data=fields)
    raise AssertionError(f"the provider asks on and on:\n{answer.text[:2000]}")


def _fields(page: str) -> dict[str, str]:
    """The fields of the page's forms, as they come."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said:
            found[said["name"]] = unescape(said.get("value", ""))
    return found


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # The base would ask the network for this machine's full name.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()


def run(told: Mapping[str, Any]) -> None:
    """Be the provider until killed."""
    # Its own setting for being asked without TLS, which on this machine is enough.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend

    app = create_app(
        config={
            "ENV_FILE": None,
            "SECRET_KEY": os.urandom(16).hex(),
            "PREFERRED_URL_SCHEME": "http",
            "SERVER_NAME": f"localhost:{told['port']}",
            "CANAILLE": {
                "DATABASE": "memory",
                "JAVASCRIPT": False,
                "ENABLE_PASSWORD_COMPROMISSION_CHECK": False,
                "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}},
            },
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [told["key"]], "TRUSTED_DOMAINS": ["127.0.0.1"]},
        }
    )
    base = told["back"].rpartition("/login/")[0]
    with app.app_context():
        keep = Backend.instance.save
        groups: dict[str, list[Any]] = {}
        for name, names in PEOPLE.items():
            person = models.User(
                user_name=name, family_name="post", emails=[f"{name}@board.example"], password=PASSWORD
            )
            keep(person)
            for group in names:
                groups.setdefault(group, []).append(person)
        for group, members in groups.items():
            keep(models.Group(display_name=group, members=members))
        for number in range(CLIENTS):
            client = models.Client(
                client_id=client_id(number),
                client_secret=SECRET,
                client_name="Threeline",
                client_uri=base,
                redirect_uris=[told["back"]],
                post_logout_redirect_uris=[f"{base}/login"],
                grant_types=["authorization_code"],
                response_types=["code"],
                scope=["openid", "profile", "groups"],
                token_endpoint_auth_method="client_secret_basic",
            )
            keep(client)
            # Whom its tokens are for: it has to be there before it can be named.
            client.audience = [client]
            keep(client)
    make_server("localhost", told["port"], app, server_class=Threads).serve_forever()


if __name__ == "__main__":
    run(json.load(sys.stdin))
