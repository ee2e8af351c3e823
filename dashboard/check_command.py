"""What `threeline check` does, from its arguments to its exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
from rich import progress as bars
from rich.console import Console

from dashboard.checking import Asked, Heard, report_on
from dashboard.fault_words import in_words
from dashboard.findings import Report, as_json
from dashboard.report import show
from dashboard.saying import language, say
from layers.faults import Fault
from layers.repair import Repair, repair_file
from layers.shapes import NOT_VALID

LONG_BYTES = 8 * 1024 * 1024
"""From so much to read on, progress is shown."""


def run_check(
    paths: Sequence[Path], asked: Asked, *, form: str, every: bool = False, repaired: Path | None = None
) -> bool:
    """Check, tell, mend a copy where that is asked; whether all is well, the mended copy included.

    Raises:
        FaultsError: the copy cannot be written.
    """
    console = Console()
    with _progress(paths) as heard:
        reports = [report_on(path, asked, heard) for path in paths]
    if form == "text":
        for report in reports:
            show(console, report, every=every)
            if console.is_terminal and repaired is None and (file := _mendable(report)):
                console.print(say("try_repair", file=file), style="dim", markup=False, highlight=False)
    repairs: list[Repair] = []
    if repaired is not None:
        repairs = repair_file(
            paths[0],
            repaired,
            kind=asked.kind or "",
            crs=asked.crs,
            encoding=asked.encoding,
            columns=asked.columns,
        )
        again = Asked(asked.kind or _kind_of(paths[0]), crs=asked.crs, columns=asked.columns)
        reports = [*reports, report_on(repaired, again)]
        if form == "text":
            _show_repairs(console, repaired, repairs)
            show(console, reports[-1], every=every)
    if form == "json":
        told = as_json(reports, language())
        if repaired is not None:
            told["repairs"] = [
                {
                    "file": str(repaired),
                    "layer": one.layer,
                    "row": one.row,
                    "what": in_words(Fault(one.what), language()).what,
                    "done": one.done,
                }
                for one in repairs
            ]
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    return all(report.good for report in (reports[-1:] if repaired is not None else reports))


def _mendable(report: Report) -> str:
    """A file of the report with a fault that a program can mend; "" where there is none."""
    for part in report.parts:
        if any(fault.what == NOT_VALID for fault in part.faults):
            path = Path(report.path)
            return str(path / part.file if path.is_dir() else path)
    return ""


def _kind_of(path: Path) -> str | None:
    """The kind that a file's name tells; the copy has another name."""
    from layers.catalog import CATALOG  # noqa: PLC0415

    return path.stem if path.stem in CATALOG else None


def _show_repairs(console: Console, out: Path, repairs: Sequence[Repair]) -> None:
    """Every repair, and what could not be mended."""
    done = [one for one in repairs if one.done]
    key = "repaired_none" if not done else "repaired_one" if len(done) == 1 else "repaired"
    for one in repairs:
        where = f"{one.layer}, " if one.layer else ""
        what = in_words(Fault(one.what), language()).what
        mark, style = ("✓", "green") if one.done else ("✗", "red")
        console.print(
            f"  {mark} {where}{say('row')} {one.row}: {what}", style=style, markup=False, highlight=False
        )
    console.print(say(key, file=out, n=len(done)), style="bold", markup=False, highlight=False)
    if len(done) < len(repairs):
        console.print(say("not_repaired", n=len(repairs) - len(done)), style="bold red", markup=False)


@contextmanager
def _progress(paths: Sequence[Path]) -> Iterator[Heard]:
    """A bar over the bytes of all files, on the error stream of a terminal, where there is much to read."""
    sizes = _sizes(paths)
    total = sum(sizes.values())
    console = Console(stderr=True)
    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TimeElapsedColumn(),
    )
    shown = console.is_terminal and total > LONG_BYTES
    with bars.Progress(*columns, console=console, disable=not shown, transient=True) as bar:
        task = bar.add_task("", total=total)
        before = 0

        def heard(name: str) -> None:
            nonlocal before
            bar.update(task, description=say("checking", file=Path(name).name), advance=before)
            before = sum(size for file, size in sizes.items() if file == name or file.startswith(f"{name}/"))

        yield heard


def _sizes(paths: Sequence[Path]) -> dict[str, int]:
    """The files at some paths and their bytes, as far as they can be told without reading."""
    from dashboard.geodata_folder import MOST_FILES  # noqa: PLC0415

    sizes: dict[str, int] = {}
    for path in paths:
        for file in [path] if path.is_file() else path.rglob("*"):
            if len(sizes) < MOST_FILES and os.path.isfile(file):
                sizes[str(file)] = file.stat().st_size
    return sizes
