"""What `threeline snapshot` and `threeline brief` say, in both languages."""

from __future__ import annotations

from dashboard.saying import language

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "snapshot": (
        "把某一时刻的态势画成 PNG、SVG 或 PDF（无需浏览器）：直接读取数据存储，或用 --server 请运行中的"
        "态势板生成。",
        "Draw the picture of one moment as PNG, SVG or PDF, without a browser: straight from the store, or "
        "by a running board with --server.",
    ),
    "brief": (
        "生成某一时刻的值班简报（.docx、.pptx、.pdf 或 .xlsx）：直接读取数据存储，或用 --server 请运行中的"
        "态势板生成。",
        "Write the duty brief of one moment as .docx, .pptx, .pdf or .xlsx: straight from the store, or by a "
        "running board with --server.",
    ),
    "opt_out": ("输出文件：{forms}。", "File to write: {forms}."),
    "opt_lang": (
        "文件语言：zh-CN 或 en；默认为配置的第一种，用 --server 时为命令行的语言。",
        "Language of the file: zh-CN or en; the profile's first when absent, with --server the command "
        "line's.",
    ),
    "opt_theme": ("底色：dark 或 light。", "Colours: dark or light."),
    "opt_sheet": (
        "版面：full（图文）、map（地图占满）或 plain（仅地图，供文稿使用）。",
        "full (with panels), map (the map fills it) or plain (the map alone, for documents).",
    ),
    "opt_line": ("只画一道防线的站点和告警：防线的 id。", "One line's sites and alerts alone: its id."),
    "opt_c": (
        "地图中心：经度,纬度，与页面地址中的 c= 相同。",
        "The map's middle, as c= of a page's address.",
    ),
    "opt_z": ("缩放级别，与页面地址中的 z= 相同。", "The map's zoom, as z= of a page's address."),
    "opt_hide": (
        "不画的图层，用逗号分隔，与页面地址中的 hide= 相同。",
        "Layers that are not drawn, separated by commas, as hide= of a page's address.",
    ),
    "opt_site": ("选中的站点。", "The selected site's id."),
    "opt_since": (
        "变化从何时算起；默认按 --covers。",
        "From when on what changed is told; as --covers says when absent.",
    ),
    "opt_covers": (
        "对比起点：last（上一期简报）、day（24 小时前）或 week（7 天前）。",
        "What it compares with: last (the last brief), day (24 hours before) or week (7 days before).",
    ),
    "opt_server": (
        "由运行中的态势板生成，如 https://board.example。",
        "Have a running board make it, such as https://board.example.",
    ),
    "opt_account": (
        "用此账号登录；密码在终端输入，或取自 THREELINE_PASSWORD（可写 file:/路径）。",
        "Log in with this account; the password is asked for, or taken from THREELINE_PASSWORD (may be "
        "file:/path).",
    ),
    "opt_placeholders": (
        "列出模板可用的占位符，不生成文件。",
        "List what a template of the bureau's own may name, and make nothing.",
    ),
    "list_texts": (
        "文字（中英文名称均可），写作 {{ title }}：",
        "Words, written as {{ title }}, in either language:",
    ),
    "list_parts": (
        "简报各部分，单独成段写作 {{ lines }}（map 为地图）：",
        "Parts of a brief, alone in a paragraph as {{ lines }} (map is the map):",
    ),
    "list_members": (
        "每一部分的内容，写作 {{ lines.table }}：",
        "What each part has, written as {{ lines.table }}:",
    ),
    "list_blocks": ("其他内容，单独成段：", "What else may stand alone in a paragraph:"),
    "list_columns": (
        "表格各行的列，写作 {% for row in lines.rows %}{{ row.line }}{% endfor %}：",
        "Columns of a table's rows, as in {% for row in lines.rows %}{{ row.line }}{% endfor %}:",
    ),
    "list_filters": ("可用的过滤器：", "Filters that may be used:"),
    "no_out": (
        "请用 -o 指明输出文件，以 {expected} 之一结尾。",
        "Say with -o which file to write; it ends in one of {expected}.",
    ),
    "no_ending": (
        "-o 的文件名“{got}”没有后缀；应以 {expected} 之一结尾。",
        "-o “{got}” has no ending; expected one of {expected}.",
    ),
    "no_folder": (
        "没有 {folder} 这个目录，{file} 无处可写；请先建立目录，或改用已有的目录。",
        "There is no folder {folder} to write {file} to: make it first, or name one that there is.",
    ),
    "unwritable": (
        "无法写入 {file}（{why}）；请换一个可以写入的位置。",
        "{file} cannot be written ({why}): name a place that can.",
    ),
    "not_ahead": ("不晚于现在的时间", "a time that is not in the future"),
    "not_after_at": ("不晚于 --at 的时间", "a time that is not after --at"),
    "bad_choice": (
        "{name} 的值“{got}”不可用；应为 {expected}",
        "{name} “{got}” cannot be used; expected {expected}",
    ),
    "one_source": (
        "--server 与 --profile、--store 不能同时使用：一个问运行中的态势板，一个直接读存储。",
        "--server cannot stand beside --profile or --store: one asks a running board, the others a store.",
    ),
    "account_alone": ("--account 须与 --server 同用。", "--account is for a board that --server names."),
    "bad_server": (
        "--server 的值“{got}”不是地址；应为 https://board.example 这样的地址",
        "--server “{got}” is no address; expected one such as https://board.example",
    ),
    "in_the_clear": (
        "密码不会以明文发往其他机器：请用 https 地址；确需如此时设置 THREELINE_PLAIN=1。",
        "A password is not sent to another machine in the clear: use an https address, or set "
        "THREELINE_PLAIN=1 if that is meant.",
    ),
    "password": ("“{name}”的密码", "Password of “{name}”"),
    "no_password": (
        "没有密码可用：请在终端运行，或设置 THREELINE_PASSWORD。",
        "There is no password: run it in a terminal, or set THREELINE_PASSWORD.",
    ),
    "login_failed": (
        "未能以“{name}”登录：账号或密码不对，或账号已锁定、停用。",
        "“{name}” is not let in: the account or the password is wrong, or it is locked or disabled.",
    ),
    "login_asked": (
        "{server} 要求登录：请加 --account 账号。",
        "{server} asks for a login: add --account NAME.",
    ),
    "unreachable": (
        "连不上 {server}：{why}。请确认地址、端口和 http 或 https 无误，态势板正在运行。",
        "{server} cannot be reached: {why}. Is the address right, with its port and http or https, and does "
        "the board run?",
    ),
    "no_board": (
        "{server} 没有按态势板应答（HTTP {status}）。",
        "{server} does not answer as a board does (HTTP {status}).",
    ),
    "refused": ("{server} 答复：{why}", "{server} answers: {why}"),
    "possible": ("应为：{expected}", "Expected {expected}."),
    "gone": ("{server} 已不记得这次导出，请重试。", "{server} no longer knows of the file; try again."),
    "slow": ("{server} 在 {n} 分钟内没有生成文件。", "{server} did not make the file within {n} minutes."),
    "not_logged": (
        "注意：这次导出未能记入办理日志：{why}",
        "Mind: the journal could not be told of this file: {why}",
    ),
    "marked": ("注意：其中含模拟数据，非真实上报。", "Mind: it holds simulated data, not real reports."),
    "step_queued": ("排队，前面 {n} 个", "Waits, {n} before it"),
    "step_figures": ("汇总数据", "Figures"),
    "step_words": ("撰写文字", "Words"),
    "step_map": ("绘制地图", "Map"),
    "step_file": ("生成文件", "File"),
    "step_fetch": ("下载", "Fetching"),
    "wrote": ("已写入 {file}（{size}，数据截至 {time}）", "Wrote {file} ({size}, data as of {time})"),
    "wrote_at": ("已写入 {file}（{size}，态势时刻 {time}）", "Wrote {file} ({size}, picture of {time})"),
}


def told(key: str, **values: object) -> str:
    """The words of a key in the language of the command line."""
    chinese, english = WORDS[key]
    text = english if language() == "en" else chinese
    return text.format(**values) if values else text
