"""The pages of logins and accounts, as a browser without script uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.accounts.asking import same_site
from tests.serving import PASSWORD, Served

NAME = "zk-duty"
NEW = "another lantern over the ford"


@pytest.fixture
def guarded(serve: Callable[..., Served]) -> Served:
    served = serve(login=True)
    served.account(NAME, "command")
    return served


def form_token(page: str) -> str:
    found = re.search(r'name="form" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def said(page: str) -> str:
    """What the page says of what was done or went wrong."""
    return unescape(" ".join(re.findall(r'<p class="note[^>]*>([^<]*)</p>', page)))


@pytest.fixture
def visitor(guarded: Served) -> httpx.Client:
    """A browser that has the form of the login."""
    client = httpx.Client(
        base_url=guarded.url, trust_env=False, timeout=60, headers={"Accept-Language": "en"}
    )
    guarded._clients.append(client)
    return client


def log_in(
    client: httpx.Client, name: str = NAME, password: str = PASSWORD, query: str = ""
) -> httpx.Response:
    token = form_token(client.get(f"/login{query}").text)
    return client.post(f"/login{query}", data={"form": token, "name": name, "password": password})


def test_the_way_in_and_out(visitor: httpx.Client) -> None:
    answer = log_in(visitor, query="?next=/county/530924%3Fsel%3Dc1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/county/530924?sel=c1")
    cookie = next(text for text in answer.headers.get_list("set-cookie") if "-form" not in text)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert visitor.get("/api/v1/sites").status_code == 200
    assert visitor.get("/login").headers["location"] == "/"
    token = form_token(visitor.get("/password").text)
    out = visitor.post("/logout", data={"form": token})
    assert out.headers["location"] == "/login?why=out"
    assert "logged out" in said(visitor.get("/login?why=out").text)
    assert visitor.get("/api/v1/sites").status_code == 401


def test_what_a_page_of_a_login_is_sent_with(visitor: httpx.Client) -> None:
    answer = visitor.get("/login")
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["content-security-policy"].split("style-src")[0]
    assert not re.search(r"<script>|\son\w+=", answer.text)
    assert urlsplit(re.findall(r'<script src="([^"]+)"', answer.text)[0]).netloc == ""


@pytest.mark.parametrize("name", [NAME, "no-such-post"])
def test_wrong_and_locked_sound_the_same_for_every_name(
    guarded: Served, visitor: httpx.Client, name: str
) -> None:
    for _ in range(4):
        answer = log_in(visitor, name, "wrong")
        assert answer.status_code == 401
        assert said(answer.text) == "The account or the password is not right."
    held = log_in(visitor, name, "wrong")
    assert held.status_code == 429
    assert held.headers["retry-after"] == "30"
    # Noon and thirty seconds, by the prefecture's clocks.
    assert "12:00:30" in said(held.text)
    assert log_in(visitor, name, PASSWORD).status_code == 429


def test_a_disabled_account_sounds_wrong(guarded: Served, visitor: httpx.Client) -> None:
    guarded.board.accounts.disable(NAME, by="terminal")
    assert log_in(visitor).status_code == 401


def test_the_login_form_is_for_the_browser_it_was_made_for(guarded: Served, visitor: httpx.Client) -> None:
    token = form_token(visitor.get("/login").text)
    values = {"form": token, "name": NAME, "password": PASSWORD}
    assert httpx.post(f"{guarded.url}/login", data=values, trust_env=False, timeout=60).status_code == 403
    assert visitor.post("/login", data=values | {"form": ""}).status_code == 403
    assert visitor.post("/login", data=values | {"form": "0" * 64}).status_code == 403
    assert visitor.post("/login", data=values | {"form": "表" * 64}).status_code == 403
    foreign = visitor.post("/login", data=values, headers={"Origin": "http://elsewhere.example"})
    assert foreign.json()["type"].endswith("foreign-origin")
    assert visitor.post("/login", data=values, headers={"Origin": guarded.url}).status_code == 303


@pytest.mark.parametrize(
    "path", ["/login/", "/login/any", "/login/%2e%2e/api/v1/sites", "/login/%2e%2e/rounds"]
)
def test_what_only_begins_like_the_login_is_a_page_like_any_other(guarded: Served, path: str) -> None:
    answer = httpx.get(f"{guarded.url}{path}", trust_env=False, timeout=60)
    assert (answer.status_code, answer.text) == (303, "")


def test_files_that_there_are_not_are_nobodys(guarded: Served) -> None:
    for path in ("/assets/none.js", "/_dash-component-suites/", "/_dash-component-suites/dashboard/app.py"):
        assert httpx.get(f"{guarded.url}{path}", trust_env=False, timeout=60).status_code == 401


def test_forms_need_the_token_of_their_own_session_and_no_foreign_page(guarded: Served) -> None:
    head, other = guarded.login("administrator"), guarded.login("head-2", role="administrator")
    own = form_token(head.get("/accounts").text)
    values = {"do": "disable", "name": NAME}
    for client, more, headers in (
        (head, {}, {}),
        (head, {"form": ""}, {}),
        (head, {"form": "表" * 64}, {}),
        (other, {"form": own}, {}),
        (head, {"form": own}, {"Origin": "http://elsewhere.example"}),
        (head, {"form": own}, {"Origin": "null"}),
        (head, {"form": own}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer = client.post("/accounts", data=values | more, headers=headers)
        assert answer.status_code == 403, (more, headers)
    assert not guarded.board.accounts.book.get(NAME).disabled
    assert head.post("/logout", data={"form": form_token(other.get("/accounts").text)}).status_code == 403
    assert head.get("/accounts").status_code == 200
    assert head.post("/accounts", data=values | {"form": own}).status_code == 303
    assert guarded.board.accounts.book.get(NAME).disabled


def test_only_forms_of_a_bearable_size_are_read(visitor: httpx.Client) -> None:
    visitor.get("/login")
    assert visitor.post("/login", json={"name": NAME}).status_code == 415
    assert visitor.post("/login", data={"password": "x" * 20_000}).status_code == 413
    many = "&".join(f"f{n}=1" for n in range(50))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.post("/login", content=many, headers=kind).status_code == 400


def test_no_address_logs_anybody_out(guarded: Served) -> None:
    client = guarded.login(NAME)
    assert client.get("/logout").headers["location"] == "/password"
    assert client.get("/api/v1/sites").status_code == 200


@given(st.text(max_size=60) | st.text("/\\.@:?#%hjavscript ", max_size=20).map(lambda text: "/" + text))
@settings(max_examples=300)
@example("//elsewhere.example")
@example("/\\elsewhere.example")
@example("https://elsewhere.example/")
@example("javascript:alert(1)")
@example("/\t/elsewhere.example")
@example("/ /elsewhere.example")
@example("/login?next=/login")
@example("/logout")
def test_whatever_next_says_it_stays_on_this_server(text: str) -> None:
    to = same_site(text)
    base = urlsplit(urljoin("http://board.local:8050/login", to))
    assert (base.scheme, base.netloc) == ("http", "board.local:8050")
    assert base.path not in ("/login", "/logout")


@pytest.mark.parametrize(
    "to", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_an_address_elsewhere_is_not_gone_on_to(visitor: httpx.Client, to: str) -> None:
    answer = log_in(visitor, query=f"?next={to}")
    assert answer.headers["location"] == "/"


def test_a_one_time_password_has_to_be_changed_first(guarded: Served, visitor: httpx.Client) -> None:
    password = guarded.board.accounts.reset(NAME, by="terminal")
    assert log_in(visitor, password=password, query="?next=/history").headers["location"] == "/history"
    due = visitor.get("/history")
    assert due.headers["location"] == "/password?next=/history"
    assert visitor.get("/api/v1/sites").json()["type"].endswith("password-due")
    assert visitor.get("/accounts").headers["location"].startswith("/password")
    page = visitor.get("/password?next=/history").text
    assert "My logins" not in page
    values = {"form": form_token(page), "old": password, "new": NEW, "again": NEW}
    for more, says in (
        ({"again": NEW + "s"}, "differ"), ({"new": "short", "again": "short"}, "at least 15"),
        ({"new": "zk-dutyzk-duty1", "again": "zk-dutyzk-duty1"}, "account's name"),
        ({"old": "wrong"}, "current password"), ({"new": password, "again": password}, "that you have"),
    ):  # fmt: skip
        answer = visitor.post("/password?next=/history", data=values | more)
        assert answer.status_code == 422
        assert says in said(answer.text) or "over and over" in said(answer.text), said(answer.text)
        assert password not in answer.text
    done = visitor.post("/password?next=/history", data=values)
    assert (done.status_code, done.headers["location"]) == (303, "/history")
    assert visitor.get("/api/v1/sites").status_code == 200


def test_ones_own_logins_are_listed_and_ended(guarded: Served, visitor: httpx.Client) -> None:
    log_in(visitor)
    others = [guarded.login(NAME) for _ in range(3)]
    page = visitor.get("/password").text
    ids = re.findall(r'name="id" value="([0-9a-f]{12})"', page)
    assert len(ids) == 3
    token = form_token(page)
    assert visitor.post("/password/end", data={"form": token, "id": ids[0]}).status_code == 303
    assert sum(one.get("/api/v1/sites").status_code == 401 for one in others) == 1
    visitor.post("/password/end", data={"form": token, "others": "1"})
    assert sum(one.get("/api/v1/sites").status_code == 401 for one in others) == 3
    assert visitor.get("/api/v1/sites").status_code == 200


def test_nobody_ends_the_login_of_another_without_administering(
    guarded: Served, visitor: httpx.Client
) -> None:
    log_in(visitor)
    other = guarded.login("briefing")
    session = guarded.board.accounts.sessions.all("briefing")[0]
    visitor.post("/password/end", data={"form": form_token(visitor.get("/password").text), "id": session.id})
    assert other.get("/api/v1/sites").status_code == 200


@pytest.mark.parametrize("role", ["command", "county", "briefing"])
def test_accounts_are_the_administrators(guarded: Served, role: str) -> None:
    client = guarded.login(role, scope="530924" if role == "county" else "")
    assert client.get("/accounts").status_code == 403
    token = form_token(client.get("/password").text)
    answer = client.post("/accounts", data={"form": token, "do": "add", "name": "x-1", "role": "command"})
    assert answer.status_code == 403
    assert guarded.board.accounts.book.row("x-1") is None


def test_the_administrator_keeps_accounts(guarded: Served) -> None:
    head = guarded.login("administrator")
    counties = guarded.board.profile.county_name
    token = form_token(head.get("/accounts").text)

    def do(what: str, **values: str) -> httpx.Response:
        return head.post("/accounts?lang=en", data={"form": token, "do": what, "name": "xd-duty", **values})

    scope = next(iter(counties))
    assert "needs a scope" in said(do("add", role="county").text)
    made = do("add", role="county", scope=scope)
    password = re.search(r"<code>([^<]+)</code>", made.text)
    assert password
    assert password[1] not in head.get("/accounts").text
    assert "already" in said(do("add", role="command").text)
    assert do("change", role="briefing", scope="").headers["location"] == "/accounts?did=saved&lang=en"
    assert guarded.board.accounts.book.get("xd-duty").role == "briefing"
    assert do("disable").status_code == 303
    assert do("enable").status_code == 303
    again = re.search(r"<code>([^<]+)</code>", do("reset").text)
    assert again
    assert again[1] != password[1]
    assert "no account" in said(do("reset", name="nobody").text)
    assert "only administrator" in said(do("disable", name="administrator").text)
    page = head.get("/accounts?lang=en").text
    for kind in ("Account made", "Role or scope changed", "Disabled", "Enabled", "Password reset"):
        assert kind in page
    assert do("unheard of").status_code == 303


def test_the_administrator_ends_logins(guarded: Served) -> None:
    head, other = guarded.login("administrator"), guarded.login("briefing")
    page = head.get("/accounts").text
    ids = re.findall(r'name="id" value="([0-9a-f]{12})"', page)
    assert len(ids) == 1
    head.post("/accounts", data={"form": form_token(page), "do": "end", "id": ids[0]})
    assert other.get("/api/v1/sites").status_code == 401


def test_older_events_are_turned_to(guarded: Served) -> None:
    head = guarded.login("administrator")
    for n in range(60):
        guarded.board.accounts.journal.add("end", f"post-{n}", by="administrator")
    page = head.get("/accounts?lang=en").text
    assert "post-59" in page
    assert "post-5<" not in page
    older = re.search(r'href="([^"]+before=\d+)"', page)
    assert older
    assert "post-5<" in head.get(unescape(older[1])).text
    assert head.get("/accounts?before=9999999999999999999999").status_code == 200


def test_what_is_typed_is_shown_as_text(guarded: Served, visitor: httpx.Client) -> None:
    answer = log_in(visitor, '"><img src=x onerror=alert(1)>', "x")
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text
    head = guarded.login("administrator")
    values = {
        "form": form_token(head.get("/accounts").text),
        "do": "add",
        "name": "<b>x</b>",
        "role": "command",
    }
    assert "<b>x" not in head.post("/accounts", data=values).text


def test_both_languages_and_palettes(visitor: httpx.Client) -> None:
    chinese = visitor.get("/login?lang=zh-CN&theme=light").text
    assert '<html lang="zh-CN" data-theme="light">' in chinese
    assert "登录" in chinese
    # The page that is gone on to says the language, where the address does not.
    assert '<html lang="zh-CN">' in visitor.get("/login?next=/%3Flang%3Dzh-CN").text
    assert '<html lang="en">' in visitor.get("/login?theme=neon").text


def test_where_nobody_logs_in_there_is_nothing_to_log_in_to(served: Served) -> None:
    assert served.get("/login").headers["location"] == "/"
    assert served.get("/password").headers["location"] == "/"
    assert served.get("/accounts").status_code == 403
