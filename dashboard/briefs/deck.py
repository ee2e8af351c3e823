"""An empty deck, 16:9: its theme after the board's light palette, its master and its layouts.

Everything that a slide shows stands in a placeholder of its layout, so that the outline lists it and a bureau
can restyle the whole in the master. Sizes are in points of the slide, 960 by 540.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout
from pptx.util import Pt

from dashboard.theme import LIGHT

WIDTH, HEIGHT = 960, 540
LEFT, RIGHT, TOP, BOTTOM = 36, 924, 84, 500
"""Edges of what lies between the title and the foot."""
NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
LATIN, CHINESE = "Arial", "Microsoft YaHei"
"""Faces that are on the machines slides are shown on; a viewer without them takes its own sans face."""
ROLES: Mapping[str, str] = {
    "dk1": "text", "lt1": "raised", "dk2": "quiet", "lt2": "ground",
    "accent1": "accent", "accent2": "status-busy", "accent3": "status-normal",
    "accent4": "status-congested", "accent5": "status-closed", "accent6": "before",
    "hlink": "accent", "folHlink": "simulated",
}  # fmt: skip
"""Colours of the theme, and which of the palette they are."""
KEYS = 7
"""How many key numbers the cover has room for."""


@dataclass(frozen=True)
class Place:
    """One placeholder of a layout: what it takes, where it stands (points), how its text is set."""

    name: str
    kind: str
    index: int
    box: tuple[float, float, float, float]
    size: float = 14
    bold: bool = False
    colour: str = "tx1"
    align: str = "l"
    anchor: str = "t"
    fill: str = ""
    second: tuple[float, str] = (12, "tx2")
    """Size and colour of its second level."""
    bullet: bool = False
    steady: bool = False
    """Whether its first level keeps its size, so that neighbours look alike."""


def _cards() -> list[Place]:
    gap = 8.0
    width = (RIGHT - LEFT - (KEYS - 1) * gap) / KEYS
    return [
        Place(
            f"Key {n + 1}", "body", 20 + n, (LEFT + n * (width + gap), 396, width, 100),
            22, True, "accent1", "ctr", "t", "bg2", (10, "tx2"), steady=True,
        )
        for n in range(KEYS)
    ]  # fmt: skip


def _title(name: str = "Title") -> Place:
    return Place(name, "title", 0, (LEFT, 30, 640, 40), 24, True, anchor="ctr")


def _caption(name: str, index: int, box: tuple[float, float, float, float]) -> Place:
    return Place(name, "body", index, box, 11, True, "tx2", anchor="ctr")


LAYOUTS: Mapping[str, tuple[Place, ...]] = {
    "Cover": (
        Place("Title", "ctrTitle", 0, (LEFT, 60, 888, 64), 36, True, anchor="b"),
        Place("Number and date", "subTitle", 1, (LEFT, 136, 740, 28), 16, colour="tx2", anchor="ctr"),
        Place("Summary", "body", 13, (LEFT, 178, 740, 142), 18, anchor="t"),
        Place("Times", "body", 14, (LEFT, 328, 740, 60), 12, colour="tx2", anchor="t"),
        Place("Code", "pic", 15, (804, 178, 120, 120)),
        Place("Address", "body", 16, (786, 302, 138, 80), 8, colour="tx2", align="r"),
        *_cards(),
    ),
    "Map": (
        _title(),
        Place("Map", "pic", 13, (LEFT, TOP, 630, 396)),
        _caption("Alerts title", 14, (686, TOP, 238, 18)),
        Place("Alerts", "body", 15, (686, TOP + 24, 238, 372), 13, second=(11, "tx2"), bullet=True),
        Place("Source", "body", 16, (LEFT, 482, 888, 18), 9, colour="tx2", anchor="b"),
    ),
    "Table and chart": (
        _title(),
        Place("Table", "tbl", 13, (LEFT, TOP, 888, 150)),
        Place("Chart", "chart", 14, (LEFT, 246, 380, 250)),
        Place("Text", "body", 15, (436, 246, 488, 72), 14, bullet=True),
        _caption("Second title", 16, (436, 324, 488, 16)),
        Place("Second table", "tbl", 17, (436, 344, 488, 152)),
    ),
    "Chart": (
        _title(),
        Place("Chart", "chart", 13, (LEFT, TOP, 600, 203)),
        Place("Second chart", "chart", 14, (LEFT, TOP + 207, 600, 203)),
        _caption("Text title", 15, (656, TOP, 268, 18)),
        Place("Text", "body", 16, (656, TOP + 24, 268, 386), 14, bullet=True),
    ),
    "Tables and chart": (
        _title(),
        _caption("Table title", 13, (LEFT, TOP, 888, 16)),
        Place("Table list", "tbl", 14, (LEFT, TOP + 20, 888, 90)),
        _caption("Answered title", 18, (LEFT, TOP + 116, 888, 16)),
        Place("Answered list", "tbl", 19, (LEFT, TOP + 136, 888, 94)),
        Place("Chart", "chart", 15, (LEFT, 328, 380, 168)),
        _caption("Second title", 16, (436, 328, 488, 16)),
        Place("Second list", "tbl", 17, (436, 348, 488, 148)),
    ),
    "Chart and tables": (
        _title(),
        Place("Chart", "chart", 13, (LEFT, TOP, 400, 410)),
        *(
            place
            for n, name in enumerate(("Table", "Second", "Third"))
            for place in (
                _caption(f"{name} title", 14 + 2 * n, (456, TOP + 138 * n, 468, 16)),
                Place(f"{name} list", "tbl", 15 + 2 * n, (456, TOP + 138 * n + 20, 468, 112)),
            )
        ),
    ),
}
"""Layouts by name. Foot, marks and slide number are on each."""
FOOT = (
    Place("Figures", "dt", 10, (LEFT, 508, 720, 20), 9, colour="tx2", anchor="ctr"),
    Place("Marks", "ftr", 11, (480, 8, 444, 22), 11, True, "tx1", "r", "ctr"),
    Place("Slide number", "sldNum", 12, (824, 508, 100, 20), 10, colour="tx2", align="r", anchor="ctr"),
)


def deck(lang: str) -> Deck:
    """An empty deck with the master and layouts of a brief."""
    made: Deck = Presentation()
    made.slide_width, made.slide_height = Pt(WIDTH), Pt(HEIGHT)
    size = made.part._element.find(f"{{{_space('p')}}}sldSz")
    size.attrib.pop("type", None)
    _theme(made)
    _master(made, lang)
    layouts = list(made.slide_layouts)
    for layout in layouts[len(LAYOUTS) :]:
        made.slide_layouts.remove(layout)
    for layout, (name, places) in zip(layouts, LAYOUTS.items(), strict=False):
        _layout(layout, name, places, lang)
    _unprinted(made)
    return made


def layout_named(made: Deck, name: str) -> SlideLayout:
    """A layout by its name; raises KeyError where the deck has none."""
    found = made.slide_layouts.get_by_name(name)
    if found is None:
        raise KeyError(name)
    return found


def place_xml(place: Place, number: int, lang: str, *, text: str = "", master: bool = False) -> str:
    """A placeholder as its XML; `number` is the shape's id on its page."""
    left, top, width, height = (round(side * 12700) for side in place.box)
    fill = f'<a:solidFill><a:schemeClr val="{place.fill}"/></a:solidFill>' if place.fill else ""
    index = "" if master and place.kind == "title" else f' idx="{place.index}"' if place.index else ""
    tag = speech(lang)
    if place.kind == "sldNum":
        inner = (
            f'<a:p><a:fld id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
            f'<a:rPr lang="{tag}"/><a:t>‹#›</a:t></a:fld></a:p>'
        )
    else:
        inner = f'<a:p><a:r><a:rPr lang="{tag}"/><a:t>{escape(text or place.name)}</a:t></a:r></a:p>'
        if place.kind in ("dt", "ftr") and not text:
            inner = f'<a:p><a:endParaRPr lang="{tag}"/></a:p>'
    inset = 'lIns="76200" tIns="101600" rIns="76200" bIns="25400"' if place.fill else (
        'lIns="0" tIns="0" rIns="0" bIns="0"'
    )  # fmt: skip
    return (
        f'<p:sp {NAMES}><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(place.name)}/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{place.kind}"{index}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}</p:spPr><p:txBody>'
        f'<a:bodyPr wrap="square" {inset} anchor="{place.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{_levels(place)}</a:lstStyle>{inner}</p:txBody></p:sp>"
    )


