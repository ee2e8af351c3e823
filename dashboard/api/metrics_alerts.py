"""Alerts and their deliveries in Prometheus text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric

from data.dispatch import DeliveryState
from data.picture import SEVERITIES, Alert, Picture
from data.spec_delivery import DeliverySpec

STATES = ("pending", "firing", "acknowledged", "hidden")
"""What is hidden by a silence, a closure, maintenance or another alert counts as that and nothing else."""
COUNTED_S = 86400
"""How far back deliveries are counted."""


def state_of(alert: Alert) -> str:
    """An alert's state as it is counted."""
    return "hidden" if alert.hidden_by else alert.state


def alert_metrics(picture: Picture) -> Iterator[Metric]:
    """Open alerts by severity, by rule, the longest that nobody answers, and groups."""
    alerts = GaugeMetricFamily("threeline_alerts", "Open alerts", labels=["severity", "state"])
    found = Counter((alert.severity, state_of(alert)) for alert in picture.alerts)
    for severity in SEVERITIES:
        for state in STATES:
            alerts.add_metric([severity, state], found[severity, state])
    yield alerts
    rules = GaugeMetricFamily("threeline_rule_alerts", "Open alerts of a rule", labels=["rule", "state"])
    by_rule = Counter((alert.rule, state_of(alert)) for alert in picture.alerts)
    known = [one.id for one in picture.profile.spec.rules] if picture.profile is not None else []
    # Every rule has its rows, so that a rule without an alert is a zero and not a gap.
    for rule in dict.fromkeys([*known, *(name for name, _ in by_rule)]):
        for state in STATES:
            rules.add_metric([rule, state], by_rule[rule, state])
    yield rules
    waiting = GaugeMetricFamily(
        "threeline_alert_unanswered_seconds",
        "How long the longest unanswered alert has been asking",
        labels=["severity"],
    )
    for severity in SEVERITIES:
        asked = [
            alert.asked_at
            for alert in picture.alerts
            if alert.severity == severity and alert.asks and alert.asked_at is not None
        ]
        waiting.add_metric([severity], max(picture.at - min(asked), 0) if asked else 0)
    yield waiting
    yield GaugeMetricFamily("threeline_alert_groups", "Groups of alerts", value=len(picture.groups))


def delivery_metrics(
    deliveries: Iterable[DeliverySpec], states: Mapping[str, DeliveryState], at: float
) -> Iterator[Metric]:
    """What goes out of the room: how much waits, went out, was given up, and since when it fails."""
    letters = GaugeMetricFamily(
        "threeline_deliveries", "What is told out of the room, of the last day", labels=["delivery", "state"]
    )
    failing = GaugeMetricFamily(
        "threeline_delivery_failing_seconds",
        "How long nothing has got through; 0 while all is well",
        labels=["delivery"],
    )
    for delivery in deliveries:
        state = states.get(delivery.id, DeliveryState(delivery.id))
        for name in ("waiting", "sent", "skipped", "failed"):
            letters.add_metric([delivery.id, name], getattr(state, name))
        failing.add_metric([delivery.id], max(at - state.failing_since, 0) if state.failing_since else 0)
    yield letters
    yield failing
