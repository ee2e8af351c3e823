"""What is wrong with a profile's schedules of exports: English to Chinese."""

from __future__ import annotations

from data.size import LONGEST, SHORTEST, SIZES

TEXTS = {
    "a schedule without a time": "定时导出未写时间",
    'times of day such as at = ["08:00"], or severities of alerts': (
        '时刻，例如 at = ["08:00"]；或触发导出的告警级别 severities'
    ),
    "Say when the files are made": "请写明何时生成文件",
    "weekdays without a time of day": "写了星期，但未写时刻",
    "Leave weekdays out: files on alerts are made on every day": (
        "请删去 weekdays：按告警生成的文件不分星期"
    ),
    "a schedule without a scope": "定时导出未写范围",
    '"" for the whole area, adcodes, or "*" for every county': (
        '"" 表示全域，或写县级行政区划代码，"*" 表示逐县'
    ),
    "at most {} addresses such as duty@example.org, one to a string": (
        "至多 {} 个邮箱地址，每个字符串写一个，例如 duty@example.org"
    ),
    "a time of day such as 08:00": "时刻，例如 08:00",
    "a brief looks back too far": "简报回溯的时间过长",
    "a time at most {} days before": "此前至多 {} 天的时间",
    "a look without a snapshot": "写了态势图的样式，但不生成态势图",
    "only where snapshots are made": "仅用于生成态势图的定时导出",
    "Leave it out, or make a file such as snapshot.png": "请删去，或在 files 中加入 snapshot.png 等文件",
    "the middle of a snapshot outside the area": "态势图的中心在范围之外",
    "unknown layer of the map": "未知的地图图层",
    "unknown site": "未知的站点",
    "not a size of a snapshot": "不是态势图的尺寸",
    SIZES: f"宽x高，各为 {SHORTEST} 到 {LONGEST} 像素，总量不超过 7680x4320",
    "Write it such as 3840x2160": "写法如 3840x2160",
    "too many schedules": "定时导出过多",
    "too many times of day": "时刻过多",
}
