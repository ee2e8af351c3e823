"""The facts of a brief: what it compares with, what a county may know, what is not known, what is marked."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from dashboard.briefs.content import manuscript
from dashboard.briefs.gather import DAY_S, SOON_S, WEEK_S, gather
from dashboard.briefs.manuscript import Manuscript
from data.engine import Engine
from data.journal import Draft
from data.schedule import ON_TIME_S
from data.store.sqlite import SqliteStore
from layers.faults import FaultsError
from tests.briefs import brief_of, eight, engine_of, manuscript_of
from tests.data.places import NOON, every, small
from tests.data.standing import Bench

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store


@pytest.fixture
def bench(tmp_path: Any) -> Bench:
    return Bench(tmp_path)


def facts_of(bench: Bench, at: int = NOON, **more: Any) -> dict[str, Any]:
    made = {"made_at": at, "made_by": "zk-duty"} | more
    return gather(bench.engine, at, made.pop("scope", ""), **made).facts


def exported(
    bench: Bench, subject: str, at: int, scope: str = "", file: str = "brief.docx", **more: Any
) -> None:
    bench.store.put_entries(
        [Draft("export", subject, "zk-duty", "command", scope, {"file": file, "at": at} | more)], at=NOON
    )


# ---- what it compares with -----------------------------------------------------------------------------


def test_it_compares_with_the_newest_brief_that_is_no_file_of_the_same_occasion(bench: Bench) -> None:
    assert facts_of(bench)["compared"] == {"with": "day", "since": NOON - DAY_S, "last": ""}
    exported(bench, "x1", NOON - 7200)
    exported(bench, "x2", NOON - SOON_S + 1)
    exported(bench, "x3", NOON - 3600, scope="900101")
    exported(bench, "x4", NOON - 3600, file="snapshot.png")
    exported(bench, "x5", NOON + 60)
    assert facts_of(bench)["compared"] == {"with": "brief", "since": NOON - 7200, "last": "x1"}
    assert facts_of(bench, scope="900101")["compared"]["last"] == "x3"


def test_a_schedule_compares_with_its_own_last_brief(bench: Bench) -> None:
    exported(bench, "daily", NOON - DAY_S, schedule="daily")
    exported(bench, "by-hand", NOON - 7200)
    assert facts_of(bench, schedule="daily")["compared"]["last"] == "daily"
    assert facts_of(bench, schedule="weekly")["compared"]["last"] == "by-hand"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"covers": "day"}, ("day", NOON - DAY_S)),
        ({"covers": "week"}, ("week", NOON - WEEK_S)),
        ({"covers": "week", "since": NOON - 60}, ("since", NOON - 60)),
        ({"since": NOON}, ("brief", NOON - 7200)),
    ],
    ids=["day", "week", "since-goes-first", "since-must-be-before"],
)
def test_what_was_asked_for_goes_before_the_last_brief(
    asked: dict[str, Any], expected: tuple[str, int], bench: Bench
) -> None:
    exported(bench, "x1", NOON - 7200)
    found = facts_of(bench, **asked)["compared"]
    assert (found["with"], found["since"]) == expected


def test_it_looks_back_a_year_at_most(bench: Bench) -> None:
    """Every quarter of an hour is summed up: half a century took gigabytes of the server's memory."""
    with pytest.raises(FaultsError, match="looks back too far"):
        gather(bench.engine, None, "", since=NOON - 400 * DAY_S, made_at=NOON, made_by="")


def test_where_nothing_is_known_of_then_nothing_is_compared(bench: Bench) -> None:
    profile = small()
    bench.at(0, every(profile, NOON - 30, wait_min=[12.0] * len(profile.sites)))
    facts = facts_of(bench)
    assert facts["changes"]["known"] is False
    assert (facts["changes"]["sites"], facts["changes"]["lines"]) == (None, None)
    part = manuscript(facts, "zh-CN").part("changes")
    assert "无从比较" in part.paragraphs[1]
    assert [table.name for table in part.tables] == []


# ---- what is not known, and what is zero ---------------------------------------------------------------


def test_before_any_reading_a_brief_says_so_and_tells_no_zero(bench: Bench) -> None:
    for lang, words in (("zh-CN", "尚未收到站点数据"), ("en", "no site has reported")):
        made = manuscript(facts_of(bench), lang)
        assert words in made.summary
        sites = made.part("sites").tables[0]
        numbers = [n for n, column in enumerate(sites.columns) if column.kind in ("whole", "decimal", "time")]
        required = [column.name for column in sites.columns].index("staff_required")
        assert {row[n] for row in sites.rows for n in numbers if n != required} == {None}
        assert made.part("summary").tables[0].rows[2][1] is None


