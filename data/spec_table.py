"""The base of every table of `profile.toml`, and the kinds of values that several tables hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = dict[str, str]
"""Language tag to words."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Severity = Literal["critical", "warning", "notice"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Table(BaseModel):
    """Base of every table: frozen, strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
