"""A brief made by hand, of any size, for what is laid out without a store: no number in it means anything."""

from __future__ import annotations

import io

import segno
from PIL import Image

from dashboard.briefs.manuscript import Cell, Chart, Column, Manuscript, Part, Pictures, Table

AT = 1795305600  # 2026-11-22 08:00 in Lincang
LINK = "https://board.example/?at=2026-11-22T08:00:00%2B08:00&lang=zh-CN"
HARD = '=1+1 <b>&"引号" #set page() $x$ *强* @ref \\ [x]'
"""Words that a format might take for its own."""

MAP = """<svg xmlns="http://www.w3.org/2000/svg" width="1560" height="1100" viewBox="0 0 1560 1100">
<rect width="1560" height="1100" fill="#eef2f6"/><path d="M300 200L1100 180 1250 700 700 950 260 640Z"
fill="#fdfdfb" stroke="#8a9db2" stroke-width="4"/><circle cx="640" cy="520" r="14" fill="#b3200c"/>
<text x="680" y="532" font-size="34" font-family="Noto Sans CJK SC">临翔区小黑江检查站</text></svg>"""


def pictures() -> Pictures:
    """A map of nowhere, and a code that leads nowhere."""
    pixels, code_png, code_svg = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (390, 275), "white").save(pixels, "PNG")
    code = segno.make(LINK, error="m")
    code.save(code_png, kind="png", scale=4)
    code.save(code_svg, kind="svg", scale=4)
    return Pictures(
        MAP.encode(),
        pixels.getvalue(),
        (390, 275),
        "示意图：一个县，一个站点",
        code_svg.getvalue(),
        code_png.getvalue(),
    )