def test_a_reported_zero_stays_a_zero(bench: Bench) -> None:
    profile = small()
    bench.at(
        0, every(profile, NOON - 30, persons_in=[0] * len(profile.sites), wait_min=[0.0] * len(profile.sites))
    )
    row = facts_of(bench)["sites"][0]
    assert (row["persons_per_hour"], row["wait_min"], row["queue_m"]) == (0, 0, None)
    assert facts_of(bench)["slowest"] == []


# ---- a county's brief ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_countys_brief_names_nothing_of_another(lang: str) -> None:
    profile = engine_of().profile
    brief = brief_of(scope="530924")
    told = json.dumps(brief.facts, ensure_ascii=False) + repr(manuscript_of(lang=lang, scope="530924"))
    others = [name for code, name in profile.county_name.items() if code != "530924"]
    sites = profile.sites
    others += [str(name) for name, county in zip(sites.name, sites.county, strict=True) if county != "530924"]
    # Names of a place may be part of a name of the county's own.
    own = {str(name) for name, county in zip(sites.name, sites.county, strict=True) if county == "530924"}
    assert [name for name in others if name in told and not any(name in mine for mine in own)] == []
    assert {row["county"] for row in brief.facts["sites"]} == {"530924"}
    assert brief.facts["counties"] == []
    assert "530924" not in brief_of().facts["compared"]["last"]


def test_a_countys_brief_has_no_column_of_counties_and_says_whose_it_is() -> None:
    made = manuscript_of(scope="530924")
    assert (made.scope, made.title) == ("镇康县", "临沧市边境防控值班简报（镇康县）")
    assert "镇康县" in made.summary
    for part in made.parts:
        assert all("county" not in [column.name for column in table.columns] for table in part.tables)


# ---- paper, marks, links -------------------------------------------------------------------------------


def test_heading_number_and_mark_are_the_profiles() -> None:
    made, english = manuscript_of(), manuscript_of(lang="en")
    assert (made.title, made.number, made.handling) == (
        "临沧市边境防控值班简报",
        "〔2026〕第324期",
        "内部资料",
    )
    assert (english.number, english.handling) == ("2026, no. 324", "Internal")
    assert (made.date, english.date) == ("2026年11月20日", "20 November 2026")
    other = manuscript_of("zibo")
    assert (other.handling, other.number) == ("", "〔2026〕第324期")


def test_no_sample_claims_an_approval_number() -> None:
    made = [manuscript_of(name) for name in ("lincang", "capital")]
    assert not any("审图号" in one.source for one in made)
    told = brief_of().facts | {"approval_number": "GS(2099)1号"}
    assert "审图号：GS(2099)1号" in manuscript(told, "zh-CN").source


def marks(lang: str = "zh-CN", **more: Any) -> tuple[str, ...]:
    return manuscript(brief_of().facts | more, lang).marks


def test_what_is_made_up_past_or_late_is_marked() -> None:
    assert marks() == ("模拟数据",)
    assert marks(simulated=False) == ()
    assert marks(replay=True) == ("模拟数据", "回放")
    assert marks(replay=True, marks=["late"]) == ("模拟数据", "补发")
    assert marks("en", replay=True, marks=["late", "DRILL"]) == ("SIMULATED", "Made late", "DRILL")


def test_a_picture_of_the_past_is_a_replay_but_one_just_drawn_is_not(bench: Bench) -> None:
    assert facts_of(bench, made_at=NOON + ON_TIME_S)["replay"] is False
    assert facts_of(bench, made_at=NOON + ON_TIME_S + 1)["replay"] is True


def test_the_link_is_in_the_language_of_the_brief() -> None:
    assert "lang=en" in manuscript_of(lang="en").link
    assert manuscript_of(lang="en").link.startswith("https://board.example/")
    assert manuscript(brief_of().facts | {"link": {}}, "en").link == ""


