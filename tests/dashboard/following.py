"""What a client of the live socket does with the messages it gets."""

from __future__ import annotations

from typing import Any


def apply(whole: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """A whole picture brought up to date by a message; a delta that does not follow fails."""
    if message["type"] == "picture":
        return message
    assert message["type"] == "delta"
    assert message["from"] == whole["revision"]
    merged = dict(whole)
    for name in (
        "revision",
        "at",
        "data_at",
        "simulated",
        "duty_level",
        "gaps",
        "unknown",
        "exits",
        "today",
        "notices",
        "groups",
    ):
        if name in message:
            merged[name] = message[name]
    merged["sites"] = dict(whole["sites"])
    for site_id, changed in message.get("sites", {}).items():
        merged["sites"][site_id] = {**whole["sites"][site_id], **changed}
    lines = {line["id"]: line for line in message.get("lines", ())}
    merged["lines"] = [lines.get(line["id"], line) for line in whole["lines"]]
    merged["fences"] = {**whole["fences"], **message.get("fences", {})}
    alerts = {alert["id"]: alert for alert in whole["alerts"]}
    for alert_id in message.get("alerts", {}).get("gone", ()):
        del alerts[alert_id]
    for alert in message.get("alerts", {}).get("put", ()):
        alerts[alert["id"]] = alert
    merged["alerts"] = list(alerts.values())
    return merged


def in_order(whole: dict[str, Any]) -> dict[str, Any]:
    """The same with alerts in the order of their ids: on screen they are sorted anyway."""
    return {**whole, "alerts": sorted(whole["alerts"], key=lambda alert: alert["id"])}
