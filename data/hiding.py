"""What hides alerts at a moment: closures, maintenance, silences, and graver alerts that explain them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from data.orders import Orders
from data.per_profile import per_profile
from data.picture import Alert
from data.profile import Profile
from data.silences import Hush, in_force, meant
from data.targets import targets_of
from layers.catalog import CATALOG

Target = tuple[str, str]
"""Kind of target, and its id."""
REPORTING = {"fences": "fence", "devices": "device"}
"""Kinds of layers whose members report, besides sites."""


def hidden_by(profile: Profile, orders: Orders, alerts: Sequence[Alert], at: int) -> dict[str, str]:
    """Alert id to what hides it, of those that something hides.

    What people ordered or planned comes first, as `silences.in_force` orders it; then an alert that fired and
    whose rule says that it hides the other, on the same target or, of a feed, on a member of it. An alert
    that is itself hidden goes on explaining others: whoever need not hear of a silent site need not hear of
    its queue.
    """
    found: dict[str, str] = {}
    cover = covered(profile, in_force(profile, orders, at))
    if cover:
        for alert in alerts:
            for name, rules in cover.get((alert.target, alert.target_id), ()):
                if not rules or alert.rule in rules:
                    found[alert.id] = name
                    break
    for alert_id, source in explained(profile, alerts):
        found.setdefault(alert_id, f"alert:{source}")
    return found


@per_profile(most=8)
def covered(
    profile: Profile, hushes: tuple[Hush, ...]
) -> Mapping[Target, tuple[tuple[str, frozenset[str]], ...]]:
    """Each target that is meant to what means it, in their order: its name, and its rules, empty for all."""
    found: dict[Target, tuple[tuple[str, frozenset[str]], ...]] = {}
    for hush in hushes:
        told = (hush.name, frozenset(hush.where.rules))
        for target, mask in meant(profile, hush).items():
            for name in targets_of(profile)[target].ids[np.flatnonzero(mask)].tolist():
                found[target, name] = (*found.get((target, name), ()), told)
    return found


def explained(profile: Profile, alerts: Sequence[Alert]) -> Iterator[tuple[str, str]]:
    """The ids of alerts that another one explains, each with the first that does."""
    hides = hides_of(profile)
    if not hides:
        return
    sources: dict[tuple[Target, str], str] = {}
    for alert in alerts:
        if alert.rule in hides and alert.state != "pending":
            for rule in hides[alert.rule]:
                sources.setdefault(((alert.target, alert.target_id), rule), alert.id)
    if not sources:
        return
    feeds = feeds_of(profile) if any(target == "feed" for (target, _), _ in sources) else {}
    for alert in alerts:
        here = (alert.target, alert.target_id)
        source = sources.get((here, alert.rule))
        if source is None and here in feeds:
            source = sources.get((("feed", feeds[here]), alert.rule))
        if source is not None:
            yield alert.id, source


@per_profile()
def hides_of(profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """Rule to the rules that it hides; `data.profile_hiding` lets none hide itself, if by way of others."""
    return {rule.id: tuple(rule.hides) for rule in profile.spec.rules if rule.hides}


@per_profile()
def feeds_of(profile: Profile) -> Mapping[Target, str]:
    """Each site, fence and device to the layer that it comes from."""
    found: dict[Target, str] = {}
    for layer in profile.spec.layers:
        target = (
            "site"
            if CATALOG[layer.kind].is_site
            else {"fences": "fence", "devices": "device"}.get(layer.kind)
        )
        frame = profile.layers.get(layer.name)
        if target is not None and frame is not None:
            found |= {(target, str(name)): layer.name for name in frame[f"{target}_id"].tolist()}
    return found
