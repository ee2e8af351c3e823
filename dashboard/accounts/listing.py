"""Accounts as a terminal shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console

from dashboard.accounts.book import Account
from dashboard.accounts.sessions import Session
from dashboard.cli_parts import show_table
from dashboard.saying import say as said
from dashboard.words import say
from data.profile import Profile


def show_accounts(
    accounts: Sequence[Account], sessions: Sequence[Session], profile: Profile, lang: str
) -> None:
    """A table on a terminal, a line each elsewhere."""
    if not accounts:
        Console().print(said("user_none"))
        return
    opened = Counter(session.account for session in sessions)
    heads = [say(lang, key) for key in HEADS]
    rows = [_row(account, opened[account.name], profile, lang) for account in accounts]
    show_table(heads, rows, faint={row for row, account in enumerate(accounts) if account.disabled})


HEADS = ("account_name", "role_label", "scope_label", "state_label", "last_login", "sessions_all", "made_by")


def _row(account: Account, opened: int, profile: Profile, lang: str) -> list[str]:
    state = (
        "state_disabled" if account.disabled else "state_one_time" if account.must_change else "state_active"
    )
    scope = f"{account.scope} {profile.county_name.get(account.scope, '')}".strip()
    last = account.last_login
    return [
        account.name,
        say(lang, f"role_{account.role}"),
        scope or say(lang, "scope_whole"),
        say(lang, state),
        f"{datetime.fromtimestamp(last, profile.zone):%Y-%m-%d %H:%M}" if last else say(lang, "never_in"),
        str(opened),
        say(lang, "by_terminal") if account.made_by == "terminal" else account.made_by,
    ]
