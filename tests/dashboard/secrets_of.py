"""What a county's reader must never be told: everything that is another county's, as texts and as places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from data.county import county_profile
from data.profile import Profile

TEXT_COLUMNS = (
    "site_id", "fence_id", "device_id", "crossing_id", "hub_id", "exit_id", "adcode", "name", "county",
    "video_url",
)  # fmt: skip
TOLERANCE_DEG = 0.005
"""Some 500 m: published limits are generalised, and shapes are widened by 200 m before they are cut."""
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
PAIR = re.compile(r"\[\s*(\d{2,3}\.\d{2,}),\s*(\d{1,2}\.\d{2,})")


@dataclass(frozen=True)
class Found:
    """Something that should not have been told."""

    what: str
    around: str


@dataclass
class Secrets:
    """The secrets of all counties but one."""

    profile: Profile
    adcode: str

    @cached_property
    def own(self) -> Profile:
        return county_profile(self.profile, self.adcode)

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Sort to the ids and names that only others have; what is part of an own word is none."""
        mine = "\n".join(value for values in texts_of(self.own).values() for value in values)
        mine += self.own.spec.model_dump_json()
        return {
            sort: sorted(value for value in values if value not in mine)
            for sort, values in texts_of(self.profile).items()
        }

    def one(self, sort: str) -> str:
        """A secret of a sort, such as another county's site id."""
        return self.texts[sort][0]

    @cached_property
    def _words(self) -> tuple[set[str], list[str]]:
        """Those that are whole words of their own, and those to be found anywhere."""
        words = {value for values in self.texts.values() for value in values}
        plain = {word for word in words if WORD.fullmatch(word)}
        return plain, sorted(words - plain)

    @cached_property
    def _elsewhere(self) -> Any:
        """The land of the others, without what is near the own."""
        counties = self.profile.counties
        own = counties.loc[counties["adcode"] == self.adcode].geometry.union_all()
        others = counties.loc[counties["adcode"] != self.adcode].geometry.union_all()
        land = others.difference(own.buffer(TOLERANCE_DEG))
        shapely.prepare(land)
        return land

    @cached_property
    def _corners(self) -> set[float]:
        """West, south, east and north of what is the own: the corner of a box may lie beyond."""
        boxes = [self.own.spec.area, *(tuple(f.total_bounds) for f in self.own.layers.values() if len(f))]
        return {round(edge, 4) for box in boxes for edge in box}

    @cached_property
    def _own_points(self) -> set[tuple[float, float]]:
        """Where own things stand, though that be beyond the limit."""
        shapes = [shape for name, frame in self.own.layers.items() for shape in frame.geometry]
        xy = shapely.get_coordinates(shapes)
        return {(round(x, 4), round(y, 4)) for x, y in xy.tolist()}

    def places(self, text: str) -> list[Found]:
        """Positions within other counties."""
        pairs = np.array([(float(x), float(y)) for x, y in PAIR.findall(text)]).reshape(-1, 2)
        beyond = (
            pairs[shapely.contains_xy(self._elsewhere, pairs[:, 0], pairs[:, 1])] if len(pairs) else pairs
        )
        return [
            Found(f"a place, {x} {y}", text[:80])
            for x, y in beyond.tolist()
            if not {round(x, 4), round(y, 4)} <= self._corners
            and (round(x, 4), round(y, 4)) not in self._own_points
        ]

    def told(self, text: str, said: Iterable[str] = ()) -> list[Found]:
        """Every secret in a text, but for what the question itself said."""
        plain, others = self._words
        # Letters and digits around it make another word of it: half of a hash is no id.
        hits = plain & set(WORD.findall(text)) | {word for word in others if word in text}
        found = []
        for hit in hits - set(said):
            at = text.index(hit)
            found.append(Found(hit, text[max(at - 60, 0) : at + 40]))
        return found + self.places(text)


def texts_of(profile: Profile) -> dict[str, set[str]]:
    """Sort to every id and name in a profile's layers."""
    found: dict[str, set[str]] = {name: set() for name in TEXT_COLUMNS}
    for frame in profile.layers.values():
        for name in TEXT_COLUMNS:
            if name in frame.columns:
                found[name] |= {str(value) for value in frame[name].tolist() if value and value == value}
    # Ids that sites carry, and the names of counties apart from those of sites.
    found["site_name"] = {str(name) for name in profile.sites.name.tolist()}
    found["county_name"] = set(profile.county_name.values())
    return found
