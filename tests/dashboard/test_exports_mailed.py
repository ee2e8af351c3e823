"""Files of schedules as e-mail, taken by a real mail server."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.jobs.parcel import MOST_BYTES, MailPost, Parcel, post_of, written
from dashboard.notify.mail import Mail
from dashboard.notify.way import Undelivered
from dashboard.settings import Settings
from tests.conftest import NOON
from tests.dashboard.receiving import post

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    brief, picture = tmp_path / "small-brief-20260603T120000-zh-CN.docx", tmp_path / "small-snapshot.png"
    brief.write_bytes(b"a brief")
    picture.write_bytes(b"a picture")
    return Parcel(
        id="x00000001", schedule="morning", to=("chief@example.org", "duty@example.org"), lang="zh-CN",
        title="小地方态势 · 甲县", slot=NOON, zone=ZoneInfo("Asia/Shanghai"), files=(brief, picture),
        simulated=True, late=True, handling="内部资料", link="https://board.example/exports",
    )  # fmt: skip


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())


def test_the_files_of_a_slot_are_one_mail_to_all(parcel: Parcel) -> None:
    with post() as office:
        mail = Mail("127.0.0.1", office.port, "none", "board@example.org")
        sent = MailPost(mail).send(parcel)
    assert (sent.receivers, sent.left_out) == (2, 0)
    assert office.to == [["chief@example.org", "duty@example.org"]]
    [got] = office.mails
    assert got["subject"] == "【内部资料】【模拟数据】【补发】小地方态势 · 甲县（2026-06-03 12:00）"
    assert got["message-id"] == f"<morning.{NOON}.x00000001@example.org>"
    assert got["auto-submitted"] == "auto-generated"
    brief, picture = got.iter_attachments()
    assert (brief.get_content_type(), brief.get_content()) == (DOCX, b"a brief")
    assert (picture.get_content_type(), picture.get_content()) == ("image/png", b"a picture")
    assert brief.get_filename() == parcel.files[0].name
    text = body_of(got)
    assert "https://board.example/exports" in text
    assert all(path.name in text for path in parcel.files)


def test_in_english_and_without_what_is_not_so(parcel: Parcel) -> None:
    plain = replace(parcel, lang="en", title="Small place", simulated=False, late=False, handling="", link="")
    mail, left_out = written(plain, "board@example.org")
    assert left_out == 0
    assert mail["subject"] == "Small place, 2026-06-03 12:00"
    assert "http" not in body_of(mail)


def test_what_is_too_large_is_named_and_left_out(parcel: Parcel, tmp_path: Path) -> None:
    large = tmp_path / "small-snapshot-large.pdf"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES)
    mail, left_out = written(
        replace(parcel, files=(parcel.files[0], large, parcel.files[1])), "b@example.org"
    )
    assert left_out == 1
    assert [one.get_filename() for one in mail.iter_attachments()] == [path.name for path in parcel.files]
    assert large.name in body_of(mail)


def test_a_line_break_in_a_title_begins_no_header(parcel: Parcel) -> None:
    mail, _ = written(replace(parcel, title="a\r\nBcc: x@example.org"), "board@example.org")
    assert mail["bcc"] is None


def test_a_receiver_that_is_refused_is_not_taken_for_sent(parcel: Parcel) -> None:
    with post() as office:
        office.refuses["duty@example.org"] = "550 nobody here"
        with pytest.raises(Undelivered):
            MailPost(Mail("127.0.0.1", office.port, "none", "board@example.org")).send(parcel)


@pytest.mark.parametrize("given", [{}, {"smtp_host": "127.0.0.1"}], ids=["nothing", "no-sender"])
def test_without_a_mail_server_nothing_is_sent(given: dict[str, Any]) -> None:
    assert post_of(Settings(**given)) is None


def test_the_secret_of_the_mail_server_is_not_shown() -> None:
    settings = Settings(smtp_host="mail.example", smtp_from="board@example.org", smtp_password="a lantern")
    assert "a lantern" not in repr(post_of(settings))
