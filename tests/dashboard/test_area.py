"""All of a profile's area has the profile's own name, in both languages; none is called a prefecture."""

from __future__ import annotations

import re

import pytest

from dashboard.area import whole
from dashboard.words import SCRIPT_WORDS, WORDS
from data.profile import load_profile


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("capital", "北京市全域", "All of Beijing"),
        ("lanzhou", "兰州市全域", "All of Lanzhou"),
        ("lincang", "临沧市全域", "All of Lincang"),
        ("xishuangbanna", "西双版纳州全域", "All of Xishuangbanna"),
        ("zibo", "淄博市全域", "All of Zibo"),
    ],
)
def test_a_sample_is_called_by_its_name(name: str, chinese: str, english: str) -> None:
    place = load_profile(name).spec.place
    assert (whole(place, "zh-CN"), whole(place, "en")) == (chinese, english)


def test_a_profile_without_a_name_is_the_whole_area() -> None:
    assert (whole({}, "zh-CN"), whole({}, "en")) == ("全域", "Whole area")
    assert "whole" in SCRIPT_WORDS


def test_no_word_says_what_kind_of_area_it_is() -> None:
    told = {key: text for key, pair in WORDS.items() for text in pair}
    assert [key for key, text in told.items() if re.search("prefecture|全州|全市", text, re.IGNORECASE)] == []
