"""A dispatch as a CAP 1.2 message (OASIS Common Alerting Protocol), the same bytes whenever it is asked for.

An alert that fires is an `Alert`; what becomes of it later is an `Update`, its end a `Cancel`, and both refer
to every message about it before. A picture with simulated readings makes messages of status `Test`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from dashboard.notify.facts import headline, sentence, words_of
from dashboard.words import say
from data.dispatch import Dispatch
from data.profile import Profile

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
TYPES = {"fired": "Alert", "resolved": "Cancel"}
"""Event to CAP's message type; `Update` for the others."""
SEVERITIES = {"critical": "Severe", "warning": "Moderate", "notice": "Minor"}
URGENCIES = {"critical": "Immediate", "warning": "Expected", "notice": "Future"}
NO_COUNTY = "–"
# What XML 1.0 has no place for.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sender:
    """Who sends: a board, by its profile."""

    id: str
    """Without a blank, comma, `<` or `&`."""
    name: Mapping[str, str]
    zone: ZoneInfo
    languages: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile) -> Sender:
        """The sender that a profile is."""
        spec = profile.spec
        return cls(f"threeline-{spec.id}", spec.title, profile.zone, tuple(spec.languages))

    def identifier(self, dispatch: Dispatch) -> str:
        """The message's own name, the same at every try."""
        return f"{self.id}.{quote(dispatch.subject, safe=':-._~')}.{dispatch.mark}"

    def moment(self, seconds: float) -> str:
        """A time as CAP writes it: whole seconds, an offset, never Z."""
        return datetime.fromtimestamp(int(seconds), self.zone).isoformat(timespec="seconds")

    def reference(self, dispatch: Dispatch) -> str:
        """How another message refers to this one."""
        return f"{self.id},{self.identifier(dispatch)},{self.moment(dispatch.at)}"


def cap(sender: Sender, dispatch: Dispatch, before: Sequence[Dispatch]) -> bytes:
    """The message as UTF-8 XML; `before` are the earlier dispatches of the same subject, in order."""
    message: bytes = ET.tostring(
        cap_element(sender, dispatch, before), encoding="utf-8", xml_declaration=True
    )
    return message


def cap_element(sender: Sender, dispatch: Dispatch, before: Sequence[Dispatch]) -> ET.Element:
    """The message as an element, its children in the schema's order."""
    alert = ET.Element("alert", {"xmlns": NAMESPACE})
    first = sender.languages[0]
    simulated = bool(dispatch.detail.get("simulated"))
    _add(alert, "identifier", sender.identifier(dispatch))
    _add(alert, "sender", sender.id)
    _add(alert, "sent", sender.moment(dispatch.at))
    _add(alert, "status", "Test" if simulated else "Actual")
    # What refers to nothing, since what came before is gone from the store, can only be a beginning.
    kind = TYPES.get(dispatch.event, "Update")
    _add(alert, "msgType", kind if before or kind == "Cancel" else "Alert")
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", say(first, "notify_restricted"))
    if simulated:
        _add(alert, "note", say(first, "notify_test"))
    if before:
        _add(alert, "references", " ".join(sender.reference(one) for one in before))
    _add(alert, "incidents", quote(dispatch.subject, safe=":-._~"))
    for lang in sender.languages:
        alert.append(_info(sender, dispatch, lang))
    return alert


def _info(sender: Sender, dispatch: Dispatch, lang: str) -> ET.Element:
    info = ET.Element("info")
    told, detail, over = words_of(dispatch, lang), dispatch.detail, dispatch.event == "resolved"
    _add(info, "language", lang)
    _add(info, "category", "Security")
    _add(info, "event", told["event"] or dispatch.subject)
    _add(info, "responseType", "AllClear" if over else "Monitor" if detail.get("answered") else "Execute")
    _add(info, "urgency", "Past" if over else URGENCIES[dispatch.severity])
    _add(info, "severity", SEVERITIES[dispatch.severity])
    _add(info, "certainty", "Observed")
    _add(info, "effective", sender.moment(dispatch.at))
    if detail.get("started_at") is not None:
        _add(info, "onset", sender.moment(detail["started_at"]))
    _add(info, "senderName", sender.name.get(lang) or next(iter(sender.name.values()), sender.id))
    _add(info, "headline", headline(dispatch, lang))
    _add(info, "description", sentence(dispatch, lang))
    if told["advice"] and not over:
        _add(info, "instruction", told["advice"])
    for name in ("rule", "target", "target_id", "line", "value", "alerts", "answered"):
        if detail.get(name) not in (None, ""):
            value = detail[name]
            _pair(
                info,
                "parameter",
                f"threeline:{name}",
                str(value).lower() if isinstance(value, bool) else str(value),
            )
    info.append(_area(dispatch, told))
    return info


def _area(dispatch: Dispatch, told: Mapping[str, str]) -> ET.Element:
    area, place = ET.Element("area"), dispatch.detail.get("area") or {}
    named = [part for part in (told["county_name"], told["name"]) if part]
    _add(area, "areaDesc", " ".join(dict.fromkeys(named)) or NO_COUNTY)
    if ring := place.get("polygon"):
        _add(area, "polygon", " ".join(f"{lat},{lon}" for lat, lon in ring))
    if point := place.get("point"):
        _add(area, "circle", f"{point[0]},{point[1]} 0")
    if dispatch.county:
        _pair(area, "geocode", "GB/T 2260", dispatch.county)
    return area


def _pair(parent: ET.Element, tag: str, name: str, value: str) -> None:
    pair = ET.SubElement(parent, tag)
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _CONTROL.sub("", text)
