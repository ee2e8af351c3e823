from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import privacy
from layers.privacy import personal, personal_column, personal_rows, personal_text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(first17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return first17 + "10X98765432"[total % 11]


identities = st.builds(
    lambda region, year, month, day, order: identity_number(f"{region}{year}{month:02}{day:02}{order:03}"),
    st.sampled_from(["530902", "110101", "653124", "810000", "830000"]),
    st.integers(1930, 2024),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
)
mobiles = st.builds(
    lambda prefix, second, rest: f"{prefix}1{second}{rest:09}",
    st.sampled_from(["", "+86", "86", "0086 ", "+86 "]),
    st.integers(3, 9),
    st.integers(0, 999_999_999),
)
plates = st.builds(
    lambda province, letter, mark, tail: f"{province}{letter}{mark}{tail}",
    st.sampled_from("云京粤新藏"),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    st.sampled_from(["", "·", " ", "-"]),
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=5, max_size=6),
)
personal_values = st.one_of(identities, mobiles, plates)


befores = st.sampled_from(["", "备注 ", "see: ", "(", "tel."])
afters = st.sampled_from(["", " 放行", ")", "。"])


@given(personal_values, befores, afters)
def test_personal_values_are_found_wherever_they_stand(value: str, before: str, after: str) -> None:
    assert personal_text(before + value + after)
    assert personal({"note": [before + value + after]})


@given(identities)
def test_a_mistyped_identity_number_and_an_old_one_are_somebodys(value: str) -> None:
    wrong = value[:17] + ("1" if value[17] != "1" else "2")
    old = value[:6] + value[8:17]
    for text in (wrong, old, f"m.{wrong}", f"m.{old}", f"m_{old}x", f"{old[:6]} {old[6:12]} {old[12:]}"):
        assert personal_text(text)
    assert personal(int(wrong) if wrong.isdigit() else wrong)
    assert personal(int(old))
    assert personal(float(old))


@pytest.mark.parametrize(
    "value",
    ["0.530902900101123", "12.530902900101123", "530902901301123", "530902900132123", "5309029001011234"],
)
def test_other_long_numbers_are_not(value: str) -> None:
    assert not personal_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "138 1234 5678", "138-1234-5678", "138-123-45678", "１３８１２３４５６７８", "13812345678.0",
        "2026-01-01 13812345678", "云S·12345", "云s12345", "云SD12345", "粤Z1234港", "云A1234警",
        "云A1234学", "WJ云1234T", "530902 19900101 1233", "53090219900101123３",
        "138\u200b1234\u200b5678", "1\x013\x018\x0112345678", "云\u200bA\u202e12345", "W\u2060J云1234T",
    ],
)  # fmt: skip
def test_other_ways_of_writing_are_found(value: str) -> None:
    if value.startswith("530902"):
        value = value[:-1].replace(" ", "")
        value = f"{value[:6]} {value[6:14]} {identity_number(value[:17])[14:]}"
    assert personal_text(value)


@pytest.mark.parametrize(
    "value",
    [
        13812345678, 13812345678.0, {"13812345678": 1}, ["x", {"y": "云A12345"}],
    ],
)  # fmt: skip
def test_numbers_and_nested_values_are_looked_into(value: object) -> None:
    assert personal(value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31T08:00:00+08:00", "2026-01-31 08:00:00.123456789", "20260131080000",
        "1769817600000", "1769817600000000000", "0.13812345678", "12.13912345678", "1234567",
        "CP-0001", "临沧机场", "云县警务站", "平掌服务区(墨临高速)", "turned_back", "measured",
        "99999999999999999999", "23812345678", "103.0512345678", None, True, 86400, 10**12, 1e12, 3.5,
        float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_what_readings_carry_is_not_taken_for_personal_data(value: object) -> None:
    assert not personal(value)


@pytest.mark.parametrize(
    "name",
    [
        "身份证", "身份证号", "姓名", "驾驶员姓名", "手机", "手机号码", "联系电话", "车牌", "车牌号",
        "号牌号码", "护照号", "plate", "plate_no", "License Plate", "vehicle-plate", "phone",
        "PhoneNumber", "phone_number", "tel", "mobile", "name", "Name", "full_name", "driverName",
        "id_number", "idNumber", "ID NUMBER", "id_card", "idcard_no", "passport", "sfzh", "xm", "cph",
        "ｐｈｏｎｅ", "officer_id",
    ],
)  # fmt: skip
def test_personal_columns(name: str) -> None:
    assert personal_column(name)


@pytest.mark.parametrize(
    "name",
    [
        "site_id", "observed_at", "interval_s", "persons_in", "vehicles_out", "queue_m", "wait_min",
        "lanes_open", "staff_on_duty", "method", "outcomes", "outcomes.turned_back", "fence_id",
        "device_id", "state", "crossings_in", "arrive_resident", "control_point", "site_name", "hotel",
        "template", "date", "county", "站点", "名称", "",
    ],
)  # fmt: skip
def test_other_columns_are_not_personal(name: str) -> None:
    assert not personal_column(name)


def test_a_declared_name_may_be_a_places() -> None:
    assert not personal_column("name", declared=True)
    assert personal_column("姓名", declared=True)
    assert personal_column("driver_name", declared=True)


@given(st.text(), st.one_of(st.none(), st.integers(), st.floats(), st.binary(), st.lists(st.text())))
def test_anything_may_be_asked_about(text: str, value: object) -> None:
    personal_column(text)
    personal_text(text)
    personal(value)


_PIECES = st.one_of(
    st.sampled_from([
        "13912345678", "139 1234 5678", "１３９１２３４５６７８", "①③⑨①②③④⑤⑥⑦⑧", "+86-139-1234-5678",
        "⑬912345678", "𝟏𝟑𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "530924199001011234", "530924900101123",
        "云A12345", "云S·88888", "雲A12345", "WJ云1234A", "ｗｊ1234X", "W\u200bJ云1234A", "云\x00A12345",
        "1\u200b39\u202e\u2066\u2067\u206812345678",
    ]),
    st.text(alphabet="云京AＡ1１9①-– ㎡wJ·", max_size=14),
    st.text(max_size=6),
)  # fmt: skip


@given(st.lists(st.lists(_PIECES, max_size=3).map("".join), max_size=12))
def test_many_texts_are_judged_as_each_of_them(texts: list[str]) -> None:
    plain = [f"第{number}抵边执勤点" for number in range(privacy.FEW)]
    encodable = [text for text in texts if text.isascii() or not re.search("[\ud800-\udfff]", text)]
    each = [at for at, text in enumerate(encodable) if personal_text(text)]
    assert personal_rows(encodable) == each
    assert personal_rows([*encodable, *plain]) == each
