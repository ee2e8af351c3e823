"""Which targets each rule looks at; fixed with the profile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from data.metrics import VIDEO_METRIC, target_of
from data.per_profile import per_profile
from data.profile import Profile
from data.rota import asked_of
from data.targets import targets_of
from data.where import any_of, scope_mask

Bools = NDArray[np.bool_]


@per_profile()
def applies_of(profile: Profile) -> Mapping[str, Bools]:
    """Rule id to a mask over the targets of its kind."""
    found = {}
    for rule in profile.spec.rules:
        target, where = target_of(rule.metric), rule.where
        among = targets_of(profile)[target]
        if target == "site":
            mask = scope_mask(profile.sites.kind, among.lines, among.counties, where)
            mask &= any_of(among.ids, where.sites)
        else:
            mask = any_of(among.counties, where.counties) & any_of(among.lines, where.lines)
            if target == "fence":
                mask &= any_of(among.ids, where.fences)
        if rule.metric == VIDEO_METRIC:
            # A site that leaves the rota takes its alert with it.
            mask &= asked_of(profile)
        found[rule.id] = mask
    return found
