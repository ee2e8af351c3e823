"""What silences, closures and maintenance mean: which targets they name, and which of them are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.maintenance import maintenance_of, running
from data.metrics import target_of
from data.orders import Orders, Silence, Where
from data.per_profile import per_profile
from data.targets import targets_of
from data.where import any_of, scope_mask

if TYPE_CHECKING:
    from data.profile import Profile

Bools = NDArray[np.bool_]

KINDS = ("silence", "closure")


@dataclass(frozen=True)
class Hush:
    """Something in force that hides alerts."""

    name: str
    """As `Alert.hidden_by` tells it: `closure:ID`, `maintenance:ID`, `silence:ID`."""
    where: Where
    scope: str = ""

    @property
    def closes(self) -> bool:
        """Whether its sites are closed."""
        return self.name.startswith("closure:")


def in_force(profile: Profile, orders: Orders, at: int) -> tuple[Hush, ...]:
    """What hides alerts at a moment: closures, then maintenance, then silences, each the oldest first."""
    holding = sorted(
        (one for one in orders.silences.values() if one.holds(at)), key=lambda one: (one.start, one.id)
    )
    told = [hush_of(one) for one in holding]
    works = maintenance_of(profile) if profile.spec.maintenance else {}
    under_way = [
        Hush(f"maintenance:{window.id}", where_of(works[window.id].where)) for window in running(profile, at)
    ]
    return (
        *(one for one in told if one.closes),
        *under_way,
        *(one for one in told if not one.closes),
    )


def hush_of(silence: Silence) -> Hush:
    """An order as what hides alerts while it is in force."""
    return Hush(f"{silence.kind}:{silence.id}", silence.where, silence.scope)


def where_of(scope: object) -> Where:
    """A table of the profile that says where, as a value that can be looked up by."""
    return Where(**{name: tuple(getattr(scope, name)) for name in Where.__dataclass_fields__})


@per_profile(most=600)
def meant(profile: Profile, hush: Hush) -> Mapping[str, Bools]:
    """Which targets are meant, a mask for each kind of target; its rules are not looked at.

    A closure means sites alone: what its sites leave open is told all the same.
    """
    where = hush.where
    masks = {}
    for target, among in targets_of(profile).items():
        mask = np.ones(len(among.ids), bool)
        if hush.scope:
            mask &= any_of(among.counties, [hush.scope])
        if hush.closes and target != "site":
            mask[:] = False
        elif target == "site":
            mask &= scope_mask(profile.sites.kind, among.lines, among.counties, where)
        else:
            mask &= any_of(among.lines, where.lines) & any_of(among.counties, where.counties)
            mask &= not where.kinds
        if where.sites or where.fences:
            named = {"site": where.sites, "fence": where.fences}.get(target, ())
            mask &= any_of(among.ids, named) if named else np.zeros(len(mask), bool)
        masks[target] = mask
    return masks


def covers(profile: Profile, hush: Hush) -> dict[str, int]:
    """Kind of target to how many are meant, of the kinds that its rules look at; those with none left out."""
    rules = {rule.id: rule for rule in profile.spec.rules}
    kinds = {target_of(rules[name].metric) for name in hush.where.rules if name in rules}
    return {
        target: int(mask.sum())
        for target, mask in meant(profile, hush).items()
        if mask.any() and (target in kinds or not hush.where.rules)
    }


def closed_sites(profile: Profile, orders: Orders, at: int) -> Bools | None:
    """Which sites are closed on purpose at a moment; None where none is."""
    return closed_by(profile, orders.silences.values(), at)


def closed_by(profile: Profile, silences: Iterable[Silence], at: int) -> Bools | None:
    """Which sites some of these close at a moment; None where none does."""
    mask: Bools | None = None
    for one in silences:
        if one.kind == "closure" and one.holds(at):
            mine = meant(profile, hush_of(one))["site"]
            mask = mine if mask is None else mask | mine
    return mask


def planned(orders: Orders, at: int) -> tuple[Silence, ...]:
    """The silences and closures that are not over at a moment, by when they begin."""
    left = [one for one in orders.silences.values() if one.end > at]
    return tuple(sorted(left, key=lambda one: (one.start, one.id)))


def planned_for(silences: Iterable[Silence], part: Profile, scope: str) -> tuple[Silence, ...]:
    """Those that a county may know of; `part` is its own profile.

    One of the prefecture that reaches into the county is told without its reason, whose words may name what
    another county has, and names nothing of the others.
    """
    told = []
    for one in silences:
        if one.scope == scope:
            told.append(one)
        elif not one.scope and (mine := _part(one, part, scope)) is not None:
            told.append(mine)
    return tuple(told)


def _part(silence: Silence, part: Profile, scope: str) -> Silence | None:
    where, known = silence.where, targets_of(part)
    rules = {rule.id for rule in part.spec.rules}
    mine = replace(
        where,
        rules=tuple(rule for rule in where.rules if rule in rules),
        counties=tuple(county for county in where.counties if county == scope),
        sites=tuple(site for site in where.sites if site in known["site"].row),
        fences=tuple(fence for fence in where.fences if fence in known["fence"].row),
    )
    # A list of which nothing is left names nothing here: it must not come to mean everything.
    gone = [bool(getattr(where, name)) and not getattr(mine, name) for name in ("rules", "counties")] + [
        bool(where.sites or where.fences) and not (mine.sites or mine.fences)
    ]
    if any(gone):
        return None
    # Its scope stays the prefecture's: a county neither made it nor can end it.
    here = replace(silence, reason="", where=mine)
    return here if covers(part, hush_of(here)) else None
