"""What `profile.toml` may say of deliveries: who outside of the room is told of which alerts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.dispatch import CLOSING, Dispatch
from data.spec_table import Severity, Table

Event = Literal["fired", "worse", "asks", "answered", "resolved"]


class DeliveryScope(Table):
    """Which alerts are told; an empty list means all."""

    rules: list[str] = []
    kinds: list[str] = []
    """Of sites; `checkpoint` names every kind that begins with `checkpoint.`."""
    lines: list[str] = []
    counties: list[str] = []


class DeliverySpec(Table):
    """One receiver out of the room."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
    kind: Literal["webhook", "email"]
    address: Annotated[str, Field(max_length=2000)]
    """Of a webhook an https address; of an e-mail one address or several, separated by commas."""
    severities: list[Severity] = []
    """Only these; an empty list means all."""
    events: list[Event] = []
    """Only these; an empty list means all."""
    where: DeliveryScope = DeliveryScope()
    after_s: Annotated[int, Field(ge=0, le=86400)] = 0
    """Told only where nobody has answered within so many seconds."""
    lang: str = ""
    """One of the profile's languages; the first when absent."""


def wants(delivery: DeliverySpec, dispatch: Dispatch) -> bool:
    """Whether a delivery is for a dispatch; how an alert ended is for whoever was told of it."""
    where, detail = delivery.where, dispatch.detail
    if delivery.events and dispatch.event not in delivery.events:
        return False
    grave = dispatch.event in CLOSING or not delivery.severities or dispatch.severity in delivery.severities
    # Of a group its members' own: it is for whoever would be told of one of them.
    counties = {dispatch.county, *detail.get("counties", ())}
    lines = {detail.get("line"), *detail.get("lines", ())}
    kinds = {str(detail.get("kind", "")), *detail.get("kinds", ())}
    return (
        grave
        and (not where.rules or detail.get("rule") in where.rules)
        and (not where.lines or not lines.isdisjoint(where.lines))
        and (not where.counties or not counties.isdisjoint(where.counties))
        and (
            not where.kinds or any(f"{kind}.".startswith(f"{one}.") for kind in kinds for one in where.kinds)
        )
    )


def due_at(delivery: DeliverySpec, dispatch: Dispatch) -> int:
    """When a dispatch is told there, epoch seconds; the seconds count from when it asked."""
    if dispatch.event in CLOSING or not delivery.after_s:
        return dispatch.at
    asked = dispatch.detail.get("asked_at") or dispatch.detail.get("fired_at") or dispatch.at
    return max(int(asked) + delivery.after_s, dispatch.at)
