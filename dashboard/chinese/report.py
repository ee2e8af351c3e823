"""What was found in place of what was expected: our own words for it, and a library's; English to Chinese."""

from __future__ import annotations

from layers.hints import SAYS

TEXTS = {
    "over {} crossings": "超过 {} 处自相交",
    "{} MB": "{} MB",
    "{} bytes": "{} 字节",
    "{} records": "{} 条记录",
    "{} readable rows": "可读取 {} 行",
    "{} values, {} MB": "{} 个值，{} MB",
    "{} MB when unpacked": "解开后 {} MB",
    "{} MB in {}": "{1} MB 中压有 {0} MB",
    "more than it says": "比其自称的多",
    "more than that": "超出此限",
    "more than {} MB": "超过 {} MB",
    "more than {} rows": "超过 {} 行",
    "a directory of {} bytes": "{} 字节的目录",
    "no directory at its end": "末尾没有目录",
    "{} on line {}": "第 {1} 行的 {0}",
    "a crs member that does not end": "没有结束的 crs 成员",
    "no .kml in it": "其中没有 .kml",
    "a DOCTYPE": "有 DOCTYPE",
    "a document type of its own": "自带的文档类型（DOCTYPE）",
    "over {} levels": "超过 {} 层",
    "no {} there": "没有 {}",
    "a link at {}": "指向别处的链接 {}",
    "nothing in row {}": "第 {} 行为空",
    "the mark of {}": "{} 的标记",
    "a password": "密码",
    "{} tables with shapes and no choice": "{} 个含图形的表，未选定",
    "{} of them": "{} 个",
    "no answer in {} s": "{} 秒内没有响应",
    "no extension postgis": "没有 postgis 扩展",
    "no format in its metadata": "元数据中没有 format",
    "tiles packed with {}": "以 {} 压缩的瓦片",
    "a part that unpacks to more than {} MB": "有一部分解开后超过 {} MB",
    "a tile that is not a tile": "有瓦片不是瓦片数据",
    "a tile that is no picture: {}": "有瓦片不是图片：{}",
    "a description that cannot be read: {}": "无法读取的描述：{}",
    "a directory that leads back to itself": "目录指回自身",
    "directories that are not packed with gzip": "目录没有以 gzip 压缩",
    "zoom {} to {}": "缩放级别 {} 到 {}",
    "{} bytes, where a part ends at {}": "{} 字节，而有一部分止于第 {} 字节",
    "no layer in it": "其中没有图层",
    "no such file": "没有这个文件",
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
KNOWN = {
    "database disk image is malformed": "数据库文件已损坏",
    "file is not a database": "不是数据库文件",
    "there is no table gpkg_contents in it": "其中没有 gpkg_contents 表",
    "File is not a zip file": "不是 zip 文件",
}
"""What libraries often say."""


def reader_in_chinese(text: str) -> str | None:
    """What a library says, marked as its own words; None where the text is something else."""
    if not text.startswith(SAYS):
        return None
    said = text.removeprefix(SAYS)
    return f"读取程序报告：{KNOWN.get(said, said)}"
