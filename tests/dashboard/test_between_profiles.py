"""A request that an edit of the profile comes in the middle of: a picture answers by its own profile."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.board import Board
from dashboard.ogc.moments import Pictures
from data.picture import Picture, cut
from tests.dashboard.asking import ok, problem
from tests.data.edited import Edited
from tests.serving import Served

COUNTY = "900102"
WHOLE = (
    "/api/v1/picture", "/api/v1/lines", "/api/v1/gaps", "/api/v1/alerts", "/api/v1/alerts?state=resolved",
    "/api/v1/fences", "/api/v1/layers", "/api/v1/layers/sites", "/api/v1/layers/checkpoints", "/api/v1/sites",
    "/api/v1/export/sites.geojson", "/api/v1/export/checkpoints.csv", "/api/health",
    "/ogc/collections/sites/items", "/ogc/collections/checkpoints/items", "/ogc/collections/sites/items/c1",
)  # fmt: skip
CUT = (
    "/api/v1/picture", "/api/v1/lines", "/api/v1/gaps", "/api/v1/fences", "/api/v1/layers",
    "/api/v1/layers/sites", "/api/v1/sites", "/api/v1/alerts", "/api/v1/export/sites.geojson",
    "/ogc/collections/sites/items", "/ogc/collections/sites/items/c1",
)  # fmt: skip
GONE = ("/api/v1/layers/fences", "/api/v1/export/fences.geojson", "/ogc/collections/fences/items")


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def served(serve: Callable[..., Served], edited: Edited) -> Served:
    return serve(edited.load(), simulate=False)


def edit(served: Served, edited: Edited) -> Picture:
    """Sites, fences, a layer and a county go; the picture before."""
    before = served.board.engine.picture
    edited.checkpoint("c9")
    edited.remove_checkpoint("c2")
    toml = edited.text("profile.toml")
    parts = toml.split("[[layers]]")
    edited.write("profile.toml", "[[layers]]".join(part for part in parts if 'name = "fences"' not in part))
    for file in ("counties.geojson", "checkpoints.geojson", "duty_points.csv"):
        edited.write(file, edited.text(file).replace(COUNTY, "900109"))
    served.board.adopt(edited.load())
    assert "fences" not in served.board.profile.layers
    return before


def test_a_picture_of_before_an_edit_is_told_by_its_own_profile(
    served: Served, edited: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = edit(served, edited)
    assert before.profile is not None

    def of_before(_board: Board, scope: str = "") -> Picture:
        assert before.profile is not None
        return cut(before, before.profile, scope)

    monkeypatch.setattr(Board, "picture", of_before)
    monkeypatch.setattr(Pictures, "newest", lambda self, scope: self._desk.picture(scope))
    for path in WHOLE:
        answer = served.get(path)
        assert answer.status_code == 200, (path, answer.text)
    ids = {one["id"] for one in ok(served.get("/api/v1/sites"))["features"]}
    assert ids == set(before.sites.site_id)
    for path in ("/api/v1/layers/sites", "/ogc/collections/sites/items"):
        assert {one["id"] for one in ok(served.get(path))["features"]} == ids
    fences = ok(served.get("/api/v1/fences"))["features"]
    assert [one["id"] for one in fences] == before.profile.fences["fence_id"].tolist()


def test_a_request_that_was_checked_before_an_edit_is_answered_after_it(
    served: Served, edited: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = edit(served, edited)
    monkeypatch.setattr(Board, "profile", property(lambda _: before.profile))
    for path in WHOLE:
        answer = served.get(path)
        assert answer.status_code == 200, (path, answer.text)
    for path in GONE:
        problem(served.get(path), 404, "unknown-layer")
    for path in CUT:
        problem(served.get(path, params={"scope": COUNTY}), 404, "unknown-scope")
    problem(served.get("/api/v1/sites/c2/series?metric=persons"), 404, "unknown-site")


def test_a_profile_that_was_served_goes_with_its_edit(served: Served, edited: Edited) -> None:
    gone = []
    for number in range(3):
        for path in WHOLE:
            ok(served.get(path)) if not path.endswith("csv") else served.get(path)
        gone.append(weakref.ref(served.board.profile))
        edited.checkpoint(f"n{number}")
        served.board.adopt(edited.load())
    # What is asked once more is asked of the newest; nothing that was kept for an answer keeps the others.
    served.settle()
    gc.collect()
    assert [ref() for ref in gone] == [None] * 3
