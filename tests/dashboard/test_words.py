"""Both languages are whole: nothing untranslated on a page, no word missing, none that nobody says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.access import OPEN, acting
from dashboard.guide.pages import PAGES, body, title
from dashboard.pages import page
from dashboard.words import ROOMS, SCRIPT_WORDS, WORDS
from tests.conftest import NOON
from tests.data.walking import walking
from tests.serving import ROOT, Clock, Served

DASHBOARD = ROOT / "dashboard"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]+")
SCRIPTS = sorted(DASHBOARD.rglob("*.js"))
STYLES = sorted(DASHBOARD.rglob("*.css"))
TEMPLATES = sorted(DASHBOARD.rglob("*.html"))
DRAWING = sorted(
    path for room in ("pages", "components", "figures", "guide") for path in (DASHBOARD / room).rglob("*.py")
)
SPEAKING = [path for path in sorted(DASHBOARD.rglob("*.py")) if path.parent != DASHBOARD / "words"]
SAID_BY_VALUE = {"measured", "estimated", "manual"}
"""Words whose key is a value of the data: how a reading was made."""
OWN_NAME = {"中文", "EN", "English"}
"""What a language is called in itself."""
SAME_IN_CHINESE = {
    "km", "id", "CSV", "Excel", "Word", "WPS", "QGIS", "GeoJSON", "GeoPackage", "Esc", "Enter", "Ctrl",
    "OGC", "API",
}  # fmt: skip


def bare(path: Path) -> str:
    """A script's or a style's text without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


# ---- keys ----------------------------------------------------------------------------------------


def named(text: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """What a source may name: whole keys, and the shapes of keys that it puts together."""
    whole = set(re.findall(r"[\"'`]([a-z_0-9]+)[\"'`]|\bwords\.([a-z_]+)|[{,]\s*([a-z_0-9]+):", text))
    shapes = set(re.findall(r"(?:say|word)\((?:lang, )?[\"']([a-z_]+_)[\"'] [+~]", text))
    made = set(re.findall(r"say\((?:[a-z_.()]+, )?f\"([a-z_]*\{[^\"]+)\"", text))
    shapes |= {re.sub(r"\{[^}]*\}", "*", one) for one in made}
    patterns = [re.escape(one).replace(r"\*", ".+") + ("" if "*" in one else ".+") for one in shapes]
    return {key for found in whole for key in found}, [re.compile(one) for one in patterns]


def unsaid(keys: Any, sources: list[Path]) -> list[str]:
    """Keys that no source names."""
    text = "\n".join(bare(path) if path.suffix == ".js" else path.read_text("utf-8") for path in sources)
    whole, shapes = named(text)
    return [
        key
        for key in keys
        if key not in whole | SAID_BY_VALUE and not any(one.fullmatch(key) for one in shapes)
    ]


def test_no_word_is_kept_that_nothing_says() -> None:
    assert unsaid(WORDS, [*SPEAKING, *TEMPLATES, *SCRIPTS]) == []


def test_pages_are_sent_no_word_that_their_script_does_not_say() -> None:
    assert unsaid(SCRIPT_WORDS, SCRIPTS) == []
    assert [key for key, times in Counter(SCRIPT_WORDS).items() if times > 1] == []
    assert set(SCRIPT_WORDS) <= WORDS.keys()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_every_word_that_it_says(path: Path) -> None:
    text = bare(path)
    keys = re.findall(r"T\.word\(\s*\"([a-z_0-9]+)\"\s*[,)]", text)
    keys += [
        key for pair in re.findall(r"T\.word\([^\"()]*\? \"([a-z_]+)\" : \"([a-z_]+)\"", text) for key in pair
    ]
    assert [key for key in keys if key not in SCRIPT_WORDS] == []
    begun = re.findall(r"T\.word\(\s*\"([a-z_]+_)\" \+", text)
    assert [start for start in begun if not any(key.startswith(start) for key in SCRIPT_WORDS)] == []


def test_the_server_has_every_word_that_it_says() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*DRAWING, *SPEAKING])
    keys = set(re.findall(r"\bsay\((?:[a-z]+\.)?lang, \"([a-z_0-9]+)\"", text))
    # Snapshots have a few words of their own, on top of the board's.
    from dashboard.exports.words import WORDS as DRAWN

    assert sorted(keys - WORDS.keys() - DRAWN.keys()) == []
    pages = "\n".join(path.read_text("utf-8") for path in TEMPLATES)
    assert sorted(set(re.findall(r"\bsay\(\"([a-z_0-9]+)\"\s*[,)]", pages)) - WORDS.keys()) == []


def test_both_languages_of_a_word_take_the_same_values() -> None:
    values = {key: [sorted(re.findall(r"\{(\w+)", text)) for text in pair] for key, pair in WORDS.items()}
    assert [key for key, (chinese, english) in values.items() if chinese != english] == []
    assert [
        key for key, (_, english) in WORDS.items() if CHINESE.search(english) and english not in OWN_NAME
    ] == []


