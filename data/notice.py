"""What the board has to say about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from layers.faults import Fault


@dataclass(frozen=True)
class Notice:
    """Something the board has to say about itself, such as an edit of its profile that it refused."""

    id: str
    """The same as long as it is the same matter."""
    severity: str
    what: Mapping[str, str]
    """Language to words: one line."""
    since: int
    """Epoch seconds."""
    faults: tuple[Fault, ...] = ()
    """The first of what is behind it."""
    more: int = 0
    """How many faults there are besides."""
    of_a_part: bool = False
    """Whether its words name a part of the profile, which may be one county's."""

    def without_details(self) -> Notice:
        """How many faults there are, not which: their words may name what another county has."""
        return replace(self, faults=(), more=self.more + len(self.faults))
