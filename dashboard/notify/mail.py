"""E-mail by SMTP: an alert in words, with the same as CAP attached; what follows is in the same thread."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses

from dashboard.notify.cap import NO_COUNTY, cap
from dashboard.notify.facts import headline, words_of
from dashboard.notify.way import Letter, Undelivered, trust, unreachable
from dashboard.settings import Settings
from dashboard.words import say
from data.dispatch import Dispatch

TIMEOUT_S = 20.0
LONGEST_SUBJECT = 150
REMEMBERED = 64


def message(letter: Letter, address: str) -> EmailMessage:
    """The mail, from an address of the board's own; the same at every try, by its Message-ID too."""
    sender, dispatch, lang = letter.sender, letter.dispatch, letter.lang
    told = words_of(dispatch, lang)
    mail = EmailMessage(policy=SMTP)
    # A line break in a name must not begin another header.
    mail["Subject"] = " ".join(headline(dispatch, lang).split())[:LONGEST_SUBJECT]
    mail["From"] = address
    mail["To"] = ", ".join(part.strip() for part in letter.delivery.address.split(","))
    mail["Date"] = format_datetime(datetime.fromtimestamp(dispatch.at, sender.zone))
    mail["Message-ID"] = _message_id(letter, dispatch, address)
    if letter.before:
        mail["In-Reply-To"] = _message_id(letter, letter.before[-1], address)
        mail["References"] = " ".join(_message_id(letter, one, address) for one in letter.before[-20:])
    mail["Auto-Submitted"] = "auto-generated"
    lines = [
        headline(dispatch, lang),
        "",
        say(lang, "notify_severity", severity=say(lang, dispatch.severity)),
        say(lang, "notify_place", name=told["name"] or NO_COUNTY, county=told["county_name"] or NO_COUNTY),
    ]
    if dispatch.detail.get("started_at") is not None:
        since = sender.moment(dispatch.detail["started_at"]).replace("T", " ")
        lines.append(say(lang, "notify_since", time=since))
    if told["advice"] and dispatch.event != "resolved":
        lines.append(say(lang, "notify_advice", advice=told["advice"]))
    if dispatch.detail.get("simulated"):
        lines += ["", say(lang, "notify_test")]
    lines += ["", say(lang, "notify_mail_end")]
    mail.set_content("\n".join(lines) + "\n", cte="base64")
    attached = cap(sender, dispatch, letter.before)
    mail.add_attachment(attached, maintype="application", subtype="cap+xml", filename="alert.cap.xml")
    return mail


def _message_id(letter: Letter, dispatch: Dispatch, address: str) -> str:
    domain = address.rpartition("@")[2].rstrip(">") or "threeline"
    # Quoted letters would be too long for a header's line; the number is enough within one store.
    return f"<{letter.sender.id}.{dispatch.at}.{dispatch.mark}.{letter.delivery.id}@{domain}>"


@dataclass(frozen=True)
class Mail:
    """A mail server, spoken to once for each letter."""

    host: str
    port: int
    security: str
    """`starttls`, `tls` or `none`."""
    address: str
    """What mails come from."""
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    _took: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)
    """Message-ID to the receivers who took it while others did not, of the newest `REMEMBERED` such mails."""

    @classmethod
    def of(cls, settings: Settings) -> Mail:
        """The mail server that settings name."""
        return cls(
            settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_from,
            settings.smtp_user, settings.smtp_password, settings.delivery_ca,
        )  # fmt: skip

    def send(self, letter: Letter) -> None:
        """Write it and hand it over."""
        self.hand_over(message(letter, self.address))

    def hand_over(self, mail: EmailMessage) -> None:
        """Hand a mail to the server for every receiver who has not taken it yet; raises Undelivered where one
        does not take it now."""
        if not self.host or not self.address:
            raise Undelivered("THREELINE_SMTP_HOST or THREELINE_SMTP_FROM is not set")
        name = str(mail["Message-ID"])
        took = self._took.get(name, set())
        left = [one for _, one in getaddresses([str(mail["To"])]) if one not in took]
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                refused = server.send_message(mail, to_addrs=left)
        except smtplib.SMTPRecipientsRefused as error:
            code = max((status for status, _ in error.recipients.values()), default=0)
            raise Undelivered(f"SMTP {code}: the address is refused", refused=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            raise Undelivered(f"SMTP {error.smtp_code}: the login is refused") from error
        except smtplib.SMTPResponseException as error:
            raise Undelivered(f"SMTP {error.smtp_code}", refused=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise unreachable(error) from error
        if refused:
            self._took[name] = took | (set(left) - refused.keys())
            for old in list(self._took)[:-REMEMBERED]:
                self._took.pop(old, None)
            codes = [status for status, _ in refused.values()]
            # Who says "later" (a grey list) may take it the next time.
            raise Undelivered(f"SMTP {max(codes)}: an address is refused", refused=min(codes) >= 500)
        self._took.pop(name, None)

    def _connected(self) -> smtplib.SMTP:
        """A connection that is as safe as was asked for, or none."""
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=trust(self.ca))
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        try:
            if self.security == "starttls":
                server.starttls(context=trust(self.ca))
        except BaseException as error:
            server.close()
            if isinstance(error, smtplib.SMTPNotSupportedError):
                raise Undelivered("the mail server offers no STARTTLS") from error
            raise
        return server

    def close(self) -> None:
        """Nothing is kept open."""
