"""Boards whose layers are asked for by other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from data.readings import Readings
from tests.conftest import NOON
from tests.dashboard.asking import ok
from tests.serving import Served

FULL = {
    "persons_in": 30, "persons_out": 20, "vehicles_in": 10, "vehicles_out": 5, "queue_m": 120, "wait_min": 7,
    "lanes_open": 2, "staff_on_duty": 9,
}  # fmt: skip


def report(served: Served, site: str, at: int = NOON, method: str = "measured", **columns: Any) -> None:
    """One reading of one site, straight into the engine."""
    values = {key: [value] for key, value in (FULL | columns).items()}
    served.board.engine.readings(Readings.of(site_id=[site], observed_at=[at], method=[method], **values))


def features(answer: Any) -> dict[str, dict[str, Any]]:
    """Id to feature."""
    return {feature["id"]: feature for feature in ok(answer)["features"]}


def link(told: dict[str, Any], rel: str) -> dict[str, Any]:
    """The one link of a relation."""
    (found,) = [one for one in told["links"] if one["rel"] == rel]
    return found


def rels(told: dict[str, Any]) -> set[str]:
    return {one["rel"] for one in told["links"]}


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def texts(root: ET.Element, tag: str) -> Iterable[str]:
    return [element.text or "" for element in root.iter(tag)]
