"""What proves who somebody is: an ID token that this provider signed for this client, now, for this login."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.accounts.mapping import Rule, granted, groups_of, parse_rules
from dashboard.accounts.provider import SKEW_S, NotProven, Provider, ProviderDown, claim
from dashboard.settings import read_settings
from layers.faults import FaultsError
from tests.provider import CLIENT, SECRET, Idp, new_key
from tests.serving import awaited

pytestmark = pytest.mark.xdist_group("provider")


@pytest.fixture(scope="module")
def idp() -> Iterator[Idp]:
    made = Idp("http://127.0.0.1:9/login/oidc/back").start()
    yield made
    made.stop()


@pytest.fixture
def provider(idp: Idp) -> Provider:
    return Provider(idp.issuer, CLIENT, SECRET)


def read(provider: Provider, token: str, **more: Any) -> dict[str, Any]:
    return awaited(provider.read(token, **{"nonce": "n", **more}))


def test_a_good_token_is_read(provider: Provider, idp: Idp) -> None:
    assert read(provider, idp.token(sub="zk-duty"))["sub"] == "zk-duty"
    assert read(provider, idp.token(aud=[CLIENT]))["aud"] == [CLIENT]
    assert read(provider, idp.token(aud=[CLIENT, "other"], azp=CLIENT))["azp"] == CLIENT


def test_clocks_may_differ_a_little(provider: Provider, idp: Idp) -> None:
    now = int(time.time())
    assert read(provider, idp.token(exp=now - SKEW_S + 30, iat=now + SKEW_S - 30))


NOW = int(time.time())
DAY_S = 86_400
"""Longer than the tests between the start and these take."""


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW - DAY_S}, {"exp": None}, {"exp": "never"}, {"exp": float("nan")},
        {"iat": NOW + DAY_S}, {"iat": None}, {"nbf": NOW + DAY_S},
        {"iss": "https://elsewhere.example"}, {"iss": None},
        {"aud": "other"}, {"aud": ["other"]}, {"aud": None}, {"aud": [CLIENT, "other"]},
        {"azp": "other"}, {"aud": [CLIENT, "other"], "azp": "other"},
        {"sub": None}, {"sub": 7}, {"nonce": "another"}, {"nonce": None},
    ],
)  # fmt: skip
def test_a_token_for_another_time_place_or_login_proves_nothing(
    provider: Provider, idp: Idp, changed: dict[str, Any]
) -> None:
    with pytest.raises(NotProven):
        read(provider, idp.token(**changed))


def test_a_forged_signature_proves_nothing(provider: Provider, idp: Idp) -> None:
    good = idp.token()
    head, body, mark = good.split(".")
    other = json.loads(base64.urlsafe_b64decode(body + "==")) | {"sub": "administrator"}
    changed = part(other)
    forged = [
        idp.token(new_key()),  # another's key under the same name
        f"{head}.{changed}.{mark}",
        f"{head}.{body}.",
        f"{head}.{body}",
        "", ".", "..", "a.b.c", good + "x",
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(NotProven):
            read(provider, token)


def test_a_token_without_a_signature_or_by_a_shared_secret_proves_nothing(
    provider: Provider, idp: Idp
) -> None:
    claims = {"iss": idp.issuer, "aud": CLIENT, "sub": "x", "iat": NOW, "exp": NOW + 600, "nonce": "n"}
    # The provider's public key, taken for a shared secret, is the classic way to forge one.
    for secret in (SECRET.encode(), idp.key.as_pem(private=False)):
        head, body = part({"alg": "HS256", "kid": idp.key.kid}), part(claims)
        mark = hmac.new(secret, f"{head}.{body}".encode(), "sha256").digest()
        with pytest.raises(NotProven, match="UnsupportedAlgorithmError"):
            read(provider, f"{head}.{body}.{plain(mark)}")
    for none in ("none", "None", "nOnE"):
        with pytest.raises(NotProven):
            read(provider, f"{part({'alg': none})}.{part(claims)}.")


def plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def part(content: dict[str, Any]) -> str:
    return plain(json.dumps(content).encode())


def test_an_access_token_of_another_login_is_noticed(provider: Provider, idp: Idp) -> None:
    with pytest.raises(NotProven):
        read(provider, idp.token(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), access="theirs")


def test_a_code_that_the_provider_never_gave_proves_nothing(provider: Provider, idp: Idp) -> None:
    asking = provider.claims("made up", verifier="v" * 43, nonce="n", back=idp.back, wanted="groups")
    with pytest.raises(NotProven, match="refused"):
        awaited(asking)


def test_a_provider_that_calls_itself_otherwise_is_none(idp: Idp) -> None:
    other = Provider(idp.issuer.replace("localhost", "127.0.0.1"), CLIENT, SECRET)
    with pytest.raises(ProviderDown):
        awaited(other.described())


def test_nothing_is_sent_in_the_clear_beyond_this_machine(provider: Provider) -> None:
    far = Provider("https://id.example", CLIENT)
    assert far._sound("https://id.example/token")
    assert not far._sound("http://id.example/token")
    assert not far._sound("http://localhost/token")
    assert provider._sound("http://localhost:1/token")
    for value in (None, 7, "", "javascript:alert(1)", "//id.example"):
        assert not far._sound(value)


def test_a_claim_may_lie_deeper() -> None:
    claims = {"realm_access": {"roles": ["a"]}, "https://x.example/groups": ["b"]}
    assert claim(claims, "realm_access.roles") == ["a"]
    assert claim(claims, "https://x.example/groups") == ["b"]
    assert claim(claims, "realm_access.none") is None
    assert claim(claims, "realm_access.roles.a") is None


def test_the_first_rule_that_fits_decides() -> None:
    rules = parse_rules("board-command = command; board-county-*=county:*; CN=duty,DC=zk=briefing:900102")
    assert rules[2] == Rule("CN=duty,DC=zk", "briefing", "900102")
    known = {"900101", "900102"}
    assert granted(rules, ["canteen", "board-county-900101", "board-command"], known) == ("command", "")
    assert granted(rules, ["board-county-900101"], known) == ("county", "900101")
    assert granted(rules, ["CN=duty,DC=zk"], known) == ("briefing", "900102")
    for groups in ([], ["board-county-999999"], ["board-county-"], ["board-county-*"], ["xboard-command"]):
        assert granted(rules, groups, known) is None, groups


def test_groups_are_names_and_not_too_many() -> None:
    assert groups_of("one") == ["one"]
    assert groups_of(["a", 7, None, "", {"b": 1}]) == ["a"]
    assert groups_of(None) == groups_of({"a": 1}) == []
    assert len(groups_of(["x" * 999] * 999)) == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ROLES", "a"), ("OIDC_ROLES", "a=king"), ("OIDC_ROLES", "a=county"), ("OIDC_ROLES", "=command"),
        ("OIDC_ROLES", "a=administrator:900101"), ("OIDC_ROLES", "a-*=command"), ("OIDC_ROLES", "a=county:*"),
        ("OIDC_ROLES", "a=kiosk"), ("OIDC_ISSUER", "http://id.example"), ("OIDC_ISSUER", "id.example"),
        ("OIDC_SECRET", "file:/nowhere/at/all"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_meant_stop_the_start(name: str, value: str) -> None:
    with pytest.raises(FaultsError) as error:
        read_settings({f"THREELINE_{name}": value})
    [fault] = error.value.faults
    assert ("(hidden)" in fault.got) == (name == "OIDC_SECRET")


def test_a_secret_may_be_in_a_file_and_is_never_shown(tmp_path: Any) -> None:
    path = tmp_path / "secret"
    path.write_text("hush hush\n")
    settings = read_settings({"THREELINE_OIDC_SECRET": f"file:{path}"})
    assert settings.oidc_secret == "hush hush"
    assert "hush" not in repr(settings)
