import json
from dataclasses import replace

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.encode import (
    delta_message,
    take_apart,
    whole_message,
)
from dashboard.encode_alerts import alert_changes, alert_rows
from data.changes import FIELDS
from data.fencing import fence_members
from data.numbers import SITE_DIGITS, number, plain
from data.readings import Readings, Reports
from tests.conftest import NOON
from tests.dashboard.following import apply, in_order
from tests.serving import Clock

LANGS = ("zh-CN", "en")


def test_every_column_that_can_change_is_told() -> None:
    assert set(FIELDS) == set(SITE_DIGITS)


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, None), (float("nan"), None), (float("inf"), None), (2.0, 2), (2.34, 2.3), (-0.01, 0)],
)
def test_numbers_are_rounded_and_whole_where_they_are_whole(value: float | None, told: float | None) -> None:
    assert number(value) == told
    assert isinstance(number(value), type(told))


def test_a_column_becomes_json_without_nan_or_needless_fractions() -> None:
    cells = plain(np.array([np.nan, 3.0, 2.5, -0.0, np.inf, 1e15]))
    assert orjson.dumps(cells) == b"[null,3,2.5,0,null,1000000000000000]"
    assert plain(np.array(["a", ""], dtype=object)) == ["a", ""]


def readings(draw: st.DrawFn, ids: list[str], at: int) -> Readings:
    n = draw(st.integers(0, 5))
    chosen = draw(st.lists(st.sampled_from(ids), min_size=n, max_size=n))
    numbers = st.none() | st.integers(0, 900)

    def column(most: int) -> list[float]:
        found = draw(st.lists(numbers, min_size=n, max_size=n))
        return [np.nan if value is None else value % most for value in found]

    return Readings.of(
        site_id=chosen,
        observed_at=[at - draw(st.integers(0, 120)) for _ in range(n)],
        persons_in=column(500),
        persons_out=column(500),
        vehicles_in=column(200),
        wait_min=column(60),
        queue_m=column(900),
        lanes_open=column(4),
        staff_on_duty=column(30),
    )


@settings(max_examples=25)
@given(data=st.data())
def test_deltas_applied_to_the_whole_are_the_whole(data, tmp_path_factory, profile) -> None:
    """Through many steps, for the prefecture and for a county, in both languages."""
    from dashboard.board import Board
    from data.engine import Engine
    from data.store import open_store

    clock = Clock(NOON)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('encode')}/board.sqlite")
    board = Board(profile, Engine(profile, store, clock=clock))
    ids = profile.sites.site_id.tolist()
    try:
        for scope in ("", profile.counties["adcode"].iloc[0]):
            engine = board.engine
            before = take_apart(profile, board.cut(engine.step(), scope), LANGS)
            shown = {lang: whole_message(before, lang, epoch="e", version="1") for lang in LANGS}
            for _ in range(6):
                clock.forward(data.draw(st.sampled_from([0, 1, 45, 400, 2000])))
                engine.readings(readings(data.draw, ids, int(clock())))
                after = take_apart(profile, board.cut(engine.step(), scope), LANGS, before)
                for lang in LANGS:
                    fresh = take_apart(profile, after.picture, [lang])
                    message = delta_message(before, after) | alert_changes(
                        before.alerts[lang], after.alerts[lang]
                    )
                    shown[lang] = apply(shown[lang], json.loads(orjson.dumps(message)))
                    whole = json.loads(orjson.dumps(whole_message(fresh, lang, epoch="e", version="1")))
                    assert in_order(shown[lang]) == in_order(whole)
                before = after
    finally:
        store.close()


def test_a_step_without_news_is_a_bare_heartbeat(board) -> None:
    engine = board().engine
    first = take_apart(engine.profile, engine.step(), LANGS)
    second = take_apart(engine.profile, engine.step(), LANGS, first)
    message = delta_message(first, second) | alert_changes(first.alerts["en"], second.alerts["en"])
    assert set(message) == {"type", "from", "revision", "at", "data_at"}


def test_only_the_changed_fields_of_the_changed_sites_are_told(board) -> None:
    made = board()
    engine, profile = made.engine, made.profile
    site = profile.sites.site_id[0]
    told = {"persons_in": 30, "wait_min": 4, "queue_m": 20, "lanes_open": 1, "staff_on_duty": 6}
    engine.readings(Readings.of(site_id=[site], observed_at=[NOON - 60], **told))
    first = take_apart(profile, engine.step(), LANGS)
    engine.readings(Readings.of(site_id=[site], observed_at=[NOON], **(told | {"wait_min": 5})))
    second = take_apart(profile, engine.step(), LANGS, first)
    assert delta_message(first, second)["sites"] == {site: {"wait_min": 5, "observed_at": NOON}}