def speech(lang: str) -> str:
    """The language of a run, as PowerPoint names it."""
    return "zh-CN" if lang.startswith("zh") else "en-GB"


def _levels(place: Place) -> str:
    first = (
        f'marL="{171450 if place.bullet else 0}" indent="{-171450 if place.bullet else 0}"',
        '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if place.bullet else "<a:buNone/>",
        (place.size, place.bold, place.colour),
    )
    second = (
        f'marL="{171450 if place.bullet else 0}" indent="0"',
        "<a:buNone/>",
        (place.second[0], False, place.second[1]),
    )
    told = ""
    for level, (margins, bullet, (size, bold, colour)) in enumerate((first, second), start=1):
        told += (
            f'<a:lvl{level}pPr {margins} algn="{place.align}"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
            f'<a:spcBef><a:spcPts val="{300 if level == 1 and place.bullet else 0}"/></a:spcBef>{bullet}'
            f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}"><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl{level}pPr>'
        )
    return told


def _space(prefix: str) -> str:
    return NAMES.split(f'xmlns:{prefix}="')[1].split('"', maxsplit=1)[0]


def _theme(made: Deck) -> None:
    """Colours and faces of the theme, which tables, charts and text of the deck take theirs from."""
    part = made.slide_master.part.part_related_by(RT.THEME)
    root: Any = parse_xml(part.blob)
    space = {"a": _space("a")}
    root.set("name", "Threeline")
    scheme = root.find(".//a:clrScheme", space)
    scheme.set("name", "Threeline")
    for role, name in ROLES.items():
        slot = scheme.find(f"a:{role}", space)
        for old in list(slot):
            slot.remove(old)
        slot.append(parse_xml(f'<a:srgbClr {NAMES} val="{LIGHT[name].lstrip("#").upper()}"/>'))
    for face in ("majorFont", "minorFont"):
        fonts = root.find(f".//a:{face}", space)
        fonts.find("a:latin", space).set("typeface", LATIN)
        fonts.find("a:ea", space).set("typeface", CHINESE)
        for script in fonts.findall("a:font", space):
            if script.get("script") == "Hans":
                script.set("typeface", CHINESE)
    part._blob = serialize_part_xml(root)