# ---- the words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("name", ["lincang", "zibo", "capital"])
def test_the_summary_tells_the_numbers_of_the_facts(name: str, lang: str) -> None:
    facts, made = brief_of(name).facts, manuscript_of(name, lang)
    counts, staff = facts["sites_by_status"], facts["staffing"]
    numbers = [counts["online"], counts["sites"], staff["staff_on_duty"], staff["staff_required"]]
    numbers += [facts["changes"]["sums"][what] for what in ("persons", "vehicles")]
    numbers += [facts["alerts"]["open"], facts["alerts"]["unanswered"]]
    assert [number for number in numbers if f"{number:,}" not in made.summary] == []
    assert facts["slowest"][0]["name"] in made.summary
    for line in facts["lines"]:
        if line["km_uncovered"]:
            assert f"{line['km_uncovered']:.1f}" in made.summary
    assert made.summary.endswith("。" if lang == "zh-CN" else ".")
    assert made.part("summary").paragraphs[0] == made.summary


def texts(made: Manuscript) -> list[str]:
    found = [made.title, made.summary, made.source, made.figures, *made.lines, *made.marks]
    for part in made.parts:
        found += [part.title, *part.paragraphs]
        found += [text for table in part.tables for text in (table.title, table.note)]
        found += [column.title for table in part.tables for column in table.columns]
        found += [text for chart in part.charts for text in (chart.title, chart.unit)]
    return found + [text for pair in made.definitions for text in pair]


@pytest.mark.parametrize("name", ["lincang", "capital"])
def test_no_text_has_a_hole_or_the_other_languages_words(name: str) -> None:
    profile = engine_of(name).profile
    own = [*profile.county_name.values(), *map(str, profile.sites.name)]
    for lang in ("zh-CN", "en"):
        for text in texts(manuscript_of(name, lang)):
            assert "{" not in text
            assert "None" not in text
            left = text if lang == "en" else ""
            for word in sorted(own, key=len, reverse=True):
                left = left.replace(word, "")
            assert not any("\u3400" <= letter <= "\u9fff" for letter in left), text


def test_parts_stand_in_their_order_and_the_sites_are_the_appendix() -> None:
    made = manuscript_of()
    assert [part.name for part in made.parts] == [
        "summary", "map", "lines", "changes", "open", "response", "slowest", "outcomes", "staffing", "gaps",
        "sites",
    ]  # fmt: skip
    assert [part.name for part in made.parts if part.appendix] == ["sites"]
    names = [table.name for part in made.parts for table in part.tables]
    assert len(names) == len(set(names))


def test_facts_are_json_without_anything_that_is_no_number() -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            assert all(isinstance(key, str) for key in value)
            list(map(check, value.values()))
        elif isinstance(value, list):
            list(map(check, value))
        else:
            assert value is None or type(value) in (str, int, float, bool), type(value)
            assert not isinstance(value, float) or math.isfinite(value)

    check(brief_of().facts)


# ---- an engine that was only opened --------------------------------------------------------------------


def test_an_engine_that_never_ran_tells_the_same_as_the_one_that_did(tmp_path: Any) -> None:
    ran = engine_of("capital")
    at = eight(ran.profile) - 600
    opened = Engine(ran.profile, ran.store, clock=lambda: at + 600)
    made = {"made_at": at + 600, "made_by": ""}
    one, other = (gather(engine, at, "", **made).facts for engine in (ran, opened))
    assert one == other
    later = gather(opened, at + 99_999, "", **made).facts
    assert later["at"] == at + 599
    assert later["sites_by_status"]["online"] > 0


def test_a_store_without_anything_makes_a_brief_too(tmp_path: Any) -> None:
    store = SqliteStore(tmp_path / "empty.db")
    facts = gather(Engine(small(), store, clock=lambda: NOON), None, "", made_at=NOON, made_by="").facts
    assert facts["data_at"] is None
    for lang in small().spec.languages:
        assert manuscript(facts | {"heading": None}, lang).title
    store.close()


def test_the_mark_of_what_was_made_late_is_in_the_language_of_the_brief(bench: Bench) -> None:
    facts = facts_of(bench, made_at=NOON + DAY_S, marks=("补发", "演练"))
    assert facts["marks"] == ["late", "演练"]
    assert manuscript(facts, "zh-CN").marks == ("补发", "演练")
    assert manuscript(facts, "en").marks == ("Made late", "演练")


def test_a_border_that_documents_count_otherwise_is_told_beside_its_own_length() -> None:
    made = manuscript_of("xishuangbanna")
    (table,) = [one for one in made.part("lines").tables if one.name == "coverage"]
    assert table.rows[0][1] == pytest.approx(566.2, abs=0.1)
    assert "966.3公里" in table.note
    assert "966.3" not in repr(manuscript_of("xishuangbanna", scope="532822"))
