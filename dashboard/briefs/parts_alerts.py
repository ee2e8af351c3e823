"""Parts of a brief about alerts: what is open and answered, and how fast (1-3-5)."""

from __future__ import annotations

from dashboard.briefs.manuscript import Cell, Chart, Part, Table
from dashboard.briefs.telling import Row, Telling

OPEN, ANSWERED = 60, 40
"""Rows that are listed; how many more there are stands below the table."""


def open_(told: Telling) -> Part:
    """Open alerts with what people did about them, and those that were answered in the span."""
    alerts = told.facts["alerts"]
    if alerts["open"]:
        text = told.say(
            "open_sum", n=alerts["open"], grades=told.grades(alerts["by_severity"]),
            unanswered=alerts["unanswered"], answered=alerts["answered"],
        )  # fmt: skip
    else:
        text = told.say("open_none")
    paragraphs = [text]
    if alerts["hidden"]:
        paragraphs.append(told.say("open_hidden", n=alerts["hidden"]))
    tables = ([_open(told)] if alerts["rows"] else []) + (
        [_answered(told)] if told.facts["answered"]["rows"] else []
    )
    return Part("open", told.say("part_open"), tuple(paragraphs), tuple(tables))


def _open(told: Telling) -> Table:
    alerts = told.facts["alerts"]
    rows = alerts["rows"][:OPEN]
    return told.table(
        "open",
        (
            told.column("severity", width=1.1), told.column("place", width=2.6), told.county_column(1.5),
            told.column("what_happened", width=4.2), told.column("fired_at", "time", 1.7),
            told.column("answer", width=2.4), told.column("answered_at", "time", 1.7),
            told.column("sent_at", "time", 1.7), told.column("arrived_at", "time", 1.7),
        ),
        [
            (
                told.common(row["severity"]), told.words(row["name"]), row["county"], told.words(row["what"]),
                row["fired_at"], _state(told, row["answer"]),
                None if row["answer"] is None else row["answer"]["at"], row["sent_at"], row["arrived_at"],
            )
            for row in rows
        ],
        left_off=alerts["left_off"] + len(alerts["rows"]) - len(rows),
    )  # fmt: skip


def _state(told: Telling, answer: Row | None) -> str:
    """Who looks after it, or that nobody does."""
    if answer is None:
        return told.say("nobody")
    text = told.who(answer) if answer["holds"] else told.say("answer_over", who=told.who(answer))
    return text + (told.say("with_note", note=answer["note"]) if answer["note"] else "")


def _answered(told: Telling) -> Table:
    found = told.facts["answered"]
    rows = found["rows"][-ANSWERED:]
    return told.table(
        "answered",
        (
            told.column("severity", width=1.1), told.column("rule", width=2.2),
            told.column("place", width=2.6), told.county_column(1.5), told.column("fired_at", "time", 1.7),
            told.column("answered_at", "time", 1.7), told.column("by", width=2.4),
            told.column("sent_at", "time", 1.7), told.column("arrived_at", "time", 1.7),
            told.column("resolved_at", "time", 1.7),
        ),
        [
            (
                told.common(row["severity"]), told.words(row["rule"]), told.words(row["name"]), row["county"],
                row["fired_at"], row["at"],
                told.who(row) + (told.say("with_note", note=row["note"]) if row["note"] else ""),
                row["sent_at"], row["arrived_at"], row["resolved_at"],
            )
            for row in rows
        ],
        left_off=found["left_off"] + len(found["rows"]) - len(rows),
    )  # fmt: skip


def response(told: Telling) -> Part:
    """How many alerts of the span were answered, sent to and arrived at in time; by step and by line."""
    found = told.facts["response"]
    if not found["alerts"]:
        return Part("response", told.say("part_response"), (told.say("response_none"),))
    steps = found["steps"]
    rows = [
        (
            told.say(f"step_{name}"), found["limits"][name] / 60, _due(step), step["kept"], step["late"],
            step["missed"], step["share"],
            None if step["median_s"] is None else round(step["median_s"] / 60, 1),
        )
        for name, step in steps.items()
    ]  # fmt: skip
    table = told.table(
        "response",
        (
            told.column("step", width=2), told.column("limit_min", "decimal", 1.6),
            told.column("due", "whole"), told.column("kept", "whole"), told.column("late", "whole"),
            told.column("missed", "whole"), told.column("share", "share"),
            told.column("median_min", "decimal", 2.2),
        ),
        rows,
        note=told.say("response_note"),
    )  # fmt: skip
    chart = Chart(
        "response",
        told.say("chart_response"),
        "column",
        tuple(told.say(f"step_{name}") for name in steps),
        ((told.say("col_share"), tuple(_percent(step["share"]) for step in steps.values())),),
        "%",
    )
    shares = told.say("comma").join(
        told.say(
            "step_share", step=told.within(told.say(f"step_{name}")), kept=step["kept"], due=_due(step),
            share=told.share(step["kept"], _due(step)),
        )
        for name, step in steps.items()
    )  # fmt: skip
    text = told.say("response_sum", n=found["alerts"], steps=shares)
    return Part("response", told.say("part_response"), (text,), (table, _lines(told)), (chart,))


def _lines(told: Telling) -> Table:
    found = told.facts["response"]
    names = list(found["steps"])
    rows: list[tuple[Cell, ...]] = [
        (
            told.line(row["line"]) or told.say("no_line"), row["alerts"],
            *(row["steps"][name]["share"] for name in names),
        )
        for row in found["lines"]
    ]  # fmt: skip
    return told.table(
        "response_lines",
        (
            told.column("line", width=3), told.column("alerts_fired", "whole"),
            *(told.column(f"share_{name}", "share") for name in names),
        ),
        rows,
    )  # fmt: skip


def _due(step: Row) -> int:
    return int(step["kept"] + step["late"] + step["missed"])


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
