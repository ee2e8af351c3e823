"""What a handover tells, as sections: the page and the document show these and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.area import whole
from dashboard.journal_words import role, who
from dashboard.words import pick, say
from data.handover import Facts
from data.signoff import SIDES, Handover

NUMERALS = "一二三四五六七八九十"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A part under its own heading."""

    title: str
    lines: tuple[str, ...] = ()
    """Paragraphs before the table."""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    """Shares of the columns, to be scaled to the page."""
    after: str = ""
    """A sentence below the table."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class Telling:
    """The facts of one handover in one language."""

    def __init__(self, found: Handover, lang: str) -> None:
        self.found, self.facts, self.lang = found, found.facts, lang
        self.zone = ZoneInfo(str(self.facts["zone"]))

    def say(self, key: str, **values: object) -> str:
        """Words of the handover's own room."""
        return say(self.lang, f"hand_{key}", **values)

    def words(self, text: str | Mapping[str, str] | None) -> str:
        """A name in the language, where it has one."""
        return pick(dict(text), self.lang) if isinstance(text, Mapping) else str(text or "")

    def clock(self, at: int | None) -> str:
        """A moment, short: with its day where that is not the day of the handover."""
        if at is None:
            return "—"
        when = datetime.fromtimestamp(at, self.zone)
        same = when.date() == datetime.fromtimestamp(self.facts["end"], self.zone).date()
        return f"{when:%H:%M}" if same else f"{when:%m-%d %H:%M}"

    def time(self, at: int | None) -> str:
        """A moment with its day in full."""
        if at is None:
            return "—"
        return datetime.fromtimestamp(at, self.zone).strftime(self.say("time_form"))

    def number(self, value: float | None) -> str:
        """A whole number; a dash where it is not known."""
        return "—" if value is None else f"{value:,}"

    def who(self, row: Row) -> str:
        """Whose answer it is; in words where nobody logs in."""
        return who(row["by"], row["role"], self.lang)


def title(found: Handover, lang: str) -> str:
    """The heading of the whole."""
    told = Telling(found, lang)
    where = told.facts["county"] or told.words(told.facts["title"])
    return told.say("title", where=where)


def head(found: Handover, lang: str) -> list[str]:
    """The lines below the heading: which span, as of when, and whether any of it is made up."""
    told = Telling(found, lang)
    facts = told.facts
    lines = [
        told.say("span", start=told.time(facts["start"]), end=told.time(facts["end"])),
        told.say("as_of", time=told.time(facts["data_at"]), id=found.id),
    ]
    return [*lines, told.say("simulated")] if facts["simulated"] else lines


def sections(found: Handover, lang: str) -> list[Section]:
    """Every part, in its order; one of which there is nothing says so."""
    told = Telling(found, lang)
    chinese = lang.startswith("zh")
    made = [make(told) for make in PARTS]
    return [
        Section(
            **{**vars(part), "title": f"{NUMERALS[n]}、{part.title}" if chinese else f"{n + 1}. {part.title}"}
        )
        for n, part in enumerate(made)
    ]


def signatures(found: Handover, lang: str) -> list[tuple[str, str, str]]:
    """Side, who signed it and when; blanks to be filled in by hand where nobody has."""
    told = Telling(found, lang)
    rows = []
    for side in SIDES:
        mine = found.signed(side)
        if mine is None:
            rows.append((told.say(f"{side}_side"), "", ""))
            continue
        name = who(mine.who, mine.role, lang) if mine.who else mine.post
        name += f"（{mine.post}）" if mine.who and mine.post and lang.startswith("zh") else ""
        name += f" ({mine.post})" if mine.who and mine.post and not lang.startswith("zh") else ""
        rows.append((told.say(f"{side}_side"), f"{name} · {role(mine.role, lang)}", told.time(mine.at)))
    return rows


