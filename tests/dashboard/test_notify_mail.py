"""Alerts as e-mail, taken by a real mail server."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from dashboard.notify.cap import Sender
from dashboard.notify.mail import Mail
from dashboard.notify.way import Letter, Undelivered
from data.dispatch import Dispatch
from data.spec_delivery import DeliverySpec
from tests.conftest import NOON
from tests.dashboard.giving import report
from tests.dashboard.receiving import post, with_deliveries
from tests.serving import Clock, Served, wait_for

PASSWORD = "a key for the post office"
WORDS = {
    "zh-CN": {
        "event": "等候超时", "name": "甲站", "county_name": "甲县", "what": "甲站 等候 45 分钟",
        "advice": "加开通道",
    },
    "en": {
        "event": "Wait", "name": "A", "county_name": "County A", "what": "A: wait 45 min",
        "advice": "Open lanes",
    },
}  # fmt: skip


def letter(
    profile: Any, *, lang: str = "", event: str = "fired", to: str = "duty@example.org", **more: Any
) -> Letter:
    detail = {"words": WORDS, "started_at": NOON, "fired_at": NOON} | more
    first = Dispatch("wait:a:1", "fired", NOON, "critical", "900101", detail, 1)
    last = Dispatch("wait:a:1", event, NOON + 60, "critical", "900101", detail, 2)
    delivery = DeliverySpec(id="duty", kind="email", address=to, lang=lang)
    sender = Sender.of(profile)
    return (
        Letter(delivery, sender, first, []) if event == "fired" else Letter(delivery, sender, last, [first])
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """A server's context, and the file of the authority that vouches for it."""
    ours, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path_factory.mktemp("mail") / "ca.pem"
    ours.cert_pem.write_to_path(str(path))
    return context, str(path)


def test_a_mail_says_it_in_words_and_carries_the_message(profile: Any) -> None:
    with post() as office:
        way = Mail("127.0.0.1", office.port, "none", "board@example.org")
        begun = letter(profile, to="duty@example.org, chief@example.org", simulated=True)
        way.send(begun)
        way.send(replace(letter(profile, lang="en", event="resolved"), before=[begun.dispatch]))
    first, last = office.mails
    assert office.to[0] == ["duty@example.org", "chief@example.org"]
    assert first["subject"] == "【模拟数据】告警：甲站 等候 45 分钟"
    body = first.get_body()
    assert body is not None
    text = body.get_content()
    assert "级别：紧急" in text
    assert "地点：甲站（甲县）" in text
    assert "建议：加开通道" in text
    (attached,) = first.iter_attachments()
    assert attached.get_content_type() == "application/cap+xml"
    assert b"<msgType>Alert</msgType>" in attached.get_content()
    assert first["auto-submitted"] == "auto-generated"
    assert last["subject"] == "Over: A: wait 45 min"
    assert last["in-reply-to"] == first["message-id"]
    assert b"<msgType>Cancel</msgType>" in next(iter(last.iter_attachments())).get_content()


def test_a_name_with_line_breaks_makes_no_header(profile: Any) -> None:
    words = {"zh-CN": {"what": "甲站\r\nBcc: other@example.org\n\n正文"}}
    with post() as office:
        Mail("127.0.0.1", office.port, "none", "board@example.org").send(letter(profile, words=words))
    assert office.to == [["duty@example.org"]]
    assert office.mails[0]["bcc"] is None
    assert office.mails[0]["subject"] == "告警：甲站 Bcc: other@example.org 正文"


def test_a_login_goes_by_tls_alone(profile: Any, authority: tuple[ssl.SSLContext, str]) -> None:
    context, ca = authority
    with post(context, password=PASSWORD) as office:
        Mail("127.0.0.1", office.port, "starttls", "board@example.org", "board", PASSWORD, ca).send(
            letter(profile)
        )
        assert (len(office.mails), office.logins) == (1, ["board"])
        wrong = Mail("127.0.0.1", office.port, "starttls", "board@example.org", "board", "no", ca)
        with pytest.raises(Undelivered, match="login is refused"):
            wrong.send(letter(profile))
        seen = len(office.logins)
        strange = Mail("127.0.0.1", office.port, "starttls", "board@example.org", "board", PASSWORD)
        with pytest.raises(Undelivered, match="certificate"):
            strange.send(letter(profile))
    assert len(office.logins) == seen


def test_a_server_without_starttls_is_told_nothing(profile: Any) -> None:
    with post() as office, pytest.raises(Undelivered, match="STARTTLS"):
        Mail("127.0.0.1", office.port, "starttls", "board@example.org").send(letter(profile))
    assert office.mails == []


@pytest.mark.parametrize(("answer", "refused"), [("550 no such box", True), ("450 later", False)])
def test_a_refused_address_is_told(profile: Any, answer: str, refused: bool) -> None:
    with post() as office:
        office.refuses["duty@example.org"] = answer
        with pytest.raises(Undelivered) as error:
            Mail("127.0.0.1", office.port, "none", "board@example.org").send(letter(profile))
    assert error.value.refused is refused
    assert error.value.why == f"SMTP {answer[:3]}: the address is refused"


def test_who_took_a_mail_does_not_get_it_again_while_another_does_not(profile: Any) -> None:
    both = letter(profile, to="duty@example.org, chief@example.org")
    with post() as office:
        way = Mail("127.0.0.1", office.port, "none", "board@example.org")
        office.refuses["chief@example.org"] = "450 come again"
        for _ in range(3):
            with pytest.raises(Undelivered) as error:
                way.send(both)
            # "Later" is not "never", whoever else took it.
            assert not error.value.refused
        office.refuses.clear()
        way.send(both)
        assert office.to == [["duty@example.org"], ["chief@example.org"]]
        way.send(both)
        assert office.to[2] == ["duty@example.org", "chief@example.org"]
        office.refuses["chief@example.org"] = "550 no such box"
        with pytest.raises(Undelivered) as error:
            way.send(both)
        assert error.value.refused


def test_without_a_server_nothing_is_sent(profile: Any) -> None:
    with pytest.raises(Undelivered, match="THREELINE_SMTP_HOST"):
        Mail("", 587, "starttls", "board@example.org").send(letter(profile))
    with pytest.raises(Undelivered, match="cannot be reached"):
        Mail("127.0.0.1", 1, "none", "board@example.org").send(letter(profile))


def test_an_alert_on_the_board_is_mailed(
    serve: Callable[..., Served], board: Callable[..., Any], profile: Any, clock: Clock, tmp_path: Path
) -> None:
    with post() as office:
        mailed = DeliverySpec(id="duty", kind="email", address="duty@example.org", severities=["critical"])
        settings = {
            "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none",
            "smtp_from": "board@example.org", "simulate": False,
        }  # fmt: skip
        served = serve(board(with_deliveries(profile, mailed), **settings))
        for _ in range(2):
            report(served, "c1", at=int(clock()), wait_min=45)
            served.settle()
            clock.forward(61)
        wait_for(lambda: len(office.mails) == 1)
        assert office.mails[0]["subject"].endswith("等候 45 分钟，超过 30 分钟")
