"""Silences, closures and maintenance as plain JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from data.calendar import Window
from data.orders import Silence, Where
from data.picture import Picture
from data.profile import Profile
from data.rules import in_language
from data.silences import Hush, covers, hush_of, meant, where_of
from data.spec_hiding import MaintenanceSpec
from data.targets import targets_of

Row = dict[str, Any]


def closure_rows(profile: Profile, picture: Picture) -> list[Row]:
    """The closures that are not over, each with the sites that it closes, for the map."""
    rows = []
    for one in picture.planned:
        if one.kind == "closure":
            sites = profile.sites.site_id[np.flatnonzero(meant(profile, hush_of(one))["site"])].tolist()
            if sites:
                rows.append(
                    {"id": one.id, "reason": one.reason, "start": one.start, "end": one.end, "sites": sites}
                )
    return rows


def silence_row(
    profile: Profile, silence: Silence, at: int, lang: str, hiding: Mapping[str, int], *, reach: str = ""
) -> Row:
    """A silence or closure; `hiding` counts the open alerts by what hides them, `reach` is the reader's."""
    hush = hush_of(silence)
    state = "running" if silence.holds(at) else "upcoming" if at < silence.start else "over"
    return {
        "id": silence.id,
        "kind": silence.kind,
        "state": state,
        "by": silence.by,
        "made_at": silence.made_at,
        "reason": silence.reason,
        "start": silence.start,
        "end": silence.end,
        "scope": silence.scope,
        "scope_name": profile.county_name.get(silence.scope, ""),
        # Made by the prefecture, and reaching into the reader's county.
        "theirs": bool(reach) and silence.scope != reach,
        **where_row(profile, hush, lang),
        "hides": hiding.get(hush.name, 0),
    }


def maintenance_row(
    profile: Profile,
    work: MaintenanceSpec,
    windows: list[Window],
    lang: str,
    *,
    at: int,
    hiding: Mapping[str, int],
) -> Row:
    """A work that comes again, with when it does."""
    hush = Hush(f"maintenance:{work.id}", where_of(work.where))
    return {
        "id": work.id,
        "name": in_language(work.name, lang, profile),
        "reason": in_language(work.reason, lang, profile),
        "running": any(window.start <= at < window.end for window in windows),
        "windows": [{"start": window.start, "end": window.end} for window in windows],
        **where_row(profile, hush, lang),
        "hides": hiding.get(hush.name, 0),
    }


def where_row(profile: Profile, hush: Hush, lang: str) -> Row:
    """What is meant: ids, the names of each, and how many targets of each kind that comes to."""
    return {
        "where": {name: list(ids) for name, ids in asdict(hush.where).items()},
        "names": names_of(profile, hush.where, lang),
        "covers": covers(profile, hush),
    }


def names_of(profile: Profile, where: Where, lang: str) -> dict[str, list[str]]:
    """The names behind the ids of each list that is not empty; an id that is gone stands for itself."""
    spec, targets = profile.spec, targets_of(profile)
    texts = {
        "rules": {rule.id: rule.name for rule in spec.rules},
        "kinds": {kind: told.name for kind, told in spec.kinds.items()},
        "lines": {line.id: line.name for line in spec.lines},
    }
    found: dict[str, list[str]] = {
        name: [in_language(known.get(one, {}), lang, profile) or one for one in getattr(where, name)]
        for name, known in texts.items()
    }
    found["counties"] = [profile.county_name.get(one, one) for one in where.counties]
    for name, kind in (("sites", "site"), ("fences", "fence")):
        among = targets[kind]
        found[name] = [
            str(among.names[among.row[one]]) if one in among.row else one for one in getattr(where, name)
        ]
    return {name: names for name, names in found.items() if names}


def hiding_of(picture: Picture) -> Counter[str]:
    """What hides alerts of a picture, to how many."""
    return Counter(alert.hidden_by for alert in picture.alerts if alert.hidden_by)
