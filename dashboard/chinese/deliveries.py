"""What is wrong with a profile's deliveries: English to Chinese."""

from __future__ import annotations

TEXTS = {
    "not an address of e-mail": "不是邮箱地址",
    "at most {} addresses such as duty@example.org, separated by commas": (
        "至多 {} 个邮箱地址，用逗号分隔，例如 duty@example.org"
    ),
    "not an address of a webhook": "不是可用的推送地址",
    "an https address without a user, or an http one of this machine": (
        "不带用户名的 https 地址，或本机的 http 地址"
    ),
    "What leaves the machine goes by TLS": "发往本机以外的内容须经 TLS 加密",
    "rule": "规则",
}
