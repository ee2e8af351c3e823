"""Handovers over HTTP: drawn up, signed by two accounts, kept as they were; the journal that keeps them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from docx import Document

from dashboard import handovers
from data.journal import verify
from data.readings import Readings
from data.signoff import OPEN_S
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.serving import Clock, Served

WAIT = f"wait_over_30:c1:{NOON - 60}"


def told(served: Served, at: int) -> None:
    served.board.engine.readings(
        Readings.of(
            site_id=["c1", "c2"], observed_at=[at] * 2, wait_min=[45, 45], staff_on_duty=[20] * 2,
            persons_in=[30, 40],
        )
    )  # fmt: skip
    served.settle()


@pytest.fixture
def guarded(serve: Callable[..., Served]) -> Served:
    """A board with a login, on which two sites of two counties have waited for too long."""
    served = serve(login=True)
    told(served, NOON - 60)
    told(served, NOON)
    return served


def draw(client: Any, scope: str = "", **body: Any) -> dict[str, Any]:
    return dict(ok(client.post("/api/v1/handovers", params={"scope": scope, "lang": "en"}, json=body)))


def sign(client: Any, made: dict[str, Any], side: str, **body: Any) -> httpx.Response:
    mine = made["handover"]
    answer = client.post(
        f"/api/v1/handovers/{mine['id']}/sign", json={"side": side, "digest": mine["digest"], **body}
    )
    assert isinstance(answer, httpx.Response)
    return answer


def plain(document: bytes) -> str:
    """All text of a document, its tables, header and footer."""
    doc = Document(io.BytesIO(document))
    parts = [paragraph.text for paragraph in doc.paragraphs]
    parts += [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    parts += [paragraph.text for paragraph in doc.sections[0].header.paragraphs]
    return "\n".join(parts)


def test_a_shift_is_handed_over_by_two_accounts_and_kept(guarded: Served, clock: Clock) -> None:
    out, into = guarded.login("zk-duty", role="command"), guarded.login("yx-duty", role="command")
    ok(out.post(f"/api/v1/alerts/{quote(WAIT, safe='')}/ack", json={"note": "lanes opened", "until": 60}))
    guarded.settle()
    made = draw(out, note="keep an eye on c2")
    facts = made["facts"]
    assert (facts["start"], facts["end"], facts["note"]) == (NOON - 4 * 3600, NOON, "keep an eye on c2")
    assert facts["counts"]["open"] == 2
    assert facts["counts"]["unanswered"] == 1
    assert facts["sums"]["persons"] == 140
    assert [row["by"] for row in facts["answered"]["rows"]] == ["zk-duty"]
    assert made["handover"]["outgoing"] is None

    problem(sign(out, made, "incoming", digest="0" * 64), 409, "other-digest")
    first = ok(sign(out, made, "outgoing"))["handover"]
    assert (first["outgoing"]["by"], first["complete"]) == ("zk-duty", False)
    problem(sign(out, made, "incoming"), 409, "same-account")
    problem(sign(into, made, "outgoing"), 409, "side-signed")
    both = ok(sign(into, made, "incoming", post="值班长岗"))["handover"]
    assert both["complete"]
    assert (both["incoming"]["by"], both["incoming"]["post"]) == ("yx-duty", "值班长岗")

    store = guarded.board.engine.store
    assert verify(store.entries(), head=(both["head"]["seq"], both["head"]["seal"])) is None
    # The next shift begins where this one ended; what was handed over stays as it was.
    clock.forward(3600)
    told(guarded, NOON + 3600)
    listed = ok(into.get("/api/v1/handovers"))
    assert [one["id"] for one in listed["handovers"]] == [both["id"]]
    assert ok(into.get(f"/api/v1/handovers/{both['id']}"))["facts"] == facts
    assert draw(into)["facts"]["start"] == NOON


def test_the_document_is_laid_out_tells_all_and_is_the_same_each_time(guarded: Served) -> None:
    out, into = guarded.login("zk-duty", role="command"), guarded.login("yx-duty", role="command")
    made = draw(out, note="桥面限行")
    mine = made["handover"]

    def document(lang: str = "zh-CN") -> bytes:
        answer = out.get(f"/api/v1/handovers/{mine['id']}.docx", params={"lang": lang})
        assert answer.status_code == 200
        assert answer.headers["content-type"].endswith("wordprocessingml.document")
        return answer.content

    before = document()
    ok(sign(out, made, "outgoing"))
    both = ok(sign(into, made, "incoming"))["handover"]
    after = document()
    assert after == document() != before
    page = Document(io.BytesIO(after)).sections[0]
    sizes = (
        page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin,
        page.right_margin,
    )  # fmt: skip
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    text = plain(after)
    for part in (
        "交接班记录",
        "一、本班概况",
        "二、未结告警",
        "八、交班说明",
        "桥面限行",
        "zk-duty",
        "yx-duty",
    ):
        assert part in text
    assert f"{both['head']['seq']}:{both['head']['seal']}" in text
    assert mine["digest"] in text
    assert "yx-duty" not in plain(before)
    headings = [p.text for p in Document(io.BytesIO(after)).paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == 9
    english = plain(document("en"))
    assert "shift handover" in english
    assert "2. Open alerts" in english
    # Chinese is left only where it is a name or somebody's words.
    rest = re.sub("桥面限行|甲县|乙县", "", english)
    for name in guarded.board.profile.sites.name.tolist():
        rest = rest.replace(name, "")
    assert not re.search(r"[\u3400-\u9fff]", rest)
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        core = package.read("docProps/core.xml").decode()
    assert mine["id"] in core
    assert "python-docx" not in core


def test_a_county_hands_over_its_own_and_knows_of_no_other(guarded: Served) -> None:
    command = guarded.login("zk-duty", role="command")
    jia = guarded.login("jia-duty", role="county", scope="900101")
    whole, other = draw(command), draw(command, scope="900102")
    own = draw(jia)
    assert (own["handover"]["scope"], own["facts"]["county"]) == ("900101", "甲县")
    assert "乙县" not in str(own)
    assert "c2" not in str(own["facts"])
    assert [row["id"] for row in own["facts"]["open"]["rows"]] == [WAIT]
    for made in (whole, other):
        path = f"/api/v1/handovers/{made['handover']['id']}"
        for answer in (jia.get(path), jia.get(f"{path}.docx"), sign(jia, made, "outgoing")):
            problem(answer, 404, "unknown-handover")
    problem(jia.post("/api/v1/handovers", params={"scope": "900102"}, json={}), 404, "unknown-scope")
    assert [one["id"] for one in ok(jia.get("/api/v1/handovers"))["handovers"]] == [own["handover"]["id"]]
    ok(sign(jia, own, "outgoing"))
    # The prefecture sees the county's, and may take over.
    assert ok(sign(command, own, "incoming"))["handover"]["complete"]
    entries = ok(jia.get("/api/v1/journal"))
    assert entries["head"] is None
    assert {entry["scope"] for entry in entries["entries"]} == {"900101"}
    assert len(ok(command.get("/api/v1/journal"))["entries"]) == 5


def test_the_journal_is_told_in_order_in_pages_and_in_words(guarded: Served) -> None:
    command = guarded.login("zk-duty", role="command")
    ids = [draw(command)["handover"]["id"] for _ in range(3)]
    newest = ok(command.get("/api/v1/journal", params={"limit": 2, "lang": "en"}))
    assert [entry["subject"] for entry in newest["entries"]] == ids[1:]
    assert newest["head"] == {name: newest["entries"][-1][name] for name in ("seq", "seal")}
    assert newest["entries"][0]["did"] == "drew up a handover"
    assert newest["entries"][0]["by"] == "zk-duty"
    assert "open" not in newest["entries"][0]["detail"]
    page = ok(command.get("/api/v1/journal", params={"after": 0, "limit": 2}))
    assert [entry["subject"] for entry in page["entries"]] == ids[:2]
    problem(command.get("/api/v1/journal", params={"limit": 0}), 400, "bad-number")
    before = ok(command.get("/api/v1/journal", params={"at": NOON - 1}))
    assert (before["entries"], before["head"]) == ([], None)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"from": "yesterday"}, "bad-time"),
        ({"from": str(NOON - 25 * 3600)}, "bad-time"),
        ({"from": str(NOON)}, "bad-time"),
        ({"note": "13912345678"}, "personal-data"),
        ({"note": "x" * 1001}, "bad-value"),
        ({"other": 1}, "bad-value"),
    ],
    ids=["no-time", "too-long-ago", "now", "phone", "long", "unknown"],
)
def test_what_cannot_be_drawn_up_is_said(served: Served, body: dict[str, Any], kind: str) -> None:
    problem(served.post("/api/v1/handovers", json=body), 400, kind)
    assert served.board.engine.store.newest_entry() == 0


def test_where_nobody_logs_in_two_posts_sign(served: Served) -> None:
    made = draw(served)
    assert ok(served.get("/api/v1/handovers"))["posts"] is True
    problem(sign(served, made, "outgoing"), 400, "empty-value")
    problem(sign(served, made, "outgoing", post="13912345678"), 400, "personal-data")
    problem(sign(served, made, "neither", post="岗"), 400, "bad-value")
    ok(sign(served, made, "outgoing", post="甲岗"))
    problem(sign(served, made, "incoming", post=" 甲岗 "), 409, "same-account")
    assert ok(sign(served, made, "incoming", post="乙岗"))["handover"]["complete"]


@pytest.mark.parametrize(
    ("later", "begun"), [(4 * 3600 - 60, -4 * 3600), (4 * 3600 + 300, -4 * 3600), (5 * 3600 + 300, 4 * 3600)]
)
def test_a_shift_goes_back_to_its_begin_or_just_after_a_change_to_the_one_before(
    served: Served, clock: Clock, later: int, begun: int
) -> None:
    """Shifts of eight hours where there is no roster: noon is in the middle of one."""
    clock.forward(later)
    served.settle()
    facts = draw(served)["facts"]
    assert (facts["start"] - NOON, facts["end"] - NOON) == (begun, later)


def test_drafts_do_not_fill_the_journal(
    served: Served, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "DRAFTS", 2)
    made = [draw(served) for _ in range(2)][-1]
    problem(served.post("/api/v1/handovers", json={}), 429, "too-many-drafts")
    assert served.board.engine.store.newest_entry() == 2
    # One that is signed by both, and those of another day, do not count.
    for side, post in (("outgoing", "甲岗"), ("incoming", "乙岗")):
        ok(sign(served, made, side, post=post))
    clock.forward(60)
    served.settle()
    draw(served)
    problem(served.post("/api/v1/handovers", json={}), 429, "too-many-drafts")
    clock.forward(25 * 3600)
    served.settle()
    draw(served)


def test_a_draft_that_is_old_is_signed_no_more(served: Served, clock: Clock) -> None:
    made = draw(served)
    clock.forward(OPEN_S + 1)
    problem(sign(served, made, "outgoing", post="甲岗"), 409, "draft-old")


@pytest.mark.parametrize("role", ["briefing", "administrator"])
def test_who_may_not_operate_neither_draws_up_nor_signs(guarded: Served, role: str) -> None:
    made = draw(guarded.login("zk-duty", role="command"))
    client = guarded.login(role)
    problem(client.post("/api/v1/handovers", json={}), 403, "no-operate")
    problem(sign(client, made, "outgoing"), 403, "no-operate")
    assert ok(client.get(f"/api/v1/handovers/{made['handover']['id']}"))["handover"]["outgoing"] is None
