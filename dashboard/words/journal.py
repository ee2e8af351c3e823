"""Words of the journal: what was done, by whom, about what."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "journal_seq": ("条号", "No."),
    "journal_time": ("时间", "Time"),
    "journal_who": ("账号", "Account"),
    "journal_role": ("角色", "Role"),
    "journal_scope": ("范围", "Scope"),
    "journal_action": ("事项", "Action"),
    "journal_subject": ("对象", "About"),
    "journal_detail": ("内容", "What was said"),
    "journal_board": ("系统", "the board"),
    "journal_until": ("至 {time}", "until {time}"),
    "journal_follows": ("随全域", "as the whole area"),
    "did_alert_ack": ("应答告警", "answered an alert"),
    "did_alert_unack": ("撤回应答", "took an answer back"),
    "did_alert_sent": ("已派出", "sent somebody"),
    "did_alert_arrived": ("已到场", "arrived"),
    "did_silence_add": ("设置静默", "made a silence"),
    "did_closure_add": ("登记临时关闭", "planned a closure"),
    "did_silence_end": ("提前结束静默或关闭", "ended a silence or closure"),
    "did_duty_set": ("调整勤务等级", "set the duty level"),
    "did_handover_draft": ("拟制交接班记录", "drew up a handover"),
    "did_handover_sign": ("签认交接班", "signed a handover"),
    "did_delivery_failed": ("外发失败", "a delivery failed"),
    "did_export": ("导出文件", "took a file"),
    "did_export_failed": ("导出失败", "a file could not be made"),
    "did_export_sent": ("邮件报送文件", "files were sent by e-mail"),
    "side_outgoing": ("交班", "outgoing"),
    "side_incoming": ("接班", "incoming"),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
