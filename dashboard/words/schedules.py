"""Words of schedules: the mails that their files are sent with, and what the journal tells of files."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "exported_at": ("{time} 的态势", "picture of {time}"),
    "exported_by": ("定时任务 {schedule}", "schedule {schedule}"),
    "exported_sent": ("文件 {n} 个，收件人 {to} 个", "files: {n}, receivers: {to}"),
    "schedule_mail_mark": ("【{mark}】", "[{mark}] "),
    "schedule_mail_subject": ("{title}（{time}）", "{title}, {time}"),
    "schedule_mail_files": ("随附文件：", "Attached:"),
    "schedule_mail_large": (
        "下列文件过大，未随信附上，请到系统中下载：",
        "Too large for a mail; fetch them from the board:",
    ),
    "schedule_mail_link": ("导出记录：{link}（需登录）", "List of exports: {link} (asks for a login)"),
    "schedule_mail_end": (
        "本邮件由值守系统按定时任务“{schedule}”自动发出，请勿回复。",
        "Sent by the board itself, by its schedule “{schedule}”; do not reply.",
    ),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
