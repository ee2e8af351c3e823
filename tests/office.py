"""LibreOffice as a reader of what is exported: files to pages, and files saved again in their own format.

It takes seconds to start, so a call takes many files; its settings lie in a folder of the tests' own.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

OFFICE = ("soffice", "libreoffice")
MINUTES = 4
"""A call of many files may last so long on a busy machine."""
BLANK = 0.0004
"""A page with a smaller share of ink than this says nothing but its number."""


@dataclass(frozen=True)
class Office:
    """A LibreOffice without a screen, and the folder it works in."""

    program: str
    folder: Path

    def pages(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Each file as PDF, by its name."""
        return self._convert(files, "pdf")

    def saved_again(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Each file opened and saved in its own format, by its name."""
        forms = dict.fromkeys(Path(name).suffix[1:] for name in files)
        made: dict[str, bytes] = {}
        for form in forms:
            mine = {name: data for name, data in files.items() if name.endswith(f".{form}")}
            made |= self._convert(mine, form)
        return made

    def _convert(self, files: Mapping[str, bytes], form: str) -> dict[str, bytes]:
        assert files, "without a file LibreOffice waits for ever"
        given, made = self.folder / "given", self.folder / f"as-{form}"
        for folder in (given, made):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        found = {}
        for name, data in files.items():
            # A form of its own each: LibreOffice names what it makes by the stem alone.
            path = given / f"{Path(name).stem}-{Path(name).suffix[1:]}{Path(name).suffix}"
            path.write_bytes(data)
            found[name] = path
        command = [
            self.program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
            f"-env:UserInstallation=file://{self.folder / 'settings'}",
            "--convert-to", form, "--outdir", str(made), *(str(path) for path in found.values()),
        ]  # fmt: skip
        said = _run(command)
        answers = {name: made / f"{path.stem}.{form}" for name, path in found.items()}
        missing = [name for name, path in answers.items() if not path.is_file()]
        assert not missing, f"LibreOffice made nothing of {missing}: {said}"
        return {name: path.read_bytes() for name, path in answers.items()}


def _run(command: list[str]) -> str:
    """What a program says; with all that it started it is gone after `MINUTES`."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        try:
            return running.communicate(timeout=60 * MINUTES)[0]
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            pytest.fail(f"LibreOffice did not end within {MINUTES} minutes")


def open_office(folder: Path) -> Office:
    """The machine's LibreOffice; the test fails with what to install where there is none."""
    program = next((path for name in OFFICE if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail("No LibreOffice is installed: tools/needs.sh says what to install")
    return Office(program, folder)


def page_images(pdf: bytes, width: int = 480) -> Iterator[Image.Image]:
    """Each page of a PDF as pixels."""
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            yield page.render(scale=width / page.get_width()).to_pil().convert("RGB")


def page_texts(pdf: bytes) -> list[str]:
    """What each page of a PDF says."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


def ink(image: Image.Image) -> float:
    """The share of a page that is not paper; 0 where it is one colour throughout."""
    grey = image.convert("L")
    counts = grey.histogram()
    paper = max(range(256), key=counts.__getitem__)
    plain = sum(counts[max(0, paper - 8) : paper + 9])
    return 1 - plain / sum(counts)


def blank_pages(pdf: bytes) -> list[int]:
    """Pages that say nothing, counted from 1."""
    return [number for number, page in enumerate(page_images(pdf), 1) if ink(page) < BLANK]


def squeezed(text: str) -> str:
    """A text without its white space: pages break lines where they like."""
    return re.sub(r"\s+", "", text)
