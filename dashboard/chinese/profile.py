"""What is wrong with a profile's own file, with settings and stores: English to Chinese."""

from __future__ import annotations

_TOML = {
    "no such profile": "没有这个配置",
    "a folder, or a profile that ships with the board: {}": "目录，或自带的配置：{}",
    "A profile is a folder with a profile.toml in it": "配置是含有 profile.toml 的目录",
    "profile.toml in the folder": "目录中的 profile.toml",
    "the tables of a profile": "配置的各个表",
    "not encoded in UTF-8": "不是 UTF-8 编码",
    "Save it as UTF-8": "请另存为 UTF-8",
    "not valid TOML at line {}": "第 {} 行不是有效的 TOML",
    "not valid TOML at line {}, column {}": "第 {} 行第 {} 列不是有效的 TOML",
    "unknown key": "未知的键",
    "missing key": "缺少键",
    "missing value": "缺少值",
    "missing table": "缺少表",
    "a table": "表",
    "a value": "值",
    "not a value that fits": "值不合要求",
    "not a finite number": "不是有限的数字",
    "a finite number": "有限的数字",
    "small letters, digits, dots, dashes and underscores": "小写字母、数字、点、短横和下划线",
    "Write it without quotes": "请去掉引号",
}
_PARTS = {
    "an empty list": "空列表",
    "no lines": "没有防线",
    "no layers": "没有图层",
    "no duty.levels": "没有勤务等级",
    "each {} once": "每个 {} 只出现一次",
    "layer kind": "图层类别",
    "site kind": "站点类别",
    "duty level": "勤务等级",
    "field of a reading": "读数字段",
    "metric": "指标",
    "placeholder": "占位符",
    "language": "语言",
    "county": "县",
    "not an area": "不是范围",
    "west < east within ±180 and south < north within ±90": "西 < 东（±180 之内），南 < 北（±90 之内）",
    "Write west, south, east, north in degrees": "请依次写西、南、东、北（度）",
    "the map opens outside the area": "地图的初始位置在范围之外",
    "within {}": "在 {} 之内",
    "zooms out of order": "缩放级别的顺序不对",
    "0 ≤ min_zoom ≤ zoom ≤ max_zoom ≤ 24": "0 ≤ min_zoom ≤ zoom ≤ max_zoom ≤ 24",
    "the profile has no sites": "配置中没有站点",
    "a layer of kind {}": "{} 类别的图层",
    "a layer of kind {} cannot leave rows out": "{} 类别的图层不能略去任何一行",
    "A row left out would make a hole that nobody sees: mend it in the file": (
        "略去一行会留下看不见的漏洞：请在文件中更正"
    ),
    "the line counts a border that no layer gives": "防线要统计边境，但没有边境线图层",
    "a border layer": "边境线图层",
    "Add a [[layers]] of kind border, or leave border out of the line": (
        "请增加 kind 为 border 的 [[layers]]，或去掉防线的 border"
    ),
    "the line closes a ring, but no layer gives its exits": "防线构成环，但没有出口图层",
    "Add a [[layers]] of kind exits, or leave ring_m out of the line": (
        "请增加 kind 为 exits 的 [[layers]]，或去掉防线的 ring_m"
    ),
    "a line with ring_m": "带 ring_m 的防线",
    "the layer gives exits, but no line closes a ring": "有出口图层，但没有构成环的防线",
    "Say ring_m, in metres, in the line that closes the ring, or leave the layer out": (
        "请在构成环的防线写明 ring_m（米），或去掉该图层"
    ),
    "depth behind a border, but no line at a border has a line behind it": (
        "写了边境后方的纵深，但边境防线之后没有下一道防线"
    ),
    "a line with border = true, and a line after it": "border = true 的防线，以及其后的一道防线",
    "Leave depth_km out, or say border = true in a line that has another one behind it": (
        "请去掉 depth_km，或在其后还有防线的防线写明 border = true"
    ),
    "a border's length for a line that counts no border": "防线不统计边境，却写了边境长度",
    "a line with border = true": "border = true 的防线",
    "Say border = true, or leave stated_km out": "请写明 border = true，或去掉 stated_km",
    "thresholds out of order": "阈值的顺序不对",
    "at least {}, {}": "不小于 {}，即 {}",
    "at most the threshold, {}": "不大于阈值 {}",
    "at least the threshold, {}": "不小于阈值 {}",
    "above the threshold, {}": "大于阈值 {}",
    "below the threshold, {}": "小于阈值 {}",
    "the rule would clear while it holds": "规则在成立时就会解除",
    "the rule would never hold": "规则永远不会成立",
    "The profile has no layer of kind counties": "配置中没有 counties 类别的图层",
    "not a list of windows": "不是窗口列表",
    "minutes, each once, 1 or more": "分钟数，不重复，不小于 1",
    "the main window is not among the windows": "主窗口不在窗口列表中",
    "not a date": "不是日期",
    "unknown time zone": "未知的时区",
    "an IANA time zone such as Asia/Shanghai": "IANA 时区，如 Asia/Shanghai",
    "Install the time zone database (package tzdata)": "请安装时区数据库（tzdata 包）",
    "no languages": "没有语言",
    "no words in {}": "缺少 {} 的文字",
    "words in {}": "{} 的文字",
    "unknown placeholder": "未知的占位符",
}
_STORES = {
    "This store is not known": "无法识别的数据存储",
    "The store needs a file": "数据存储需要一个文件",
    "The store's file cannot be opened": "数据存储的文件无法打开",
    "The store's file cannot be used": "数据存储的文件无法使用",
    "The store's file is damaged, or is not SQLite": "数据存储的文件已损坏，或不是 SQLite",
    "The file is another program's database": "该文件是其他程序的数据库",
    "A newer version of this program wrote the store": "数据存储由更新版本的程序写成",
    "Check that the folder exists and may be written to.": "请检查目录是否存在、是否可写。",
    "Name another file with --store.": "请用 --store 指定其他文件。",
    "Use that version, or another --store.": "请使用该版本，或另行指定 --store。",
    "Restore it from a backup, or move it away to begin anew.": "请从备份恢复，或移走后重新开始。",
    "sqlite:///path or a path": "sqlite:///路径 或文件路径",
}
TEXTS = {**_TOML, **_PARTS, **_STORES}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
