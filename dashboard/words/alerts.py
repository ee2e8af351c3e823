"""Words of answered alerts: the list, the answer, the clocks, the pages of alerts and of response times."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "pages": ("页面", "Pages"),
    "alerts_page": ("告警处置", "Alerts"),
    "response_page": ("处置时效", "Response times"),
}

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
