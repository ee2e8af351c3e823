"""Whether the video rounds of a profile can be walked: times, sites, findings, the player."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator
from itertools import pairwise
from urllib.parse import urlsplit

import pandas as pd

from data.metrics import VIDEO_METRIC
from data.profile_files import Files
from data.profile_toml import FILE, Draft
from data.rota import COLUMNS, DAY_MIN, minutes_of, round_mask, times_of
from data.spec import RoundSpec, VideoSpec
from layers.catalog import CATALOG
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown

MOST_FINDINGS = 35
"""Each has a key: 1 to 9, then a to z."""


def check_video(draft: Draft, files: Files, adcodes: Collection[str] | None) -> list[Fault]:
    """Every fault of the table `video`, and of rules that need it; without `adcodes` any county may stand."""
    if "video" not in draft.tree:
        return [
            _fault(
                "the rule watches video rounds, but the profile has none",
                f"{path}.metric",
                rule.metric,
                "a [video] table",
                "Add a [video] table, or leave the rule out",
            )
            for path, rule in draft.rules.items()
            if rule.metric == VIDEO_METRIC
        ]
    if draft.video is None:
        return []
    faults = [*_lists(draft.video), *_player(draft.video)]
    rows = _rows(files)
    # Which sites there are cannot be said while a layer of them cannot be read.
    known = None if files.faults else {*rows["site_id"].tolist()} if rows is not None else None
    for spec in draft.video.rounds:
        path = f"video.rounds[{spec.id}]"
        faults += [*_times(path, spec), *_where(draft, path, spec, adcodes, known)]
        if rows is not None and known and not faults and not _goes(spec, rows):
            what, hint = "the round goes to no site", "Change where, with_video or the sites' video addresses"
            faults.append(
                _fault(what, f"{path}.where", spec.where.model_dump_json(), "at least one site", hint)
            )
    return faults


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _lists(video: VideoSpec) -> Iterator[Fault]:
    """Lists that must not be empty, and ids that stand twice."""
    given: tuple[tuple[str, list[str]], ...] = (
        ("rounds", [one.id for one in video.rounds]),
        ("findings", [one.id for one in video.findings]),
        ("schemes", [*video.schemes]),
    )
    for name, ids in given:
        if not ids:
            yield _fault(f"no video.{name}", f"video.{name}", "an empty list", "at least one")
        for one in dict.fromkeys(one for one in ids if ids.count(one) > 1):
            yield _fault("id stands twice", f"video.{name}[{one}].id", one, "each id once")
    if len(video.findings) > MOST_FINDINGS:
        yield _fault(
            "too many findings",
            "video.findings",
            len(video.findings),
            f"at most {MOST_FINDINGS}: each has a key",
        )


def _times(path: str, spec: RoundSpec) -> Iterator[Fault]:
    """When the round is due, and that it ends before it is due again."""
    if bool(spec.times) == (spec.every_h is not None):
        hint = "Say either times or every_h"
        yield _fault(
            "a round without a time, or with two kinds", f"{path}.times", spec.times, "times of day", hint
        )
        return
    for key, text in [*(("times", one) for one in spec.times), ("start", spec.start)]:
        if minutes_of(text) is None:
            yield _fault("not a time of day", f"{path}.{key}", text, "HH:MM")
            return
    if len(set(spec.times)) < len(spec.times):
        yield _fault("a time stands twice", f"{path}.times", ", ".join(spec.times), "each time once")
    if spec.every_h is not None and 24 % spec.every_h:
        yield _fault(
            "the day is not a whole number of rounds", f"{path}.every_h", spec.every_h, "a divisor of 24"
        )
        return
    times = times_of(spec)
    least = min(after - before for before, after in pairwise([*times, times[0] + DAY_MIN]))
    if spec.within_min > least:
        hint = "Give less time, or let it be due less often"
        expected = f"at most {least} minutes, until it is due again"
        yield _fault(
            "the round goes on when it is due again", f"{path}.within_min", spec.within_min, expected, hint
        )


def _where(
    draft: Draft,
    path: str,
    spec: RoundSpec,
    adcodes: Collection[str] | None,
    sites: Collection[str] | None,
) -> Iterator[Fault]:
    """Names that the round uses of other parts."""
    families = {
        kind.rsplit(".", depth)[0] for kind in draft.kind_names for depth in range(kind.count(".") + 1)
    }
    where = spec.where
    for what, key, named, known in (
        ("site kind", "kinds", where.kinds, {*draft.kind_names, *families}),
        ("line", "lines", where.lines, draft.line_ids),
        ("county", "counties", where.counties, adcodes),
        ("site", "sites", where.sites, sites),
    ):
        for one in named:
            if known is not None and one not in known:
                near = did_you_mean(one, known)
                yield _fault(f"unknown {what}", f"{path}.where.{key}", one, one_of(sorted(known)), near)


def _player(video: VideoSpec) -> Iterator[Fault]:
    """The address of the bureau's player."""
    if not video.player:
        return
    try:
        named = [field for _, field, _, _ in string.Formatter().parse(video.player) if field is not None]
        scheme = urlsplit(video.player).scheme
    except ValueError:
        named, scheme = [""], ""
    if named != ["site_id"]:
        yield _fault(
            "not an address of a player", "video.player", video.player, "an address with {site_id} once"
        )
    elif video.schemes and scheme not in video.schemes:
        expected = one_of(f"{one}://" for one in video.schemes)
        yield _fault("a player of a scheme that is not allowed", "video.player", video.player, expected)


def _rows(files: Files) -> pd.DataFrame | None:
    """Every row of every layer of sites; None where there is none."""
    rows = [pd.DataFrame(frame) for layer, frame in files.read if CATALOG[layer.kind].is_site]
    return pd.concat(rows, ignore_index=True) if rows else None


def _goes(spec: RoundSpec, rows: pd.DataFrame) -> bool:
    """Whether the round goes to any site."""
    return bool(round_mask(spec, {name: rows[name].to_numpy(dtype=object) for name in COLUMNS}).any())