def _line(number: int, name: str, box: tuple[float, float, float, float], colour: str) -> Any:
    """A filled bar of the master or a layout."""
    left, top, width, height = (round(side * 12700) for side in box)
    return parse_xml(
        f'<p:sp {NAMES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
    )


def _cleared(page: Any) -> Any:
    tree = page.shapes._spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    return tree


def _master(made: Deck, lang: str) -> None:
    master = made.slide_master
    tree = _cleared(master)
    body = Place("Text", "body", 1, (LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP), 14, bullet=True)
    tree.append(_line(2, "Foot rule", (LEFT, 504, RIGHT - LEFT, 0.75), "accent6"))
    for number, place in enumerate((_title(), body, *FOOT), start=4):
        tree.append(parse_xml(place_xml(place, number, lang, master=True)))


def _layout(layout: SlideLayout, name: str, places: tuple[Place, ...], lang: str) -> None:
    tree = _cleared(layout)
    layout._element.cSld.set("name", name)
    if name == "Cover":
        layout._element.set("type", "title")
        tree.append(_line(2, "Head band", (0, 0, WIDTH, 4), "accent4"))
        tree.append(_line(3, "Red rule", (LEFT, 128, RIGHT - LEFT, 2.25), "accent4"))
    else:
        layout._element.attrib.pop("type", None)
        tree.append(_line(2, "Title rule", (LEFT, 73, RIGHT - LEFT, 0.75), "accent6"))
        tree.append(_line(3, "Title bar", (LEFT, 72, 64, 2.25), "accent1"))
    for number, place in enumerate((*places, *FOOT), start=4):
        tree.append(parse_xml(place_xml(place, number, lang)))


def _unprinted(made: Deck) -> None:
    """Without the settings of the template's printer."""
    for key, link in list(made.part.rels.items()):
        if link.reltype == RT.PRINTER_SETTINGS:
            made.part.drop_rel(key)
            made.part.rels.pop(key) if key in made.part.rels else None
