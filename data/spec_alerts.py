"""What `profile.toml` may say of all alerts alike: how long an answer holds, and what flapping is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class AlertsSpec(BaseModel):
    """The life of alerts beyond their rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ack_min: Annotated[float, Field(gt=0)] = 30
    """Minutes that an answer holds where nothing else is said; then the alert asks again."""
    ack_most_h: Annotated[float, Field(gt=0, le=168)] = 12
    """Hours that an answer may hold at most."""
    flap_times: Annotated[int, Field(ge=2, le=50)] = 4
    """An alert that fires or holds again so many times …"""
    flap_within_s: Annotated[int, Field(ge=60, le=86_400)] = 3600
    """… within so many seconds flaps: it stays open until it has been clear for a `flap_times`-th of them."""
