"""What a terminal shows of faults, and of files of readings that are written into the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.findings import Part, Report
from dashboard.report import show
from dashboard.saying import say
from layers.faults import Fault, FaultsError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from dashboard.bulk import Tally
    from data.profile import Profile
    from data.store import Store


def show_faults(console: Console, what: str, faults: Sequence[Fault]) -> None:
    """The faults of one file: in groups on a terminal, a line each elsewhere."""
    show(console, Report(what, [Part(what, faults=list(faults))]))


def bulk_ingest(files: Sequence[Path], *, profile: Profile, store: Store, encoding: str) -> bool:
    """Write files into the store, with a progress bar on a terminal.

    True where any of them could not be read, or had refused rows and no others.
    """
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    from dashboard.bulk import Tally, ingest  # noqa: PLC0415

    console = Console()
    tallies: dict[Path, Tally] = {}
    errors: list[tuple[Path, FaultsError]] = []
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        for path in files:
            task = bar.add_task(say("reading", file=path.name), total=path.stat().st_size)
            tallies[path] = tally = Tally()
            heard = partial(_advance, bar, task)
            try:
                ingest(path, profile=profile, store=store, tally=tally, encoding=encoding, progress=heard)
            except FaultsError as error:
                errors.append((path, error))
    show_tallies(console, tallies)
    for path, unreadable in errors:
        show_faults(console, path.name, unreadable.faults)
    return bool(errors) or any(0 < tally.rows == tally.rejected for tally in tallies.values())


def _advance(bar: Progress, task: TaskID, done: int) -> None:
    bar.update(task, completed=done)


def show_tallies(console: Console, tallies: Mapping[Path, Tally]) -> None:
    """What became of the rows of each file, and the first of those that were refused."""
    from rich.table import Table  # noqa: PLC0415

    counted = ("rows", "accepted", "duplicate", "corrected", "rejected")
    if console.is_terminal:
        table = Table()
        table.add_column(say("file"), overflow="fold")
        for name in counted:
            table.add_column(say(name), justify="right")
        for path, tally in tallies.items():
            table.add_row(path.name, *(f"{getattr(tally, name):,}" for name in counted))
        console.print(table)
    else:
        for path, tally in tallies.items():
            said = ", ".join(f"{say(name)} {getattr(tally, name)}" for name in counted)
            console.print(f"{path.name}: {said}", markup=False, highlight=False, soft_wrap=True)
    for path, tally in tallies.items():
        if tally.refused:
            faults = [
                Fault(say("rejected"), path.name, row.row, row.field, row.got, row.expected)
                for row in tally.refused
            ]
            told = say("rejected_first", n=len(faults), all=tally.rejected)
            console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
            show_faults(console, path.name, faults)
