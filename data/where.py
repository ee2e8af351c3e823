"""Which sites a rule or a round means: lists of kinds, lines, counties; an empty one means all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Strings = NDArray[np.object_]


class Named(Protocol):
    """Lists of kinds, lines and counties, as tables of the profile and orders have them."""

    @property
    def kinds(self) -> Sequence[str]:
        """Site kinds."""

    @property
    def lines(self) -> Sequence[str]:
        """Line ids."""

    @property
    def counties(self) -> Sequence[str]:
        """Adcodes."""


def any_of(values: Strings, wanted: Sequence[str]) -> Bools:
    """Which values are among the wanted ones; all where none are named."""
    if not wanted:
        return np.ones(len(values), bool)
    among = set(wanted)
    return np.array([value in among for value in values.tolist()], dtype=bool)


def scope_mask(kind: Strings, line: Strings, county: Strings, where: Named) -> Bools:
    """Which sites all lists name; `checkpoint` names every kind that begins with `checkpoint.`."""
    kinds = {
        one: any(one == want or one.startswith(f"{want}.") for want in where.kinds)
        for one in set(kind.tolist())
    }
    mask = np.array([kinds[one] or not where.kinds for one in kind.tolist()], dtype=bool)
    return mask & any_of(line, where.lines) & any_of(county, where.counties)
