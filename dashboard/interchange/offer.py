"""What a profile offers to other programs: sites, gaps and fences with their state, and each layer."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Literal

from geopandas import GeoDataFrame

from data.per_profile import per_profile
from data.profile import Profile
from data.rules import in_language
from data.spec import LayerSpec
from layers.catalog import CATALOG

SITES, GAPS, FENCES, EXITS = "sites", "gaps", "fences", "exits"
LIVE: dict[str, tuple[str, str]] = {
    # id: title in zh-CN and en
    SITES: ("全部站点（实时）", "All sites, live"),
    GAPS: ("一线缺口（实时）", "Gaps in the border, live"),
    FENCES: ("电子围栏（实时）", "Electronic fences, live"),
}


@dataclass(frozen=True)
class Collection:
    """One set of features that can be asked for by its id."""

    id: str
    kind: str
    """`sites`, `gaps`, or a layer kind."""
    layer: LayerSpec | None
    """The profile's layer behind it; None for those that gather several."""
    part: Literal["", "lines", "areas"] = ""
    """Of a layer that holds both: only these. Many programs draw one kind of geometry per layer."""

    @property
    def live(self) -> bool:
        """Whether its features carry what is known of them at a moment."""
        return self.kind in LIVE or self.kind == EXITS or CATALOG[self.kind].is_site

    @property
    def shape(self) -> Literal["point", "line", "polygon", "any"]:
        """What its features are drawn as."""
        if self.kind in (SITES, GAPS):
            return "point" if self.kind == SITES else "line"
        kinds = CATALOG[self.kind].geometry
        if len(kinds) == 1 or self.part:
            return {"": kinds[0], "lines": "line", "areas": "polygon"}[self.part]
        return "any"

    def title(self, profile: Profile, lang: str) -> str:
        """What people call it."""
        english = lang.startswith("en")
        title = "" if self.layer is None else in_language(self.layer.title, lang, profile)
        if self.layer is None:
            title = LIVE[self.kind][1 if english else 0]
        if self.part:
            told = {"lines": ("（线）", ", lines"), "areas": ("（面）", ", areas")}[self.part]
            return title + told[1 if english else 0]
        return title or self.id


@per_profile()
def collections(profile: Profile) -> dict[str, Collection]:
    """Id to collection: those with live state over all layers, then the profile's layers in its order."""
    spec = profile.spec
    found = {SITES: Collection(SITES, SITES, None)}
    if profile.border is not None:
        found[GAPS] = Collection(GAPS, GAPS, None)
    fences = [layer for layer in spec.layers if layer.kind == FENCES]
    if fences:
        # A profile with one layer of fences that is called so has the same features twice otherwise.
        only = fences[0] if len(fences) == 1 and fences[0].name == FENCES else None
        found[FENCES] = Collection(FENCES, FENCES, only)
    for layer in spec.layers:
        if layer.name == FENCES and found[FENCES].layer is layer:
            continue
        name = _free(layer.name, {**found, **LIVE})
        found[name] = Collection(name, layer.kind, layer)
    for collection in list(found.values()):
        if collection.shape == "any" and {"lines", "areas"} <= _parts(profile, collection):
            for part in ("lines", "areas"):
                name = _free(f"{collection.id}_{part}", found)
                found[name] = replace(collection, id=name, part=part)
    return found


def _free(name: str, taken: Container[str]) -> str:
    """The name, or one made of it that is not taken."""
    while name in taken:
        name = f"layer-{name}"
    return name


def _parts(profile: Profile, collection: Collection) -> set[str]:
    """Which kinds of geometry a collection of lines and areas holds."""
    return {part_of(kind) for kind in frame_of(profile, collection).geom_type.unique()}


def part_of(geometry: str) -> str:
    """Whether a type of geometry is of lines or of areas."""
    return "areas" if geometry.endswith("Polygon") else "lines"


def frame_of(profile: Profile, collection: Collection) -> GeoDataFrame:
    """The rows behind a collection of what a layer holds, or all layers of fences."""
    return profile.fences if collection.layer is None else profile.layers[collection.layer.name]
