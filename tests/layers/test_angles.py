"""Angles in whatever way they are written come back as the degrees that were meant."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.formats.angles import LAT, LON, AngleError, Axis, angle, angles, packed, pair

WIDE = str.maketrans("0123456789.-+:", "０１２３４５６７８９．－＋：")
DMS = 99 + 24 / 60 + 36.5 / 3600


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("99°24′36.5″E", DMS),
        ("E99°24'36.5\"", DMS),
        ("99度24分36.5秒", DMS),
        ("99 24 36.5", DMS),
        ("99:24:36.5", DMS),
        ("99-24-36.5", DMS),
        ("99º24´36.5''", DMS),
        ("99d24'36.5\"E", DMS),
        ("９９°２４′３６．５″Ｅ", DMS),
        ("东经99°24′", 99.4),
        ("東經 99.4 度", 99.4),
        ("东经99°24′E", 99.4),
        ("99.4° 东经", 99.4),
        ("99°24.5′", 99 + 24.5 / 60),
        ("99.41E", 99.41),
        (" ９９．４１ ", 99.41),
        ("西经99°24′", -99.4),
        ("W99.4", -99.4),
        ("-99:24", -99.4),
        ("－99-24-00", -99.4),
    ],
)
def test_a_longitude_as_people_write_it(text: str, degrees: float) -> None:
    assert angle(text, LON) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "degrees"), [("北纬23.5°", 23.5), ("23°30′S", -23.5), ("南緯 23度30分", -23.5)]
)
def test_a_latitude_as_people_write_it(text: str, degrees: float) -> None:
    assert angle(text, LAT) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "axis", "hint"),
    [
        ("99°24′E", LAT, "E is no side of a latitude"),
        ("北纬23°", LON, "N is no side of a longitude"),
        ("东经99°W", LON, "two sides"),
        ("-99°24′W", LON, "a sign and a side"),
        ("99°60′", LON, "below 60"),
        ("99:24:60", LON, "below 60"),
        ("99.5°24′", LON, "last of degrees"),
        ("99°24.5′36″", LON, "last of degrees"),
        ("181°", LON, "within 180"),
        ("91°N", LAT, "within 90"),
        ("992436.5E", LON, "Write it with its marks"),
        ("99.24.36", LON, "decimal degrees"),
        ("99,41", LON, "decimal degrees"),
        ("1_000", LON, "decimal degrees"),
        ("99°24″", LON, "decimal degrees"),
        ("abc", LON, ""),
        ("", LON, ""),
        ("E", LON, ""),
    ],
)
def test_what_is_no_angle_says_why(text: str, axis: Axis, hint: str) -> None:
    with pytest.raises(AngleError) as error:
        angle(text, axis)
    assert hint in str(error.value)
    assert bool(str(error.value)) == bool(hint)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Axis, float]:
    """An angle in one of the styles, its axis and what it is in degrees."""
    axis = draw(st.sampled_from([LON, LAT]))
    whole = draw(st.integers(0, int(axis.limit) - 1))
    minutes, thousandths = draw(st.integers(0, 59)), draw(st.integers(0, 59_999))
    seconds = f"{thousandths / 1000:.{draw(st.integers(3, 5))}f}"
    body = draw(
        st.sampled_from(
            [
                "{d}°{m}′{s}″", "{d}° {m}' {s}\"", "{d}度{m}分{s}秒", "{d} {m} {s}", "{d}:{m}:{s}",
                "{d}-{m}-{s}", "{d}°{m}’{s}’’", "{d}º{m}'{s}''", "{d}°{m}′{s}", "{d}d{m}'{s}\"",
            ]
        )
    ).format(d=whole, m=f"{minutes:02}", s=seconds)  # fmt: skip
    if draw(st.booleans()):
        body = body.translate(WIDE)
    positive, negative = (("东经", "西经"), ("北纬", "南纬"))[axis is LAT]
    side = draw(
        st.sampled_from([("", "-"), (positive, negative), tuple(axis.sides), tuple(axis.sides.lower())])
    )
    south = draw(st.booleans())
    mark = side[south]
    text = f"{body}{mark}" if mark not in ("", "-") and draw(st.booleans()) else f"{mark}{body}"
    degrees = whole + minutes / 60 + thousandths / 1000 / 3600
    return f" {text} ", axis, -degrees if south else degrees


@given(written())
def test_an_angle_comes_back_from_every_style(case: tuple[str, Axis, float]) -> None:
    text, axis, degrees = case
    assert angle(text, axis) == pytest.approx(degrees, abs=1e-9)


@given(st.floats(-1e8, 1e8, allow_nan=False), st.sampled_from([LON, LAT]))
def test_a_plain_number_is_itself(number: float, axis: Axis) -> None:
    for text in (repr(number), f"{number:.9f}", f"{number:.9f}".translate(WIDE)):
        numbers, hints = angles([text], axis)
        assert not hints
        assert numbers[0] == pytest.approx(number, abs=1e-9)


@given(st.text(max_size=20), st.sampled_from([LON, LAT]))
def test_any_text_is_an_angle_or_is_refused(text: str, axis: Axis) -> None:
    numbers, hints = angles([text], axis)
    assert math.isfinite(numbers[0]) != bool(hints)
    assert all("\n" not in hint for hint in hints.values())


def test_a_column_keeps_what_can_be_read() -> None:
    numbers, hints = angles(["99.5", 99.5, 99, "99°30′", "", "nan", float("inf"), "E99.5"], LON)
    assert list(hints) == [4, 5, 6]
    assert numbers[[0, 1, 3, 7]].tolist() == [99.5] * 4
    assert np.isnan(numbers[4:7]).all()


@pytest.mark.parametrize(
    "text",
    [
        "23°30′N, 99°24′E", "23.5，99.4", "23.5;99.4", "23.5 99.4", "(23.5, 99.4)", "N23°30′ E99°24′",
        "北纬23°30′东经99°24′", "北纬23.5度、东经99.4度", "23 30 00 99 24 00", "23°30′N99°24′E",
        "23:30:00 99:24:00",
    ],
)  # fmt: skip
def test_a_position_in_one_text_is_cut_in_two(text: str) -> None:
    halves = pair(text)
    assert halves is not None
    assert [angle(half, axis) for half, axis in zip(halves, (LAT, LON), strict=True)] == pytest.approx(
        [23.5, 99.4]
    )


@pytest.mark.parametrize("text", ["", "23.5", "23.5,99.4,1200", "23 30 99", "见附图"])
def test_what_is_no_position_is_not_cut(text: str) -> None:
    assert pair(text) is None


def test_degrees_run_together_are_told_from_metres() -> None:
    assert packed(np.array([992436.5, 990000.0]), np.array([233012.0, 240000.0]))
    assert not packed(np.array([992436.5, 990000.0]), np.array([233012.0, 247000.0]))
    assert not packed(np.array([541234.5]), np.array([2612345.6]))
    assert not packed(np.array([33541234.5]), np.array([2612345.6]))
    assert not packed(np.array([99.4]), np.array([23.5]))
    assert not packed(np.array([]), np.array([]))
