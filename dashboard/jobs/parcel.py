"""A parcel: the files of one slot of a schedule and one scope, sent as one mail."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from dashboard.jobs.job import MEDIA
from dashboard.jobs.kept import Made, Place
from dashboard.jobs.shelf import Shelf
from dashboard.notify.mail import LONGEST_SUBJECT, Mail
from dashboard.settings import Settings
from dashboard.words import pick, say
from data.spec import ProfileSpec
from data.spec_exports import ScheduleSpec

if TYPE_CHECKING:
    from dashboard.board import Board

MOST_BYTES = 15 * 2**20
"""Of files in one mail: encoded for the way they grow by a third, and servers take about 25 MB."""


@dataclass(frozen=True)
class Parcel:
    """What a mail is written from."""

    id: str
    """The same at every try: of the first export in it."""
    schedule: str
    to: tuple[str, ...]
    lang: str
    title: str
    """Of the board, and of the county that it is about."""
    slot: int
    zone: ZoneInfo
    files: tuple[Path, ...]
    """Those that are on the shelf."""
    simulated: bool = False
    late: bool = False
    handling: str = ""
    made_at: float = 0.0
    """When it is sent, epoch seconds."""
    link: str = ""
    """Address of the list of exports; "" where the board has none that people type."""

    @classmethod
    def of(cls, board: Board, spec: ScheduleSpec, place: Place, made: Sequence[Made], shelf: Shelf) -> Parcel:
        """The parcel of files that a schedule made; one that is gone from the shelf is left out."""
        _, slot, scope = place
        profile, address = board.profile, board.settings.address
        lang = spec.lang or profile.spec.languages[0]
        county = profile.county_name.get(scope, scope) if scope else ""
        # What was made up anywhere in the files' span makes them so.
        span = slot - (7 if spec.covers == "week" else 1) * 86_400, slot
        return cls(
            id=made[0].id,
            schedule=spec.id,
            to=tuple(dict.fromkeys(spec.mail)),
            lang=lang,
            title=" · ".join(part for part in (_title(profile.spec, spec, lang), county) if part),
            slot=slot,
            zone=profile.zone,
            files=tuple(path for one in made if (path := shelf.path(one.name)) is not None),
            simulated=board.engine.picture.simulated or board.engine.store.has_simulated(*span),
            late=any(one.late for one in made),
            made_at=board.clock(),
            handling=pick(profile.spec.exports.handling, lang) if profile.spec.exports.handling else "",
            link=f"{address}/exports" if address else "",
        )


@dataclass(frozen=True)
class Sent:
    """What became of a parcel."""

    receivers: int
    left_out: int
    """Files that were too large for a mail."""


class Post(Protocol):
    """Takes parcels to their receivers."""

    def send(self, parcel: Parcel) -> Sent:
        """Return once it was taken over; raises Undelivered."""
        ...


@dataclass(frozen=True)
class MailPost:
    """Parcels as e-mail."""

    mail: Mail

    def send(self, parcel: Parcel) -> Sent:
        """One mail to all receivers."""
        letter, left_out = written(parcel, self.mail.address)
        self.mail.hand_over(letter)
        return Sent(len(parcel.to), left_out)


def post_of(settings: Settings) -> Post | None:
    """The mail server that settings name; None where they name none."""
    if not (settings.smtp_host and settings.smtp_from):
        return None
    return MailPost(Mail.of(settings))


def written(parcel: Parcel, address: str) -> tuple[EmailMessage, int]:
    """The mail, and how many files were too large for it; its Message-ID is the same at every try."""
    lang, when = parcel.lang, datetime.fromtimestamp(parcel.slot, parcel.zone)
    fitting, large = _fitting(parcel.files)
    marks = [
        *([parcel.handling] if parcel.handling else []),
        *([say(lang, "simulated")] if parcel.simulated else []),
        *([say(lang, "export_late")] if parcel.late else []),
    ]
    time = f"{when:%Y-%m-%d %H:%M}"
    subject = say(lang, "schedule_mail_subject", title=parcel.title, time=time)
    mail = EmailMessage(policy=SMTP)
    told = "".join(say(lang, "schedule_mail_mark", mark=mark) for mark in marks) + subject
    # A line break in a name must not begin another header.
    mail["Subject"] = " ".join(told.split())[:LONGEST_SUBJECT]
    mail["From"] = address
    mail["To"] = ", ".join(parcel.to)
    mail["Date"] = format_datetime(datetime.fromtimestamp(parcel.made_at or parcel.slot, parcel.zone))
    domain = address.rpartition("@")[2].rstrip(">") or "threeline"
    mail["Message-ID"] = f"<{parcel.schedule}.{parcel.slot}.{parcel.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    lines = [subject, "", *marks, *([""] if marks else []), say(lang, "schedule_mail_files")]
    lines += [f"  {path.name}" for path in fitting]
    if large:
        lines += ["", say(lang, "schedule_mail_large"), *(f"  {path.name}" for path in large)]
    if parcel.link:
        lines += ["", say(lang, "schedule_mail_link", link=parcel.link)]
    lines += ["", say(lang, "schedule_mail_end", schedule=parcel.schedule)]
    mail.set_content("\n".join(lines) + "\n", cte="base64")
    for path in fitting:
        media = MEDIA.get(path.suffix.removeprefix(".")) or mimetypes.guess_type(path.name)[0]
        main, _, sub = (media or "application/octet-stream").partition("/")
        mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return mail, len(large)


def _title(board: ProfileSpec, schedule: ScheduleSpec, lang: str) -> str:
    """What the files are of: the brief's own heading where there is one."""
    briefs = any(file.startswith("brief.") for file in schedule.files)
    return pick(board.exports.title if briefs and board.exports.title else board.title, lang)


def _fitting(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files that fit into one mail, in order, and those that do not."""
    fitting: list[Path] = []
    large: list[Path] = []
    room = MOST_BYTES
    for path in files:
        size = path.stat().st_size
        if size <= room:
            room -= size
            fitting.append(path)
        else:
            large.append(path)
    return fitting, large
