"""Words of what is told out of the room."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "notify_simulated": ("【模拟数据】", "[SIMULATED] "),
    "notify_fired": ("告警：", "Alert: "),
    "notify_worse": ("告警升级：", "Graver: "),
    "notify_asks": ("告警待应答：", "Waits for an answer: "),
    "notify_answered": ("告警已应答：", "Answered: "),
    "notify_resolved": ("告警解除：", "Over: "),
    "notify_at": ("{name} {what}", "{name}: {what}"),
    "notify_group": ("{place}“{rule}”告警 {n} 处", "{rule}: {n} in {place}"),
    "notify_restricted": ("内部信息，仅限值班处置使用", "For duty use only; not for the public"),
    "notify_test": ("含模拟数据，仅供演示", "Holds simulated data, for demonstration only"),
    "notify_feed": ("告警（CAP）", "Alerts (CAP)"),
    "notify_severity": ("级别：{severity}", "Severity: {severity}"),
    "notify_place": ("地点：{name}（{county}）", "Place: {name} ({county})"),
    "notify_since": ("起始：{time}", "Since: {time}"),
    "notify_advice": ("建议：{advice}", "Advice: {advice}"),
    "notify_mail_end": (
        "本邮件由值守系统自动发出，请勿回复；附件为 CAP 1.2 格式的同一告警。",
        "Sent by the board itself; do not reply. Attached is the same alert in CAP 1.2.",
    ),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
