"""What a county's reader must never be told: everything that is another county's, as texts and as places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from data.county import county_profile
from data.profile import Profile

TEXT_COLUMNS = (
    "site_id", "fence_id", "device_id", "crossing_id", "hub_id", "exit_id", "adcode", "name", "county",
    "video_url",
)  # fmt: skip
TOLERANCE_DEG = 0.005
"""Some 500 m: published limits are generalised, and shapes are widened by 200 m before they are cut."""
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
NEAR_DEG = 0.002
DEGREES = r"\s*(\d{2,3}\.\d{2,}),\s*(\d{1,2}\.\d{2,})\s*"
PAIR = re.compile(rf"\[{DEGREES}\]")
BOX = re.compile(rf"\[{DEGREES},{DEGREES}\]")


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
    _read: dict[bytes, tuple[set[str], list[Found]]] = field(default_factory=dict)
    """Digest of a text to every secret in it, and every place."""

    @cached_property
    def site(self) -> str:
        """A site of the county's own."""
        return str(self.profile.sites.site_id[self.profile.sites.county == self.adcode][0])

    @cached_property
    def own(self) -> list[GeoDataFrame]:
        """What of each layer is the county's, found without the code that is tested."""
        frames = []
        for frame in self.profile.layers.values():
            column = next((name for name in ("county", "adcode") if name in frame), None)
            mine = frame[column] == self.adcode if column else frame.intersects(self._land.buffer(NEAR_DEG))
            frames.append(frame[mine])
        return frames

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Sort to the ids and names that only others have; what is part of an own word is none."""
        mine = "\n".join(value for values in texts_of(self.own).values() for value in values)
        mine += self.profile.spec.model_dump_json(exclude={"layers", "rules"})
        return {
            sort: sorted(value for value in values if value not in mine)
            for sort, values in texts_of(self.profile.layers.values()).items()
        }

    def one(self, sort: str) -> str:
        """A secret of a sort, such as another county's site id."""
        return self.texts[sort][0]

    @cached_property
    def _words(self) -> tuple[set[str], list[tuple[str, set[str]]]]:
        """Those that are whole words of their own, and those to be found anywhere, with their letters."""
        words = {value for values in self.texts.values() for value in values}
        plain = {word for word in words if WORD.fullmatch(word)}
        return plain, [(word, set(word)) for word in sorted(words - plain)]

    @cached_property
    def _land(self) -> Any:
        counties = self.profile.counties
        return counties.loc[counties["adcode"] == self.adcode].geometry.union_all()

    @cached_property
    def _elsewhere(self) -> Any:
        """The land of the others, without what is near the own."""
        counties = self.profile.counties
        others = counties.loc[counties["adcode"] != self.adcode].geometry.union_all()
        land = others.difference(self._land.buffer(TOLERANCE_DEG))
        shapely.prepare(land)
        return land

    @cached_property
    def _corners(self) -> set[float]:
        """West, south, east and north of the county, as written and as widened by 200 m."""
        area = county_profile(self.profile, self.adcode).spec.area
        return {round(edge, 4) for edge in (*self._land.bounds, *area)}

    @cached_property
    def _around(self) -> Any:
        """A box around all that is the own, posts and fences beyond the limit included."""
        held = [frame for frame in self.own if len(frame) and ("county" in frame or "adcode" in frame)]
        shapes = [shapely.box(*frame.total_bounds) for frame in held]
        return shapely.envelope(shapely.union_all(shapes)).buffer(TOLERANCE_DEG)

    @cached_property
    def _own_points(self) -> set[tuple[float, float]]:
        """Where own posts and fences stand, though that be beyond the limit."""
        shapes = [shape for frame in self.own if "county" in frame for shape in frame.geometry]
        return {(round(x, 4), round(y, 4)) for x, y in shapely.get_coordinates(shapes).tolist()}

    def places(self, text: str) -> list[Found]:
        """Positions within other counties, and boxes that reach into them."""
        pairs = np.array([(float(x), float(y)) for x, y in PAIR.findall(text)]).reshape(-1, 2)
        inside = shapely.contains_xy(self._elsewhere, pairs[:, 0], pairs[:, 1]) if len(pairs) else []
        found = [
            Found(f"a place, {x} {y}", text[:80])
            for x, y in pairs[inside].tolist()
            if not {round(x, 4), round(y, 4)} <= self._corners
            and (round(x, 4), round(y, 4)) not in self._own_points
        ]
        boxes = [shapely.box(*map(float, edges)) for edges in BOX.findall(text)]
        return found + [
            Found(f"a box, {box.bounds}", text[:80]) for box in boxes if not box.within(self._around)
        ]

    def told(self, text: str, said: Iterable[str] = ()) -> list[Found]:
        """Every secret in a text, but for what the question itself said."""
        # The same answer comes to many questions: each text is read once.
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        if (read := self._read.get(digest)) is None:
            plain, others = self._words
            # Letters and digits around it make another word of it: half of a hash is no id.
            hits, letters = plain & set(WORD.findall(text)), set(text)
            hits |= {word for word, its in others if its <= letters and word in text}
            read = self._read[digest] = hits, self.places(text)
        hits, places = read
        found = []
        for hit in hits - set(said):
            at = text.index(hit)
            found.append(Found(hit, text[max(at - 60, 0) : at + 40]))
        return found + places


def texts_of(layers: Iterable[GeoDataFrame]) -> dict[str, set[str]]:
    """Sort to every id and name in layers."""
    found: dict[str, set[str]] = {name: set() for name in TEXT_COLUMNS}
    for frame in layers:
        for name in TEXT_COLUMNS:
            if name in frame.columns:
                found[name] |= {str(value) for value in frame[name].tolist() if value and value == value}
    return found
