"""Logging in, being held off, sessions and what is written down of it all, by a standing clock."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.book import AccountError, check, clean_name
from dashboard.accounts.hashing import Hasher
from dashboard.accounts.lockout import FOREVER, LIMITS, neighbourhood, wait
from dashboard.accounts.service import IDLE_S, LONGEST_S, ONE_TIME_S, Accounts
from layers.faults import FaultsError
from tests.serving import PASSWORD, Clock, make_account

NAME = "zk-duty"


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Accounts]]:
    made: list[Accounts] = []

    def make() -> Accounts:
        made.append(Accounts(tmp_path / "accounts.sqlite", clock=clock, hasher=Hasher(1, 64, 1)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def accounts(opened: Callable[[], Accounts]) -> Accounts:
    found = opened()
    make_account(found, NAME, "county", "530924")
    return found


def shown(accounts: Accounts, token: str) -> dict[str, str]:
    return {accounts.cookie(secure=False): token}


def test_only_its_owner_may_read_the_file(accounts: Accounts) -> None:
    files = list(accounts.database.path.parent.glob("accounts.sqlite*"))
    assert len(files) > 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_file_that_others_may_read_is_closed_to_them(
    opened: Callable[[], Accounts], tmp_path: Path
) -> None:
    (tmp_path / "accounts.sqlite").touch(0o644)
    opened()
    assert stat.S_IMODE((tmp_path / "accounts.sqlite").stat().st_mode) == 0o600


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "accounts.sqlite")
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(FaultsError, match="another program"):
        Accounts(tmp_path / "accounts.sqlite")


def test_a_login_opens_a_session_whose_secret_is_not_kept(accounts: Accounts) -> None:
    found = accounts.log_in(NAME, PASSWORD, address="10.0.0.7", device="Firefox · Linux")
    assert found.state == "in"
    access = accounts.access_of(shown(accounts, found.token), secure=False)
    assert access is not None
    assert (access.who, access.role, access.scope) == (NAME, "county", "530924")
    assert accounts.valid(access.session)
    accounts.close()
    files = accounts.database.path.parent.glob("accounts.sqlite*")
    kept = b"".join(path.read_bytes() for path in files)
    assert found.token.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_the_name_may_be_typed_in_capitals_and_full_width(accounts: Accounts) -> None:
    assert accounts.log_in(" ＺＫ-Duty ", PASSWORD).state == "in"


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "é"])
def test_a_made_up_token_opens_nothing(accounts: Accounts, token: str) -> None:
    assert accounts.access_of(shown(accounts, token), secure=False) is None


def test_behind_tls_only_the_cookie_that_needs_it_counts(accounts: Accounts) -> None:
    token = accounts.log_in(NAME, PASSWORD).token
    assert accounts.cookie(secure=True).startswith("__Host-")
    assert accounts.access_of(shown(accounts, token), secure=True) is None
    assert accounts.access_of({accounts.cookie(secure=True): token}, secure=True) is not None


def test_a_session_ends_when_it_is_unused_and_in_any_case(accounts: Accounts, clock: Clock) -> None:
    cookies = shown(accounts, accounts.log_in(NAME, PASSWORD).token)
    clock.forward(IDLE_S)
    assert accounts.session_of(cookies, secure=False) is None
    cookies = shown(accounts, accounts.log_in(NAME, PASSWORD).token)
    for _ in range(LONGEST_S // 3600 - 1):
        clock.forward(3600)
        session = accounts.session_of(cookies, secure=False)
        assert session is not None
        assert accounts.sessions.needs_noting(session)
        accounts.sessions.seen(session)
    clock.forward(3600)
    assert accounts.session_of(cookies, secure=False) is None
    assert not accounts.valid(session.id)


def test_a_clock_put_right_leaves_no_session_of_the_time_to_come(accounts: Accounts, clock: Clock) -> None:
    clock.forward(365 * 86_400)
    token = accounts.log_in(NAME, PASSWORD).token
    clock.forward(-60)
    assert accounts.session_of(shown(accounts, token), secure=False) is not None
    clock.forward(-364 * 86_400)
    assert accounts.session_of(shown(accounts, token), secure=False) is None


def test_a_clock_put_right_holds_nobody_off_for_a_year(accounts: Accounts, clock: Clock) -> None:
    clock.forward(365 * 86_400)
    for _ in range(5):
        accounts.log_in(NAME, "wrong")
    clock.forward(-365 * 86_400)
    assert accounts.log_in(NAME, "wrong").state == "locked"  # counted on from where it was
    clock.forward(60)
    assert accounts.log_in(NAME, PASSWORD).state == "in"


def test_sessions_are_listed_and_ended_and_there_are_not_too_many(accounts: Accounts, clock: Clock) -> None:
    tokens = []
    for _ in range(25):
        tokens.append(accounts.log_in(NAME, PASSWORD).token)
        clock.forward(1)
    listed = accounts.sessions.all(NAME)
    assert len(listed) == 20
    assert accounts.session_of(shown(accounts, tokens[4]), secure=False) is None
    newest = accounts.session_of(shown(accounts, tokens[-1]), secure=False)
    assert newest == listed[0]
    assert accounts.end(newest.id, by="administrator")
    assert not accounts.end(newest.id, by="administrator")
    assert accounts.session_of(shown(accounts, tokens[-1]), secure=False) is None
    assert accounts.sessions.all("nobody") == []


@pytest.mark.parametrize("name", [NAME, "no-such-post"])
def test_failures_are_held_off_whether_there_is_such_an_account_or_not(
    accounts: Accounts, clock: Clock, name: str
) -> None:
    states = [accounts.log_in(name, "wrong", address="10.0.0.7").state for _ in range(5)]
    assert states == ["wrong"] * 4 + ["locked"]
    held = accounts.log_in(name, PASSWORD, address="10.0.0.8")
    assert (held.state, held.until) == ("locked", clock() + 30)
    clock.forward(30)
    again = accounts.log_in(name, "wrong", address="10.0.0.7")
    assert (again.state, again.until) == ("locked", clock() + 60)


def test_a_restart_forgives_nothing_and_a_success_everything(
    opened: Callable[[], Accounts], accounts: Accounts, clock: Clock
) -> None:
    for _ in range(5):
        accounts.log_in(NAME, "wrong")
    accounts.close()
    again = opened()
    assert again.log_in(NAME, PASSWORD).state == "locked"
    clock.forward(30)
    assert again.log_in(NAME, PASSWORD).state == "in"
    assert [again.log_in(NAME, "wrong").state for _ in range(4)] == ["wrong"] * 4


def test_an_address_that_tries_many_names_is_held_off(accounts: Accounts, clock: Clock) -> None:
    states = [accounts.log_in(f"post-{n}", "wrong", address="10.0.0.7").state for n in range(20)]
    assert states == ["wrong"] * 19 + ["locked"]
    assert accounts.log_in(NAME, PASSWORD, address="10.0.0.7").state == "locked"
    assert accounts.log_in(NAME, PASSWORD, address="10.0.0.8").state == "in"
    clock.forward(30)
    assert accounts.log_in(NAME, PASSWORD, address="10.0.0.7").state == "in"


def test_a_hundred_failures_are_the_end_until_a_reset(accounts: Accounts, clock: Clock) -> None:
    for _ in range(100):
        found = accounts.log_in(NAME, "wrong")
        clock.forward(900)
    assert (found.state, found.until) == ("locked", None)
    clock.forward(365 * 86_400)
    assert accounts.log_in(NAME, PASSWORD).state == "locked"
    password = accounts.reset(NAME, by="terminal")
    assert accounts.log_in(NAME, password).state == "in"


@given(st.integers(1, 300))
def test_waits_only_grow(failures: int) -> None:
    for limit in LIMITS.values():
        assert wait(limit, failures) <= wait(limit, failures + 1)
        assert wait(limit, failures) in range(901) or wait(limit, failures) == FOREVER


def test_one_sender_counts_once_however_many_addresses_it_has() -> None:
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == neighbourhood("2001:db8:1:2::9%eth0")
    assert neighbourhood("2001:db8:1:2::1") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("10.0.0.7") != neighbourhood("10.0.0.8")


def test_a_one_time_password_opens_only_the_page_that_changes_it(accounts: Accounts, clock: Clock) -> None:
    password = accounts.add("xd-duty", "command", by="administrator")
    cookies = shown(accounts, accounts.log_in("xd-duty", password).token)
    assert accounts.access_of(cookies, secure=False) is None
    session = accounts.session_of(cookies, secure=False)
    assert session is not None
    assert session.must_change
    assert not accounts.valid(session.id)
    assert accounts.change_password(session, password, password) == "same"
    assert accounts.change_password(session, "wrong", "a lantern over the ford") == "wrong"
    assert accounts.change_password(session, password, "xd-dutyxd-duty1") is not None
    assert accounts.change_password(session, password, "a lantern over the ford") is None
    assert accounts.access_of(cookies, secure=False) is not None
    assert accounts.log_in("xd-duty", password).state == "wrong"


def test_a_one_time_password_does_not_wait_for_ever(accounts: Accounts, clock: Clock) -> None:
    password = accounts.add("xd-duty", "command", by="administrator")
    clock.forward(ONE_TIME_S)
    assert accounts.log_in("xd-duty", password).state == "wrong"


def test_changing_the_password_ends_the_other_sessions(accounts: Accounts) -> None:
    here, there = (accounts.log_in(NAME, PASSWORD).token for _ in range(2))
    session = accounts.session_of(shown(accounts, here), secure=False)
    assert session is not None
    assert accounts.change_password(session, PASSWORD, "another lantern over the ford") is None
    assert accounts.session_of(shown(accounts, here), secure=False) is not None
    assert accounts.session_of(shown(accounts, there), secure=False) is None


def test_a_change_under_way_does_not_undo_a_reset(
    accounts: Accounts, opened: Callable[[], Accounts], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = accounts.session_of(shown(accounts, accounts.log_in(NAME, PASSWORD).token), secure=False)
    assert session is not None
    terminal, told, hashing = opened(), list[str](), accounts.hasher.hash

    def slow(password: str) -> str:
        told.append(terminal.reset(NAME, by="terminal"))
        return hashing(password)

    monkeypatch.setattr(accounts.hasher, "hash", slow)
    new = "another lantern over the ford"
    assert accounts.change_password(session, PASSWORD, new) == "wrong"
    assert accounts.log_in(NAME, new).state == "wrong"
    assert accounts.log_in(NAME, told[0]).state == "in"


def test_a_disabled_account_is_out_at_once_and_the_same_password_lets_it_in_again(accounts: Accounts) -> None:
    cookies = shown(accounts, accounts.log_in(NAME, PASSWORD).token)
    accounts.disable(NAME, by="terminal")
    assert accounts.session_of(cookies, secure=False) is None
    assert accounts.log_in(NAME, PASSWORD).state == "wrong"
    accounts.enable(NAME, by="terminal")
    assert accounts.session_of(cookies, secure=False) is None
    assert accounts.log_in(NAME, PASSWORD).state == "in"


def test_another_role_holds_for_open_sessions(accounts: Accounts) -> None:
    cookies = shown(accounts, accounts.log_in(NAME, PASSWORD).token)
    accounts.change(NAME, "briefing", "", by="administrator")
    access = accounts.access_of(cookies, secure=False)
    assert access is not None
    assert (access.role, access.scope) == ("briefing", "")


def test_a_hash_of_other_parameters_is_made_anew_at_the_login(accounts: Accounts) -> None:
    accounts.hasher = Hasher(2, 128, 1)
    assert accounts.log_in(NAME, PASSWORD).state == "in"
    row = accounts.book.row(NAME)
    assert row is not None
    assert "m=128,t=2" in row["hash"]
    assert accounts.log_in(NAME, PASSWORD).state == "in"


@pytest.mark.parametrize(
    ("name", "role", "scope", "key"),
    [
        ("x", "command", "", "bad_name"), ("-x-", "command", "", "bad_name"),
        ("a b", "command", "", "bad_name"),
        ("x" * 33, "command", "", "bad_name"), ("<b>x</b>", "command", "", "bad_name"),
        ("13812345678", "command", "", "personal_name"), ("post-1", "kiosk", "", "bad_role"),
        ("post-1", "county", "", "needs_scope"), ("post-1", "county", "999999", "bad_scope"),
        ("post-1", "administrator", "530924", "no_scope"), (NAME, "command", "", "taken"),
        ("ZK-DUTY", "command", "", "taken"),
    ],
)  # fmt: skip
def test_what_an_account_cannot_be_is_said(
    accounts: Accounts, name: str, role: str, scope: str, key: str
) -> None:
    with pytest.raises(AccountError) as error:
        accounts.add(name, role, scope, by="terminal", counties={"530924"})
    assert error.value.key == key


def test_a_post_may_have_a_chinese_name() -> None:
    check(clean_name("镇康值班室"), "county", "530924", {"530924"})


def test_somebody_is_always_left_to_administer(accounts: Accounts) -> None:
    assert accounts.first() is None
    accounts.add("head", "administrator", by="terminal")
    for undo in (
        lambda: accounts.disable("head", by="head"),
        lambda: accounts.change("head", "command", by="head"),
    ):
        with pytest.raises(AccountError, match="last_administrator"):
            undo()
    accounts.add("second", "administrator", by="head")
    accounts.disable("head", by="second")
    # At the server's terminal there is always a way back.
    accounts.disable("second", by="terminal")


def test_the_first_account_is_made_once(opened: Callable[[], Accounts]) -> None:
    accounts = opened()
    made = accounts.first()
    assert made is not None
    assert made[0] == "administrator"
    assert accounts.log_in(*made).state == "in"
    assert accounts.first() is None


def test_what_happened_is_written_down_without_what_was_typed(accounts: Accounts) -> None:
    accounts.log_in("my secret as a name", "wrong", address="10.0.0.7")
    accounts.log_in(NAME, "wrong", address="10.0.0.7")
    session = accounts.sessions.of_token(accounts.log_in(NAME, PASSWORD, address="10.0.0.7").token)
    assert session is not None
    accounts.end(session.id, by=NAME, kind="logout")
    accounts.reset(NAME, by="administrator")
    accounts.disable(NAME, by="administrator")
    events = [(event.kind, event.account, event.by) for event in accounts.journal.newest()]
    assert events[:6] == [
        ("disable", NAME, "administrator"), ("reset", NAME, "administrator"), ("logout", NAME, NAME),
        ("login", NAME, NAME), ("failure", NAME, ""), ("failure", "", ""),
    ]  # fmt: skip
    assert b"my secret" not in accounts.database.path.read_bytes()


def test_events_can_neither_be_changed_nor_deleted(accounts: Accounts) -> None:
    other = sqlite3.connect(accounts.database.path)
    # Or replacing would delete without a word.
    other.execute("PRAGMA recursive_triggers = ON")
    for statement in (
        "UPDATE events SET account = 'x'", "DELETE FROM events", "REPLACE INTO events SELECT * FROM events",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            other.execute(statement)
        other.rollback()
    other.close()


def test_another_process_is_heard_at_once(opened: Callable[[], Accounts], accounts: Accounts) -> None:
    token = accounts.log_in(NAME, PASSWORD).token
    terminal = opened()
    terminal.disable(NAME, by="terminal")
    assert accounts.session_of(shown(accounts, token), secure=False) is None


def test_forms_of_another_session_do_not_fit(accounts: Accounts) -> None:
    assert accounts.form_token("a") != accounts.form_token("b")
    assert accounts.form_token("a") == accounts.form_token("a")
