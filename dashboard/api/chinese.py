"""What problems say, in Chinese: the texts that reach them in English from below."""

from __future__ import annotations

import re

from dashboard.ogc.terms import BOX, PERIOD
from dashboard.times import EXPECTED
from dashboard.view import WHERE, ZOOMS
from data.size import LONGEST, SHORTEST, SIZES
from layers.crs import EXPECTED as CRS

WHOLE = {
    # of parameters
    EXPECTED: "带时差的 ISO 8601 时间（如 2026-01-31T08:00:00+08:00），或 1970 年以来的秒数（十位）",
    SIZES: f"宽x高，各为 {SHORTEST} 到 {LONGEST} 像素，总量不超过 7680x4320",
    "a time that is not in the future": "不晚于现在的时间",
    "a time before `to`": "早于 to 的时间",
    "a time before `at`": "早于 at 的时间",
    "a server started with THREELINE_INGEST_TOKEN": "启动服务时设置 THREELINE_INGEST_TOKEN",
    "no encoding": "不压缩",
    "one value": "一个值",
    "a number": "一个数",
    PERIOD: "带时差的 RFC 3339 时刻（如 2026-01-31T08:00:00+08:00），或以 / 隔开的两个时刻；.. 表示一侧不限",
    BOX: "以逗号隔开的 4 或 6 个数：先低角、后高角，坐标次序依 bbox-crs",
    CRS: "EPSG:4326、EPSG:4490 或其他 EPSG 代码（如 EPSG:4513），或 GCJ-02、BD-09",
    "A GeoPackage cannot say that it is in this coordinate system": "GeoPackage 无法标明这一坐标系",
    "GeoJSON cannot say that it is in this coordinate system": "GeoJSON 无法标明这一坐标系",
    "Write a CSV, and declare the system where it is read": "请导出 CSV，并在读取处声明坐标系",
    "A feature has no place in this coordinate system": "有要素不在这一坐标系的范围内",
    "a day such as 2026-01-31, not in the future": "不晚于今天的日期，如 2026-01-31",
    "a round that is due at this site": "这个站点正在进行的轮次",
    "one JSON object": "一个 JSON 对象",
    "nothing: the past is not answered": "留空：过去的告警不能应答",
    f"minutes from now, or {EXPECTED}": "从现在起的分钟数，或带时差的 ISO 8601 时间",
    "nothing: nothing is ordered in the past": "留空：不能在过去的时间上设置",
    f"{EXPECTED}; also a time to come, within a year": (
        "带时差的 ISO 8601 时间，或 1970 年以来的秒数（十位）；也可以是一年之内的将来时间"
    ),
    "at least one list": "至少选定一项范围",
    "at least one site": "至少一个站点",
    "at least one target": "至少一个对象",
    "now or later, within a year": "现在或以后，一年之内",
    f"minutes, or {EXPECTED}": "分钟数，或带时差的 ISO 8601 时间",
    "the id of a look": "巡查记录的编号",
    "a time at most 24 hours ago": "24 小时以内的时间",
    "a time at most 366 days before": "此前 366 天以内的时间",
    "a list of findings": "问题的列表",
    WHERE: "以逗号隔开的经度和纬度（度）",
    ZOOMS: "0 到 24 的数",
    "It holds what looks like an identity number": "其中有形似证件号码的内容",
    "It holds what looks like a mobile number": "其中有形似手机号码的内容",
    "It holds what looks like a number plate": "其中有形似车牌号码的内容",
    # of bodies
    "The body is too large": "提交的内容过大",
    "Send it in parts.": "请分批提交。",
    "This media type is not read": "不读取这种类型",
    "The body is empty": "提交的内容为空",
    "readings": "读数",
    "There are too many rows": "行数过多",
    "The body is not JSON": "提交的内容不是 JSON",
    "The body is JSON, but no readings": "提交的 JSON 不是读数",
    "a list of readings": "读数的列表",
    "a list of readings, or one reading": "读数的列表，或一条读数",
    "No line of the body is JSON": "没有一行是 JSON",
    "one JSON object in a line": "每行一个 JSON 对象",
    "a header and rows of comma-separated values": "一行表头，以及逗号分隔的各行",
    "There are too many columns": "列数过多",
    "A column name stands twice in the header": "表头中有重复的列名",
    "A column name stands twice": "有重复的列名",
    "No column says what a row is about": "没有一列说明每行说的是什么",
    "each name once": "列名不重复",
    "This charset is not read": "不读取这种字符编码",
    "Save the file as UTF-8, or declare its charset (text/csv; charset=gb18030).": (
        "请把文件存为 UTF-8，或声明其编码（text/csv; charset=gb18030）。"
    ),
    "The body is not a Parquet file": "提交的内容不是 Parquet 文件",
    "a Parquet file": "Parquet 文件",
    "The Parquet file is too large": "Parquet 文件过大",
    "The Parquet file is broken": "Parquet 文件已损坏",
    "a readable Parquet file": "可读取的 Parquet 文件",
}
PATTERNS = [
    (re.compile(pattern), text)
    for pattern, text in (
        (r"a whole number from (\d+) to (\d+)", r"\1 到 \2 的整数"),
        (r"a whole number from (\d+) up", r"不小于 \1 的整数"),
        (
            r"at most (\d+) points, so a step of at least (\d+) s here",
            r"至多 \1 个点，即这里的 step 至少 \2 秒",
        ),
        (r"(\S+) or (\S+) or (\S+)", r"\1 或 \2 或 \3"),
        (r"a text of 1 to (\d+) characters", r"1 至 \1 个字的文本"),
        (r"a text of at most (\d+) characters", r"至多 \1 个字的文本"),
        (r"at most (\d+) hours from now", r"从现在起至多 \1 小时"),
        (r"after the start, and at most (\d+) days after it", r"晚于开始时间，至多 \1 天"),
        (r"a list of at most (\d+) names", r"至多 \1 个名称的列表"),
        (r"a list of (\d+) to (\d+) ids", r"\1 到 \2 个编号的列表"),
        (r"at most ([\d,]+) bytes", r"至多 \1 字节"),
        (r"at most ([\d,]+) rows", r"至多 \1 行"),
        (r"at most ([\d,]+) columns", r"至多 \1 列"),
        (r"at most ([\d,]+) rows, (\d+) columns, ([\d,]+) bytes", r"至多 \1 行、\2 列、\3 字节"),
        (r"The body is not ([\w-]+) text", r"提交的内容不是 \1 文本"),
    )
]


def in_chinese(text: str) -> str:
    """A text of a problem in Chinese; as it is where there is no translation."""
    if text in WHOLE:
        return WHOLE[text]
    for pattern, chinese in PATTERNS:
        if found := pattern.fullmatch(text):
            return found.expand(chinese)
    return text