def made(lang: str = "zh-CN", sites: int = 60) -> Manuscript:
    """Every kind of part, cell and chart; `sites` rows in its annex."""
    chinese = lang == "zh-CN"

    def words(zh: str, en: str) -> str:
        return zh if chinese else en

    def column(name: str, zh: str, en: str, kind: str = "text", width: float = 2) -> Column:
        return Column(name, words(zh, en), kind, width)  # type: ignore[arg-type]

    name = column("site", "站点", "Site", width=3)
    county = column("county", "县", "County")
    line = column("line", "防线", "Line", width=3)
    wait = column("wait", "候检（分钟）", "Wait, min", "whole")
    queue = column("queue", "排队（米）", "Queue, m", "whole")
    whole = column("on", "在线", "Online", "whole")
    share = column("share", "到岗率", "On duty", "share")
    km = column("km", "未覆盖（公里）", "Uncovered, km", "decimal")
    since = column("since", "起始", "Since", "time")
    day = column("day", "日期", "Day", "day")
    lines = (
        words("一线防控", "First line"),
        words("二线查缉", "Second line"),
        words("三线堵截", "Third line"),
    )

    def table(
        key: str, title: str, columns: tuple[Column, ...], *rows: tuple[Cell, ...], note: str = ""
    ) -> Table:
        return Table(key, title, columns, rows, note)

    hours = tuple(f"{hour:02d}:00" for hour in range(24))
    places = ("临翔区", "凤庆县", "云县", "永德县", "镇康县", "双江自治县", "耿马自治县", "沧源自治县")
    listed: list[tuple[Cell, ...]] = [
        (
            f"{places[n % 8]}站点{n:03d}",
            places[n % 8],
            lines[n % 3],
            None if n % 7 == 0 else n % 60,
            n * 13 % 900,
            n % 9,
            None if n % 11 == 0 else (n % 10) / 10,
            AT - n * 61,
        )
        for n in range(sites)
    ]
    summary = words(
        "截至11月22日8时，全市应报站点963个，在线951个；近24小时查验人员128,000人次、车辆44,000辆次；"
        "未处置告警3起，一线未覆盖边境12.4公里。",
        "At 08:00 on 22 November 951 of 963 sites report; 128,000 people and 44,000 vehicles in 24 h; "
        "3 alerts are unanswered and 12.4 km of border uncovered.",
    )
    parts = (
        Part("summary", words("基本情况", "Summary"), (summary,)),
        Part("map", words("态势图", "Situation map")),
        Part(
            "lines",
            words("三道防线", "Three lines"),
            (words("三道防线总体平稳。", "The three lines hold."),),
            (
                table(
                    "lines",
                    words("三道防线运行情况", "The three lines"),
                    (line, whole, share, km),
                    *((one, 400 - n, 0.9512, 12.4 if n == 0 else None) for n, one in enumerate(lines)),
                    note=words("—表示不适用或未报。", "A dash: not reported."),
                ),
            ),
            (
                Chart(
                    "lines_staff",
                    words("各防线在岗与应到", "Staff by line"),
                    "column",
                    lines,
                    (
                        (words("在岗", "On duty"), (1200, 1411, 233)),
                        (words("应到", "Required"), (1300, 1440, 240)),
                    ),
                    words("人", "people"),
                ),
                Chart(
                    "day",
                    words("近24小时查验人数", "People checked in 24 h"),
                    "line",
                    hours,
                    (
                        (words("今日", "Today"), tuple(float(h * 731 % 900 + 400) for h in range(24))),
                        (
                            words("上周同日", "A week ago"),
                            tuple(None if h == 5 else h * 531 % 900 for h in range(24)),
                        ),
                    ),
                    words("人次/小时", "people/h"),
                ),
            ),
        ),
        Part(
            "open",
            words("告警处置", "Alerts"),
            (HARD,),
            (
                table(
                    "open",
                    words("未处置告警", "Unanswered"),
                    (name, county, since),
                    (HARD, places[0], AT - 3600),
                ),
                table(
                    "answered",
                    words("已处置告警", "Answered"),
                    (name, day, since),
                    ("小黑江", AT, AT - 90000),
                ),
            ),
        ),
        Part(
            "slowest",
            words("最拥堵站点", "Slowest sites"),
            (),
            (
                table(
                    "slowest",
                    words("候检时间最长的十个站点", "Ten longest waits"),
                    (name, county, wait, queue),
                    *((f"站点{n}", places[n % 8], 60 - n, None) for n in range(10)),
                ),
            ),
            (
                Chart(
                    "slowest",
                    words("候检时间", "Waits"),
                    "bar",
                    tuple(f"站点{n}" for n in range(10)),
                    ((words("候检", "Wait"), tuple(60.0 - n for n in range(10))),),
                    words("分钟", "min"),
                ),
            ),
        ),
        Part("gaps", words("防线缺口", "Gaps"), (), (table("gaps", "", (line, km)),)),
        Part(
            "sites",
            words("全部站点", "All sites"),
            (words("按防线、县排列。", "By line and county."),),
            (
                Table(
                    "sites",
                    words("全部站点", "All sites"),
                    (name, county, line, wait, queue, whole, share, since),
                    tuple(listed),
                ),
            ),
            appendix=True,
        ),
    )
    return Manuscript(
        title=words("临沧市边境防控值班简报", "Lincang border control: duty brief"),
        scope=words("临沧市", "Lincang"),
        number=words("〔2026〕第326期", "2026, no. 326"),
        date=words("2026年11月22日", "22 November 2026"),
        lines=(
            words("数据截至 2026年11月22日 08:00", "Data as of 22 November 2026, 08:00"),
            words("制作 08:01，值班岗", "Made 08:01"),
        ),
        marks=(words("模拟数据", "SIMULATED"), words("补发", "MADE LATE")),
        handling=words("内部资料", "Internal"),
        summary=summary,
        parts=parts,
        definitions=(
            (
                words("候检时间", "Wait"),
                words("车辆自进入排队到接受查验的时间。", "Time from joining the queue to the check."),
            ),
        ),
        source=words("底图：公开边界，位置为演示位置。", "Public boundaries; demonstration positions."),
        link=LINK,
        figures=words("图表数据截至 08:00。", "Figures as of 08:00."),
        lang=lang,
        zone="Asia/Shanghai",
        at=AT,
        made_at=AT + 60,
        made_by="zk-duty",
    )
