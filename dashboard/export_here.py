"""A file straight from a store: for the command line, without a server."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.export_order import Order, Steps, choices, refused
from dashboard.saying import say
from dashboard.saying_exports import told

if TYPE_CHECKING:
    from dashboard.settings import Settings
    from data.engine import Engine
    from data.picture import Picture
    from data.profile import Profile


@dataclass(frozen=True)
class Made:
    """A file that was made here."""

    content: bytes
    picture: Picture
    profile: Profile
    store: str
    unlogged: str = ""
    """Why the journal was not told; "" where it was."""


def make(order: Order, settings: Settings, step: Steps) -> Made:
    """The file, from the store that settings name; the store must be there.

    Raises:
        FaultsError: the profile, the store, or something that is asked for.
    """
    from data.profile import load_profile  # noqa: PLC0415
    from data.store import StoreError  # noqa: PLC0415
    from data.store.files import path_of  # noqa: PLC0415

    step("figures")
    profile = load_profile(settings.profile)
    if order.scope and order.scope not in profile.county_name:
        known = ", ".join(f"{adcode} {name}" for adcode, name in profile.county_name.items())
        raise refused(say("bad_scope", got=order.scope, expected=known))
    lang = order.lang or profile.spec.languages[0]
    if lang not in profile.spec.languages:
        raise refused(say("bad_lang", got=lang, expected=", ".join(profile.spec.languages)))
    url = settings.store_url(profile.spec.id)
    # Exporting reads: a misspelt path must not become a new, empty store.
    if not path_of(url).exists():
        raise refused(say("no_store", got=path_of(url)))
    with _engine(profile, url) as engine:
        make_one = _snapshot if order.what == "snapshot" else _brief
        content, picture = make_one(order, engine, settings, lang, step)
        made = Made(content, picture, profile, url)
        try:
            _record(engine, order, made, lang)
        except StoreError as error:
            # The file itself is right, and whoever can read the store can have it.
            made = replace(made, unlogged=str(error))
    return made


@contextmanager
def _engine(profile: Profile, url: str) -> Iterator[Engine]:
    """An engine that was not started: everything comes from the store."""
    from data.engine import Engine  # noqa: PLC0415
    from data.store import open_store  # noqa: PLC0415

    store = open_store(url)
    try:
        yield Engine(profile, store)
    finally:
        store.close()


def _at(order: Order, engine: Engine) -> int:
    """The time of the picture; an engine that was not started knows no newest one."""
    newest = engine.picture.at - 1
    return newest if order.at is None else min(order.at, newest)


def _snapshot(
    order: Order, engine: Engine, settings: Settings, lang: str, step: Steps
) -> tuple[bytes, Picture]:
    from dashboard.exports.look import LAYERS, Look  # noqa: PLC0415
    from dashboard.exports.permalink import permalink  # noqa: PLC0415
    from dashboard.exports.snapshot import draw_snapshot  # noqa: PLC0415
    from dashboard.view import parse_center  # noqa: PLC0415
    from data.size import DEFAULT, parse_size  # noqa: PLC0415

    more, profile = order.more, engine.profile
    site, line = more.get("site", ""), more.get("line", "")
    hidden = tuple(part for part in more.get("hide", "").split(",") if part)
    lines = [one.id for one in profile.spec.lines]
    for name, got, known in (
        ("--site", site, [str(one) for one in profile.sites.site_id.tolist()]),
        ("--line", line, lines),
        *(("--hide", one, [*lines, *LAYERS]) for one in hidden),
    ):
        if got and got not in known:
            raise refused(told("bad_choice", name=name, got=got, expected=choices(known)))
    look = Look(
        theme=more.get("theme") or "dark",
        sheet=more.get("sheet") or "full",
        line=line,
        center=parse_center(more["c"]) if more.get("c") else None,
        zoom=float(more["z"]) if more.get("z") else None,
        hidden=hidden,
        site=site,
    )
    picture = engine.picture_at(_at(order, engine), order.scope)
    base = settings.address
    link = permalink(base, profile, scope=order.scope, at=picture.at, lang=lang, look=look)
    step("map")
    content = draw_snapshot(
        picture,
        profile,
        lang=lang,
        size=parse_size(more["size"]) if more.get("size") else DEFAULT,
        form=order.form,
        made_at=time.time(),
        look=replace(look, link=link),
    )
    return content, picture


def _brief(order: Order, engine: Engine, settings: Settings, lang: str, step: Steps) -> tuple[bytes, Picture]:
    from dashboard.briefs.gather import gather  # noqa: PLC0415
    from dashboard.briefs.making import make as write_brief  # noqa: PLC0415

    since = order.more.get("since")
    brief = gather(
        engine,
        _at(order, engine),
        order.scope,
        since=int(since) if since else None,
        covers=order.more.get("covers") or "last",
        made_at=time.time(),
        made_by="",
        base=settings.address,
    )
    # Whoever has the store has the neighbours, too: the map shows where the county lies.
    brief = replace(brief, profile=engine.profile)
    return write_brief(brief, order.form, lang, step), brief.picture


def _record(engine: Engine, order: Order, made: Made, lang: str) -> None:
    """Tell the journal, as the board does of its own files."""
    from dashboard.accounts.service import TERMINAL  # noqa: PLC0415
    from data.journal import Draft  # noqa: PLC0415

    detail = {
        "file": order.file,
        "form": order.form,
        "reach": "",
        "schedule": "",
        "slot": 0,
        "late": False,
        "at": made.picture.at,
        "lang": lang,
        "name": order.out.name,
        "bytes": len(made.content),
        "sha256": hashlib.sha256(made.content).hexdigest(),
    }
    export = f"x{secrets.token_hex(4)}"
    engine.store.put_entries([Draft("export", export, TERMINAL, scope=order.scope, detail=detail)])