def proof(found: Handover, lang: str) -> list[str]:
    """What ties a paper copy to the journal."""
    told = Telling(found, lang)
    mark = f"{found.head[0]}:{found.head[1]}"
    return [
        told.say("digest", digest=found.digest),
        told.say("journal", head=mark),
        told.say("check", command=f"threeline audit verify --head {mark}"),
    ]


# ---- the parts -------------------------------------------------------------------------------------


def _summary(told: Telling) -> Section:
    facts, counts = told.facts, told.facts["counts"]
    grades = counts["by_severity"]
    comma = told.say("comma")
    lines = [
        told.say(
            "sums",
            level=told.words(facts["duty_level"]["name"]),
            persons=told.number(facts["sums"]["persons"]),
            vehicles=told.number(facts["sums"]["vehicles"]),
        ),
        told.say(
            "alerts",
            fired=counts["fired"],
            grades=comma.join(f"{say(told.lang, grade)} {grades[grade]}" for grade in grades),
            resolved=counts["resolved"],
            open=counts["open"],
            unanswered=counts["unanswered"],
        ),
        told.say(
            "response",
            steps=comma.join(
                told.say(
                    f"step_{step['step']}", minutes=f"{step['minutes']:g}", kept=step["kept"], due=step["due"]
                )
                for step in counts["steps"]
            ),
        ),
    ]
    if outcomes := facts["sums"]["outcomes"]:
        listed = comma.join(f"{told.words(one['name'])} {told.number(one['count'])}" for one in outcomes)
        lines.insert(1, told.say("outcomes", outcomes=listed))
    if counts["hidden"]:
        lines.append(told.say("hidden", n=counts["hidden"]))
    rows = [
        (
            told.words(line["name"]),
            f"{line['online']}/{line['sites']}",
            f"{told.number(line['staff_on_duty'])}/{told.number(line['staff_required'])}",
            "—" if line["km_uncovered"] is None else f"{line['km_uncovered']:g}",
            str(line["alerts"]),
        )
        for line in facts["lines"]
    ]
    return _section(
        told, "summary", ("line", "online", "staff", "km", "alerts_n"), rows, (3, 2, 2, 2, 1.5), lines=lines
    )


def _open(told: Telling) -> Section:
    rows = []
    for row in told.facts["open"]["rows"]:
        answer = row["answer"]
        state = told.say("nobody")
        if answer is not None:
            key = "answered_by" if answer["holds"] else "answer_over"
            state = told.say(key, who=told.who(answer), time=told.clock(answer["until"]))
            state += told.say("with_note", note=answer["note"]) if answer["note"] else ""
        for step in ("sent", "arrived"):
            if row[f"{step}_at"] is not None:
                state += told.say(f"{step}_at", time=told.clock(row[f"{step}_at"]))
        place = told.words(row["name"])
        rows.append(
            (
                say(told.lang, row["severity"]),
                f"{place}\n{row['county']}" if row["county"] and row["county"] != place else place,
                told.words(row["what"]),
                told.clock(row["fired_at"]),
                state,
            )
        )
    return _list(told, "open", ("severity", "place", "what", "since", "state"), rows, (1.2, 2.2, 3.4, 1.4, 3))


def _answered(told: Telling) -> Section:
    rows = [
        (
            told.clock(row["at"]),
            told.words(row["name"]),
            told.words(row["rule"]),
            told.who(row) + (told.say("with_note", note=row["note"]) if row["note"] else ""),
            told.clock(row["sent_at"]),
            told.clock(row["arrived_at"]),
            told.clock(row["resolved_at"]),
        )
        for row in told.facts["answered"]["rows"]
    ]
    heads = ("answered_at", "place", "rule", "who", "sent", "arrived", "resolved")
    return _list(told, "answered", heads, rows, (1.4, 2.2, 2, 2.8, 1.3, 1.3, 1.3))


