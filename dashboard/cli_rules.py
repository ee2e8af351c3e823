"""`threeline rules`: the rules of a profile, and one of them tried on saved readings."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_parts import ProfileOption, StoreOption, commands, refused, show_table, telling
from dashboard.saying import language, say
from dashboard.saying_rules import WORDS
from dashboard.settings import read_settings
from layers.hints import did_you_mean, one_of

if TYPE_CHECKING:
    from rich.console import Console

    from data.profile import Profile
    from data.spec_rules import RuleSpec
    from data.store import Store
    from data.trial import Trial

DAY_S = 86_400
SHOWN = 50
"""Alerts that are listed one by one, unless all are asked for."""
told = telling(WORDS)
rules = commands()


@rules.command("list", help=told("list"))
def listed(profile: ProfileOption = None) -> None:
    """List the rules."""
    from data.profile import load_profile  # noqa: PLC0415
    from data.rules import in_language  # noqa: PLC0415

    place = load_profile(read_settings(os.environ, profile=profile).profile)
    rows = [
        [
            rule.id,
            in_language(rule.name, language(), place),
            f"{rule.metric} {rule.op} {rule.threshold:g}, {rule.for_s} s",
            rule.severity,
        ]
        for rule in place.spec.rules
    ]
    show_table([told(f"h_{name}") for name in ("rule", "name", "when", "severity")], rows)


@rules.command("test", help=told("test"))
def tried(
    rule: Annotated[str, typer.Argument(help=told("arg_rule"), metavar="RULE")],
    *,
    start: Annotated[str, typer.Option("--from", help=told("opt_from"), metavar="TIME")] = "",
    end: Annotated[str, typer.Option("--to", help=told("opt_to"), metavar="TIME")] = "",
    threshold: Annotated[list[float] | None, typer.Option(help=told("opt_threshold"))] = None,
    clear: Annotated[float | None, typer.Option(help=told("opt_clear"))] = None,
    for_s: Annotated[int | None, typer.Option("--for", help=told("opt_for"), min=0)] = None,
    clear_for_s: Annotated[int | None, typer.Option("--clear-for", help=told("opt_clear_for"), min=0)] = None,
    site: Annotated[list[str] | None, typer.Option(help=told("opt_site"), metavar="ID")] = None,
    step: Annotated[int, typer.Option(help=told("opt_step"), min=1, max=3600)] = 60,
    every: Annotated[bool, typer.Option("--all", help=told("opt_all"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=told("opt_json"))] = False,
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Try a rule on saved readings."""
    from data.trial import BOARD, try_rules, variant  # noqa: PLC0415

    with _kept(profile, store) as (place, kept, url):
        asked = _rule(place, rule)
        if asked.metric in BOARD:
            raise refused(told("board", rule=rule, metric=asked.metric))
        _known(place, site or ())
        since, until = _span(kept, url, start, end)
        rest = {"clear": clear, "for_s": for_s, "clear_for_s": clear_for_s}
        numbers: list[float | None] = [*threshold] if threshold else [None]
        variants = [
            variant(asked, threshold=one, sites=site or (), **rest)  # type: ignore[arg-type]
            for one in numbers
        ]
        with _progress(told("trying", rule=rule), quiet=as_json) as tell:
            trials = try_rules(place, kept, variants, since, until, step_s=step, tell=tell)
    if as_json:
        _json(trials)
    elif len(trials) > 1:
        _compare(trials)
    else:
        _show(place, trials[0], SHOWN if not every else sys.maxsize)


def _rule(profile: Profile, name: str) -> RuleSpec:
    known = {rule.id: rule for rule in profile.spec.rules}
    if name not in known:
        raise refused(
            told("no_rule", got=name, expected=one_of(sorted(known)), hint=did_you_mean(name, known)).strip()
        )
    return known[name]


def _known(profile: Profile, places: Sequence[str]) -> None:
    known = {*profile.sites.row, *profile.fences["fence_id"].tolist()}
    for name in places:
        if name not in known:
            raise refused(told("no_site", got=name, hint=did_you_mean(name, sorted(known))).strip())


def _span(store: Store, url: str, start: str, end: str) -> tuple[int, int]:
    """The time that is tried; without it, the last day of what is kept."""
    from dashboard.times import EXPECTED, parse_time  # noqa: PLC0415

    span = store.span()
    if span is None:
        raise refused(told("no_data", store=url))
    given = {}
    for text in (start, end):
        given[text] = parse_time(text) if text else None
        if text and given[text] is None:
            raise refused(told("bad_time", got=text, expected=EXPECTED))
    # What is dated ahead of the clock is no evidence yet.
    until = given[end] or min(span[1], int(time.time()))
    since = given[start] or max(until - DAY_S, span[0] - 1)
    if since >= until:
        raise refused(told("bad_span", start=start or since, end=end or until))
    return since, until


