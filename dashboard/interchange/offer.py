"""What a profile offers to other programs: all its sites, gaps and fences with their state, and each layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from data.profile import Profile
from data.rules import in_language
from data.spec import LayerSpec
from layers.catalog import CATALOG

SITES, GAPS, FENCES = "sites", "gaps", "fences"
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

    @property
    def live(self) -> bool:
        """Whether its features carry what is known of them at a moment."""
        return self.kind in LIVE or CATALOG[self.kind].is_site

    @property
    def shape(self) -> Literal["point", "line", "polygon", "any"]:
        """What its features are drawn as."""
        if self.kind in (SITES, GAPS):
            return "point" if self.kind == SITES else "line"
        kinds = CATALOG[self.kind].geometry
        return kinds[0] if len(kinds) == 1 else "any"

    def title(self, profile: Profile, lang: str) -> str:
        """What people call it."""
        if self.layer is None:
            return LIVE[self.id][1 if lang.startswith("en") else 0]
        return in_language(self.layer.title, lang, profile) or self.id


@lru_cache(maxsize=8)
def collections(profile: Profile) -> dict[str, Collection]:
    """Id to collection: first those with live state over all layers, then the profile's layers in its order."""
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
        name = layer.name
        while name in found or name in LIVE:
            name = f"layer-{name}"
        found[name] = Collection(name, layer.kind, layer)
    return found
