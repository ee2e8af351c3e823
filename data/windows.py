"""What the engine remembers of every site: its last readings, and throughput over windows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.readings import METHODS, Readings
from data.spec import ProfileSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Singles = NDArray[np.float32]

NEVER = -(2**62)
"""The time of an empty slot: older than any reading."""
GAUGES = ("queue_m", "wait_min", "lanes_open", "staff_on_duty")
PIECE = 2048
"""Sites whose windows are measured at once."""
TREND_S = 900
"""`wait_change` looks a quarter of an hour back."""
METHOD_NAMES = np.array([*METHODS, ""], dtype=object)
NO_METHOD = len(METHODS)


def slots_for(spec: ProfileSpec) -> int:
    """How many readings of a site are remembered: an hour of them and a few, within reason."""
    longest = max(spec.windows.minutes) * 60
    return min(max(longest // spec.readings.expected_interval_s + 4, 8), 128)


def reach_s(spec: ProfileSpec) -> int:
    """How much older than a site's newest reading another may be and still matter to its windows."""
    return max(max(spec.windows.minutes) * 60, TREND_S * 3 // 2)


def lookback_s(spec: ProfileSpec) -> int:
    """How old a reading may be and still matter, at sites that report often enough to go silent by then."""
    return spec.readings.no_data_after_s + reach_s(spec)


@dataclass(eq=False)
class Newest:
    """Each site's newest reading, one value per site; NaN means not reported."""

    observed_at: Floats
    """NaN where there never was a reading."""
    interval_s: Floats
    """What it speaks for; silence begins later where it is long."""
    queue_m: Floats
    wait_min: Floats
    lanes_open: Floats
    staff_on_duty: Floats
    method: NDArray[np.int8]
    """An index into METHOD_NAMES."""


class Recent:
    """A memory of the last readings of each site; rows may come late, twice, corrected or in any order."""

    def __init__(self, sites: int, slots: int, minutes: tuple[int, ...] = (5, 15, 60)) -> None:
        self.newest = Newest(
            observed_at=np.full(sites, np.nan),
            interval_s=np.full(sites, np.nan),
            queue_m=np.full(sites, np.nan),
            wait_min=np.full(sites, np.nan),
            lanes_open=np.full(sites, np.nan),
            staff_on_duty=np.full(sites, np.nan),
            method=np.full(sites, NO_METHOD, np.int8),
        )
        self.rates: dict[int, tuple[Floats, Floats]] = {
            window: (np.full(sites, np.nan), np.full(sites, np.nan)) for window in minutes
        }
        """Window in minutes to persons and vehicles per hour, up to each site's newest reading."""
        self.wait_change = np.full(sites, np.nan)
        # Slots are in no order: the oldest makes room. Single precision keeps 100,000 sites small.
        self._at = np.full((sites, slots), NEVER, np.int64)
        self._interval = np.zeros((sites, slots), np.float32)
        self._persons = np.full((sites, slots), np.nan, np.float32)
        self._vehicles = np.full((sites, slots), np.nan, np.float32)
        self._wait = np.full((sites, slots), np.nan, np.float32)

    def __len__(self) -> int:
        return len(self._at)

    @property
    def nbytes(self) -> int:
        """Bytes held by the slots."""
        return sum(a.nbytes for a in (self._at, self._interval, self._persons, self._vehicles, self._wait))

    def put(self, site_rows: Ints, readings: Readings) -> Ints:
        """Take readings in order of arrival; the rows of sites that they touched, ascending.

        `site_rows` is the row number of each reading's site. Among rows of the same site and time the last
        one holds; a row older than all that a full memory holds is left out.
        """
        if not len(site_rows):
            return np.empty(0, np.int64)
        touched = np.zeros(len(self), bool)
        touched[site_rows] = True
        changed = np.flatnonzero(touched)
        if len(changed) == len(site_rows):
            self._put_once(site_rows, readings, slice(None))
        else:
            for pick in _rounds(site_rows, readings.observed_at, self._at.shape[1]):
                self._put_once(site_rows[pick], readings, pick)
        self._refresh(changed)
        return changed

    def _put_once(self, site: Ints, readings: Readings, pick: Ints | slice) -> None:
        """Put readings of which no two belong to the same site."""
        at = readings.observed_at[pick]
        kept = self._at[site]
        same = kept == at[:, None]
        again = same.any(axis=1)
        slot = np.where(again, same.argmax(axis=1), kept.argmin(axis=1))
        fits = again | (at > kept[np.arange(len(site)), slot])
        where = (site[fits], slot[fits])
        self._at[where] = at[fits]
        self._interval[where] = np.maximum(readings.interval_s[pick][fits], 1)
        self._wait[where] = readings.wait_min[pick][fits]
        with np.errstate(invalid="ignore"):
            self._persons[where] = _sum(readings.persons_in[pick][fits], readings.persons_out[pick][fits])
            self._vehicles[where] = _sum(readings.vehicles_in[pick][fits], readings.vehicles_out[pick][fits])
        last = ~(at < self.newest.observed_at[site])
        rows = site[last]
        self.newest.observed_at[rows] = at[last]
        for name in ("interval_s", *GAUGES):
            getattr(self.newest, name)[rows] = getattr(readings, name)[pick][last]
        self.newest.method[rows] = _method_codes(readings.method[pick][last])

    def _refresh(self, site_rows: Ints) -> None:
        # In pieces that fit the processor's cache, so that a burst of every site at once stays quick.
        for start in range(0, len(site_rows), PIECE):
            rows = site_rows[start : start + PIECE]
            age = self._ages(rows)
            for minutes, (persons, vehicles) in self._measure(rows, age, tuple(self.rates)).items():
                self.rates[minutes][0][rows] = persons
                self.rates[minutes][1][rows] = vehicles
            self.wait_change[rows] = self._wait_gained(rows, age)

    def measure(self, site_rows: Ints, minutes: int) -> tuple[Floats, Floats]:
        """Persons and vehicles per hour over the window that ends at each site's own newest reading.

        A reading that only partly lies in the window counts by the part that does; the sum is divided by the
        time that readings cover. NaN where none covers any of it.
        """
        return self._measure(site_rows, self._ages(site_rows), (minutes,))[minutes]

    def _measure(
        self, site_rows: Ints, age: Singles, minutes: tuple[int, ...]
    ) -> dict[int, tuple[Floats, Floats]]:
        interval = self._interval[site_rows]
        columns = []
        for counts in (self._persons[site_rows], self._vehicles[site_rows]):
            known = counts >= 0
            per_s = np.divide(counts, interval, out=np.zeros_like(counts), where=known)
            columns.append((per_s, known.astype(np.float32)))
        rates = {}
        for window in minutes:
            inside = np.maximum(np.float32(window * 60) - age, 0)
            np.minimum(inside, interval, out=inside)
            persons, vehicles = (_per_hour(per_s, known, inside) for per_s, known in columns)
            rates[window] = (persons, vehicles)
        return rates

    def _ages(self, site_rows: Ints) -> Singles:
        """Seconds by which each slot is older than the site's newest reading, shape (rows, slots)."""
        newest = self.newest.observed_at[site_rows]
        end = np.where(np.isnan(newest), 0, newest).astype(np.int64)
        return (end[:, None] - self._at[site_rows]).astype(np.float32)

    def _wait_gained(self, site_rows: Ints, age: Singles) -> Floats:
        """The newest wait less the wait about a quarter of an hour before; NaN where either is unknown."""
        # Of two that are equally far from it the later counts, in whatever order the slots are.
        off = np.abs(age - np.float32(TREND_S - 0.25))
        wait = self._wait[site_rows]
        off[np.isnan(wait) | (off > TREND_S / 2)] = np.inf
        nearest = off.argmin(axis=1)
        every = np.arange(len(site_rows))
        before = np.where(np.isinf(off[every, nearest]), np.nan, wait[every, nearest])
        return np.asarray(self.newest.wait_min[site_rows] - before, np.float64)


def _method_codes(methods: NDArray[np.object_]) -> NDArray[np.int8]:
    codes = np.full(len(methods), NO_METHOD, np.int8)
    for code, name in enumerate(METHODS):
        codes[methods == name] = code
    return codes


def _sum(a: Floats, b: Floats) -> Floats:
    """Both directions together; a direction that is not reported is left out."""
    return np.where(np.isnan(a), b, np.where(np.isnan(b), a, a + b))


def _per_hour(per_s: Singles, known: Singles, inside: Singles) -> Floats:
    covered = np.einsum("ij,ij->i", known, inside).astype(np.float64)
    total = np.einsum("ij,ij->i", per_s, inside).astype(np.float64)
    rate = np.full(len(covered), np.nan)
    np.divide(total * 3600, covered, out=rate, where=covered > 0)
    # What single precision leaves behind the second decimal is noise.
    return np.round(rate, 2)


def _rounds(site_rows: Ints, observed_at: Ints, slots: int) -> list[Ints]:
    """Row numbers in rounds of one row per site, oldest first, at most `slots` of each site."""
    order = np.lexsort((observed_at, site_rows))
    site, at = site_rows[order], observed_at[order]
    ends = np.append(site[1:] != site[:-1], True)
    # Of rows with the same site and time the last to arrive stays: lexsort is stable.
    last = ends | np.append(at[1:] != at[:-1], True)
    order, site = order[last], site[last]
    ends = np.append(site[1:] != site[:-1], True)
    group_end = np.flatnonzero(ends)
    size = np.diff(group_end, prepend=-1)
    from_end = np.repeat(group_end, size) - np.arange(len(site))
    return [order[from_end == back] for back in range(int(min(size.max(), slots)) - 1, -1, -1)]
