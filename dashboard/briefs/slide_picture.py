"""Pictures of a slide: vector, with pixels for viewers that draw none, and told in words."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, cast

from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.slide import Slide
from pptx.util import Emu, Length

from dashboard.briefs.deck import NAMES

SVG_TYPE = "image/svg+xml"
SVG_BLIP = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
POINT = 12700
"""EMU of a point."""
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    @property
    def lengths(self) -> tuple[Length, Length, Length, Length]:
        """As python-pptx takes them."""
        return Emu(self.left), Emu(self.top), Emu(self.width), Emu(self.height)


def box_of(shape: Any) -> Box:
    """Where a shape stands, or where its layout says that it stands."""
    return Box(int(shape.left), int(shape.top), int(shape.width), int(shape.height))


def describe(shape: Any, text: str) -> None:
    """Alternative text of a shape."""
    name = shape._element.xpath(".//p:cNvPr")[0]
    name.set("descr", text)


def put_picture(place: Any, png: bytes, svg: bytes, alternative: str) -> Any:
    """A picture in its own proportions, in a layout's placeholder or at a `(slide, Box)`; returns it."""
    if isinstance(place, tuple):
        slide, box = cast("tuple[Slide, Box]", place)
        shape: Any = slide.shapes.add_picture(io.BytesIO(png), Emu(box.left), Emu(box.top))
    else:
        box = box_of(place)
        shape = place.insert_picture(io.BytesIO(png))
        shape.crop_left = shape.crop_right = shape.crop_top = shape.crop_bottom = 0
    wide, high = shape.image.size
    scale = min(box.width / wide, box.height / high)
    shape.width, shape.height = Emu(round(wide * scale)), Emu(round(high * scale))
    shape.left = Emu(box.left + (box.width - shape.width) // 2)
    shape.top = Emu(box.top + (box.height - shape.height) // 2)
    if svg:
        _vector(shape, svg)
    describe(shape, alternative)
    return shape


def _vector(shape: Any, svg: bytes) -> None:
    """The vector beside the pixels, as Word and PowerPoint have it since 2016."""
    package = shape.part.package
    names = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in range(1, 1000) if f"/ppt/media/vector{n}.svg" not in names)
    part = Part(PackURI(f"/ppt/media/vector{number}.svg"), SVG_TYPE, package, svg)
    link = shape.part.relate_to(part, IMAGE)
    blip = shape._element.xpath(".//a:blip")[0]
    blip.append(
        parse_xml(
            f'<a:extLst {NAMES}><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
            f'<asvg:svgBlip xmlns:asvg="{SVG_BLIP}" r:embed="{link}"/></a:ext></a:extLst>'
        )
    )
