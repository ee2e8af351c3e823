"""An order as it is written down, so that it outlives the run of the server that took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from dashboard.exports.look import Look
from dashboard.jobs.job import FILES, Wanted


class UnreadableError(ValueError):
    """What was written is no order; the text says why."""


def written(wanted: Wanted, at: int) -> dict[str, Any]:
    """An order for the picture of a time, as JSON values."""
    told = asdict(replace(wanted, at=at, picture=None))
    del told["picture"]
    return told


def read(told: Mapping[str, Any]) -> Wanted:
    """The order that was written; what another version knew beside is passed over.

    Raises:
        UnreadableError: it is none.
    """
    try:
        wanted = Wanted(**_known(Wanted, told) | {"look": Look(**_known(Look, told.get("look", {})))})
    except (TypeError, AttributeError) as error:
        raise UnreadableError(str(error)) from error
    if wanted.file not in FILES:
        raise UnreadableError(f"file: got {wanted.file!r}, expected one of {', '.join(FILES)}")
    if wanted.at is not None and not isinstance(wanted.at, int):
        raise UnreadableError(f"at: got {wanted.at!r}, expected epoch seconds")
    return wanted


def _known(kind: type[Wanted | Look], told: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items()
        if name in names
    }
