"""The help pages: there in both languages, told alike, and served without asking anybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from dashboard.guide.keys import KEYS
from dashboard.guide.pages import PAGES, TEXTS, body, title
from dashboard.words import WORDS
from tests.serving import ROOT, Served

LANGUAGES = ("zh-CN", "en")
WRITTEN = [name for name in PAGES if name != "keys"]
SCRIPTS = ROOT / "dashboard" / "assets"
CHINESE = re.compile(r"[\u3400-\u9fff]")


class Shape(HTMLParser):
    """The tags of a text, in order, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h2", "table", "tr", "ul", "ol", "li"):
            self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("name", WRITTEN)
def test_both_languages_tell_the_same_things_in_the_same_order(name: str) -> None:
    chinese, english = (Shape(body(name, lang)) for lang in LANGUAGES)
    assert chinese.tags == english.tags
    assert title(name, "zh-CN")
    assert title(name, "en")
    assert not CHINESE.search(title(name, "en") + body(name, "en").replace("中文", ""))
    assert CHINESE.search(body(name, "zh-CN"))
    assert chinese.links == english.links == []


def test_no_text_is_left_that_no_page_shows() -> None:
    assert sorted(path.relative_to(TEXTS).as_posix() for path in TEXTS.rglob("*.md")) == sorted(
        f"{lang}/{name}.md" for lang in LANGUAGES for name in WRITTEN
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_served_in_each_language(asked: Served, name: str, lang: str) -> None:
    answer = asked.get(f"/help/{name}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count('aria-current="page"') == 1
    assert all(f'href="/help/{other}?lang={lang}"' in answer.text for other in PAGES)
    assert asked.get(re.search(r'href="(/help/style\.css[^"]*)"', answer.text)[1]).status_code == 200


def test_the_first_page_is_help_and_what_is_no_page_is_said(asked: Served) -> None:
    answer = asked.get("/help?lang=en", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/help/{PAGES[0]}?lang=en")
    assert asked.get("/help/nowhere").status_code == 404
    assert "guide-text" not in asked.get("/help/..%2fpages").text


def test_every_key_has_words_and_stands_once_in_its_place() -> None:
    assert {word for _, _, word in KEYS} <= WORDS.keys()
    assert {f"keys_{place}" for place, _, _ in KEYS} <= WORDS.keys()
    told = [(place, keys) for place, keys, _ in KEYS]
    assert len(set(told)) == len(told)


def test_no_script_binds_a_key_that_the_table_does_not_tell() -> None:
    """Those of `T.keys` are pressed in tests/browser/test_keyboard.py; the rest compare a key or name it."""
    told = {key.lower() for _, keys, _ in KEYS for key in keys} | {"escape"}
    texts = {path.name: path.read_text("utf-8") for path in SCRIPTS.glob("*.js")}
    bound: set[str] = set()
    for text in texts.values():
        bound |= set(re.findall(r"\b(?:key|name) [!=]== \"(\w|Enter|Escape)\"", text))
        bound |= set(re.findall(r"T\.keys\.(\w)\b", text)) | set(re.findall(r"T\.keys\[\"(.)\"\]", text))
    for table in re.findall(r"const (?:CHOOSING|MOVING) = \{(.+?)\};", texts["rounds_look.js"], re.DOTALL):
        bound |= set(re.findall(r"(?:^|[,{]\s*|\s)(\w): \(", table))
    assert {"1", "4", "s", "j", "o", "c", "escape", "/"} <= {key.lower() for key in bound}
    assert sorted(key for key in bound if key.lower() not in told) == []
