"""What the sentences of a rule may name."""

from __future__ import annotations

import string

PLACEHOLDERS = (
    "value", "threshold", "clear", "minutes", "site", "line", "county", "level",
    "required", "staff", "lanes_open", "lanes_total", "lanes_spare", "more_lanes",
    "nearest",
    "queue", "wait", "rate", "expected", "usual", "samples", "team", "team_staff", "team_km",
)  # fmt: skip
"""`minutes` is a value of seconds in minutes; `site` the name of whatever the alert is about; `level` the
duty level in force; `more_lanes` a clause: how many more lanes can be opened, or that all are open; `nearest`
the working site nearest to a fence among those inside or near it; `rate` the throughput per hour that `usual`
is compared with, `samples` of how many past weeks that is; `expected` the queue in metres that wait and
throughput ask for; `team` the nearest that stands by and can send `team_staff` from `team_km` away: where
there is none, the clause of the advice that names it, up to a semicolon, says so instead."""


def unknown_placeholders(template: str) -> list[str]:
    """What a template names beyond PLACEHOLDERS; a template that cannot be read names itself."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return [template]
    names = [
        field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, field, spec, conversion in parts
        if field is not None
    ]
    return [name for name in names if name not in PLACEHOLDERS]
