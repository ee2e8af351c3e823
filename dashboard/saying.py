"""What the command line says, in the languages it speaks."""

from __future__ import annotations

import os
import sys

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "app": ("边境州市三道防线态势板。", "The situation board of a command room at a border or a ring."),
    "serve": (
        "启动态势板，并在浏览器地址上提供服务。",
        "Serve the board: the wall, the pages, the interface and the live link.",
    ),
    "check": (
        "检查州市配置目录、地理数据目录或文件，一次列出全部问题；有问题时退出码为 1，仅有警告时为 0。",
        "Check profile folders, folders of geodata or files, and list every fault at once; exits with 1 if "
        "there is any, with 0 if there are only warnings.",
    ),
    "ingest": (
        "把上报数据文件（CSV、NDJSON、JSON、Parquet）写入存储：坏行隔离，好行保留；"
        "有文件无法读取，或整个文件的行全部被拒收时，退出码为 1。",
        "Write files of readings (CSV, NDJSON, JSON, Parquet) into the store: refused rows go into "
        "quarantine, good ones are kept. Exits with 1 if a file cannot be read or had only refused rows.",
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
        "地理数据文件的图层类别（如 checkpoints）；默认取文件名，文件名不是类别时只查通用要求。",
        "Layer kind of geodata files without a profile, such as checkpoints; when absent the file's name, "
        "and where that is none, only what holds of any geodata is checked.",
    ),
    "opt_crs": (
        "坐标系，如 EPSG:4490、GCJ-02；目录中只用于自身没有坐标系的文件。",
        "Coordinate system of geodata files without a profile, such as EPSG:4490 or GCJ-02; in a folder it "
        "holds for the files that carry none.",
    ),
    "opt_text_encoding": (
        "文字编码，如 gb18030；目录中只用于自身没有声明编码的文件。",
        "Encoding of geodata files without a profile, such as gb18030; in a folder it holds for the files "
        "that carry none.",
    ),
    "opt_column": (
        "字段对应的列，如 lon=经度；可多次给出，只用于没有配置目录的文件。",
        "Which column a field is in, such as lon=经度, as often as needed; for files without a profile.",
    ),
    "opt_all": ("列出每一个问题，不只是每组的前几个。", "Show each fault, not only the first of a group."),
    "opt_repair": (
        "把一个文件修复后另存为新的 GeoPackage，列出每处修复；不改原文件，不覆盖已有文件。",
        "Write a mended copy of one file as a new GeoPackage and list each repair; the file itself stays as "
        "it is, and nothing is written over.",
    ),
    "opt_encoding": (
        "CSV 文件编码：utf-8、gb18030 或 gbk。",
        "Encoding of CSV files: utf-8, gb18030 or gbk.",
    ),
    "opt_scope": ("县级行政区划代码；默认全域。", "A county's adcode; the whole area when absent."),
    "opt_at": (
        "时刻，如 2026-01-31T08:00:00+08:00；默认现在。",
        "A time such as 2026-01-31T08:00:00+08:00; now when absent.",
    ),
    "opt_size": ("像素尺寸，如 1920x1080。", "Size in pixels, such as 1920x1080."),
    "arg_check": ("配置目录、地理数据目录或文件。", "Profile folders, folders of geodata, or files."),
    "arg_ingest": ("上报数据文件。", "Files of readings."),
    "ready": ("{title}：{url}", "{title}: {url}"),
    "simulated": ("（模拟数据，非真实上报）", " (simulated data, not real reports)"),
    "store_at": ("数据保存在 {store}", "Readings are kept in {store}"),
    "stop_with": ("按 Ctrl+C 停止", "Press Ctrl+C to stop"),
    "open_demonstration": (
        "开放演示：无需登录，仅本机可访问（THREELINE_LOGIN=1 则要求登录）",
        "Open demonstration: no login is asked for, only this machine can reach it (THREELINE_LOGIN=1 asks)",
    ),
    "first_account": (
        "已创建管理员账号“{name}”，一次性密码（仅显示这一次，{days} 天内有效）：{password}",
        "Made the account “{name}”; one-time password, shown this once, good for {days} days: {password}",
    ),
    "first_unsaid": (
        "尚无账号。输出会记入系统日志，因此不在此显示密码；请在终端运行：threeline user add administrator "
        "--role administrator",
        "There is no account yet. What is written here is logged, so no password is told; run in a terminal: "
        "threeline user add administrator --role administrator",
    ),
    "plain_refused": (
        "在 {host} 监听会让密码和态势以明文经过网络。请设置 THREELINE_TLS_CERT，或监听 127.0.0.1 并由反向代理"
        "提供 TLS（THREELINE_PROXIES）；确需如此时设置 THREELINE_PLAIN=1。",
        "Listening on {host} would send passwords and the picture over the network in the clear. Set "
        "THREELINE_TLS_CERT, or listen on 127.0.0.1 behind a proxy with TLS (THREELINE_PROXIES), or set "
        "THREELINE_PLAIN=1 if that is meant.",
    ),
    "oidc_incomplete": (
        "已设置统一认证 {issuer}，但没有 THREELINE_OIDC_CLIENT（客户端标识）或 THREELINE_OIDC_ROLES"
        "（组与角色），谁也无法由此登录。请补全两项，或去掉 THREELINE_OIDC_ISSUER。",
        "The OpenID provider {issuer} is set without THREELINE_OIDC_CLIENT (what the board is called there) "
        "or THREELINE_OIDC_ROLES (which groups are which role), so nobody could log in by it. Set both, or "
        "unset THREELINE_OIDC_ISSUER.",
    ),
    "plain_warning": (
        "注意：未加密，密码和态势以明文经过网络（THREELINE_PLAIN=1）。",
        "Mind: no TLS; passwords and the picture cross the network in the clear (THREELINE_PLAIN=1).",
    ),
    "user": (
        "管理账号：新建、列出、停用、启用、重置密码；服务运行时也可使用。",
        "Accounts: add, list, disable, enable, reset; also while the server runs.",
    ),
    "user_add": (
        "新建账号，显示一次性密码（仅此一次）。",
        "Make an account and show its one-time password, this once.",
    ),
    "user_list": ("列出全部账号。", "List every account."),
    "user_disable": (
        "停用账号，立即结束其全部登录。",
        "Let an account in no more; its logins end at once.",
    ),
    "user_enable": ("重新启用账号。", "Let a disabled account in again."),
    "user_reset": (
        "重置密码，解除锁定，结束其全部登录，显示新的一次性密码（仅此一次）。",
        "Give an account a new one-time password, shown this once; its logins end and a lockout is lifted.",
    ),
    "arg_user": (
        "账号名：岗位，不是个人，如 zk-duty。",
        "The account's name: a post, not a person, such as zk-duty.",
    ),
    "opt_role": (
        "角色：command（指挥室）、county（县级）、briefing（简报）或 administrator（管理员）。",
        "command, county, briefing or administrator.",
    ),
    "opt_user_scope": (
        "县级行政区划代码；county 必填，其他角色默认全域。",
        "A county's adcode: needed for county, the whole area when absent for others.",
    ),
    "user_password": (
        "账号“{name}”的一次性密码（仅显示这一次，{days} 天内有效）：{password}",
        "One-time password of “{name}”, shown this once, valid for {days} days: {password}",
    ),
    "user_disabled": ("已停用“{name}”，其登录已全部结束。", "Disabled “{name}”; its logins have ended."),
    "user_enabled": ("已启用“{name}”。", "Enabled “{name}”."),
    "user_none": ("还没有账号。", "There are no accounts yet."),
    "kiosk": (
        "管理大屏链接：新建、列出、停用；服务运行时也可使用。",
        "Links of displays, which need no login: add, list, revoke; also while the server runs.",
    ),
    "kiosk_add": (
        "新建大屏链接，并显示其地址（仅此一次）。",
        "Make a display's link and show its address, this once.",
    ),
    "kiosk_list": (
        "列出有效的链接和近期停用的链接。",
        "List the links in force, and those withdrawn lately.",
    ),
    "kiosk_revoke": (
        "停用链接：该屏数秒内转为提示页，链接不能恢复。",
        "Withdraw a link: its display turns to a notice within seconds, and the link cannot be restored.",
    ),
    "arg_kiosk": (
        "大屏名称，按位置命名，如“指挥室左屏”。",
        "The display's name, after its place, such as “command room, left”.",
    ),
    "arg_revoke": ("大屏名称，或链接的编号。", "The display's name, or its link's id."),
    "opt_rotate": (
        "县区轮播：每县秒数（5 至 3600）；0 表示不轮播。",
        "Seconds per county, 5 to 3600; 0 stands still.",
    ),
    "opt_theme": ("配色：dark 或 light。", "Palette: dark or light."),
    "opt_kiosk_lang": ("语言；默认取配置的第一种。", "Language; the profile's first when absent."),
    "opt_sound": ("告警时是否发声。", "Whether alerts sound."),
    "opt_base": (
        "大屏访问本服务所用的地址，如 https://board.example；默认按设置推断。",
        "How displays reach the board, such as https://board.example; guessed from the settings when absent.",
    ),
    "kiosk_made": (
        "“{name}”的链接（仅显示这一次；得到链接的人都能查看）：",
        "The link of “{name}”, shown this once; whoever has it can look:",
    ),
    "kiosk_none": ("还没有大屏链接。", "There are no links of displays yet."),
    "kiosk_revoked": ("已停用“{name}”的链接。", "The link of “{name}” is withdrawn."),
    "no_token_warning": (
        "未设置 THREELINE_INGEST_TOKEN：不接受数据提交。",
        "THREELINE_INGEST_TOKEN is not set: sending readings is refused.",
    ),
    "kept_rows": (
        "注意：有 {n} 行数据有问题，未使用；原行和原因保存在 {folder}",
        "Mind: rows at fault are left out ({n}); they and the reasons are kept in {folder}",
    ),
    "not_kept": ("有问题的行未能另存：{error}", "The rows left out could not be kept: {error}"),
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
    "bad_column": (
        "--column 的值“{got}”不可用；应为 字段=列名，如 lon=经度",
        "--column “{got}” cannot be used; expected FIELD=COLUMN, such as lon=经度",
    ),
    "no_file": ("找不到 {got}", "There is no {got}"),
    "variables": ("环境变量（方括号内为默认值）：", "Environment variables (defaults in brackets):"),
    "error": ("错误", "Error"),
    "warning": ("警告", "Warning"),
    "quarantined": ("隔离", "Quarantined"),
    "kind": ("类别", "Kind"),
    "features": ("要素", "Features"),
    "n_faults": ("问题", "Faults"),
    "n_warnings": ("警告", "Warnings"),
    "n_quarantined": ("隔离", "Quarantined"),
    "more_rows": ("另有 {n} 行（--all 全部列出）", "and {n} more (--all lists them)"),
    "more": ("另有 {n} 个（--all 全部列出）", "{n} more (--all lists them)"),
    "times": ("{n} 处", "{n} ×"),
    "in_files": ("{n} 个文件，{features}", "{n} files, {features}"),
    "num_features": ("{n} 个要素", "{n} features"),
    "num_feature": ("1 个要素", "1 feature"),
    "sum_faults": ("{n} 个问题", "{n} faults"),
    "sum_fault": ("1 个问题", "1 fault"),
    "sum_none": ("没有问题", "no faults"),
    "sum_warnings": ("{n} 个警告", "{n} warnings"),
    "sum_warning": ("1 个警告", "1 warning"),
    "sum_quarantineds": ("隔离 {n} 行", "{n} rows quarantined"),
    "sum_quarantined": ("隔离 1 行", "1 row quarantined"),
    "left_alone": ("未检查（不是地理数据）：{names}", "Left alone, not geodata: {names}"),
    "and_more": ("等 {n} 个", " and {n} more"),
    "checking": ("检查 {file}", "Checking {file}"),
    "repair_one": ("--repair 一次只修复一个文件。", "--repair mends one file at a time."),
    "try_repair": (
        "提示：交叉的边界可自动修复，另存为新文件：threeline check {file} --repair 新文件.gpkg",
        "Shapes that cross themselves can be mended in a copy: threeline check {file} --repair mended.gpkg",
    ),
    "repaired_one": ("已写入 {file}：1 处修复", "Wrote {file}: 1 repair"),
    "repaired": ("已写入 {file}：{n} 处修复", "Wrote {file}: {n} repairs"),
    "repaired_none": ("已写入 {file}：没有需要修复之处", "Wrote {file}: nothing needed mending"),
    "not_repaired": ("未能修复 {n} 处", "{n} could not be mended"),
}  # fmt: skip


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
