"""What a silence or closure would do, before anybody orders it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.gaps import find_gaps
from data.orders import Silence
from data.picture import Alert, Picture
from data.profile import Profile
from data.silences import covers, hush_of, meant
from data.store.base import Alerted
from data.targets import targets_of


@dataclass(frozen=True)
class Preview:
    """What it would mean and hide."""

    targets: Mapping[str, int] = field(default_factory=dict)
    """Kind of target to how many are meant."""
    alerts: tuple[Alert, ...] = ()
    """Open ones, pending ones too, that are shown now and would not be."""
    already: int = 0
    """Open ones that it would hide, too, but that something hides already."""
    lately: int = 0
    """Alerts that fired in the time asked about and that it would have hidden."""
    opens_km: float | None = None
    """Kilometres of border that nobody would hold any more; None where nothing of the border is closed."""


def preview(profile: Profile, picture: Picture, silence: Silence, lately: Sequence[Alerted]) -> Preview:
    """What a silence would hide if it were in force at the picture's time; a closure, of the sites it means.

    `profile` is that of the picture; `lately` holds alerts of the time asked about.
    """
    masks, targets = meant(profile, hush_of(silence)), targets_of(profile)
    rules = set(silence.where.rules)

    def hit(one: Alert | Alerted) -> bool:
        row = targets[one.target].row.get(one.target_id) if one.target in targets else None
        return row is not None and bool(masks[one.target][row]) and (not rules or one.rule in rules)

    mine = [alert for alert in picture.alerts if hit(alert)]
    return Preview(
        targets=covers(profile, hush_of(silence)),
        alerts=tuple(alert for alert in mine if not alert.hidden_by),
        already=sum(bool(alert.hidden_by) for alert in mine),
        lately=sum(1 for one in lately if one.fired_at is not None and hit(one)),
        opens_km=_opens(profile, picture, masks["site"]) if silence.kind == "closure" else None,
    )


def _opens(profile: Profile, picture: Picture, closes: NDArray[np.bool_]) -> float | None:
    """How many more kilometres of border are open once these sites are closed; None where none is held."""
    fences = np.array([fence.state == "up" for fence in picture.fences.values()], dtype=bool)
    held = picture.state.holding
    if profile.border is None or not closes.any() or not (held.any() or fences.any()):
        return None
    now = sum(gap.km for gap in find_gaps(profile, held, fences))
    then = sum(gap.km for gap in find_gaps(profile, held & ~closes, fences))
    return max(then - now, 0.0)
