"""The board's own state and the picture's main numbers in Prometheus text."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from dashboard.access import access_now
from dashboard.api.metrics_alerts import COUNTED_S, alert_metrics, delivery_metrics
from dashboard.api.problems import Problem
from dashboard.api.query import has_token
from dashboard.board import Board
from dashboard.jobs.queue import Queue
from dashboard.live import Hub
from data.picture import STATUSES

router = APIRouter()


class BoardCollector(Collector):
    """Reads the newest picture when it is asked."""

    def __init__(self, board: Board, hub: Hub, queue: Queue) -> None:
        self.board = board
        self.hub = hub
        self.queue = queue

    def collect(self) -> Iterator[Metric]:
        """Every metric of the board."""
        picture, now = self.board.engine.picture, self.board.clock()
        yield _gauge("picture_revision", "Revision of the newest picture", picture.revision)
        yield _gauge("picture_age_seconds", "Age of the newest picture", now - picture.at)
        if math.isfinite(picture.data_at):
            yield _gauge("data_age_seconds", "Age of the newest reading", now - picture.data_at)
        yield _gauge("simulated", "1 while the picture holds simulated readings", float(picture.simulated))
        sites = GaugeMetricFamily("threeline_sites", "Sites by line and status", labels=["line", "status"])
        for line in picture.lines:
            status = picture.state.status[picture.sites.line == line.id]
            for name in STATUSES:
                sites.add_metric([line.id, name], float(np.count_nonzero(status == name)))
        yield sites
        for name, help_text in (
            ("persons_per_hour", "Persons checked per hour"),
            ("vehicles_per_hour", "Vehicles checked per hour"),
            ("staff_on_duty", "Staff on duty"),
            ("staff_required", "Staff that the duty level in force requires"),
            ("km_uncovered", "Kilometres of border that nobody holds"),
            ("km_exposed", "Kilometres of border that nobody holds and nobody stands behind"),
            ("km_unknown", "Kilometres of border whose posts have never been heard"),
            ("exits_held", "Exits of the ring that somebody stands at"),
        ):
            family = GaugeMetricFamily(f"threeline_{name}", help_text, labels=["line"])
            for line in picture.lines:
                if (value := getattr(line, name)) is not None:
                    family.add_metric([line.id], value)
            yield family
        yield from alert_metrics(picture)
        states = self.board.engine.store.delivery_states(int(now) - COUNTED_S)
        yield from delivery_metrics(self.board.profile.spec.deliveries, states, now)
        yield _gauge("live_clients", "Open live connections", self.hub.clients)
        yield _counter("live_frames", "Frames encoded for live connections", self.hub.frames)
        yield _counter("live_sent_bytes", "Bytes handed to live connections", self.hub.sent_bytes)
        yield _counter("live_dropped", "Times a slow client was set back", self.hub.dropped)
        yield from self.exports()

    def exports(self) -> Iterator[Metric]:
        """How many files were made, and how many wait."""
        files = CounterMetricFamily(
            "threeline_exports", "Files that were made or failed, since the start", labels=["file", "result"]
        )
        for (file, result), count in sorted(self.queue.made.items()):
            files.add_metric([file, result], count)
        yield files
        yield _gauge("exports_waiting", "Files that wait to be made", self.queue.waiting)
        running = self.queue.maker.worker.running
        yield _gauge("exports_worker", "1 while the process that makes files runs", running)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"threeline_{name}", help_text, value=value)


def _counter(name: str, help_text: str, value: float) -> Metric:
    return CounterMetricFamily(f"threeline_{name}", help_text, value=value)


def check(board: Board, authorization: str) -> None:
    """Let through who has the token, where one is set, and whose access is the whole prefecture.

    Raises:
        Problem: neither.
    """
    reader = access_now()
    if has_token(authorization, board.settings.metrics_token) or (reader.may("see") and not reader.scope):
        return
    raise Problem("no-metrics" if reader.may("see") else "no-metrics-token")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text of the whole prefecture, for who may see all of it or has the token."""
    board: Board = request.app.state.board
    check(board, request.headers.get("authorization", ""))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(BoardCollector(board, request.app.state.hub, request.app.state.queue))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
