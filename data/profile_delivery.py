"""Whether a profile's deliveries can be made: addresses, languages, and what they name of other parts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from data.profile_toml import FILE, Draft
from data.spec_delivery import DeliverySpec
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown

MOST_ADDRESSES = 20
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def check_deliveries(draft: Draft, adcodes: Collection[str] | None) -> list[Fault]:
    """Every fault of the tables `deliveries`; without `adcodes` any county may stand."""
    found = []
    for path, delivery in draft.deliveries.items():
        found += [*_address(path, delivery), *_names(draft, path, delivery, adcodes)]
    ids = [delivery.id for delivery in draft.deliveries.values()]
    for one in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        found.append(_fault("id stands twice", f"deliveries[{one}].id", one, "each id once"))
    return found


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _address(path: str, delivery: DeliverySpec) -> Iterator[Fault]:
    if delivery.kind == "email":
        addresses = [part.strip() for part in delivery.address.split(",")]
        wrong = next((one for one in addresses if not MAIL.fullmatch(one)), None)
        if wrong is not None or len(addresses) > MOST_ADDRESSES:
            expected = f"at most {MOST_ADDRESSES} addresses such as duty@example.org, separated by commas"
            yield _fault("not an address of e-mail", f"{path}.address", wrong or len(addresses), expected)
    elif not _safe(delivery.address):
        # An address may carry a key: a fault is shown to whoever edits, and on the wall.
        scheme = delivery.address.partition("://")[0]
        got = f"{scheme}://…" if scheme in ("http", "https", "ftp") else "…"
        expected = "an https address without a user, or an http one of this machine"
        hint = "What leaves the machine goes by TLS"
        yield _fault("not an address of a webhook", f"{path}.address", got, expected, hint)


def _safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment or not address.isascii() or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _here(host))


def _here(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _names(
    draft: Draft, path: str, delivery: DeliverySpec, adcodes: Collection[str] | None
) -> Iterator[Fault]:
    families = {
        kind.rsplit(".", depth)[0] for kind in draft.kind_names for depth in range(kind.count(".") + 1)
    }
    languages = draft.tree.get("languages", ["zh-CN", "en"])
    rules = [rule.id for rule in draft.rules.values()]
    known: list[tuple[str, str, list[str], Collection[str] | None]] = [
        ("rule", "where.rules", delivery.where.rules, rules),
        ("line", "where.lines", delivery.where.lines, draft.line_ids),
        ("site kind", "where.kinds", delivery.where.kinds, [*draft.kind_names, *sorted(families)]),
        ("county", "where.counties", delivery.where.counties, adcodes),
        ("language", "lang", [delivery.lang] if delivery.lang else [], languages),
    ]
    for what, key, values, among in known:
        if among is None or not isinstance(among, Collection):
            continue
        for value in values:
            if value not in among:
                hint = did_you_mean(value, among)
                yield _fault(f"unknown {what}", f"{path}.{key}", value, one_of(among), hint)
