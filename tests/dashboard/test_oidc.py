"""Logins by another server: a real provider, its forms filled in as a browser would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.provider import Idp, sign_in
from tests.serving import PASSWORD, Served

pytestmark = pytest.mark.xdist_group("provider")


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Idp]:
    """The provider, for a board whose port is known beforehand."""
    made = Idp("").reserve()
    yield made.start()
    made.stop()


@pytest.fixture
def on(serve: Any, idp: Idp) -> Served:
    """A board that asks for a login and knows the provider."""
    return serve(login=True, port=idp.board_port, **idp.settings())


@pytest.fixture
def browser(on: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=on.url, timeout=60, trust_env=False) as client:
        yield client


def come_back(browser: httpx.Client, name: str, after: str = "/") -> httpx.Response:
    """Log in at the provider; what the board says of it."""
    begun = browser.get("/login/oidc", params={"next": after})
    assert begun.status_code == 303
    led = sign_in(browser, begun.headers["location"], name)
    return browser.get(led.headers["location"])


def test_a_login_by_the_provider_is_like_any_other(on: Served, browser: httpx.Client) -> None:
    assert "/login/oidc" in browser.get("/login").text
    answer = come_back(browser, "zk-duty", after="/county/900102")
    assert (answer.status_code, answer.headers["location"]) == (303, "/county/900102")
    assert browser.get("/county/900102").status_code == 200
    [session] = on.board.accounts.sessions.all()
    assert (session.account, session.role, session.scope) == ("zk-duty", "command", "")
    assert not session.must_change
    assert [event.kind for event in on.board.accounts.journal.newest()] == ["login", "add"]
    assert on.board.accounts.book.get("zk-duty").source == "oidc"
    assert on.board.accounts.end(session.id, by="test")
    assert browser.get("/").headers["location"].startswith("/login")


def test_a_group_gives_a_county(on: Served, browser: httpx.Client) -> None:
    come_back(browser, "gm-duty")
    [session] = on.board.accounts.sessions.all()
    assert (session.role, session.scope) == ("county", "900101")
    assert browser.get("/api/v1/sites", params={"scope": "900102"}).status_code == 404
    assert browser.get("/api/v1/sites", params={"scope": "900101"}).status_code == 200


@pytest.mark.parametrize(("name", "shown"), [("guest", "<code>canteen</code>"), ("nobody", "none at all")])
def test_who_has_no_group_that_counts_is_told_what_to_ask_for(
    on: Served, browser: httpx.Client, name: str, shown: str
) -> None:
    browser.headers["Accept-Language"] = "en"
    answer = come_back(browser, name)
    assert answer.status_code == 403
    assert shown in answer.text
    assert "THREELINE_OIDC_ROLES" in answer.text
    assert on.board.accounts.sessions.all() == []
    assert on.board.accounts.book.all() == []


def test_a_login_that_this_browser_did_not_begin_is_refused(on: Served, browser: httpx.Client) -> None:
    begun = browser.get("/login/oidc")
    back = sign_in(browser, begun.headers["location"], "zk-duty").headers["location"]
    with httpx.Client(timeout=60, trust_env=False) as other:
        assert other.get(back).status_code == 400
    url = httpx.URL(back)
    for state in ("", "x", url.params["state"][:8] + "x"):
        assert browser.get(url.copy_set_param("state", state)).status_code == 400
    assert browser.get(url.copy_set_param("iss", "https://elsewhere.example")).status_code == 403
    assert on.board.accounts.sessions.all() == []


def test_what_a_browser_keeps_cannot_be_made_up(on: Served, browser: httpx.Client) -> None:
    begun = browser.get("/login/oidc")
    back = sign_in(browser, begun.headers["location"], "zk-duty").headers["location"]
    [name] = [one for one in browser.cookies if "-oidc-" in one]
    kept = next(one for one in browser.cookies.jar if one.name == name)
    content, _, mark = str(kept.value).rpartition(".")
    for value in (f"{content[:-4]}AAAA.{mark}", f"{content}.", content, "."):
        kept.value = value
        assert browser.get(back).status_code == 400
    assert on.board.accounts.sessions.all() == []


def test_a_code_works_once(on: Served, browser: httpx.Client) -> None:
    begun = browser.get("/login/oidc")
    [(name, kept)] = [item for item in browser.cookies.items() if "-oidc-" in item[0]]
    back = sign_in(browser, begun.headers["location"], "zk-duty").headers["location"]
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400, "the board has forgotten it"
    again = browser.get(back, headers={"Cookie": f"{name}={kept}"})
    assert again.status_code == 403, "and the provider has, too"
    assert len(on.board.accounts.sessions.all()) == 1


def test_an_older_login_at_the_provider_is_too_old(on: Served, browser: httpx.Client) -> None:
    sign_on = on.app.server.state.sign_on
    begun = browser.get("/login/oidc")
    back = sign_in(browser, begun.headers["location"], "zk-duty").headers["location"]
    now = sign_on.now
    sign_on.now = lambda: now() + 700
    assert browser.get(back).status_code == 400


def test_a_local_account_of_the_same_name_is_somebody_elses(on: Served, browser: httpx.Client) -> None:
    on.account("zk-duty", "administrator")
    come_back(browser, "zk-duty")
    [session] = on.board.accounts.sessions.all()
    assert session.account.startswith("zk-duty-")
    assert session.role == "command"
    assert on.board.accounts.book.get("zk-duty").role == "administrator"


def test_another_group_is_another_role_at_the_next_login(on: Served, browser: httpx.Client) -> None:
    come_back(browser, "zk-duty")
    on.board.accounts.change("zk-duty", "briefing", by="test")
    come_back(browser, "zk-duty")
    assert on.board.accounts.book.get("zk-duty").role == "command"


def test_an_account_that_was_disabled_here_does_not_get_in(on: Served, browser: httpx.Client) -> None:
    assert come_back(browser, "zk-duty").status_code == 303
    on.board.accounts.disable("zk-duty", by="test")
    assert come_back(browser, "zk-duty").status_code == 403
    assert on.board.accounts.sessions.all() == []


def test_it_has_no_password_here(on: Served, browser: httpx.Client) -> None:
    assert come_back(browser, "zk-duty").status_code == 303
    for password in ("", "a heron on the sandbank"):
        assert on.board.accounts.log_in("zk-duty", password).state == "wrong"


def test_a_logout_ends_the_login_at_the_provider_too(on: Served, browser: httpx.Client) -> None:
    come_back(browser, "zk-duty")
    [session] = on.board.accounts.sessions.all()
    answer = browser.post("/logout", data={"form": on.board.accounts.form_token(session.id)})
    assert answer.status_code == 200
    seconds, _, address = answer.headers["refresh"].partition(";url=")
    assert seconds == "0"
    assert on.board.accounts.sessions.all() == []
    ended = browser.get(address)
    assert ended.headers["location"] == f"{on.url}/login"
    begun = browser.get("/login/oidc")
    asked = browser.get(begun.headers["location"], follow_redirects=True)
    assert 'name="login"' in asked.text


def test_a_new_key_of_the_provider_is_found(on: Served, browser: httpx.Client, idp: Idp) -> None:
    from tests.provider import new_key

    come_back(browser, "zk-duty")
    idp.stop()
    idp.key = new_key()
    idp.start()
    provider = on.app.server.state.sign_on.provider
    now = provider.now
    provider.now = lambda: now() + 60
    assert come_back(browser, "zk-duty").status_code == 303
    assert len(on.board.accounts.sessions.all()) == 2


def test_a_provider_that_is_down_leaves_the_accounts_of_the_board(
    on: Served, browser: httpx.Client, idp: Idp, caplog: pytest.LogCaptureFixture
) -> None:
    browser.headers["Accept-Language"] = "en"
    idp.stop()
    try:
        answer = browser.get("/login/oidc", params={"next": "/county/900101"})
        assert answer.headers["location"] == "/login?why=provider&next=/county/900101"
        page = browser.get(answer.headers["location"])
        assert page.status_code == 200
        assert "does not answer" in page.text
        assert "cannot be used: ConnectError" in caplog.text
        name = on.account("command", "command")
        form = page.text.partition('name="form" value="')[2].partition('"')[0]
        given = {"form": form, "name": name, "password": PASSWORD}
        assert browser.post("/login", data=given).status_code == 303
    finally:
        idp.start()
