"""Links of displays: signed, read-only, in force until they are withdrawn."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from dashboard import ids
from dashboard.accounts.book import AccountError
from dashboard.accounts.displays import KEY_LENGTH, MOST, Display, Look
from dashboard.accounts.service import Accounts
from layers.faults import FaultsError
from tests.dashboard.sockets import connect
from tests.serving import Clock, Served, awaited

DAY = 86_400
NAME = "指挥室左屏"


@pytest.fixture
def on(serve: Any) -> Served:
    return serve(login=True)


@pytest.fixture
def made(on: Served) -> Display:
    return on.board.accounts.displays.add(NAME, Look(rotate_s=60, lang="zh-CN", sound=True), by="test")


def display(on: Served, **cookies: str) -> httpx.Client:
    """A display's browser, which knows nothing yet; the server's end closes it, too."""
    client = httpx.Client(base_url=on.url, timeout=60, trust_env=False, cookies=cookies)
    on._clients.append(client)
    return client


def address(on: Served, made: Display) -> str:
    return on.board.accounts.displays.address_of(made)


def test_a_link_needs_no_login_and_says_how_the_board_is_shown(on: Served, made: Display) -> None:
    link = address(on, made)
    assert re.fullmatch(r"/\?kiosk=1&rotate=60&theme=dark&lang=zh-CN&sound=1&key=tlk_[\w-]+", link)
    browser = display(on)
    answer = browser.get(link)
    assert answer.status_code == 200
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "live.js" in answer.text
    [cookie] = answer.headers.get_list("set-cookie")
    assert "; HttpOnly; SameSite=Strict" in cookie
    assert f"Max-Age={400 * DAY}" in cookie
    assert "Set-Cookie" in browser.get(link).headers, "every visit sets it again"
    assert browser.get("/api/v1/sites").status_code == 200
    assert browser.get("/_dash-layout").status_code == 200


def test_a_link_that_was_shortened_or_changed_is_put_right(on: Served, made: Display) -> None:
    key = on.board.accounts.displays.key_of(made)
    for query in (f"key={key}", f"kiosk=1&theme=light&lang=en&key={key}&rotate=5"):
        assert display(on).get(f"/?{query}").headers["location"] == address(on, made)
    kept = display(on).get(f"/?key={key}&z=9").headers["location"]
    assert kept == address(on, made) + "&z=9"


def test_a_display_can_only_look(on: Served, made: Display) -> None:
    browser = display(on)
    browser.get(address(on, made))
    refused = {
        "/api/v1/snapshot.png": 403, "/api/v1/export/sites.csv": 403, "/accounts": 403,
        "/accounts/displays": 403,
    }  # fmt: skip
    assert {path: browser.get(path).status_code for path in refused} == refused
    assert browser.post("/accounts/displays", data={"name": "mine"}).status_code == 403
    assert browser.post("/api/v1/rounds", json={}).status_code in (403, 404, 405)
    assert browser.get("/password").status_code == 303
    assert on.board.accounts.displays.all() == [on.board.accounts.displays.of_id(made.id)]


def test_a_display_of_one_county_sees_no_other(on: Served) -> None:
    made = on.board.accounts.displays.add("甲县值班室", Look(scope="900101"), by="test")
    browser = display(on)
    browser.get(address(on, made))
    sites = browser.get("/api/v1/sites").json()["features"]
    assert {site["properties"]["county"] for site in sites} == {"900101"}
    assert browser.get("/api/v1/sites", params={"scope": "900102"}).status_code == 404
    asked = {
        "output": f"{ids.PAGE}.children",
        "outputs": {"id": ids.PAGE, "property": "children"},
        "inputs": [{"id": ids.LOCATION, "property": "pathname", "value": "/"}],
        "changedPropIds": [f"{ids.LOCATION}.pathname"],
        "state": [{"id": ids.LOCATION, "property": "search", "value": "?kiosk=1"}],
    }
    wall = browser.post("/_dash-update-component", json=asked).text
    assert '"className":"canvas"' in wall, "a wall as any other, and not the county's desk"
    assert "甲县" in wall
    assert "乙县" not in wall


def test_it_survives_months_a_restart_and_the_loss_of_its_cookies(
    serve: Any, board: Any, clock: Clock, tmp_path: Path
) -> None:
    first = serve(board(login=True, name="one"))
    made = first.board.accounts.displays.add(NAME, Look(), by="test")
    link = address(first, made)
    browser = display(first)
    assert browser.get(link).status_code == 200
    clock.forward(200 * DAY + 13 * 3600)
    assert browser.get("/api/v1/sites").status_code == 200, "the cookie alone, past any login's end"
    first.close()
    second = serve(board(login=True, name="two"))
    kept = dict(browser.cookies)
    again = display(second, **kept)
    assert again.get("/api/v1/sites").status_code == 200, "another run of the server"
    assert display(second).get(link).status_code == 200, "a browser that lost all it knew"


def read_on(socket: Any) -> None:
    """Read until the other end closes."""
    while True:
        socket.recv(timeout=60)


def test_withdrawing_ends_page_interface_and_socket(on: Served, made: Display) -> None:
    browser, link = display(on), address(on, made)
    browser.get(link)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with connect(on.live_url, additional_headers={"Cookie": cookie}) as socket:
        assert json.loads(socket.recv(timeout=60))["revision"]
        on.board.accounts.displays.withdraw(NAME, by="test")
        with pytest.raises(ConnectionClosed) as closed:
            read_on(socket)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401
    assert browser.get("/api/v1/sites").status_code == 401
    page = browser.get(link)
    assert page.status_code == 403
    assert NAME in page.text
    assert "本屏链接已停用" in page.text
    assert "wall.js" in page.text
    assert "2026-06-03 12:00" in page.text
    assert NAME in browser.get("/?kiosk=1").text, "by its cookie alone it is told the same"
    assert browser.get("/").headers["location"] == "/login", "who does not want the wall may log in"


def test_what_the_server_never_signed_opens_nothing(on: Served, made: Display) -> None:
    key = on.board.accounts.displays.key_of(made)
    other = on.board.accounts.displays.add("右屏", Look(), by="test")
    mark = key.rpartition(f"{made.id}_")[2]
    wrong = [
        "", "tlk_", key[:-1], key[:-1] + ("A" if key[-1] != "A" else "B"), key + "A", key.upper(),
        "x" * KEY_LENGTH, "tlk_" + "é" * 56, key.replace(made.id, other.id), f"tlk_{'0' * 12}_{mark}",
    ]  # fmt: skip
    for one in wrong:
        answer = display(on).get("/", params={"kiosk": "1", "key": one})
        assert answer.status_code == 403, one
        assert "set-cookie" not in answer.headers
        assert "本屏链接无效" in answer.text
        assert on.board.accounts.displays.of_key(one) is None


def test_an_administrator_who_tries_a_link_is_not_made_a_display(on: Served, made: Display) -> None:
    client = on.login("administrator")
    assert client.get(address(on, made)).status_code == 200
    assert not [name for name in client.cookies if "display" in name]
    on.board.accounts.displays.withdraw(made.id, by="test")
    assert client.get(address(on, made)).status_code == 403


def test_the_open_demonstration_asks_for_no_key(serve: Any) -> None:
    assert display(serve()).get("/?kiosk=1&key=whatever").status_code == 200


def test_links_are_made_listed_and_withdrawn_by_administrators(on: Served) -> None:
    client = on.login("administrator")
    client.headers["Accept-Language"] = "en"
    page = client.get("/accounts/displays").text
    assert "There are no links yet" in page
    form = re.findall(r'name="form" value="(\w+)"', page)[-1]
    given = {
        "form": form,
        "name": " hall,  left ",
        "scope": "900101",
        "rotate": "30",
        "theme": "light",
        "lang": "en",
    }
    shown = client.post("/accounts/displays", data=given).text
    found = re.search(rf"{on.url}(/\?kiosk=1[^<\"]+)", shown)
    assert found
    link = found[1].replace("&amp;", "&")
    assert display(on).get(link).status_code == 200
    [made] = on.board.accounts.displays.all()
    assert (made.name, made.look) == ("hall, left", Look("900101", 30, "light", "en"))
    assert made.made_by == "administrator"
    listed = client.get("/accounts/displays").text
    assert "There now" in listed
    assert link.rpartition("key=")[2] not in listed, "the key is told once"
    assert client.post("/accounts/displays", data={"withdraw": made.id}).status_code == 403, "no token"
    done = client.post("/accounts/displays", data={"form": form, "withdraw": made.id})
    assert done.headers["location"].startswith("/accounts/displays?did=withdrawn")
    assert "Withdrawn lately" in client.get(done.headers["location"]).text
    assert display(on).get(link).status_code == 403
    kinds = [event.kind for event in on.board.accounts.journal.newest(2)]
    assert kinds == ["withdraw", "display"]
    for other in ("command", "briefing"):
        assert on.login(other).get("/accounts/displays").status_code == 403


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return Accounts(tmp_path / "accounts.sqlite", clock=clock)


@pytest.mark.parametrize(
    ("name", "look", "why"),
    [
        ("x", Look(), "bad_display_name"), ("x" * 41, Look(), "bad_display_name"),
        ("a\u202eb", Look(), "bad_display_name"), ("京A12345 屏", Look(), "personal_name"),
        ("hall", Look(scope="1"), "bad_scope"), ("hall", Look(rotate_s=4), "bad_rotation"),
        ("hall", Look(rotate_s=-1), "bad_rotation"), ("hall", Look(theme="pink"), "bad_theme"),
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_meant_is_not_made(accounts: Accounts, name: str, look: Look, why: str) -> None:
    with pytest.raises(AccountError) as error:
        accounts.displays.add(name, look, by="test", counties={"900101"})
    assert error.value.key == why
    assert accounts.displays.all() == []


def test_names_are_taken_while_they_are_in_force_and_there_is_an_end(accounts: Accounts) -> None:
    kept = accounts.displays
    for number in range(MOST):
        kept.add(f"wall {number}", Look(), by="test")
    for name, why in (("wall 1", "display_taken"), ("one more", "too_many_displays")):
        with pytest.raises(AccountError) as error:
            kept.add(name, Look(), by="test")
        assert error.value.key == why
    kept.withdraw("wall 1", by="test")
    assert kept.add("wall 1", Look(), by="test").name == "wall 1"
    with pytest.raises(AccountError):
        kept.withdraw("no such wall", by="test")


def test_withdrawn_links_are_forgotten_after_a_while(accounts: Accounts, clock: Clock) -> None:
    made = accounts.displays.add("hall", Look(), by="test")
    accounts.displays.withdraw("hall", by="test")
    assert [one.withdrawn_by for one in accounts.displays.all()] == ["test"]
    clock.forward(91 * DAY)
    assert accounts.displays.all() == []
    assert not accounts.displays.valid(made.access.session), "but never come back"


def test_when_it_was_last_there_is_known_to_the_minute(accounts: Accounts, clock: Clock) -> None:
    kept = accounts.displays
    made = kept.add("hall", Look(), by="test")
    assert kept._due(made)
    assert not kept._due(made)
    kept.seen(made)
    found = kept.of_id(made.id)
    assert found
    assert found.seen_at == int(clock())
    clock.forward(59)
    assert not kept._due(found)
    clock.forward(2)
    assert kept._due(found)


def test_the_secret_is_its_owners_alone_and_the_same_for_every_process(accounts: Accounts) -> None:
    made = accounts.displays.add("hall", Look(), by="test")
    key = accounts.displays.key_of(made)
    path = accounts.database.path.with_name("displays.key")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    other = Accounts(accounts.database.path)
    assert other.displays.of_key(key) == made
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("not a secret")
    with pytest.raises(FaultsError, match="displays"):
        Accounts(accounts.database.path).displays.key_of(made)
    path.unlink()
    assert Accounts(accounts.database.path).displays.of_key(key) is None, "a new secret, so new links"


def test_many_processes_agree_on_one_secret(tmp_path: Path) -> None:
    from dashboard.accounts.signing import server_secret

    async def read() -> set[bytes]:
        readers = [server_secret(tmp_path / "displays.key") for _ in range(16)]
        return set(await asyncio.gather(*(asyncio.to_thread(reader) for reader in readers)))

    assert len(awaited(read())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["displays.key"]


def test_the_command_makes_lists_and_withdraws(
    run: Callable[..., Any], small_profile: Path, tmp_path: Path
) -> None:
    where = ("--profile", small_profile, "--store", tmp_path / "board.sqlite")
    base = ("--base", "https://board.example/")
    made = run("kiosk", "add", "hall, left", "--scope", "900101", "--rotate", "30", "--sound", *base, *where)
    assert made.code == 0
    told, link = made.out.strip().splitlines()
    assert "shown this once" in told
    assert link.startswith("https://board.example/?kiosk=1&rotate=30&theme=dark&lang=zh-CN&sound=1&key=tlk_")
    [listed] = run("kiosk", "list", *where).out.strip().splitlines()
    assert listed.split("\t")[:4] == [
        "hall, left",
        "900101 甲县",
        "30 s per county · Dark · zh-CN · With sound",
        "Active",
    ]
    assert run("kiosk", "revoke", "hall, left", *where).code == 0
    assert "Withdrawn" in run("kiosk", "list", *where).out
    again = run("kiosk", "revoke", "hall, left", *where)
    assert (again.code, "in force" in again.err) == (1, True)
    assert run("kiosk", "add", "x", "--theme", "pink", *where).code == 1
