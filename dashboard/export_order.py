"""A file that somebody asks for at the command line, and what a terminal shows while it is made."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.fault_words import in_words
from dashboard.saying import language
from dashboard.saying_exports import WORDS, told
from layers.faults import Fault, FaultsError
from layers.hints import one_of

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True)
class Order:
    """What is wanted, in the texts that an address would have; checked as far as that needs no profile."""

    what: str
    """`snapshot` or `brief`."""
    out: Path
    scope: str = ""
    at: int | None = None
    """Epoch seconds; None for now."""
    lang: str = ""
    more: dict[str, str] = field(default_factory=dict)
    """Of a snapshot `size`, `theme`, `sheet`, `line`, `c`, `z`, `hide`, `site`; of a brief `since`, `covers`;
    "" where nothing is said."""

    @property
    def form(self) -> str:
        """The file's form, such as `png`."""
        return self.out.suffix.lower().removeprefix(".")

    @property
    def file(self) -> str:
        """What, a point, and its form: as schedules and the interface name it."""
        return f"{self.what}.{self.form}"


def refused(sentence: str) -> FaultsError:
    """One sentence that ends the command."""
    return FaultsError([Fault(sentence)])


def choices(known: Iterable[str]) -> str:
    """What there is to choose from, cut after a dozen, in the language of the command line."""
    return in_words(Fault("", expected=one_of(known)), language()).expected


def write(out: Path, content: bytes) -> None:
    """Put a file in its place whole, or not at all; raises OSError."""
    if out.exists() and not out.is_file():  # such as /dev/stdout
        out.write_bytes(content)
        return
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        aside.write_bytes(content)
        aside.replace(out)
    except FileNotFoundError:
        raise FileNotFoundError(2, os.strerror(2), str(out.parent)) from None
    finally:
        aside.unlink(missing_ok=True)


def size_of(content: bytes) -> str:
    """How large a file is, for people."""
    amount = len(content) / 1024
    return f"{amount:.0f} kB" if amount < 1024 else f"{amount / 1024:.1f} MB"


class Steps:
    """The steps of making a file on a terminal; silent elsewhere."""

    def __init__(self, bar: Progress | None, task: TaskID | None) -> None:
        self._bar, self._task = bar, task
        self.seen: list[str] = []

    def __call__(self, name: str) -> None:
        """A step begins."""
        if not self.seen or self.seen[-1] != name:
            self.seen.append(name)
        self.show(name, max(len(self.seen) - 1, 0))

    def show(self, name: str, done: int, total: int | None = None, **values: object) -> None:
        """A step is being done, of so many."""
        if self._bar is not None and self._task is not None:
            key = f"step_{name}"
            words = told(key, **values) if key in WORDS else name
            self._bar.update(self._task, description=words, completed=done)
            if total:
                self._bar.update(self._task, total=total)


@contextmanager
def steps(order: Order, total: int) -> Iterator[Steps]:
    """Show the steps of an order while it is made."""
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Steps(None, None)
        return
    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.fields[file]} · {task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(told("step_figures"), total=total, file=order.out.name)
        yield Steps(bar, task)
