"""What is wrong with rows, fields, shapes and coordinate systems: English to Chinese."""

from __future__ import annotations

TEXTS = {
    # words that stand alone, or in a place of the texts below
    "nothing": "空",
    "no rows": "没有数据行",
    "no columns": "没有列",
    "point": "点",
    "line": "线",
    "polygon": "面",
    "line or polygon": "线或面",
    "point or line or polygon": "点、线或面",
    "a point": "点",
    "a line": "线",
    "a polygon": "面",
    "a line or polygon": "线或面",
    "a point or line or polygon": "点、线或面",
    "longitude": "经度",
    "latitude": "纬度",
    "easting": "东坐标",
    "northing": "北坐标",
    "a number": "数字",
    "one of {}": "以下之一：{}",
    "one of {}, … ({} in all)": "以下之一：{}……（共 {} 个）",
    "none is defined": "尚未定义",
    "columns {}": "各列为 {}",
    "row {} of {}": "{1} 第 {0} 行",
    "at least one": "至少一个",
    "one of the two": "二者取一",
    # fields
    "missing column": "缺少列",
    "{} is empty": "{} 为空",
    "a value in every row": "每行都有值",
    "{} cannot be read": "{} 无法读取",
    "text without control characters, at most {} letters": "不含控制字符、不超过 {} 个字的文字",
    "a whole number, 0 or more, or empty": "不小于 0 的整数，或留空",
    "a number, 0 or more, or empty": "不小于 0 的数，或留空",
    "true or false, or empty": "是或否（true/false），或留空",
    "a day such as 2026-11-22, or empty": "日期，如 2026-11-22，或留空",
    "Day and month may be either way round: write the year first, as in 2027-01-31": (
        "日和月的先后不明：请先写年份，如 2027-01-31"
    ),
    "an address that begins with {}, or empty": "以 {} 开头的地址，或留空",
    "{} stands twice": "{} 重复",
    "{} stands in two layers": "{} 在两个图层中重复",
    "a {} of its own (row {} has it)": "唯一的 {}（第 {} 行已使用）",
    "a {} of its own (row {} of {} has it)": "唯一的 {0}（{2} 第 {1} 行已使用）",
    "unknown {}": "未知的 {}",
    "unknown kind": "未知的站点类别（kind）",
    "unknown line": "未知的防线（line）",
    "unknown layer kind": "未知的图层类别",
    "unknown county": "未知的县",
    "Site kinds are named under [kinds] in profile.toml": "站点类别在 profile.toml 的 [kinds] 中定义",
    "Lines are named under [[lines]] in profile.toml": "防线在 profile.toml 的 [[lines]] 中定义",
    "Write its adcode, {}": "请写行政区划代码 {}",
    "the county disagrees with the position": "所填的县与位置不符",
    "{}, where it stands": "{}，即所在的县",
    "no county of the profile, where it stands": "不在配置的任何县内",
    "Mend one of them, or leave county empty": "请更正其中之一，或将 county 留空",
    "the site closes before it opens": "站点的撤销日期早于启用日期",
    "{} or later, the day it opens": "不早于启用日期 {}",
    "no such duty level": "没有这个勤务等级",
    "a field is given both as a column and as a constant": "同一字段既给了列又给了常量",
    "{} have no such field": "{} 没有这个字段",
    "a value shaped like personal data": "疑似个人信息",
    "a column about persons": "涉及个人信息的列",
    "Delete the column: the board knows sites and counts, never people": (
        "请删除该列：态势板只处理站点和数量，不处理个人"
    ),
    "columns that are not used": "有未使用的列",
    "columns among {}": "以下各列：{}",
    "If they are meant as fields, say so: columns = { {} }": "若它们是这些字段，请注明：columns = { {} }",
    "nothing about a person": "不含任何个人信息",
    "The board knows sites and counts, never people": "态势板只处理站点和数量，不处理个人",
    'If it has another name, say so: columns = { {} = "…" }': '若列名不同，请注明：columns = { {} = "…" }',
    'If it is {}, say so: columns = { {} = "{}" }': '若是“{}”，请注明：columns = { {} = "{}" }',
    'If it is {} (its first value is {}), say so: columns = { {} = "{}" }': (
        '若是“{}”（首个值为 {}），请注明：columns = { {} = "{}" }'
    ),
    "If it has another name, say so: --column {}=…": "若列名不同，请注明：--column {}=…",
    "If it is {}, say so: --column {}": "若是“{}”，请注明：--column {}",
    "If it is {} (its first value is {}), say so: --column {}": (
        "若是“{}”（首个值为 {}），请注明：--column {}"
    ),
    "If they are meant as fields, say so: --column {}": "若它们是这些字段，请注明：--column {}",
    # shapes
    "the layer is empty": "图层为空",
    "the geometry is missing, empty or broken": "图形缺失、为空或损坏",
    "wrong type of geometry": "图形类型不对",
    "Give the middle of the site": "请给出站点的中心点",
    "a coordinate is not a number": "坐标不是有效数字",
    "finite numbers": "有限的数字",
    "the geometry is not valid": "图形无效",
    "the shape crosses itself all over": "图形到处自相交",
    "Its vertices are out of order: draw it again, or ask whoever made it": (
        "顶点的顺序混乱：请重新绘制，或询问制作者"
    ),
    "a {} that does not cross itself": "不自相交的{}",
    "Mend it, for example with QGIS: Fix geometries": "请修复，例如用 QGIS 的“修正几何图形”",
    "longitude and latitude are swapped": "经度和纬度写反了",
    "Write longitude first": "请先写经度",
    "longitude {} to {}, latitude {} to {}": "经度 {} 到 {}，纬度 {} 到 {}",
    "coordinates that cannot be degrees": "坐标不可能是度",
    "Check the declared coordinate system": "请检查声明的坐标系",
    "the position is off the map": "位置超出地图",
    "the position is outside the profile's area": "位置超出配置的范围",
    "Mend it, or `area` in profile.toml": "请更正位置，或 profile.toml 中的 area",
    "coordinates that cannot be in the declared system": "坐标不可能属于所声明的坐标系",
    "coordinates that cannot be in the declared system: none of them are degrees": (
        "坐标不可能属于所声明的坐标系：没有一个是度"
    ),
    "coordinates that cannot be in the declared system: all of them look like degrees": (
        "坐标不可能属于所声明的坐标系：看起来都是度"
    ),
    "They look like metres: declare the projected EPSG code that they are in": (
        "看起来是米制坐标：请声明其投影坐标系的 EPSG 代码"
    ),
    "Declare EPSG:4326 or EPSG:4490 if they are longitude and latitude": (
        "若是经纬度，请声明 EPSG:4326 或 EPSG:4490"
    ),
    "eastings and northings in {} ({})": "{}（{}）的东、北坐标",
    "{} in {} ({})": "{1}（{2}）的 {0}",
    "easting, northing in {} ({})": "{}（{}）的东、北坐标",
    "Check the zone, and whether eastings carry its number": "请检查带号，以及东坐标前是否带有带号",
    "Easting and northing look swapped": "东坐标和北坐标看起来写反了",
    "the border lies upon itself": "边境线自身重叠",
    "{} of it drawn twice": "有 {} 画了两遍",
    "each stretch once": "每段只画一次",
    "Make one line of them, for example with QGIS: Dissolve": "请合并为一条线，例如用 QGIS 的“融合”",
    # coordinate systems
    "the coordinate system is not declared": "没有声明坐标系",
    "not a coordinate system we read": "不支持的坐标系",
    "no such coordinate system": "没有这个坐标系",
    "an unknown coordinate system": "未知的坐标系",
    "EPSG:4326, EPSG:4490, another EPSG code such as EPSG:4513, GCJ-02 or BD-09": (
        "EPSG:4326、EPSG:4490、其他 EPSG 代码（如 EPSG:4513）、GCJ-02 或 BD-09"
    ),
    "Baidu's metres are not read: ask Baidu's service for degrees (bd09ll) and declare BD-09": (
        "不读取百度米制坐标：请向百度服务取度（bd09ll），并声明 BD-09"
    ),
    "Coordinates read off AMap or Tencent are in GCJ-02: declare GCJ-02": (
        "从高德、腾讯地图取得的坐标是 GCJ-02：请声明 GCJ-02"
    ),
    "Coordinates read off Baidu's map are in BD-09: declare BD-09": (
        "从百度地图取得的坐标是 BD-09：请声明 BD-09"
    ),
    "Degrees in CGCS2000 are EPSG:4490, its Gauss-Kruger zones EPSG:4491 to 4554": (
        "CGCS2000 的经纬度是 EPSG:4490，其高斯-克吕格各带是 EPSG:4491 到 4554"
    ),
    "Degrees in WGS 84 are EPSG:4326": "WGS 84 的经纬度是 EPSG:4326",
    "Write it with its authority, as in EPSG:4326": "请带上前缀，如 EPSG:4326",
    "the datum of the coordinate system cannot be converted here": "此处无法转换该坐标系的基准面",
    "a datum whose shift to WGS 84 is known in this place": "在此处与 WGS 84 的偏移已知的基准面",
    "Taken as it is it would be off by up to some hundred metres: convert the file to EPSG:4490 first": (
        "直接使用会偏差数百米：请先把文件转换为 EPSG:4490"
    ),
    "Convert the file to one of these first": "请先把文件转换为以上之一",
    "Heights are not read: declare EPSG:{}, which is the same without them": (
        "不读取高程：请声明 EPSG:{}，它不含高程，其余相同"
    ),
    "the shift between the datums is known roughly": "基准面之间的偏移只是大致已知",
    "positions are good to {} m at best": "位置精度至多到 {} 米",
    "the file carries another coordinate system than the one declared": "文件自带的坐标系与声明的不同",
    "Declare what the file carries, or mend the file": "请按文件自带的声明，或更正文件",
    "the file's coordinate system has no EPSG code": "文件的坐标系没有 EPSG 代码",
    "Convert the file to EPSG:4490, for example with QGIS: Export, Save Features As": (
        "请把文件转换为 EPSG:4490，例如用 QGIS 的“导出”、“要素另存为”"
    ),
    "Ask whoever made the file; degrees of a GPS are EPSG:4326": (
        "请询问文件的制作者；GPS 的经纬度是 EPSG:4326"
    ),
    "{}, or declare what it is. {}": "{}，或声明其坐标系。{}",
    "nothing in the file either": "文件中也没有",
    "In the two its positions are up to {} m apart: convert the file to EPSG:4490": (
        "按两种坐标系，位置最多相差 {} 米：请把文件转换为 EPSG:4490"
    ),
    "In {} ({}) its positions are the same to {} m: declare that": (
        "按 {}（{}），位置相差不到 {} 米：请声明它"
    ),
    "{}. It is most like {}, but positions are up to {} m apart": "{}。它最接近 {}，但位置最多相差 {} 米",
    "In {} its positions are the same, if it is the same datum: declare that, or {}": (
        "若基准面相同，按 {} 位置一致：请声明它，或 {}"
    ),
    "{}. It is most like {} ({}), but positions are up to {} m apart": (
        "{}。它最接近 {}（{}），但位置最多相差 {} 米"
    ),
    "China": "中国境内",
    "EPSG:4326 or EPSG:4490 (which agree within decimetres)": "EPSG:4326 或 EPSG:4490（相差不到几分米）",
    "Read off a Chinese web map they would be in GCJ-02 or BD-09": (
        "若取自国内网络地图，则是 GCJ-02 或 BD-09"
    ),
    "Beijing 1954 and Xian 1980 have much the same numbers: ask whoever made the file": (
        "北京 1954、西安 1980 的数值与之相近：请询问文件的制作者"
    ),
    "the profile's area": "配置的范围内",
    "longitude, latitude": "经度、纬度",
    # the shift of web maps
    "the positions look shifted by the offset of {}": "位置看起来有 {} 的偏移",
    "positions that fit as they are declared": "与声明的坐标系相符的位置",
    'If that is so, declare crs = "{}"; nothing was moved': '若属实，请声明 crs = "{}"；没有移动任何位置',
    "They may have been converted from {} once too often; nothing was moved": (
        "可能从 {} 多转换了一次；没有移动任何位置"
    ),
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
