"""What personal data looks like, so that it can be refused and never kept."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

WITHHELD = "[withheld]"
"""Stands where a value was taken out."""

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z][·•.\- ]?(?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[挂学警港澳])"
    r"(?![A-Z0-9])"
    rf"|(?<![A-Z0-9])WJ[·•.\- ]?[{_PROVINCES}]?[·•.\- ]?\d{{4}}[0-9TDSHBXJ]",
    re.IGNORECASE,
)
_GAP = r"[\s\-–—]{0,3}"
# Not within a longer run of digits, nor after a decimal point; 3-4-4 and 3-3-5 are how people write them.
_MOBILE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:(?:\+|00)?86{_GAP})?1[3-9]\d"
    rf"(?:{_GAP}\d{{4}}{_GAP}\d{{4}}|{_GAP}\d{{3}}{_GAP}\d{{5}})(?!\d)(?!\.\d*[1-9])"
)
_MONTH_DAY = rf"(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
# A place, a plausible birth date, an order: whatever the check character, for a mistyped number is still
# somebody's. Fifteen digits, as issued until 1999, are also what a float may have after its point.
_IDENTITY = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}{_MONTH_DAY}{_GAP}\d{{3}}[\dXx](?!\d)"
    rf"|(?<!\d)(?<!\d\.)[1-9]\d{{5}}{_GAP}\d{{2}}{_GAP}{_MONTH_DAY}{_GAP}\d{{3}}(?!\d)"
)
# A float keeps sixteen digits: of an identity number, no more than the year can be judged.
_ROUNDED = re.compile(r"[1-9]\d{5}(?:19|20)\d{10}")
# What normalisation may make letters, digits or the name of a province of.
_COMPATIBLE = (
    r"\p{No}\p{Nl}\x{02B0}-\x{02FF}\x{1D2C}-\x{1DBF}\x{2100}-\x{214F}\x{2460}-\x{24FF}\x{2E80}-\x{2FDF}"
    r"\x{3200}-\x{33FF}\x{F900}-\x{FAFF}\x{1D400}-\x{1D7FF}\x{1F100}-\x{1F2FF}\x{2F800}-\x{2FA1F}"
)
_MAYBE = (
    rf"[{_COMPATIBLE}\p{{C}}]|[{_PROVINCES}][^\p{{Han}}]|[WwＷｗ][JjＪｊⱼ]"
    r"|(?:\p{Nd}[^\p{Nd}]{0,3}){10}\p{Nd}"
)
"""RE2: every text that `personal_text` is true of, and few others; a number has eleven digits at least."""
FEW = 2_000
_SHORTEST = 7  # a plate: fewer characters cannot be personal data

# Column names, as words: lower case, CamelCase and punctuation taken apart.
_WORDS = frozenset({
    "phone", "telephone", "cellphone", "tel", "passport", "surname", "forename", "birthday",
    "birthdate", "email", "wechat", "imei", "imsi", "ssn", "idcard", "idno", "idnumber", "plate",
    "licenceplate", "licenseplate", "numberplate", "fingerprint",
})  # fmt: skip
_PHRASES = frozenset({
    "name", "identity", "identityno", "identitycard", "cardid", "nationalid", "mobile", "mobileno",
    "mobilenumber", "birth", "dateofbirth", "licenceno", "licenseno", "licencenumber", "licensenumber",
    "vehicleno", "vehiclenumber", "homeaddress",
    # Initials in Chinese bureaus' own tables: 姓名, 身份证号, 证件号码, 手机号, 联系电话, 车牌号, 号牌号码.
    "xm", "sfz", "sfzh", "sfzhm", "gmsfhm", "gmsfzh", "zjhm", "sjh", "sjhm", "lxdh", "dhhm", "cph",
    "cphm", "hphm",
})  # fmt: skip
_PERSONS = frozenset({
    "contactperson", "personincharge", "responsibleperson", "personresponsible", "fzr", "lxr", "zrr",
})  # fmt: skip
_OF_A_PERSON = re.compile(
    r"(?:full|first|last|given|family|real|person|people|driver|passenger|travell?er|holder|owner|citizen|resident|"
    r"staff|officer|guard|user|contact)(?:s?name|id|no)$|^id(?:name|card|number|no)"
)
_CHINESE = (
    "身份证", "证件号", "证件编号", "姓名", "名字", "人名", "手机", "电话", "联系方式", "车牌", "号牌",
    "车号", "护照", "驾驶证", "住址", "家庭地址", "出生", "微信", "邮箱", "指纹", "人脸",
)  # fmt: skip
_PEOPLE = (
    "负责人", "联系人", "责任人", "经办人", "值班人", "值班员", "带班", "民警", "户主", "车主", "司机",
    "驾驶员",
)  # fmt: skip
"""People by their part: a column of these is about persons, unless it says that it counts them."""
_COUNTS = re.compile(r"(?:数|数量|人数|人次|总数|能力|编制)$")
_MAY_BE_A_PLACE = frozenset({"name", "名字"})


def personal_column(name: str, *, declared: bool = False) -> bool:
    """Whether a column's name says that it holds something about a person.

    `declared`: the profile names the column among those to leave out; a bare `name` may then be a place's.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()
    words = re.findall(r"[a-z0-9]+", apart)
    joined = "".join(words)
    plain = re.sub(r"\W+$|\(.*?\)", "", text)
    if declared and (joined or text) in _MAY_BE_A_PLACE:
        return False
    return (
        joined in _PHRASES
        or joined in _PERSONS
        or any(word in _WORDS for word in words)
        or any(first + second in _WORDS for first, second in pairwise(words))
        or _OF_A_PERSON.search(joined) is not None
        or any(word in text for word in _CHINESE)
        or (any(word in text for word in _PEOPLE) and _COUNTS.search(plain) is None)
    )