def _orders(told: Telling) -> Section:
    rows = [
        (
            told.clock(row["at"]),
            who(row["who"], row["role"], told.lang),
            _did(told, row),
            told.words(row["about"]) or whole(told.facts.get("place", {}), told.lang),
            _said(told, row),
        )
        for row in told.facts["orders"]["rows"]
    ]
    return _list(told, "orders", ("time", "who", "did", "about", "said"), rows, (1.4, 2, 2.4, 2, 4))


def _planned(told: Telling) -> Section:
    between = told.say("comma")
    rows = [
        (
            told.say(f"plan_{row['kind']}"),
            told.clock(row["start"]) + (f" — {told.clock(row['end'])}" if row["end"] is not None else ""),
            between.join(told.words(one) for one in row["where"])
            or whole(told.facts.get("place", {}), told.lang),
            told.words(row["reason"]) or (told.words(row["name"]) if row["kind"] == "maintenance" else ""),
            row["by"],
        )
        for row in told.facts["planned"]["rows"]
    ]
    return _list(told, "planned", ("kind", "time", "where", "reason", "made_by"), rows, (1.6, 2.6, 3, 3, 1.8))


def _slowest(told: Telling) -> Section:
    rows = [
        (told.words(row["name"]), row["county"], told.number(row["wait_min"]), told.number(row["queue_m"]))
        for row in told.facts["slowest"]
    ]
    return _section(told, "slowest", ("place", "county", "wait", "queue"), rows, (3, 2, 2, 2))


def _teams(told: Telling) -> Section:
    """Who is on post now, and after the next change."""
    teams = told.facts["teams"]
    if teams is None:
        return Section(told.say("part_teams"), (told.say("no_roster"),))
    comma = told.say("comma")
    spans = (("", teams["now"]), (told.say("from_then", time=told.clock(teams["next_at"])), teams["next"]))
    rows = [
        (
            when or told.say("now"),
            say(told.lang, f"duty_state_{row['state'] or 'unknown'}"),
            str(row["teams"]),
            told.number(row["people"]),
            comma.join(row["names"]) + (told.say("and_more", n=row["left_off"]) if row["left_off"] else ""),
        )
        for when, listed in spans
        for row in listed
        if row["teams"]
    ]
    return _section(
        told, "teams", ("when", "duty", "teams_n", "people", "names"), rows, (1.8, 1.8, 1, 1.2, 5)
    )


def _note(told: Telling) -> Section:
    note = told.facts["note"]
    return Section(told.say("part_note"), (note or told.say("none"),))


PARTS: tuple[Callable[[Telling], Section], ...] = (
    _summary, _open, _answered, _orders, _planned, _teams, _slowest, _note,
)  # fmt: skip


def _did(told: Telling, row: Row) -> str:
    closure = row["action"] == "silence.add" and row["detail"].get("kind") == "closure"
    return say(told.lang, "did_closure_add" if closure else f"did_{row['action'].replace('.', '_')}")


def _said(told: Telling, row: Row) -> str:
    detail: Facts = row["detail"]
    parts = [str(detail.get(name) or "") for name in ("reason", "why")]
    if row["action"] == "duty.set":
        parts.insert(0, told.words(row["level"]) or say(told.lang, "journal_follows"))
    if isinstance(detail.get("end"), int):
        parts.append(say(told.lang, "journal_until", time=told.clock(detail["end"])))
    return told.say("comma").join(part for part in parts if part)


def _list(
    told: Telling,
    name: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
) -> Section:
    """A part of which there may be nothing, or more than is listed."""
    left = told.facts[name]["left_off"]
    return _section(told, name, heads, rows, widths, after=told.say("left_off", n=left) if left else "")


def _section(
    told: Telling,
    name: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
    *,
    lines: Iterable[str] = (),
    after: str = "",
) -> Section:
    """A part; without rows no table, and where nothing stands there, a sentence says so."""
    title_ = told.say(f"part_{name}")
    if not rows:
        return Section(title_, tuple(lines) or (told.say("none"),))
    return Section(
        title_, tuple(lines), tuple(told.say(f"col_{head}") for head in heads), tuple(rows), widths, after
    )
