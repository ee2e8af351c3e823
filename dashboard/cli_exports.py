"""`threeline snapshot` and `threeline brief`: files of a moment, from a store or from a running board."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from dashboard.export_order import Order, refused, size_of, steps, write
from dashboard.saying import say
from dashboard.saying_exports import told
from dashboard.settings import Settings, read_settings

if TYPE_CHECKING:
    from dashboard.export_here import Made

SNAPSHOTS, BRIEFS = ("png", "svg", "pdf"), ("docx", "pptx", "pdf", "xlsx")
THEMES, SHEETS = ("dark", "light"), ("full", "map", "plain")
ZOOMS = (0.0, 24.0)

ScopeOption = Annotated[str, typer.Option(help=say("opt_scope"), metavar="ADCODE")]
AtOption = Annotated[str, typer.Option(help=say("opt_at"), metavar="TIME")]
LangOption = Annotated[str, typer.Option(help=told("opt_lang"))]
ProfileOption = Annotated[str | None, typer.Option(help=say("opt_profile"), metavar="NAME|DIR")]
StoreOption = Annotated[str | None, typer.Option(help=say("opt_store"), metavar="URL")]
ServerOption = Annotated[str, typer.Option(help=told("opt_server"), metavar="URL")]
AccountOption = Annotated[str, typer.Option(help=told("opt_account"), metavar="NAME")]


def _out(forms: tuple[str, ...]) -> str:
    return told("opt_out", forms=", ".join(f".{form}" for form in forms))


def snapshot(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=_out(SNAPSHOTS), metavar="FILE"),
    ] = None,
    *,
    scope: ScopeOption = "",
    at: AtOption = "",
    size: Annotated[str, typer.Option(help=say("opt_size"), metavar="WxH")] = "1920x1080",
    lang: LangOption = "",
    theme: Annotated[str, typer.Option(help=told("opt_theme"))] = "",
    sheet: Annotated[str, typer.Option(help=told("opt_sheet"))] = "",
    line: Annotated[str, typer.Option(help=told("opt_line"), metavar="LINE")] = "",
    c: Annotated[str, typer.Option("-c", "--c", help=told("opt_c"), metavar="LON,LAT")] = "",
    z: Annotated[str, typer.Option("-z", "--z", help=told("opt_z"), metavar="ZOOM")] = "",
    hide: Annotated[str, typer.Option(help=told("opt_hide"), metavar="LAYERS")] = "",
    site: Annotated[str, typer.Option(help=told("opt_site"), metavar="SITE")] = "",
    server: ServerOption = "",
    account: AccountOption = "",
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Draw the picture of one moment."""
    from dashboard.view import exact_center  # noqa: PLC0415
    from data.size import SIZES, parse_size  # noqa: PLC0415

    out = _form(out, SNAPSHOTS)
    try:
        parse_size(size)
    except ValueError:
        raise refused(say("bad_size", got=size, expected=SIZES)) from None
    for name, got, known in (("--theme", theme, THEMES), ("--sheet", sheet, SHEETS)):
        _among(name, got, known)
    if c and exact_center(c) is None:
        raise refused(told("bad_choice", name="--c", got=c, expected="LON,LAT (-180–180, -90–90)"))
    if z and not _is_zoom(z):
        raise refused(told("bad_choice", name="--z", got=z, expected="0–24"))
    more = {
        "size": size, "theme": theme, "sheet": sheet, "line": line,
        "c": c, "z": z, "hide": hide, "site": site,
    }  # fmt: skip
    order = Order("snapshot", out, scope, _time("--at", at), lang, more)
    _take(order, server, account, profile, store)