# ---- text beside the words -------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES, *TEMPLATES], ids=lambda path: path.name)
def test_no_chinese_is_written_into_a_script_a_style_or_a_template(path: Path) -> None:
    assert CHINESE.findall(bare(path)) == []


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: path.relative_to(DASHBOARD).as_posix())
def test_no_chinese_is_written_into_what_draws_pages(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [node.value for node in texts if node not in told and CHINESE.search(node.value)] == []


# ---- pages ------------------------------------------------------------------------------------------


def texts(part: Any) -> Iterator[str]:
    """What a component shows or a reader's voice says of it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (list, tuple)):
        for one in part:
            yield from texts(one)
    elif hasattr(part, "to_plotly_json"):
        props = part.to_plotly_json()["props"]
        for name, value in props.items():
            if name == "data" and isinstance(value, dict):
                yield from value.get("words", {}).values()
            elif name == "figure":
                yield from drawn(value)
            elif name == "columnDefs":
                yield from (column["headerName"] for column in value)
            elif name == "dashGridOptions":
                yield from value["localeText"].values()
            elif name in ("children", "title", "placeholder", "aria-label", "alt"):
                yield from texts(value)


def drawn(figure: Any) -> Iterator[str]:
    """The names in a figure."""
    for trace in figure.data if hasattr(figure, "data") else figure.get("data", ()):
        yield from filter(None, (getattr(trace, "name", None), getattr(trace, "hovertemplate", None)))


def given(value: Any, lang: str) -> Iterator[str]:
    """The texts that a profile brings, in a language where it has it: names are as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if lang in value:
            yield value[lang]
        else:
            for one in value.values():
                yield from given(one, lang)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from given(one, lang)


def names(profile: Any, lang: str) -> list[str]:
    """All of a profile's own texts, longest first."""
    sites = profile.sites
    found = {*given(profile.spec.model_dump(), lang), *map(str, sites.name), *map(str, sites.site_id)}
    found |= {*profile.county_name, *profile.county_name.values()}
    return sorted((one for one in found if len(one) > 1), key=len, reverse=True)


def foreign(shown: Any, profile: Any, lang: str) -> list[str]:
    """Words of the other language that are not the profile's own."""
    own = names(profile, lang)
    found = set()
    for text in shown:
        rest = re.sub(r"\{\w+\}", " ", text)
        for name in own:
            rest = rest.replace(name, " ")
        wrong = CHINESE.findall(rest) if lang == "en" else ENGLISH.findall(rest)
        found |= {f"{one}  in  {text}" for one in wrong if one not in OWN_NAME | SAME_IN_CHINESE}
    return sorted(found)


@pytest.fixture(scope="module", params=["small", "lincang"])
def walked(request: Any, small_profile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A board of a profile with video rounds, in this process."""
    from dashboard.board import Board
    from dashboard.desk import Desk
    from dashboard.settings import Settings
    from data.engine import Engine
    from data.profile import load_profile
    from data.store import open_store

    where = small_profile if request.param == "small" else ROOT / "data" / "samples" / request.param
    profile = load_profile(where)
    profile = profile if profile.spec.video else walking(of=profile)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('words') / 'board'}.sqlite")
    board = Board(profile, Engine(profile, store), Settings())
    with acting(OPEN):
        yield Desk(board)
    board.close_accounts()
    store.close()


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/county",
        "/county/{county}",
        "/site/{site}",
        "/rounds",
        "/handover",
        "/duty",
        "/exports",
        "/00",
        "/site/00",
    ],
)
def test_a_page_is_in_one_language(walked: Any, address: str, lang: str) -> None:
    profile = walked.profile
    path = address.format(county=next(iter(profile.county_name)), site=profile.sites.site_id[0])
    shown = [
        text for text in texts(page(walked, path, f"?lang={lang}")) if text.strip("/ ") != path.strip("/ ")
    ]
    assert len(shown) > 3
    assert foreign(shown, profile, lang) == []


def seen(text: str) -> list[str]:
    """What a page of the server's own shows or names."""
    text = re.sub(r"<(script|style|code|kbd)\b.*?</\1>|<!--.*?-->", " ", text, flags=re.DOTALL)
    told = re.findall(
        r"(?:title|placeholder|aria-label|alt|content)=\"([^\"]*)\"", re.sub(r"<meta[^>]*>", "", text)
    )
    return [*told, *(part.strip() for part in re.sub(r"<[^>]+>", "\n", text).split("\n") if part.strip())]


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "path", ["/login", "/accounts", "/accounts/displays", "/password", "/help/wall", "/help/keys"]
)
def test_a_page_of_the_server_is_in_one_language(guarded: Served, path: str, lang: str) -> None:
    client = guarded.login("administrator") if path != "/login" else guarded.client
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    shown = [re.sub(r"administrator|zk-duty|\btest\b", "", text) for text in seen(answer.text)]
    assert foreign(shown, guarded.board.profile, lang) == []


@pytest.fixture(scope="module")
def guarded(profile: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small profile's board behind a login, for tests that only ask."""
    from dashboard.board import Board
    from dashboard.settings import Settings
    from data.engine import Engine
    from data.store import open_store

    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('guarded') / 'board'}.sqlite")
    served = Served(Board(profile, Engine(profile, store, clock=Clock(NOON)), Settings(login=True)))
    served.account("zk-duty", "command")
    yield served
    served.close()
    served.board.close_accounts()
    store.close()


@pytest.mark.parametrize("name", [name for name in PAGES if name != "keys"])
def test_a_help_page_in_chinese_has_no_english_left(name: str) -> None:
    text = title(name, "zh-CN") + "\n" + body(name, "zh-CN")
    text = re.sub(r"<code>.*?</code>", " ", text, flags=re.DOTALL)
    words = set(ENGLISH.findall(re.sub(r"<[^>]+>|&\w+;", " ", text)))
    assert sorted(words - SAME_IN_CHINESE - OWN_NAME) == []


def test_every_room_speaks_both_languages() -> None:
    assert [
        key for room in ROOMS for key, pair in room.WORDS.items() if len(pair) != 2 or not all(pair)
    ] == []
