"""Problems of orders: answers to alerts and what else people tell the board to do."""

from __future__ import annotations

ORDER_PROBLEMS: dict[str, tuple[int, str, str, str, str]] = {
    # kind: (status, title zh-CN, title en, detail zh-CN, detail en)
    "unknown-alert": (
        404, "没有这条告警", "No such alert",
        "没有编号为“{got}”的告警。", "There is no alert with the id “{got}”.",
    ),
    "alert-over": (
        409, "告警已解除", "This alert is over",
        "告警“{got}”已经解除，没有登记。", "The alert “{got}” is over; nothing was recorded.",
    ),
    "not-firing": (
        409, "尚未触发", "Not firing yet",
        "告警“{got}”还没有触发，没有登记。", "The alert “{got}” has not fired yet; nothing was recorded.",
    ),
    "not-answered": (
        409, "没有应答", "Not answered",
        "告警“{got}”现在没有可撤回的应答。", "There is no answer to the alert “{got}” to take back.",
    ),
}  # fmt: skip
