"""What the command line says, in the languages it speaks, and how it shows faults."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from layers.faults import Fault, FaultsError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from dashboard.bulk import Tally
    from data.profile import Profile
    from data.store import Store

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "app": ("边境州市三道防线态势板。", "The situation board of a border prefecture's command room."),
    "serve": (
        "启动态势板，并在浏览器地址上提供服务。",
        "Serve the board: the wall, the pages, the interface and the live link.",
    ),
    "check": (
        "检查州市配置目录或地理数据文件，列出全部问题；有问题时退出码为 1。",
        "Check a profile folder or geodata files and list every fault; exits with 1 if there is any.",
    ),
    "ingest": (
        "把上报数据文件（CSV、NDJSON、JSON、Parquet）写入存储：坏行隔离，好行保留；"
        "有文件无法读取，或整个文件的行全部被拒收时，退出码为 1。",
        "Write files of readings (CSV, NDJSON, JSON, Parquet) into the store: refused rows go into "
        "quarantine, good ones are kept. Exits with 1 if a file cannot be read or had only refused rows.",
    ),
    "snapshot": (
        "把某一时刻的态势画成 PNG、SVG 或 PDF（无需浏览器）。",
        "Draw the picture of one moment as PNG, SVG or PDF, without a browser.",
    ),
    "opt_profile": (
        "示例名称（如 lincang）或配置目录。",
        "A sample's name (such as lincang) or a profile folder.",
    ),
    "opt_host": ("监听地址。", "Address to listen on."),
    "opt_port": ("监听端口；0 表示任取空闲端口。", "Port to listen on; 0 takes a free one."),
    "opt_store": (
        "数据存储：sqlite:///路径 或文件路径；默认在用户数据目录。",
        "Where readings are kept: sqlite:///path or a path; by default in the user's data folder.",
    ),
    "opt_simulate": ("是否运行模拟数据。", "Whether to run the profile's simulated feed."),
    "opt_format": ("输出格式：text 或 json。", "How to tell: text or json."),
    "opt_kind": (
        "单个地理文件的图层类别（如 checkpoints）；默认取文件名，文件名不是类别时只查通用要求。",
        "Layer kind of lone geodata files, such as checkpoints; when absent the file's name, and where that "
        "is none, only what holds of any geodata is checked.",
    ),
    "opt_crs": (
        "单个地理文件的坐标系，如 EPSG:4490；默认取文件自带的。",
        "Coordinate system of lone geodata files, such as EPSG:4490; what the file carries when absent.",
    ),
    "opt_encoding": (
        "CSV 文件编码：utf-8、gb18030 或 gbk。",
        "Encoding of CSV files: utf-8, gb18030 or gbk.",
    ),
    "opt_out": ("输出文件：.png、.svg 或 .pdf。", "File to write: .png, .svg or .pdf."),
    "opt_scope": ("县级行政区划代码；默认全域。", "A county's adcode; the whole prefecture when absent."),
    "opt_at": (
        "时刻，如 2026-01-31T08:00:00+08:00；默认现在。",
        "A time such as 2026-01-31T08:00:00+08:00; now when absent.",
    ),
    "opt_size": ("像素尺寸，如 1920x1080。", "Size in pixels, such as 1920x1080."),
    "opt_lang": ("图上文字：zh-CN 或 en。", "Language of the drawing: zh-CN or en."),
    "arg_check": ("配置目录或地理数据文件。", "Profile folders or geodata files."),
    "arg_ingest": ("上报数据文件。", "Files of readings."),
    "ready": ("{title}：{url}", "{title}: {url}"),
    "simulated": ("（模拟数据，非真实上报）", " (simulated data, not real reports)"),
    "store_at": ("数据保存在 {store}", "Readings are kept in {store}"),
    "stop_with": ("按 Ctrl+C 停止", "Press Ctrl+C to stop"),
    "open_warning": (
        "注意：本服务没有登录，凡能访问 {host}:{port} 的人都能看到整个态势板。",
        "Mind: there is no login; whoever reaches {host}:{port} sees the whole board.",
    ),
    "no_token_warning": (
        "未设置 THREELINE_INGEST_TOKEN：不接受数据提交。",
        "THREELINE_INGEST_TOKEN is not set: sending readings is refused.",
    ),
    "no_faults": ("{what}：没有问题", "{what}: no faults"),
    "faults": ("{what}：{n} 个问题", "{what}: {n} faults"),
    "fault": ("{what}：1 个问题", "{what}: 1 fault"),
    "row": ("行", "Row"),
    "field": ("字段", "Field"),
    "what": ("问题", "What"),
    "got": ("现值", "Got"),
    "expected": ("应为", "Expected"),
    "hint": ("建议", "What to do"),
    "file": ("文件", "File"),
    "rows": ("行数", "Rows"),
    "accepted": ("接受", "Accepted"),
    "duplicate": ("重复", "Duplicate"),
    "corrected": ("更正", "Corrected"),
    "rejected": ("拒收", "Rejected"),
    "rejected_first": (
        "拒收的前 {n} 行（全部 {all} 行已隔离）",
        "The first {n} of {all} refused rows; all are in quarantine",
    ),
    "reading": ("读取 {file}", "Reading {file}"),
    "wrote": ("已写入 {file}（数据截至 {time}）", "Wrote {file} (data as of {time})"),
    "never": ("无数据", "no data"),
    "no_readings": (
        "存储 {store} 中没有这一时刻之前的上报数据，图上各站点均为“无数据”。",
        "The store {store} has no readings before that time: every site is drawn as “no data”.",
    ),
    "bad_at": ("--at 的值“{got}”不是时间；应为 {expected}", "--at “{got}” is no time; expected {expected}"),
    "future_at": ("--at 的值“{got}”在未来。", "--at “{got}” is in the future."),
    "no_store": (
        "{got} 处没有数据存储；请先运行 serve 或 ingest，或用 --store 指明已有的存储。",
        "There is no store at {got}: run serve or ingest first, or name the one there is with --store.",
    ),
    "bad_size": (
        "--size 的值“{got}”不可用；应为 {expected}",
        "--size “{got}” cannot be used; expected {expected}",
    ),
    "bad_scope": (
        "没有编号为“{got}”的县；可选：{expected}",
        "There is no county “{got}”; there are: {expected}",
    ),
    "bad_lang": ("没有语言“{got}”；可选：{expected}", "There is no language “{got}”; there are: {expected}"),
    "bad_format": ("没有格式“{got}”；可选：{expected}", "There is no form “{got}”; there are: {expected}"),
    "no_file": ("找不到 {got}", "There is no {got}"),
    "variables": ("环境变量（方括号内为默认值）：", "Environment variables (defaults in brackets):"),
    "error": ("错误", "Error"),
}  # fmt: skip

SHOWN = 200
"""Faults of one file that a terminal shows; `--format json` gives all."""


def language() -> str:
    """The language of the command line: as set, else the locale's, else English."""
    asked = os.environ.get("THREELINE_LANG") or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "zh-CN" if asked.lower().startswith("zh") else "en"