def brief(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=_out(BRIEFS), metavar="FILE"),
    ] = None,
    *,
    scope: ScopeOption = "",
    at: AtOption = "",
    lang: LangOption = "",
    since: Annotated[str, typer.Option(help=told("opt_since"), metavar="TIME")] = "",
    covers: Annotated[str, typer.Option(help=told("opt_covers"))] = "",
    placeholders: Annotated[bool, typer.Option("--placeholders", help=told("opt_placeholders"))] = False,
    server: ServerOption = "",
    account: AccountOption = "",
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Write the duty brief of one moment."""
    if placeholders:
        _list_placeholders()
        return
    from data.spec_exports import ScheduleSpec  # noqa: PLC0415

    out = _form(out, BRIEFS)
    _among("--covers", covers, get_args(ScheduleSpec.model_fields["covers"].annotation))
    start, when = _time("--since", since), _time("--at", at)
    if start is not None and when is not None and start > when:
        raise refused(told("bad_choice", name="--since", got=since, expected=told("not_after_at")))
    more = {"since": "" if start is None else str(start), "covers": covers}
    order = Order("brief", out, scope, when, lang, more)
    _take(order, server, account, profile, store)


def _take(order: Order, server: str, account: str, profile: str | None, store: str | None) -> None:
    """Have a file made, put it in its place, and say so."""
    if server and (profile is not None or store is not None):
        raise refused(told("one_source"))
    if account and not server:
        raise refused(told("account_alone"))
    if not order.out.parent.is_dir():  # better now than when it is made
        raise refused(told("no_folder", folder=order.out.parent, file=order.out.name))
    settings = read_settings(os.environ, profile=profile, store=store)
    if server:
        _from_board(order, server, account, settings)
    else:
        _from_store(order, settings)


def _from_board(order: Order, server: str, account: str, settings: Settings) -> None:
    from dashboard.export_there import address_of, fetch  # noqa: PLC0415

    address_of(server, account, settings)  # before a password is asked for that could not be sent
    # A question and a bar would write over each other: the password first.
    if account and not settings.password:
        settings = replace(settings, password=_password(account))
    with steps(order, 4) as step:
        fetched = fetch(order, server, account, settings, step)
    _put(order.out, fetched.content)
    typer.echo(told("wrote_at", file=order.out, size=size_of(fetched.content), time=fetched.at))


def _from_store(order: Order, settings: Settings) -> None:
    from dashboard.export_here import make  # noqa: PLC0415
    from dashboard.times import moment  # noqa: PLC0415

    with steps(order, 2 if order.what == "snapshot" else 4) as step:
        made: Made = make(order, settings, step)
    _put(order.out, made.content)
    data_at = moment(made.picture.data_at, made.profile.zone)
    if data_at is None:
        typer.echo(say("no_readings", store=made.store), err=True)
    if made.unlogged:
        typer.echo(told("not_logged", why=made.unlogged), err=True)
    if made.picture.simulated:
        typer.echo(told("marked"), err=True)
    typer.echo(told("wrote", file=order.out, size=size_of(made.content), time=data_at or "—"))


def _put(out: Path, content: bytes) -> None:
    try:
        write(out, content)
    except OSError as error:
        raise refused(told("unwritable", file=out, why=error.strerror or error)) from None


def _form(out: Path | None, forms: tuple[str, ...]) -> Path:
    """The file to write, which ends in one of the forms."""
    known = ", ".join(f".{form}" for form in forms)
    if out is None:
        raise refused(told("no_out", expected=known))
    if not out.suffix:
        raise refused(told("no_ending", got=out.name, expected=known))
    if out.suffix.lower().removeprefix(".") not in forms:
        raise refused(say("bad_format", got=out.suffix, expected=known))
    return out


def _among(name: str, got: str, known: tuple[str, ...]) -> None:
    if got and got not in known:
        raise refused(told("bad_choice", name=name, got=got, expected=", ".join(known)))


def _is_zoom(text: str) -> bool:
    try:
        return ZOOMS[0] <= float(text) <= ZOOMS[1]
    except ValueError:
        return False


def _time(name: str, text: str) -> int | None:
    """The time that is asked for, epoch seconds; None for now."""
    from dashboard.times import AHEAD_S, EXPECTED, parse_time  # noqa: PLC0415

    when = parse_time(text) if text else None
    if text and when is None:
        raise refused(
            say("bad_at", got=text, expected=EXPECTED)
            if name == "--at"
            else told("bad_choice", name=name, got=text, expected=EXPECTED)
        )
    if when is not None and when > time.time() + AHEAD_S:
        raise refused(
            say("future_at", got=text)
            if name == "--at"
            else told("bad_choice", name=name, got=text, expected=told("not_ahead"))
        )
    return when


def _password(account: str) -> str:
    if not sys.stdin.isatty():
        raise refused(told("no_password"))
    return str(typer.prompt(told("password", name=account), hide_input=True, err=True))


def _list_placeholders() -> None:
    """What a template may name, from the one table that also checks it."""
    from data import profile_template_names as names  # noqa: PLC0415

    for head, table in (
        ("list_texts", names.TEXTS),
        ("list_parts", names.PARTS),
        ("list_members", names.MEMBERS),
        ("list_blocks", names.BLOCKS),
    ):
        typer.echo(told(head))
        width = max(len(name) for name in table)
        for name, chinese in table.items():
            typer.echo(f"  {name:{width}}  {chinese}")
        typer.echo("")
    typer.echo(told("list_columns"))
    for part, tables in names.TABLES.items():
        for one, columns in tables.items():
            typer.echo(f"  {part}.tables.{one}.rows: {columns.replace(' ', ', ')}")
    typer.echo(told("list_filters"))
    typer.echo("  " + ", ".join(names.FILTERS))
