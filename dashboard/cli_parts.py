"""What the commands share: their options, a table on a terminal, a sentence that ends a command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Annotated

import typer

from dashboard.saying import language, say
from layers.faults import Fault, FaultsError

ProfileOption = Annotated[str | None, typer.Option(help=say("opt_profile"), metavar="NAME|DIR")]
StoreOption = Annotated[str | None, typer.Option(help=say("opt_store"), metavar="URL")]


def telling(words: Mapping[str, tuple[str, str]]) -> Callable[..., str]:
    """How a command says what its table of words holds, Chinese first."""

    def told(key: str, **values: object) -> str:
        chinese, english = words[key]
        return (english if language() == "en" else chinese).format(**values)

    return told


def commands() -> typer.Typer:
    """A command that has commands of its own."""
    return typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def show_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, faint: Container[int] = frozenset()
) -> None:
    """A table on a terminal, a line each elsewhere; `faint` are the numbers of rows that stand back."""
    from rich.console import Console  # noqa: PLC0415  (start-up time)
    from rich.table import Table  # noqa: PLC0415

    console = Console()
    if not console.is_terminal:
        for row in rows:
            sys.stdout.write("\t".join(row) + "\n")
        return
    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")
    for number, row in enumerate(rows):
        table.add_row(*row, style="dim" if number in faint else None)
    console.print(table, markup=False)


def refused(sentence: str) -> FaultsError:
    """One sentence that ends the command."""
    return FaultsError([Fault(sentence)])
