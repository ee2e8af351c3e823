"""Fonts inside an SVG: of each face the glyphs that are used, so that it looks the same on any machine."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

import uharfbuzz as hb

from dashboard.exports.fonts import Face, Faces

KERNING = int.from_bytes(b"kern", "big")
ALWAYS = frozenset("0123456789 .,:-…—·")


def with_fonts(svg: bytes, faces: Faces, written: Mapping[bool, set[str]]) -> bytes:
    """The SVG with a style that brings the fonts along; `written`: characters in regular and in bold.

    They keep the name of their family, because programs that read no embedded font, such as word processors,
    look for one of that name.
    """
    rules = [
        _rule(face, frozenset(letters) | ALWAYS)
        for face, letters in ((faces.regular, written[False]), (faces.bold, written[True]))
        if letters
    ]
    if not rules:
        return svg
    # After matplotlib's own description of the file, inside the first <defs>.
    head, mark, rest = svg.partition(b"<defs>")
    style = f'<style type="text/css">{"".join(rules)}</style>'
    return head + mark + style.encode() + rest if mark else svg


def _rule(face: Face, letters: frozenset[str]) -> str:
    data = base64.b64encode(subset(face, letters)).decode()
    weight = 700 if face.weight >= 600 else 400
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{weight};'
        f'src:url("data:font/otf;base64,{data}") format("opentype")}}'
    )


@lru_cache(maxsize=8)
def subset(face: Face, letters: frozenset[str]) -> bytes:
    """A font with the glyphs of these characters and no other."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update({ord(letter) for letter in letters})
    # Letters stay as close to each other as they are drawn; what else alters shapes is left out.
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.add(KERNING)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    return bytes(wanted.subset(_face(face)).blob.data)


@lru_cache(maxsize=2)
def _face(face: Face) -> hb.Face:
    # From the file itself: it is mapped, so that of its twenty megabytes only what is used is read.
    return hb.Face(hb.Blob.from_file_path(face.path), face.index)
