"""Sign-on: logins that another server vouches for; a session that comes of one is like any other."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dashboard.accounts.book import AccountError, check, clean_name
from dashboard.accounts.mapping import granted, groups_of
from dashboard.accounts.provider import Provider, claim
from dashboard.accounts.service import Accounts
from dashboard.settings import Settings

SOURCE = "oidc"
"""Where such an account says that it comes from."""
UNDER_WAY_S = 600
"""How long a login at the provider may take."""
TOKENS_KEPT = 2000
"""ID tokens kept for logging out there, too; they are not stored."""


class NotAllowed(Exception):  # noqa: N818
    """Who it is is known, but may not enter; `groups` are those that the provider told of."""

    def __init__(self, why: str, groups: list[str] | None = None) -> None:
        super().__init__(why)
        self.why, self.groups = why, groups or []


@dataclass(frozen=True)
class UnderWay:
    """A login that a browser has begun, and keeps, with a mark that only this board can make."""

    state: str
    nonce: str
    verifier: str
    after: str
    """Where to go on to."""
    until: int

    @classmethod
    def begin(cls, after: str, now: float) -> UnderWay:
        """A new one, with secrets of its own."""
        state, nonce, verifier = (secrets.token_urlsafe(size) for size in (24, 24, 48))
        return cls(state, nonce, verifier, after, int(now) + UNDER_WAY_S)

    def sealed(self, accounts: Accounts) -> str:
        """As a cookie holds it."""
        content = urlsafe_b64encode(orjson.dumps([*vars(self).values()])).decode()
        return f"{content}.{accounts.mark('oidc', content)}"

    @classmethod
    def opened(cls, accounts: Accounts, sealed: str, now: float) -> UnderWay | None:
        """What a cookie holds; None for what is not ours or too old."""
        content, _, mark = sealed.rpartition(".")
        if not content or not hmac.compare_digest(accounts.mark("oidc", content).encode(), mark.encode()):
            return None
        found = cls(*orjson.loads(urlsafe_b64decode(content)))
        return found if found.until > now else None


class SignOn:
    """Opens sessions for those whom a provider knows, in the role that their groups have here."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self.provider = Provider(
            settings.oidc_issuer, settings.oidc_client, settings.oidc_secret, settings.oidc_scopes,
            settings.oidc_ca, now,
        )  # fmt: skip
        self.rules, self.claim, self.name = settings.oidc_roles, settings.oidc_claim, settings.oidc_name
        self.now = now
        self._tokens: OrderedDict[str, str] = OrderedDict()

    def account(self, accounts: Accounts, claims: Mapping[str, Any], counties: Container[str]) -> str:
        """The account of whom the claims are about, made or changed as they say; its name.

        Raises:
            NotAllowed: no rule knows any of the groups, or an administrator has disabled the account.
        """
        groups = groups_of(claim(claims, self.claim))
        found = granted(self.rules, groups, counties)
        if found is None:
            raise NotAllowed("group", groups)
        role, scope = found
        # Who it is there is not kept here, only what tells them again.
        whole = f"{self.provider.issuer}\0{claims['sub']}"
        subject = hashlib.sha256(whole.encode()).hexdigest()
        with accounts.database.writing():
            row = accounts.database.row("SELECT * FROM accounts WHERE subject = ?", (subject,))
            if row is None:
                name = self._name(accounts, claims, subject)
                accounts.book.add(
                    {
                        "name": name, "role": role, "scope": scope, "hash": "", "must_change": 0,
                        "source": SOURCE, "subject": subject, "made_at": int(accounts.clock()),
                        "made_by": SOURCE,
                    }
                )  # fmt: skip
                accounts.journal.add("add", name, by=SOURCE, note=" ".join((role, scope)).strip())
                return name
            if row["disabled"]:
                raise NotAllowed("disabled", groups)
            if (row["role"], row["scope"]) != (role, scope):
                accounts.book.change(row["name"], role=role, scope=scope)
                note = " ".join((role, scope)).strip()
                accounts.journal.add("change", row["name"], by=SOURCE, note=note)
            return str(row["name"])

    def _name(self, accounts: Accounts, claims: Mapping[str, Any], subject: str) -> str:
        """A name for a new account: the provider's where it can be one and is not taken, else one made up."""
        told = claim(claims, self.name)
        name = clean_name(told[:64]) if isinstance(told, str) else ""
        try:
            check(name, "command", "", None)
        except AccountError:
            return f"{SOURCE}-{subject[:8]}"
        # A local account of that name is somebody else's.
        return name if accounts.book.row(name) is None else f"{name[:25]}-{subject[:6]}"

    def keep(self, session_id: str, token: str) -> None:
        """Remember the ID token of a session, for its logout."""
        self._tokens[session_id] = token
        while len(self._tokens) > TOKENS_KEPT:
            self._tokens.popitem(last=False)

    def token_of(self, session_id: str) -> str:
        """The ID token of a session, given once; "" where it is not remembered."""
        return self._tokens.pop(session_id, "")
