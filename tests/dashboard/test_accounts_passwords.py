"""What a password must be, and what is kept of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from dashboard.accounts.hashing import Hasher
from dashboard.accounts.passwords import (
    LONGEST,
    SHORTEST,
    _plainer,
    expected,
    normalised,
    objection,
    one_time,
)

CHARACTERS = st.characters(exclude_categories=("Cc", "Cn", "Cs"))
PLACES = ("临沧市", "镇康县", "耿马傣族佤族自治县")


@given(st.text(CHARACTERS, max_size=SHORTEST - 1))
@settings(max_examples=60)
def test_less_than_fifteen_code_points_are_too_short_whatever_they_are(text: str) -> None:
    # One character may stand for several: `㎒` is three.
    if len(normalised(text)) < SHORTEST:
        assert objection(text) in ("short", "strange")


@given(st.text(CHARACTERS, min_size=SHORTEST, max_size=64))
@settings(max_examples=60)
def test_up_to_sixty_four_and_more_are_never_too_long_and_nothing_is_asked_to_be_mixed(text: str) -> None:
    reason = objection(text)
    assert reason not in ("short", "long") or len(normalised(text)) > LONGEST
    assert reason in (None, "long", "strange", "context", "common", "repeated", "sequence", "date", "easy")


@given(st.text(CHARACTERS, min_size=SHORTEST, max_size=40))
@settings(max_examples=60)
def test_the_same_password_typed_otherwise_is_the_same(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert objection(apart) == objection(text)
    hasher = Hasher(1, 64, 1)
    assert hasher.matches(hasher.hash(text), apart)


@given(
    st.lists(st.sampled_from("山水云路桥灯雨稻茶竹石松鹤渡河谷雪鹿"), min_size=16, max_size=20, unique=True)
)
@settings(max_examples=40)
def test_a_chinese_sentence_will_do(characters: list[str]) -> None:
    assert objection("".join(characters)) is None


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=4), st.integers(4, 60))
@settings(max_examples=60)
def test_what_repeats_a_little_is_refused(part: str, times: int) -> None:
    text = (part * 20 * times)[: max(SHORTEST, min(LONGEST, len(part) * times))]
    assert objection(text) not in (None, "short", "long")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("aaaaaaaaaaaaaaaa", "repeated"), ("passwordpassword", "repeated"), ("abcdefghijklmnop", "sequence"),
        ("qwerty1234567890", "common"), ("password12345678", "common"), ("P@ssw0rd12345678", "common"),
        ("1234567890123456", "common"), ("2026-11-2220261122", "date"), ("zk-duty12345678", "context"),
        ("administrator12345", "common"), ("threeline12345678", "context"), ("zhenkangxian12345", "context"),
        ("镇康县12345678901234", "context"), ("lincang1234567890", "context"), ("GengMa123456789", "context"),
        ("ＰＡＳＳＷＯＲＤ１２３４５６７８", "common"), ("line\nfeed in a long password", "strange"),
        ("x" * 257, "long"), ("fourteen-is-14", "short"),
    ],
)  # fmt: skip
def test_what_anyone_would_try_is_refused_with_its_reason(password: str, reason: str) -> None:
    assert objection(password, ["zk-duty", "lincang", *expected(PLACES)]) == reason


@pytest.mark.parametrize(
    "password", ["a lantern over the ford", "correct horse battery staple",
                 "雨季小黑江的水会漫过老桥头一尺多",
                 "k7mq 3vfx 9wbc 2efg", "all lower case, no digits at all", "白米饭 three bowls a day"],
)  # fmt: skip
def test_a_long_sentence_will_do_in_any_script(password: str) -> None:
    assert objection(password, ["zk-duty", *expected(PLACES)]) is None


def test_signs_that_may_stand_for_letters_are_not_read_in_hundreds_of_ways() -> None:
    many = "a4@b8c({[<e3g69i1!|lo0s$5t+7x%z2"
    assert _readings(many) > 500
    assert _readings(_plainer(many)) == 1
    for password in ("P@ssw0rd12345678", "p4ssw0rd p@$5w0rd"):
        assert _plainer(password) == password


def _readings(text: str) -> int:
    """How many tables of signs to letters zxcvbn tries for a text."""
    return len(list(enumerate_l33t_subs(relevant_l33t_subtable(text, L33T_TABLE))))


def test_one_time_passwords_keep_the_rules_and_differ() -> None:
    made = {one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(objection(password) is None for password in made)
    assert not {*"".join(made)} & {*"il1o0O"}


def test_hashes_are_argon2id_salted_and_say_their_parameters() -> None:
    hasher = Hasher()
    one, other = hasher.hash("a lantern over the ford"), hasher.hash("a lantern over the ford")
    assert one != other
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert hasher.matches(one, "a lantern over the ford")
    assert not hasher.matches(one, "a lantern over the fort")
    assert not hasher.outdated(one)
    assert Hasher(passes=4).outdated(one)


def test_no_account_and_a_broken_hash_match_nothing() -> None:
    hasher = Hasher(1, 64, 1)
    assert not hasher.matches("", "")
    assert not hasher.matches("", "the account that there is not")
    assert not hasher.matches("not a hash", "not a hash")