def personal_text(text: str) -> bool:
    """Whether a text holds something shaped like an identity number, a mobile number or a number plate.

    Letters that nobody sees, such as a zero-width space, hide none of them.
    """
    if not text.isprintable():
        text = _seen(text)
    if len(text) < _SHORTEST:
        return False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if _PLATE.search(text):
            return True
    elif "wj" in text.lower() and _PLATE.search(text):
        return True
    return _MOBILE.search(text) is not None or _IDENTITY.search(text) is not None


def personal_kind(text: str) -> str:
    """What a text holds that is personal data, in words; "" where it holds none."""
    if not personal_text(text):
        return ""
    text = unicodedata.normalize("NFKC", _seen(text))
    if _IDENTITY.search(text):
        return "an identity number"
    return "a mobile number" if _MOBILE.search(text) else "a number plate"


def _seen(text: str) -> str:
    """A text without what nobody sees; blanks and line breaks keep words apart."""
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())


def personal_rows(texts: Any) -> list[int]:
    """Which of many texts (an array of them, none missing) `personal_text` is true of, quickly."""
    coded = pa.array(texts, pa.large_string()).dictionary_encode()
    texts = coded.dictionary
    maybe = list(range(len(texts)))
    # Making the pattern ready takes longer than looking at a few texts one by one.
    if len(texts) > FEW:
        if pc.max(pc.binary_length(texts)).as_py() < _SHORTEST:  # short ids, in bytes as in letters
            return []
        maybe = np.flatnonzero(pc.match_substring_regex(texts, _MAYBE)).tolist()
    found = [at for at in maybe if personal_text(texts[at].as_py())]
    rows: list[int] = np.flatnonzero(np.isin(coded.indices.to_numpy(), found)).tolist()
    return rows


def personal_at(values: Any) -> list[int]:
    """Which values of a column of any type are personal data."""
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
        return [at for at, value in enumerate(values) if personal(value)]
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return personal_rows(array.cast(pa.large_string()).fill_null(""))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = array.to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            long = np.flatnonzero((np.abs(numbers) >= 10**10) & (np.abs(numbers) < np.inf))
        return [at for at in long.tolist() if personal(numbers[at].item())]
    if pa.types.is_boolean(kind) or pa.types.is_temporal(kind) or pa.types.is_null(kind):
        return []
    return [at for at, value in enumerate(array.to_pylist()) if personal(value)]


def personal(value: Any) -> bool:
    """Whether any value, a number or a nested one included, holds something shaped like personal data."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return personal_text(value)
    if isinstance(value, int):
        return abs(value) >= 10**10 and personal_text(str(value))
    if isinstance(value, float):
        text = f"{value:.0f}"
        return value.is_integer() and (personal_text(text) or _ROUNDED.fullmatch(text) is not None)
    return personal_text(as_text(value))


def as_text(value: Any) -> str:
    """A value as text: as it is, or as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError):
        return str(value)
