"""`threeline user`: accounts from the terminal of the server; and what `serve` says of logins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_parts import ProfileOption, StoreOption, commands
from dashboard.saying import language, say
from dashboard.settings import Settings, read_settings
from layers.faults import Fault, FaultsError

if TYPE_CHECKING:
    from dashboard.accounts.service import Accounts
    from dashboard.board import Board
    from data.profile import Profile

user = commands()

NameArgument = Annotated[str, typer.Argument(help=say("arg_user"), metavar="NAME", show_default=False)]


@user.command(help=say("user_add"))
def add(
    name: NameArgument,
    *,
    role: Annotated[str, typer.Option(help=say("opt_role"), metavar="ROLE")],
    scope: Annotated[str, typer.Option(help=say("opt_user_scope"), metavar="ADCODE")] = "",
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Make an account."""
    settings = read_settings(os.environ, profile=profile, store=store)
    # What the profile knows matters only to an account of a part of it.
    counties = profile_of(settings).county_name if scope else None
    with opened_accounts(settings) as accounts:
        password = accounts.add(name, role, scope, by=terminal(), counties=counties)
    _tell(name, password)


@user.command("list", help=say("user_list"))
def show(profile: ProfileOption = None, store: StoreOption = None) -> None:
    """List every account."""
    from dashboard.accounts.listing import show_accounts  # noqa: PLC0415

    settings = read_settings(os.environ, profile=profile, store=store)
    place = profile_of(settings)
    with opened_accounts(settings) as accounts:
        show_accounts(accounts.book.all(), accounts.sessions.all(), place, language())


@user.command(help=say("user_disable"))
def disable(name: NameArgument, profile: ProfileOption = None, store: StoreOption = None) -> None:
    """Let an account in no more."""
    with opened_accounts(read_settings(os.environ, profile=profile, store=store)) as accounts:
        accounts.disable(name, by=terminal())
    typer.echo(say("user_disabled", name=name))


@user.command(help=say("user_enable"))
def enable(name: NameArgument, profile: ProfileOption = None, store: StoreOption = None) -> None:
    """Let an account in again."""
    with opened_accounts(read_settings(os.environ, profile=profile, store=store)) as accounts:
        accounts.enable(name, by=terminal())
    typer.echo(say("user_enabled", name=name))


@user.command(help=say("user_reset"))
def reset(name: NameArgument, profile: ProfileOption = None, store: StoreOption = None) -> None:
    """Give an account a one-time password."""
    with opened_accounts(read_settings(os.environ, profile=profile, store=store)) as accounts:
        password = accounts.reset(name, by=terminal())
    _tell(name, password)


def tell_of_logins(board: Board) -> None:
    """Say how the board is logged in to; make the administrator of one that has no account."""
    if not board.login_asked:
        typer.echo(say("open_demonstration"))
        return
    settings = board.settings
    if not (settings.loopback or settings.tls_cert or settings.proxies):
        typer.echo(say("plain_warning"), err=True)
    # What systemd writes into its journal stays there: a password does not belong in it.
    if "JOURNAL_STREAM" in os.environ:
        if board.accounts.empty:
            typer.echo(say("first_unsaid"), err=True)
        return
    made = board.accounts.first()
    if made is not None:
        typer.echo(say("first_account", name=made[0], password=made[1], days=_days()))


def _tell(name: str, password: str) -> None:
    from dashboard.accounts.book import clean_name  # noqa: PLC0415

    typer.echo(say("user_password", name=clean_name(name), password=password, days=_days()))


def _days() -> int:
    from dashboard.accounts.service import ONE_TIME_S  # noqa: PLC0415

    return ONE_TIME_S // 86_400


def terminal() -> str:
    """Who did what is done from here."""
    from dashboard.accounts.service import TERMINAL  # noqa: PLC0415

    return TERMINAL


def profile_of(settings: Settings) -> Profile:
    """The profile that the settings name."""
    from data.profile import load_profile  # noqa: PLC0415

    return load_profile(settings.profile)


@contextmanager
def opened_accounts(settings: Settings) -> Iterator[Accounts]:
    """The accounts of a store; what cannot be done with them ends the command with a sentence."""
    from dashboard.accounts.book import AccountError  # noqa: PLC0415
    from dashboard.board import accounts_of  # noqa: PLC0415
    from dashboard.words import say as word  # noqa: PLC0415
    from data.store.files import path_of  # noqa: PLC0415

    # Where the store is follows from the profile's id, unless it was named.
    url = settings.store or settings.store_url(profile_of(settings).spec.id)
    accounts = accounts_of(settings, path_of(url))
    try:
        yield accounts
    except AccountError as error:
        raise FaultsError([Fault(word(language(), f"account_{error.key}", **error.values))]) from None
    finally:
        accounts.close()
