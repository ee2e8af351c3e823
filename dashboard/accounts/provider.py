"""Provider: another server that says who somebody is (OpenID Connect: discovery, code, PKCE, ID token)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from dashboard.settings import is_loopback

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA",
)  # fmt: skip
"""Signatures by a key that only the provider has; never `none`, never one made with a shared secret."""
SKEW_S = 120
"""How far the provider's clock may be from ours."""
ANSWER_BYTES = 2**20
TIMEOUT_S = 6.0
DESCRIBED_S, KEYS_S, KEYS_AGAIN_S = 3600, 3600, 30
"""How long a description and keys are kept, and how soon unknown keys are looked for again."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderDown(Exception):  # noqa: N818  # a state of it, not a fault of ours
    """The provider does not answer, or not as one."""


class NotProven(Exception):  # noqa: N818
    """What came back does not prove who it is; the reason is for the log and holds no secret."""


@dataclass
class Provider:
    """One provider, asked as one client; its description and keys are kept for a while. Used on the loop."""

    issuer: str
    client: str
    secret: str = ""
    scopes: str = "openid profile"
    ca: str = ""
    """PEM file of the authority that signed the provider's certificate; "" for those the system trusts."""
    now: Callable[[], float] = time.time
    _described: tuple[float, dict[str, Any]] | None = field(default=None, repr=False)
    _keys: tuple[float, KeySet] | None = field(default=None, repr=False)

    async def described(self) -> dict[str, Any]:
        """The provider's own description of itself.

        Raises:
            ProviderDown: there is none, or it is another's.
        """
        if self._described is not None and self.now() - self._described[0] < DESCRIBED_S:
            return self._described[1]
        found = await self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ProviderDown(f"it calls itself {str(found.get('issuer'))[:100]!r}")
        for name in ENDPOINTS:
            if not self._sound(found.get(name)):
                raise ProviderDown(f"its {name} is {str(found.get(name))[:100]!r}")
        self._described = (self.now(), found)
        return found

    def _sound(self, address: object) -> bool:
        """Whether an address may be trusted with a secret: by TLS, or on this machine like the issuer."""
        if not isinstance(address, str):
            return False
        parts = urlsplit(address)
        if parts.scheme == "https":
            return bool(parts.hostname)
        here = is_loopback(parts.hostname or "") and is_loopback(urlsplit(self.issuer).hostname or "")
        return parts.scheme == "http" and here

    async def login_address(self, *, state: str, nonce: str, verifier: str, back: str, lang: str) -> str:
        """Where a browser is sent to log in.

        Raises:
            ProviderDown: it cannot be asked now.
        """
        address = str((await self.described())["authorization_endpoint"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code", "client_id": self.client, "redirect_uri": back, "scope": self.scopes,
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
            "ui_locales": lang,
        }  # fmt: skip
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def logout_address(self, *, token: str, back: str) -> str | None:
        """Where a browser ends its login there; None where the provider has no such place."""
        address = (await self.described()).get("end_session_endpoint")
        if not self._sound(address):
            return None
        query = {"client_id": self.client, "post_logout_redirect_uri": back}
        query |= {"id_token_hint": token} if token else {}
        return f"{address}{'&' if '?' in str(address) else '?'}{urlencode(query)}"

    async def claims(
        self, code: str, *, verifier: str, nonce: str, back: str, wanted: str
    ) -> tuple[dict[str, Any], str]:
        """Who a code stands for, and the ID token that says so.

        `wanted` is a claim that is asked for at the userinfo address where the ID token has none.

        Raises:
            ProviderDown: it cannot be asked now.
            NotProven: the code, or what it gave, proves nothing.
        """
        answer = await self._redeem(code, verifier=verifier, back=back)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise NotProven("the answer has no ID token")
        claims = await self.read(token, nonce=nonce, access=access if isinstance(access, str) else "")
        userinfo = (await self.described()).get("userinfo_endpoint")
        if claim(claims, wanted) is None and isinstance(access, str) and self._sound(userinfo):
            more = await self._ask("GET", str(userinfo), headers={"Authorization": f"Bearer {access}"})
            if more.get("sub") != claims["sub"]:
                raise NotProven("the userinfo is another's")
            claims = more | claims
        return claims, token

    async def _redeem(self, code: str, *, verifier: str, back: str) -> dict[str, Any]:
        described = await self.described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers: dict[str, str] = {}
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self.secret and "client_secret_basic" in ways:
            pair = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = self.client
            form |= {"client_secret": self.secret} if self.secret else {}
        return await self._ask("POST", str(described["token_endpoint"]), headers=headers, form=form)

    async def read(self, token: str, *, nonce: str, access: str = "") -> dict[str, Any]:
        """The claims of an ID token that this provider signed for this client, just now, for this login.

        Raises:
            NotProven: it did not.
        """
        try:
            decoded = await self._decode(token)
            registry = JWTClaimsRegistry(
                now=int(self.now()), leeway=SKEW_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client},
                sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            )  # fmt: skip
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise NotProven(f"{type(error).__name__}: {error}") from None
        claims = decoded.claims
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client) != self.client:
            raise NotProven("it was made for another client")
        if (
            access
            and "at_hash" in claims
            and not _same_access(decoded.header["alg"], access, claims["at_hash"])
        ):
            raise NotProven("the access token is another's")
        return claims

    async def _decode(self, token: str) -> jwt.Token:
        """Check the signature; a key that is not known may be a new one, so keys are asked for again."""
        asked_at, keys = await self._known_keys()
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            if self.now() - asked_at < KEYS_AGAIN_S:
                raise
            _, keys = await self._known_keys(anew=True)
            return jwt.decode(token, keys, algorithms=ALGORITHMS)

    async def _known_keys(self, *, anew: bool = False) -> tuple[float, KeySet]:
        if anew or self._keys is None or self.now() - self._keys[0] > KEYS_S:
            found = await self._ask("GET", str((await self.described())["jwks_uri"]))
            try:
                self._keys = (self.now(), KeySet.import_key_set(_for_signing(found)))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderDown(f"its keys cannot be read: {type(error).__name__}") from None
        return self._keys

    async def _ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """An answer in JSON. What is sent and what comes back is never told in an error."""
        try:
            trusted = ssl.create_default_context(cafile=self.ca or None)
            async with (
                httpx.AsyncClient(verify=trusted, timeout=TIMEOUT_S, trust_env=False) as client,
                client.stream(
                    method, address, headers={"Accept": "application/json", **(headers or {})}, data=form
                ) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > ANSWER_BYTES:
                        raise ProviderDown("its answer is too large")
            content = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ProviderDown(type(error).__name__) from None
        except ValueError:
            raise ProviderDown(f"it answered {answer.status_code} and no JSON") from None
        if form is not None and answer.status_code in (400, 401, 403):
            told = content if isinstance(content, dict) else {}
            why = ", ".join(str(told.get(name, ""))[:100] for name in ("error", "error_description"))
            raise NotProven(f"the code was refused: {why}")
        if answer.status_code != 200 or not isinstance(content, dict):
            raise ProviderDown(f"it answered {answer.status_code}")
        return content


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by names with dots between where it lies deeper; None where there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def _for_signing(keys: Mapping[str, Any]) -> Any:
    """Keys that sign; others among them may be of kinds that nobody here knows."""
    return {
        "keys": [
            key for key in keys["keys"]
            if key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC", "OKP")
        ]
    }  # fmt: skip


def _same_access(algorithm: str, access: str, told: object) -> bool:
    bits = algorithm[-3:] if algorithm[-3:] in ("256", "384", "512") else "512"
    digest = hashlib.new(f"sha{bits}", access.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    return isinstance(told, str) and hmac.compare_digest(half.encode(), told.encode())