def _show(profile: Profile, trial: Trial, most: int) -> None:
    rule, firings = trial.rule, trial.firings

    def clock(at: int) -> str:
        return f"{datetime.fromtimestamp(at, profile.zone):%Y-%m-%d %H:%M}"

    typer.echo(
        told(
            "tried", rule=rule.id, metric=rule.metric, op=rule.op, threshold=f"{rule.threshold:g}",
            for_s=rule.for_s, start=clock(trial.start), end=clock(trial.end),
            targets=trial.targets, judged=trial.judged,
        )
    )  # fmt: skip
    if not firings:
        typer.echo(told("none"))
        return
    places: dict[str, list[int]] = {}
    for number, one in enumerate(firings):
        places.setdefault(one.target_id, []).append(number)
    rows = []
    for mine in sorted(places.values(), key=lambda mine: -sum(firings[n].lasted_s(trial.end) for n in mine)):
        lasted = [firings[number].lasted_s(trial.end) for number in mine]
        first = firings[mine[0]]
        name = first.name if first.name == first.target_id else f"{first.name} ({first.target_id})"
        worst = _worst([firings[number].worst for number in mine], rule.op)
        rows.append(
            [name, str(len(mine)), _long(sum(lasted)), _long(max(lasted)), worst, clock(first.fired_at)]
        )
    show_table(
        [told(f"h_{name}") for name in ("place", "times", "stood", "longest", "worst", "first")], rows[:most]
    )
    rows = [
        [
            clock(one.fired_at),
            told("stands") if one.ended_at is None else clock(one.ended_at),
            _long(one.lasted_s(trial.end)),
            one.name,
            _worst([one.worst], rule.op),
            one.severity,
        ]
        for one in firings
    ]
    show_table(
        [told(f"h_{name}") for name in ("fired", "ended", "lasted", "place", "worst", "severity")],
        rows[:most],
    )
    if len(rows) > most:
        typer.echo(told("more", n=len(rows) - most))
    typer.echo(
        told(
            "summary", n=len(firings), places=len(places), most=trial.most_at_once,
            stood=_long(trial.stood_s),
            longest=_long(max(one.lasted_s(trial.end) for one in firings)),
        )
    )  # fmt: skip


def _compare(trials: Sequence[Trial]) -> None:
    """A line for each threshold."""
    rows = [
        [
            f"{trial.rule.op} {trial.rule.threshold:g}",
            str(len(trial.firings)),
            str(len({one.target_id for one in trial.firings})),
            str(trial.most_at_once),
            _long(trial.stood_s),
            _long(max((one.lasted_s(trial.end) for one in trial.firings), default=0)),
        ]
        for trial in trials
    ]
    names = ("threshold", "times", "places", "most", "stood", "longest")
    show_table([told(f"h_{name}") for name in names], rows)


def _json(trials: Sequence[Trial]) -> None:
    import orjson  # noqa: PLC0415

    for trial in trials:
        for one in trial.firings:
            row = {"rule": trial.rule.id, "threshold": trial.rule.threshold, **vars(one)}
            sys.stdout.write(orjson.dumps(row).decode() + "\n")


def _worst(values: Sequence[float | None], op: str) -> str:
    known = [value for value in values if value is not None]
    return f"{(max if op.startswith('>') else min)(known):.4g}" if known else "–"


def _long(seconds: int) -> str:
    """A duration as h:mm:ss."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[float], None]]:
    """A progress bar on a terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    console: Console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


@contextmanager
def _kept(profile: str | None, store: str | None) -> Iterator[tuple[Profile, Store, str]]:
    """The profile and the store that there is; a misspelt path must not become a new, empty one."""
    from data.profile import load_profile  # noqa: PLC0415
    from data.store import open_store  # noqa: PLC0415
    from data.store.files import path_of  # noqa: PLC0415

    settings = read_settings(os.environ, profile=profile, store=store)
    place = load_profile(settings.profile)
    url = settings.store_url(place.spec.id)
    if not path_of(url).exists():
        raise refused(say("no_store", got=path_of(url)))
    kept = open_store(url)
    try:
        yield place, kept, url
    finally:
        kept.close()
