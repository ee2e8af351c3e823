"""Status says what is known now, and silence is never normal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from data.picture import STATUSES
from data.spec import ReadingsSpec, StatusSpec
from data.status import is_live, status_codes
from data.windows import NO_METHOD, Newest

NOW = 1_000_000


def status(age: float = 60, lanes_total: float = 4, **known: Any) -> str:
    return STATUSES[code(age, lanes_total, **known)[0]]


def code(age: float = 60, lanes_total: float = 4, interval: float = 60, **known: Any) -> np.ndarray:
    newest = Newest(
        observed_at=np.array([NOW - age]),
        interval_s=np.array([interval]),
        **{
            name: np.array([float(known.get(name, np.nan))])
            for name in ("queue_m", "wait_min", "lanes_open", "staff_on_duty")
        },
        method=np.array([NO_METHOD], np.int8),
    )
    return status_codes(newest, np.array([lanes_total]), NOW, status=StatusSpec(), readings=ReadingsSpec())


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "normal"),
        ({"wait_min": 14.9}, "normal"),
        ({"wait_min": 15}, "busy"),
        ({"queue_m": 250}, "busy"),
        ({"wait_min": 30}, "congested"),
        ({"queue_m": 500, "wait_min": 1}, "congested"),
        ({"wait_min": 0, "queue_m": 0}, "normal"),
        ({"lanes_open": 0}, "closed"),
        ({"lanes_open": 0, "lanes_total": 0}, "normal"),
        ({"lanes_open": 0, "wait_min": 40}, "closed"),
        ({"age": 600, "wait_min": 40}, "congested"),
        ({"age": 601, "wait_min": 40}, "no_data"),
        ({"age": 601, "lanes_open": 0}, "no_data"),
        ({"age": 1800}, "no_data"),
        ({"age": 1801}, "offline"),
        ({"age": np.nan}, "no_data"),
        ({"age": -30}, "normal"),
        # A reading speaks for its own interval: one and a half of them, then three.
        ({"age": 600, "interval": 400}, "normal"),
        ({"age": 601, "interval": 400}, "no_data"),
        ({"age": 1350, "interval": 900, "wait_min": 20}, "busy"),
        ({"age": 1351, "interval": 900}, "no_data"),
        ({"age": 2700, "interval": 900}, "no_data"),
        ({"age": 2701, "interval": 900}, "offline"),
        ({"age": 36 * 3600, "interval": 86400}, "normal"),
        ({"age": 36 * 3600 + 1, "interval": 86400}, "no_data"),
        ({"age": 72 * 3600 + 1, "interval": 86400}, "offline"),
        ({"age": np.nan, "interval": np.nan}, "no_data"),
    ],
)
def test_status(known: dict[str, float], expected: str) -> None:
    assert status(**known) == expected


def test_a_closed_site_is_live() -> None:
    closed, silent, busy = code(lanes_open=0), code(age=601), code(wait_min=20)
    assert [is_live(one)[0] for one in (closed, silent, busy)] == [True, False, True]
