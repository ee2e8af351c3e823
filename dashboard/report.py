"""How findings are shown: in groups on a terminal, line by line elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dashboard.fault_words import in_line, in_words
from dashboard.findings import SORTS, Group, Part, Report, groups_of, in_order, spans
from dashboard.saying import language, say

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

FIRST = 3
"""Rows of a group that are shown with what differs between them, unless all are asked for."""
SPANS = 8
"""Rows or runs of rows that are named where nothing differs."""
NAMES = 8
_STYLES = {"faults": "red", "warnings": "yellow", "quarantined": "magenta"}
_MARKS = {"faults": "✗", "warnings": "!", "quarantined": "−"}


def show(console: Console, report: Report, *, every: bool = False) -> None:
    """The findings at one path: in groups on a terminal, a line each elsewhere."""
    if console.is_terminal:
        show_report(console, report, every=every)
        return
    for line in report_lines(report):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def show_report(console: Console, report: Report, *, every: bool = False) -> None:
    """The findings at one path, for a person at a terminal; `every`: each row, not only the first."""
    for part in report.parts:
        groups = groups_of(part)
        if groups:
            console.print(_title(part))
            for group in groups:
                console.print(_card(group, every=every))
            console.print()
    if len(report.parts) > 1:
        console.print(_summary(report.parts))
    if report.left_alone:
        console.print(_left_alone(report.left_alone), style="dim", markup=False, highlight=False)
    style = "green" if report.good else "bold red"
    console.print(
        f"{'✓' if report.good else '✗'} {verdict(report)}", style=style, markup=False, highlight=False
    )


def report_lines(report: Report) -> Iterator[str]:
    """The findings at one path, a line each, for what is not a terminal."""
    yield verdict(report)
    for part in report.parts:
        for sort in SORTS:
            mark = "" if sort == "faults" else f"{say(_WORD[sort])}{'：' if language() == 'zh-CN' else ': '}"
            yield from (f"{mark}{in_line(fault, language())}" for fault in in_order(getattr(part, sort)))
    if report.left_alone:
        yield _left_alone(report.left_alone)


_WORD = {"warnings": "warning", "quarantined": "quarantined"}


def verdict(report: Report) -> str:
    """One line: what was looked at, and how much is wrong."""
    chinese = language() == "zh-CN"
    faults = sum(len(part.faults) for part in report.parts)
    warnings = sum(len(part.warnings) for part in report.parts)
    rows = sum(len({fault.row for fault in part.quarantined}) for part in report.parts)
    counts = (("sum_fault", faults), ("sum_quarantined", rows), ("sum_warning", warnings))
    told = [_counted(key, number) for key, number in counts if number]
    if report.good:
        told.insert(0, say("sum_none"))
    files = len({part.file for part in report.parts})
    features = _counted("num_feature", sum(part.features or 0 for part in report.parts))
    size = say("in_files", n=files, features=features) if files > 1 else features
    size = f"（{size}）" if chinese else f" ({size})"
    return f"{report.path}{'：' if chinese else ': '}{('，' if chinese else ', ').join(told)}{size}"


def _counted(key: str, number: int) -> str:
    return say(key) if number == 1 else say(f"{key}s", n=f"{number:,}")


def _left_alone(names: Sequence[str]) -> str:
    more = say("and_more", n=len(names)) if len(names) > NAMES else ""
    return say("left_alone", names=", ".join(names[:NAMES]) + more)


def _title(part: Part) -> RenderableType:
    from rich.text import Text  # noqa: PLC0415

    title = Text(part.file, "bold")
    if part.layer:
        title.append(f" › {part.layer}", "bold")
    if part.kind:
        title.append(f"  {part.kind}", "cyan")
    if part.features is not None:
        title.append(f"  {_counted('num_feature', part.features)}", "dim")
    return title


def _card(group: Group, *, every: bool) -> RenderableType:
    """One group: what is wrong and how often, then what is the same for all of it, then the rows."""
    from rich.console import Group as Stack  # noqa: PLC0415
    from rich.padding import Padding  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    style, faults = _STYLES[group.sort], [in_words(fault, language()) for fault in group.faults]
    head = Text(f"{_MARKS[group.sort]} ", style)
    if len(faults) > 1:
        head.append(f"{say('times', n=f'{len(faults):,}')} ", f"bold {style}")
    head.append(faults[0].what, f"bold {style}")
    if faults[0].field:
        head.append(f"  {say('field')} ", "dim").append(faults[0].field, "bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    columns = {name: list(dict.fromkeys(getattr(fault, name) for fault in faults)) for name in _DETAILS}
    varied = [name for name, values in columns.items() if len(values) > 1]
    for name in (name for name in _DETAILS if name not in varied and any(columns[name])):
        grid.add_row(say(name), Text(columns[name][0]))
    rows = [fault.row for fault in faults if fault.row is not None]
    shown = faults if every else faults[:FIRST]
    if varied:
        for fault in shown:
            told = [Text(getattr(fault, name)) for name in varied if getattr(fault, name)]
            where = "" if fault.row is None else f"{say('row')} {fault.row}"
            grid.add_row(where, Text(" · ").join(told))
        if len(faults) > len(shown):
            grid.add_row("", Text(say("more", n=f"{len(faults) - len(shown):,}"), "dim"))
    elif rows:
        grid.add_row(say("row"), _rows(rows, every=every))
    return Padding(Stack(head, Padding(grid, (0, 0, 0, 4))), (0, 0, 0, 2))


_DETAILS = ("got", "expected", "hint")


def _rows(rows: list[int], *, every: bool) -> str:
    told = spans(rows)
    text = ", ".join(told if every else told[:SPANS])
    if every or len(told) <= SPANS:
        return text
    return f"{text} … {say('more_rows', n=f'{len(told) - SPANS:,}')}"


def _summary(parts: Sequence[Part]) -> RenderableType:
    """A row per file or layer, with how much is wrong in it."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column(say("file"), overflow="fold")
    table.add_column(say("kind"))
    for name in ("features", *(f"n_{sort}" for sort in SORTS)):
        table.add_column(say(name), justify="right")
    for part in parts:
        good = not (part.faults or part.quarantined)
        name = f"{part.file} › {part.layer}" if part.layer else part.file
        features = "–" if part.features is None else f"{part.features:,}"
        counts = [
            Text(f"{number:,}" if number else "·", _STYLES[sort] if number else "dim")
            for sort in SORTS
            for number in (len(getattr(part, sort)),)
        ]
        mark = Text("✓", "green") if good else Text("✗", "red")
        table.add_row(mark, Text(name), Text(part.kind or "", "cyan"), features, *counts)
    return table
