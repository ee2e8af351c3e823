"""`threeline kiosk`: links of displays from the terminal of the server."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_accounts import opened_accounts, profile_of, terminal
from dashboard.cli_parts import ProfileOption, StoreOption, commands, show_table
from dashboard.saying import language, say
from dashboard.settings import Settings, read_settings

if TYPE_CHECKING:
    from dashboard.accounts.displays import Display
    from data.profile import Profile

kiosk = commands()
HEADS = ("display_name", "scope_label", "display_look", "state_label", "display_seen", "display_made")


@kiosk.command(help=say("kiosk_add"))
def add(
    name: Annotated[str, typer.Argument(help=say("arg_kiosk"), metavar="NAME", show_default=False)],
    *,
    scope: Annotated[str, typer.Option(help=say("opt_scope"), metavar="ADCODE")] = "",
    rotate: Annotated[int, typer.Option(help=say("opt_rotate"), metavar="SECONDS")] = 0,
    theme: Annotated[str, typer.Option(help=say("opt_theme"), metavar="dark|light")] = "dark",
    lang: Annotated[str, typer.Option(help=say("opt_kiosk_lang"), metavar="zh-CN|en")] = "",
    sound: Annotated[bool, typer.Option("--sound/--no-sound", help=say("opt_sound"))] = False,
    base: Annotated[str, typer.Option(help=say("opt_base"), metavar="URL")] = "",
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Make a link."""
    from dashboard.accounts.displays import Look  # noqa: PLC0415

    settings = read_settings(os.environ, profile=profile, store=store)
    place = profile_of(settings)
    lang = lang if lang in place.spec.languages else place.spec.languages[0]
    look = Look(scope, rotate, theme, lang, sound)
    with opened_accounts(settings) as accounts:
        made = accounts.displays.add(name, look, by=terminal(), counties=place.county_name)
        link = f"{base.rstrip('/') or _base(settings)}{accounts.displays.address_of(made)}"
    typer.echo(say("kiosk_made", name=made.name))
    typer.echo(link)


@kiosk.command("list", help=say("kiosk_list"))
def show(profile: ProfileOption = None, store: StoreOption = None) -> None:
    """List links in force, and those withdrawn lately."""
    settings = read_settings(os.environ, profile=profile, store=store)
    place = profile_of(settings)
    with opened_accounts(settings) as accounts:
        displays = accounts.displays.all()
    if not displays:
        typer.echo(say("kiosk_none"))
        return
    from dashboard.words import say as word  # noqa: PLC0415

    heads = [word(language(), head) for head in HEADS]
    rows = [_row(one, place, language()) for one in displays]
    show_table(heads, rows, faint={row for row, one in enumerate(displays) if one.withdrawn_at})


@kiosk.command(help=say("kiosk_revoke"))
def revoke(
    name: Annotated[str, typer.Argument(help=say("arg_revoke"), metavar="NAME|ID", show_default=False)],
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Withdraw a link."""
    with opened_accounts(read_settings(os.environ, profile=profile, store=store)) as accounts:
        gone = accounts.displays.withdraw(name, by=terminal())
    typer.echo(say("kiosk_revoked", name=gone.name))


def _base(settings: Settings) -> str:
    """Scheme, host and port as far as the settings tell; `--base` says it better behind a proxy."""
    scheme = "https" if settings.tls_cert or settings.proxies else "http"
    names = [name for name in settings.hosts if name]
    everywhere = settings.host in ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on
    host = names[0] if names else socket.gethostname() if everywhere else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" if settings.proxies else f"{scheme}://{host}:{settings.port}"


def _row(one: Display, place: Profile, lang: str) -> list[str]:
    from dashboard.words import say as word  # noqa: PLC0415

    def at(seconds: int) -> str:
        return f"{datetime.fromtimestamp(seconds, place.zone):%Y-%m-%d %H:%M}"

    look, by = one.look, word(lang, "by_terminal") if one.made_by == terminal() else one.made_by
    turns = word(lang, "display_seconds", n=look.rotate_s) if look.rotate_s else word(lang, "display_still")
    sound = word(lang, "display_sound_on" if look.sound else "display_sound_off")
    scope = f"{look.scope} {place.county_name.get(look.scope, '')}".strip()
    gone = one.withdrawn_at
    return [
        one.name,
        scope or word(lang, "scope_whole"),
        f"{turns} · {word(lang, f'theme_{look.theme}')} · {look.lang} · {sound}",
        f"{word(lang, 'display_withdrawn_at')} {at(gone)}" if gone else word(lang, "state_active"),
        at(one.seen_at) if one.seen_at else word(lang, "display_seen_never"),
        f"{at(one.made_at)} · {by}",
    ]
