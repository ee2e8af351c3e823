"""A Chinese font for what is drawn without a browser: found on the machine, or asked for by name."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matplotlib.font_manager import (
    FontEntry,
    FontPath,
    FontProperties,
    findSystemFonts,
    fontManager,
    weight_dict,
)
from matplotlib.ft2font import FT2Font

from dashboard.exports.errors import NoFontError
from layers.faults import Fault

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "HarmonyOS Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "SimHei",
    "Droid Sans Fallback",
)
"""Simplified Chinese sans faces, the most even digits and widest cover first."""

STEMS = (
    "notosans", "sourcehan", "harmonyos", "pingfang", "hiragino",
    "msyh", "wqy", "simhei", "droidsansfallback",
)  # fmt: skip
"""How the files of those families begin, in lower case, without separators."""

PROBE = "临沧市边境防控态势镇康耿马沧源双江凤庆永德云县翔离线拥堵未覆盖候检0123456789—·，：／"
"""Characters that every face used must have."""

BOLD_FROM = 600
"""A weight from which a face passes for bold."""


@dataclass(frozen=True)
class Face:
    """One font face: a file, the face inside it, and the name a viewer of an SVG knows it by."""

    family: str
    path: str
    index: int
    weight: int

    @property
    def file(self) -> FontPath:
        """Where matplotlib reads it from."""
        return FontPath(self.path, self.index)

    def properties(self, size: float, others: tuple[str, ...] = ()) -> FontProperties:
        """What matplotlib draws with; size in points; other families for a viewer that lacks this one."""
        return FontProperties(
            family=[self.family, *others],
            fname=self.file,
            weight=self.weight,
            size=size,
        )


@dataclass(frozen=True)
class Faces:
    """The two faces that everything is set in; the same one twice where a family has no bold."""

    regular: Face
    bold: Face


@lru_cache(maxsize=1)
def find_faces() -> Faces:
    """The best Chinese family on this machine.

    Raises:
        NoFontError: none is installed; says what to install.
    """
    faces = _pick(fontManager.ttflist)
    if faces is None:
        # matplotlib remembers the fonts of its first run: one installed since is not in its list.
        for path in findSystemFonts():
            stem = Path(path).stem.lower().replace("-", "").replace("_", "").replace(" ", "")
            if stem.startswith(STEMS):
                fontManager.addfont(path)
        faces = _pick(fontManager.ttflist)
    if faces is None:
        raise NoFontError(
            [
                Fault(
                    what="No Chinese font is installed, so nothing can be drawn without a browser",
                    expected=", ".join(FAMILIES[:3]) + " or another of its kind",
                    hint="Debian and Ubuntu: apt-get install fonts-noto-cjk; "
                    "Fedora: dnf install google-noto-sans-cjk-fonts; then ask again",
                )
            ]
        )
    return faces


def covers(face: Face, text: str) -> bool:
    """Whether the face has a glyph for every character of the text."""
    charmap = FT2Font(face.path, face_index=face.index).get_charmap()
    return all(ord(character) in charmap for character in text)


def _pick(entries: list[FontEntry]) -> Faces | None:
    for family in FAMILIES:
        found = [
            Face(entry.name, str(entry.fname), entry.index, _weight(entry))
            for entry in entries
            if entry.name == family and entry.style == "normal" and Path(entry.fname).is_file()
        ]
        found = [face for face in found if covers(face, PROBE)]
        if found:
            regular = min(found, key=lambda face: abs(face.weight - 400))
            bold = min(found, key=lambda face: abs(face.weight - 700))
            return Faces(regular, bold if bold.weight >= BOLD_FROM else regular)
    return None


def _weight(entry: FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else weight_dict.get(entry.weight, 400)


def main() -> int:
    """Say which font is used, for a person or a script: `python -m dashboard.exports.fonts`."""
    try:
        faces = find_faces()
    except NoFontError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{faces.regular.family}: {faces.regular.path}, {faces.bold.path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