def say(key: str, **values: object) -> str:
    """The words of a key in the language of the command line."""
    chinese, english = WORDS[key]
    text = english if language() == "en" else chinese
    return text.format(**values) if values else text


def fail(sentence: str) -> None:
    """Say what went wrong, on the error stream."""
    sys.stderr.write(f"{say('error')}: {sentence}\n")


def fault_lines(faults: Sequence[Fault]) -> str:
    """Faults as lines, for what is not a terminal."""
    return "\n".join(str(fault) for fault in faults)


def show_faults(console: Console, what: str, faults: Sequence[Fault]) -> None:
    """The faults of one folder or file: grouped tables on a terminal, a line each elsewhere."""
    if not faults:
        console.print(
            say("no_faults", what=what), style="green", markup=False, highlight=False, soft_wrap=True
        )
        return
    key = "fault" if len(faults) == 1 else "faults"
    console.print(
        say(key, what=what, n=len(faults)), style="bold red", markup=False, highlight=False, soft_wrap=True
    )
    if not console.is_terminal:
        console.print(fault_lines(faults), markup=False, highlight=False, soft_wrap=True)
        return
    from rich.table import Table  # noqa: PLC0415

    for file in dict.fromkeys(fault.file for fault in faults):
        mine = [fault for fault in faults if fault.file == file]
        table = Table(title=file or what, title_justify="left", expand=True)
        for column in ("row", "field", "what", "got", "expected", "hint"):
            table.add_column(say(column), overflow="fold")
        for fault in mine[:SHOWN]:
            table.add_row(*_cells(fault))
        console.print(table)
        if len(mine) > SHOWN:
            console.print(f"… +{len(mine) - SHOWN}")


def _cells(fault: Fault) -> Iterable[str]:
    from rich.markup import escape  # noqa: PLC0415

    row = "" if fault.row is None else str(fault.row)
    return [escape(text) for text in (row, fault.field, fault.what, fault.got, fault.expected, fault.hint)]


def bulk_ingest(files: Sequence[Path], *, profile: Profile, store: Store, encoding: str) -> bool:
    """Write files into the store, with a progress bar on a terminal.

    True where any of them could not be read, or had refused rows and no others.
    """
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    from dashboard.bulk import Tally, ingest  # noqa: PLC0415

    console = Console()
    tallies: dict[Path, Tally] = {}
    errors: list[tuple[Path, FaultsError]] = []
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        for path in files:
            task = bar.add_task(say("reading", file=path.name), total=path.stat().st_size)
            tallies[path] = tally = Tally()
            heard = partial(_advance, bar, task)
            try:
                ingest(path, profile=profile, store=store, tally=tally, encoding=encoding, progress=heard)
            except FaultsError as error:
                errors.append((path, error))
    show_tallies(console, tallies)
    for path, unreadable in errors:
        show_faults(console, path.name, unreadable.faults)
    return bool(errors) or any(0 < tally.rows == tally.rejected for tally in tallies.values())


def _advance(bar: Progress, task: TaskID, done: int) -> None:
    bar.update(task, completed=done)


def show_tallies(console: Console, tallies: Mapping[Path, Tally]) -> None:
    """What became of the rows of each file, and the first of those that were refused."""
    from rich.table import Table  # noqa: PLC0415

    counted = ("rows", "accepted", "duplicate", "corrected", "rejected")
    if console.is_terminal:
        table = Table()
        table.add_column(say("file"), overflow="fold")
        for name in counted:
            table.add_column(say(name), justify="right")
        for path, tally in tallies.items():
            table.add_row(path.name, *(f"{getattr(tally, name):,}" for name in counted))
        console.print(table)
    else:
        for path, tally in tallies.items():
            said = ", ".join(f"{say(name)} {getattr(tally, name)}" for name in counted)
            console.print(f"{path.name}: {said}", markup=False, highlight=False, soft_wrap=True)
    for path, tally in tallies.items():
        if tally.refused:
            faults = [
                Fault(say("rejected"), path.name, row.row, row.field, row.got, row.expected)
                for row in tally.refused
            ]
            told = say("rejected_first", n=len(faults), all=tally.rejected)
            console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
            show_faults(console, path.name, faults)
