"""A template's file, .docx or .pptx, opened within bounds: the text of each paragraph and where it stands."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from layers.formats import zipped
from layers.formats.base import stop
from layers.hints import reader_says

MAX_FILE = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARAGRAPHS = 50_000
MAX_LETTERS = 20_000
"""Of one paragraph."""
PIECE = 1 << 16
MAIN = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
"""Form to its main part, and what the list of types says of it."""
PROGRAMS = {"docx": "Word or WPS document (.docx)", "pptx": "PowerPoint or WPS presentation (.pptx)"}
_DOCX = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target|TargetMode|Type)\s*=\s*["\']([^"\']*)["\']')
_SLIDE_ID = re.compile(rb'<(?:\w+:)?sldId\b[^>]*?\b\w+:id\s*=\s*["\']([^"\']+)["\']')


@dataclass
class Passage:
    """One paragraph."""

    where: str
    """Such as `paragraph 3 of the text`, `slide 2, Title 1`."""
    text: str = ""
    roomy: bool = True
    """Whether a table or a picture may take its place: not in headers, boxes of text and notes."""
    slide: bool = False
    """Whether it is on a slide, which has no room for all parts."""


@dataclass
class Story:
    """Paragraphs that are filled as one: a loop may go from one to a later one."""

    passages: list[Passage] = field(default_factory=list)


def stories(path: Path, form: str, file: str) -> list[Story]:
    """Everything in a template that may hold placeholders; raises FaultsError where it is no template."""
    expected = f"a {PROGRAMS[form]}"
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            most = f"at most {MAX_FILE // 2**20} MB"
            raise stop("the template is too large", file, f"{size / 2**20:,.0f} MB", most)
        with zipped.opened(path, file) as packed:
            return list(_stories(packed, form, file, expected))
    except FileNotFoundError:
        raise stop("no such file", file, "nothing", expected) from None
    except OSError as error:
        got = error.strerror or str(error)
        raise stop("the file cannot be opened", file, got, "a file that this user may read") from None


def _stories(packed: zipfile.ZipFile, form: str, file: str, expected: str) -> Iterator[Story]:
    names = {member.filename: member for member in packed.infolist()}
    unpacked = sum(member.file_size for member in names.values())
    if unpacked > MAX_UNPACKED:
        most = f"at most {MAX_UNPACKED // 2**20} MB"
        raise stop("the template is too large once unpacked", file, f"{unpacked / 2**20:,.0f} MB", most)
    main, mark = MAIN[form]
    types = _bytes(packed, "[Content_Types].xml", file) if "[Content_Types].xml" in names else b""
    if main not in names or mark not in types:
        hint = f"Save it as .{form}, without macros"
        raise stop("not a template of this form", file, _kind_of(names), expected, hint)
    for name in names:
        if name.endswith(".rels"):
            _check_links(_bytes(packed, name, file), file)
    if form == "docx":
        for name in sorted(name for name in names if _DOCX.fullmatch(name)):
            yield _read(_bytes(packed, name, file), _Document(name), file)
        return
    for number, name in enumerate(_slides(packed, names, file), 1):
        slide = _read(_bytes(packed, name, file), _Slide(number), file)
        # A slide's shapes are filled one by one, so each of its paragraphs stands for itself.
        yield from (Story([passage]) for passage in slide.passages)


def _kind_of(names: Collection[str]) -> str:
    """What a package is after all, by what lies in it."""
    listed = " ".join(names)
    for folder, what in (("word/", "a document"), ("ppt/", "a presentation"), ("xl/", "a spreadsheet")):
        if folder in listed:
            return f"{what} with macros" if "vbaProject" in listed else f"{what}, or a template file"
    return "another kind of zip"


def _bytes(packed: zipfile.ZipFile, name: str, file: str) -> bytes:
    body = io.BytesIO()
    zipped.unpack(packed, {packed.getinfo(name): body}, file)
    return body.getvalue()


def _check_links(rels: bytes, file: str) -> None:
    """Raises FaultsError where opening the file would fetch something from elsewhere."""
    for found in _RELATION.findall(rels):
        told = dict(_ATTRIBUTE.findall(found))
        if told.get(b"TargetMode") == b"External" and not told.get(b"Type", b"").endswith(b"/hyperlink"):
            what, hint = (
                "the template fetches something from elsewhere",
                "Put the picture into the file itself",
            )
            raise stop(what, file, told.get(b"Target", b"").decode("utf-8", "replace"), "a whole file", hint)


def _slides(packed: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], file: str) -> list[str]:
    """The parts of the slides in the order they are shown in."""
    rels = "ppt/_rels/presentation.xml.rels"
    if rels not in names:
        return []
    told = [dict(_ATTRIBUTE.findall(found)) for found in _RELATION.findall(_bytes(packed, rels, file))]
    targets = {
        one.get(b"Id"): posixpath.normpath(
            posixpath.join("/ppt", one.get(b"Target", b"").decode("utf-8", "replace"))
        )[1:]
        for one in told
    }
    order = _SLIDE_ID.findall(_bytes(packed, "ppt/presentation.xml", file))
    return [name for key in order if (name := targets.get(key, "")) in names and _SLIDE.fullmatch(name)]


def _read(body: bytes, reader: _Document | _Slide, file: str) -> Story:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.words

    def doctype(*_: object) -> None:
        got, expected = "a document type of its own", "the XML of a document"
        raise stop("the template cannot be read", file, got, expected)

    parser.StartDoctypeDeclHandler = doctype
    try:
        # Piece by piece: what is too much is told before all of it is in memory.
        for start in range(0, len(body), PIECE):
            parser.Parse(body[start : start + PIECE])
            reader.check(file)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise stop("the template cannot be read", file, reader_says(error), "the XML of a document") from None
    return reader.story


class _Reader:
    """What the parser has seen so far."""

    text = ("t",)
    space = ("br", "tab", "cr")

    def __init__(self) -> None:
        self.story = Story()
        self._open: list[Passage] = []
        self._reading = self._boxes = self._checked = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        if local == "p":
            self._open.append(self.passage())
            self.story.passages.append(self._open[-1])
        elif local in self.text:
            self._reading += 1
        elif local in self.space and self._open:
            self._open[-1].text += " "
        self.other(local, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        local = name.rpartition(" ")[2]
        if local == "p" and self._open:
            self._open.pop()
        elif local in self.text:
            self._reading -= 1
        elif local == "txbxContent":
            self._boxes -= 1

    def words(self, text: str) -> None:
        """A piece of text."""
        if self._reading and self._open:
            self._open[-1].text += text

    def check(self, file: str) -> None:
        """Raises FaultsError where it is too much."""
        passages = self.story.passages
        if len(passages) > MAX_PARAGRAPHS:
            got, most = f"{len(passages):,}", f"at most {MAX_PARAGRAPHS:,}"
            raise stop("the template has too many paragraphs", file, got, most)
        fresh = (*passages[self._checked :], *self._open)
        long = next((one for one in fresh if len(one.text) > MAX_LETTERS), None)
        if long is not None:
            most = f"at most {MAX_LETTERS:,}"
            raise stop(f"a paragraph is too long, {long.where}", file, f"{len(long.text):,}", most)
        self._checked = max(len(passages) - 1, 0)

    def passage(self) -> Passage:
        """A paragraph begins."""
        raise NotImplementedError

    def other(self, local: str, attributes: dict[str, str]) -> None:
        """An element of another kind begins."""


class _Document(_Reader):
    """A part of a document."""

    def __init__(self, name: str) -> None:
        super().__init__()
        found = _DOCX.fullmatch(name)
        told = re.sub(r"\d", "", found[1]) if found else ""
        self._part = {"document": "the text", "header": "a header", "footer": "a footer"}.get(
            told, "the footnotes"
        )

    def passage(self) -> Passage:
        number = len(self.story.passages) + 1
        return Passage(
            f"paragraph {number} of {self._part}", "", self._part == "the text" and not self._boxes
        )

    def other(self, local: str, attributes: dict[str, str]) -> None:
        self._boxes += local == "txbxContent"


class _Slide(_Reader):
    """A slide."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._shape, self._inside = number, "", 0

    def passage(self) -> Passage:
        return Passage(f"slide {self._number}, {self._shape}", "", not self._inside, slide=True)

    def other(self, local: str, attributes: dict[str, str]) -> None:
        if local == "cNvPr":
            self._shape = attributes.get("name", "")
        self._inside += local in ("tbl", "grpSp")

    def end(self, name: str) -> None:
        self._inside -= name.rpartition(" ")[2] in ("tbl", "grpSp")
        super().end(name)
