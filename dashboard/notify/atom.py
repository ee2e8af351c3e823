"""The newest dispatches as an Atom feed (RFC 4287) whose entries hold CAP messages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from xml.etree import ElementTree as ET

from dashboard.notify.cap import MEDIA_TYPE as CAP_TYPE
from dashboard.notify.cap import Sender, cap_element
from dashboard.words import say
from data.dispatch import Dispatch

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"


def atom(
    sender: Sender, told: Sequence[tuple[Dispatch, Sequence[Dispatch]]], *, root: str, at: float, lang: str
) -> bytes:
    """The feed as UTF-8 XML: dispatches as given, each with the earlier ones of its subject.

    `root` is the address of the interface without a slash at its end, `at` the time of the picture.
    """
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": lang})
    title = sender.name.get(lang) or next(iter(sender.name.values()), sender.id)
    _text(feed, "title", f"{title} {say(lang, 'notify_feed')}")
    _text(feed, "id", f"urn:threeline:{sender.id}:alerts")
    _text(feed, "updated", sender.moment(max([dispatch.at for dispatch, _ in told], default=at)))
    author = ET.SubElement(feed, "author")
    _text(author, "name", title)
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": f"{root}/alerts.atom"})
    for dispatch, before in told:
        feed.append(_entry(sender, dispatch, before, root, lang))
    whole: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _entry(
    sender: Sender, dispatch: Dispatch, before: Sequence[Dispatch], root: str, lang: str
) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "id", f"urn:threeline:{sender.identifier(dispatch)}")
    message = cap_element(sender, dispatch, before)
    # Read back from the message, which holds nothing that XML has no place for.
    told = message.findall("info")[sender.languages.index(lang) if lang in sender.languages else 0]
    _text(entry, "title", told.findtext("headline") or dispatch.subject)
    _text(entry, "published", sender.moment(before[0].at if before else dispatch.at))
    _text(entry, "updated", sender.moment(dispatch.at))
    ET.SubElement(entry, "category", {"term": dispatch.severity})
    href = f"{root}/alerts/{quote(dispatch.subject, safe=':-._~')}/cap.xml?message={dispatch.mark}"
    ET.SubElement(entry, "link", {"rel": "alternate", "type": CAP_TYPE, "href": href})
    _text(entry, "summary", told.findtext("description") or "")
    content = ET.SubElement(entry, "content", {"type": CAP_TYPE})
    content.append(message)
    return entry


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
