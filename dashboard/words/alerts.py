"""Words of answered alerts: the list, the answer, the clocks, the pages of alerts and of response times."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "pages": ("页面", "Pages"),
    "alerts_page": ("告警处置", "Alerts"),
    "response_page": ("处置时效", "Response times"),
    "answered": ("已应答", "Answered"),
    "hidden_n": ("已屏蔽", "Hidden"),
    "all_answered": ("告警均已应答", "Every alert is answered"),
    "somebody": ("值班席", "the desk"),
    "answered_by": ("{who} {age}应答", "answered by {who}, {age}"),
    "answer_until": ("{time} 到期", "until {time}"),
    "answer_over": ("{time} 已到期", "ran out at {time}"),
    "asks_again": ("再次提醒", "Asks again"),
    "flapping": ("反复", "Flapping"),
    "flapping_n": ("反复触发 {n} 次，暂不恢复", "came and went {n} times; kept open"),
    "group_n": ("{n} 条告警", "{n} alerts"),
    "comma": ("、", ", "),
    "answer_one": ("应答告警", "Answer the alert"),
    "answer_all": ("全部应答", "Answer all of them"),
    "answer_on": ("延长应答", "Answer for longer"),
    "answer_note": ("处置说明", "Note"),
    "note_hint": ("措施、去向；不写个人信息", "What is being done; nothing about a person"),
    "answer_holds": ("有效时间，到期再次提醒", "How long it holds; then it asks again"),
    "until_shift": ("到本班结束 {time}", "To the end of the shift, {time}"),
    "answer_do": ("应答", "Answer"),
    "unack": ("撤回应答", "Take the answer back"),
    "cancel_order": ("取消", "Cancel"),
    "order_failed": ("未能送达，请重试", "It did not reach the board: try again"),
    "not_answered": ("这条告警没有应答", "This alert has no answer"),
    "done_already": ("已经登记过", "It is recorded already"),
    "ack_said": ("已应答：{name}，{time} 到期", "Answered: {name}, until {time}"),
    "sent_said": ("已登记出动：{name}", "Recorded as sent: {name}"),
    "arrived_said": ("已登记到场：{name}", "Recorded as on site: {name}"),
    "unack_said": ("已撤回应答：{name}", "Answer taken back: {name}"),
    "choose_alert": ("请先选中一条告警", "Choose an alert first"),
    "keys_alerts": ("告警", "Alerts"),
    "key_answer": ("应答", "Answer"),
    "key_sent": ("登记出动", "Somebody set out"),
    "key_arrived": ("登记到场", "Somebody is there"),
}

SCRIPT: tuple[str, ...] = (
    "answered", "hidden_n", "all_answered", "somebody", "answered_by", "answer_until", "answer_over",
    "asks_again", "flapping", "flapping_n", "group_n", "comma", "answer_one", "answer_all", "answer_on",
    "answer_note", "note_hint", "answer_holds", "until_shift", "answer_do", "unack", "cancel_order",
    "order_failed", "not_answered", "done_already", "ack_said", "sent_said", "arrived_said", "unack_said",
    "choose_alert",
)  # fmt: skip
"""Those that the page's own script needs."""
