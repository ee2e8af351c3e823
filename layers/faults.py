"""A fault: one thing wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands, what was found, what was expected, what to do."""

    what: str
    """One sentence."""
    file: str = ""
    row: int | None = None
    """1-based data row (a header line is not counted), or None when no single row is at fault."""
    field: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""
    warning: bool = False
    """Worth a look, and no more: it is told apart, and stops nothing."""
    layer: str = ""
    """The layer inside the file, where the file has several."""

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                self.file,
                f"layer {self.layer}" if self.layer else "",
                f"row {self.row}" if self.row is not None else "",
                f"field {self.field}" if self.field else "",
            )
            if part
        )
        text = f"{where}: {self.what}" if where else self.what
        if self.expected:
            text += f" (got {self.got or 'nothing'}; expected {self.expected})"
        elif self.got:
            text += f" ({self.got})"
        return f"{text}. {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, str | int | bool | None]:
        """The fault as plain values, for JSON."""
        return asdict(self)


class FaultsError(ValueError):
    """Raised with every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = len(self.faults)
        head = "1 fault" if count == 1 else f"{count} faults"
        super().__init__("\n".join([f"{head}:", *(f"  {fault}" for fault in self.faults[:50])]))


def words_of(error: Exception) -> str:
    """What went wrong, in the system's words; not where: an OSError's text names folders of the server."""
    return getattr(error, "strerror", None) or str(error)
