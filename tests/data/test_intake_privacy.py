from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.spec import ReadingsSpec
from layers.faults import FaultsError
from tests.data.intakes import (
    TIME,
    read,
    read_csv,
    row,
)
from tests.data.test_privacy import personal_values


@pytest.mark.parametrize(
    "name", ["身份证号", "姓名", "手机", "电话", "车牌号", "plate", "phone", "name", "id_number"]
)
def test_personal_columns_refuse_the_row_and_are_not_kept(name: str) -> None:
    parsed = read(row(), row(**{name: "张三"}), row(site_id="CP-002"))
    assert len(parsed.readings) == 2
    (found,) = parsed.refused
    assert (found.row, found.field, found.got) == (2, name, "[withheld]")
    assert "personal data is not taken" in found.expected
    assert "张三" not in found.raw
    parsed = read_csv(f"site_id,observed_at,{name}\nCP-001,{TIME},张三\nCP-002,{TIME},\n")
    assert [(r.field, r.got) for r in parsed.refused] == [(name, "[withheld]")] * 2
    assert "张三" not in repr(parsed.refused)


def test_a_personal_column_cannot_be_ignored_but_a_places_name_can() -> None:
    spec = ReadingsSpec(ignore=["name", "phone", "备注"])
    assert len(read(row(name="小黑江"), spec=spec).readings) == 1
    assert read(row(phone=""), spec=spec).refused[0].field == "phone"
    assert read(row(name="云A12345"), spec=spec).refused[0].field == "name"
    assert read(row(备注=13812345678), spec=spec).refused[0].field == "备注"
    assert read(row(备注=["x", {"y": "13812345678"}]), spec=spec).refused[0].field == "备注"


@given(
    personal_values,
    st.sampled_from(
        ["site_id", "observed_at", "interval_s", "persons_in", "queue_m", "lanes_open", "method",
        "outcomes", "state", "fence_id", "device_id", "outcomes.x", "备注", "queue", "ignored"]
    ),
    st.sampled_from(["{}", "see {}", "{} 放行"]),
)  # fmt: skip
def test_personal_values_are_never_kept(value: str, field: str, around: str) -> None:
    spec = ReadingsSpec(ignore=["ignored"])
    text = around.format(value)
    forms: list[Any] = [text, [text], {"a": text}, {text: 1}]
    if value.isdigit():
        forms += [int(value), float(value)]
    for form in forms:
        parsed = read(row(), row(**{field: form}), spec=spec)
        assert len(parsed.readings) == 1
        (found,) = parsed.refused
        assert (found.field, found.got) == (field, "[withheld]")
        assert "personal data" in found.expected
        assert value not in repr(found)
    sink = io.StringIO()
    writer = csv.DictWriter(
        sink, fieldnames=["site_id", "observed_at", *({field} - {"site_id", "observed_at"})]
    )
    writer.writeheader()
    writer.writerow({"site_id": "CP-001", "observed_at": TIME, field: text})
    parsed = read_csv(sink.getvalue(), spec)
    assert len(parsed.readings) + len(parsed.reports) == 0
    assert value not in repr(parsed.refused)
    assert parsed.refused[0].field == field


@given(personal_values)
def test_personal_values_in_place_of_column_names_are_never_told(value: str) -> None:
    parsed = read(row(**{value: 1}), row(**{f"outcomes.{value}": 1}), row(outcomes={value: 1}))
    assert len(parsed.readings) == 0
    assert [r.field for r in parsed.refused] == ["column 6", "column 6", "outcomes"]
    assert value not in repr(parsed.refused)
    with pytest.raises(FaultsError) as raised:
        read_csv(f"CP-001,{TIME},{value}\nCP-001,{TIME},{value}\n")
    assert value not in str(raised.value)


def test_free_text_of_undeclared_columns_is_not_kept() -> None:
    parsed = read(row(remark="张三, 驾驶员", count=3))
    assert "张三" not in repr(parsed.refused)
    assert json.loads(parsed.refused[0].raw)["count"] == 3
    assert "张三" not in repr(read(row(persons_in="张三")).refused)


WRONG, OLD = "110101199003074251", "110101900307425"


@pytest.mark.parametrize("number", [WRONG, WRONG[:17] + "X", OLD])
@pytest.mark.parametrize("around", ["{}", "m.{}", "m_{}", "no {} 号"])
def test_numbers_shaped_like_an_identity_are_never_kept(number: str, around: str) -> None:
    text = around.format(number)
    rows = [
        row(site_id=text),
        row(persons_in=text),
        row(备注=text),
        row(**{text: 1}),
        row(outcomes={text: 1}),
    ]
    rows += [row(**{f"outcomes.{text}": 1}), row(method=text), row(observed_at=text)]
    if number.isdigit():
        rows += [row(site_id=int(number)), row(persons_in=int(number)), row(queue_m=float(number))]
    parsed = read(*rows)
    assert len(parsed.refused) == len(rows)
    assert number not in repr(parsed.refused)
    assert {found.got for found in parsed.refused} == {"[withheld]"}


@pytest.mark.parametrize(
    "name", ["张三", "Zhang San", "m.1", "m-1", "Turned_back", "_x", "1st", "m123456", "a" * 41, "x\n", ""]
)
def test_outcomes_have_the_profiles_names_or_plain_words(name: str) -> None:
    parsed = read(row(outcomes={name: 1}), row(**{f"outcomes.{name}": 1}))
    assert len(parsed.readings) == 0
    inside, column = parsed.refused
    assert (inside.field, inside.got) == ("outcomes", "[withheld]")
    assert column.field == (f"outcomes.{name}" if name.isascii() else "outcomes")
    assert column.got == "[withheld]"
    assert "names of outcomes" in inside.expected
    assert "names of outcomes" in column.expected
    assert "张三" not in repr(parsed.refused)


def test_the_profiles_outcomes_may_be_in_any_script() -> None:
    parsed = read(
        row(outcomes={"隔离": 2, "turned_back": 1}), row(**{"outcomes.隔离": 3, "outcomes.x_12345": 1})
    )
    assert [*parsed.readings.outcomes] == [{"隔离": 2, "turned_back": 1}, {"隔离": 3, "x_12345": 1}]