def test_a_new_interval_of_a_site_is_told(board) -> None:
    """The page judges by it how late a site is."""
    made = board()
    engine, profile = made.engine, made.profile
    site = profile.sites.site_id[0]
    told = {"site_id": [site], "wait_min": [4]}
    engine.readings(Readings.of(observed_at=[NOON - 60], interval_s=[60], **told))
    first = take_apart(profile, engine.step(), LANGS)
    engine.readings(Readings.of(observed_at=[NOON], interval_s=[3600], **told))
    second = take_apart(profile, engine.step(), LANGS, first)
    assert delta_message(first, second)["sites"][site]["interval_s"] == 3600


def test_alerts_that_did_not_change_are_not_worded_again(board, monkeypatch: pytest.MonkeyPatch) -> None:
    import dashboard.encode_alerts

    made = board()
    engine, profile = made.engine, made.profile
    site = profile.sites.site_id[0]
    engine.readings(Readings.of(site_id=[site], observed_at=[NOON], wait_min=[50], staff_on_duty=[1]))
    first = take_apart(profile, engine.step(), ["en"])
    assert first.alerts["en"]
    worded = []
    monkeypatch.setattr(dashboard.encode_alerts, "words", lambda *a: worded.append(a) or ("", ""))
    second = take_apart(profile, engine.step(), ["en"], first)
    assert worded == []
    assert second.alerts == first.alerts
    engine.readings(Readings.of(site_id=[site], observed_at=[NOON], wait_min=[50], staff_on_duty=[2]))
    take_apart(profile, engine.step(), ["en"], second)
    assert worded


def test_a_fence_alert_names_another_site_once_the_nearest_stops_working(board, profile) -> None:
    asks = {"advice": {"zh-CN": "{nearest}", "en": "{nearest}"}, "for_s": 0}
    rules = [rule.model_copy(update=asks) for rule in profile.spec.rules if rule.metric == "crossings"]
    spec = profile.spec.model_copy(update={"rules": rules})
    made = board(replace(profile, spec=spec, fences=profile.fences.assign(buffer_m=20_000.0)))
    engine, ours = made.engine, made.profile
    sites = ours.sites.site_id.tolist()

    def manned(at: int, **staff: int) -> None:
        on_duty = [staff.get(site, 5) for site in sites]
        n = len(sites)
        engine.readings(
            Readings.of(site_id=sites, observed_at=[at] * n, interval_s=[60] * n, staff_on_duty=on_duty)
        )

    def one(value: object, kind: object = object) -> object:
        return np.array([value], dtype=kind)

    manned(NOON - 60)
    crossed = (one(3.0, float), one(0.0, float))
    engine.reports(Reports(one("fence"), one("f1"), one(NOON - 60, np.int64), one("up"), *crossed))
    first = take_apart(ours, engine.step(), ["en"])
    (alert,) = first.alerts["en"].values()
    nearest = next(one.id for one in fence_members(ours)["f1"] if one.target == "site")
    assert alert["advice"] == ours.sites.name[ours.sites.row[nearest]]
    manned(NOON, **{nearest: 0})
    second = take_apart(ours, engine.step(), ["en"], first)
    (again,) = second.alerts["en"].values()
    assert again["id"] == alert["id"]
    assert again["advice"] not in ("", alert["advice"])


def test_an_alert_names_its_target_and_speaks_the_language(board) -> None:
    made = board()
    engine, profile = made.engine, made.profile
    row = int(np.flatnonzero(profile.sites.line == "third")[0])
    site = profile.sites.site_id[row]
    engine.readings(Readings.of(site_id=[site], observed_at=[NOON], wait_min=[50.25], lanes_open=[1]))
    picture = engine.step()
    rows = {
        lang: next(a for a in alert_rows(profile, picture, lang).values() if a["rule"] == "wait_over_30")
        for lang in LANGS
    }
    assert rows["en"]["name"] == profile.sites.name[row]
    assert rows["en"]["what"].endswith("wait 50.2 min, over 30 min")
    assert "等候" in rows["zh-CN"]["what"]
    assert rows["en"]["county_name"] == profile.county_name[profile.sites.county[row]]
    assert (rows["en"]["state"], rows["en"]["fired_at"], rows["en"]["started_at"]) == ("pending", None, NOON)
