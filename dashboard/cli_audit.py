"""`threeline audit`: whether the journal is as it was written, and what it tells."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_parts import ProfileOption, StoreOption, commands, refused, show_table, telling
from dashboard.saying import language, say
from dashboard.settings import read_settings

if TYPE_CHECKING:
    from data.journal import Broken, Entry
    from data.profile import Profile
    from data.store import Store

PAGE = 10_000
"""Entries that are read at once."""
NEWEST = 50
WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "help": (
        "办理日志：核验是否被改动，或查看条目。",
        "The journal of what people ordered: whether it was altered, and what it tells.",
    ),
    "verify": (
        "从头核验办理日志的每一条；被改动或有缺失时退出码为 1。",
        "Check every entry of the journal from the first on; exits with 1 if one was altered or is missing.",
    ),
    "show": ("列出办理日志的条目，旧的在前。", "List entries of the journal, oldest first."),
    "opt_head": (
        "交接班记录上印的日志位置“条号:封印”，可多次给出：日志必须包含它。",
        "Number and seal of an entry as a handover prints them (SEQ:SEAL), as often as needed: the journal "
        "must hold them.",
    ),
    "opt_after": ("只列出此条号之后的条目。", "List what comes after the entry with this number."),
    "opt_limit": ("最多列出几条；不给 --after 时取最新。", "At most so many; without --after the newest."),
    "opt_scope": ("只列出该县的条目。", "List what concerns this county alone."),
    "opt_json": ("每行一条 JSON，含封印。", "One JSON object to a line, seals included."),
    "bad_head": (
        "--head 的值“{got}”不可用；应为 条号:封印，封印为 16 至 64 位十六进制数",
        "--head “{got}” cannot be used; expected SEQ:SEAL, the seal as 16 to 64 hexadecimal digits",
    ),
    "whole": (
        "日志完整：{n} 条，{first} 至 {last}。最新一条 {head}",
        "The journal is whole: {n} entries, {first} to {last}. The newest is {head}",
    ),
    "empty": ("日志里还没有条目。", "The journal has no entry yet."),
    "holds": ("与 {head} 相符。", "It holds {head}."),
    "gap": ("日志不完整：缺第 {seq} 条。", "The journal is not whole: entry {seq} is missing."),
    "seal": (
        "日志被改动：第 {seq} 条与封印不符。",
        "The journal was altered: entry {seq} does not match its seal.",
    ),
    "head": (
        "日志与 {head} 不符：该条不存在，或封印不同（其后的条目可能被截去，或日志被重写）。",
        "The journal does not hold {head}: there is no such entry, or its seal is another (entries were cut "
        "off at the end, or all of it was written anew).",
    ),
}  # fmt: skip
SEAL = re.compile(r"(\d{1,12}):([0-9a-f]{16,64})")

audit = commands()


told = telling(WORDS)


@audit.command("verify", help=told("verify"))
def check(
    head: Annotated[list[str] | None, typer.Option(help=told("opt_head"), metavar="SEQ:SEAL")] = None,
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Check the whole journal."""
    noted = [_head(text) for text in head or ()]
    with kept_store(profile, store) as (place, kept):
        first = last = None
        count = 0
        seals: dict[int, str] = {}

        def seen(entries: Iterable[Entry]) -> Iterator[Entry]:
            nonlocal first, last, count
            for entry in entries:
                first, last, count = first or entry, entry, count + 1
                if any(entry.seq == seq for seq, _ in noted):
                    seals[entry.seq] = entry.seal
                yield entry

        broken = _broken(seen(_all(kept)))
        if broken is not None:
            raise refused(told(broken.why, seq=broken.seq))
        for seq, seal in noted:
            if not seals.get(seq, "").startswith(seal):
                raise refused(told("head", head=f"{seq}:{seal}"))
        if first is None or last is None:
            typer.echo(told("empty"))
        else:
            clock = _clock(place)
            head_now = f"{last.seq}:{last.seal}"
            typer.echo(told("whole", n=count, first=clock(first.at), last=clock(last.at), head=head_now))
        for seq, seal in noted:
            typer.echo(told("holds", head=f"{seq}:{seal}"))


@audit.command(help=told("show"))
def show(
    *,
    after: Annotated[int | None, typer.Option(help=told("opt_after"), min=0)] = None,
    limit: Annotated[int, typer.Option(help=told("opt_limit"), min=1, max=1_000_000)] = NEWEST,
    scope: Annotated[str, typer.Option(help=say("opt_scope"), metavar="ADCODE")] = "",
    as_json: Annotated[bool, typer.Option("--json", help=told("opt_json"))] = False,
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """List entries."""
    from dashboard.journal_words import columns, heads  # noqa: PLC0415

    with kept_store(profile, store) as (place, kept):
        start = max(kept.newest_entry() - limit, 0) if after is None and not scope else after or 0
        mine = (entry for entry in _all(kept, start) if scope in ("", entry.scope))
        entries = [entry for entry, _ in zip(mine, range(limit), strict=False)]
    if after is None and scope:
        entries = entries[-limit:]
    if as_json:
        _json(entries)
    elif not entries:
        typer.echo(told("empty"))
    else:
        show_table(heads(language()), [columns(place, entry, language()) for entry in entries])


def _broken(entries: Iterator[Entry]) -> Broken | None:
    from data.journal import verify  # noqa: PLC0415

    return verify(entries)


def _all(store: Store, after: int = 0) -> Iterator[Entry]:
    """Every entry after a number, read page by page."""
    while page := store.entries(after, limit=PAGE):
        yield from page
        after = page[-1].seq


def _head(text: str) -> tuple[int, str]:
    match = SEAL.fullmatch(text.strip().lower())
    if match is None:
        raise refused(told("bad_head", got=text))
    return int(match[1]), match[2]


@contextmanager
def kept_store(profile: str | None, store: str | None) -> Iterator[tuple[Profile, Store]]:
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
        yield place, kept
    finally:
        kept.close()


def _clock(place: Profile) -> Callable[[int], str]:
    from datetime import datetime  # noqa: PLC0415

    return lambda at: f"{datetime.fromtimestamp(at, place.zone):%Y-%m-%d %H:%M:%S}"


def _json(entries: Iterable[Entry]) -> None:
    import orjson  # noqa: PLC0415

    for entry in entries:
        sys.stdout.write(orjson.dumps(vars(entry)).decode() + "\n")
