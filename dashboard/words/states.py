"""Words of what a page is in: loading, empty, old, cut off, made anew."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "unreachable": ("连接不上服务器，正在重试", "The server cannot be reached; trying again"),
    "trying": ("正在自动重连", "reconnecting by itself"),
    "picture_of": ("画面停在 {time}", "picture of {time}"),
    "away_for": ("已中断 {time}", "for {time}"),
    "for_s": ("{n} 秒", "{n} s"),
    "for_min": ("{n} 分钟", "{n} min"),
    "for_h": ("{n} 小时", "{n} h"),
    "for_d": ("{n} 天", "{n} d"),
    "signed_out": ("登录已失效", "The login has ended"),
    "link_full": ("服务器连接数已满，稍后自动重试", "The server has no room for more displays; trying again"),
    "profile_not_loaded": (
        "本单位资料未能载入，仍按上一次可用的资料显示；请告知系统管理员",
        "The bureau's data did not load; the last good one is shown. Please tell an administrator",
    ),
    "part_failed": ("此处暂时无法显示，正在恢复", "This part cannot be shown for now; it is being restored"),
    "waiting": ("连接不上服务器", "The server cannot be reached"),
    "waiting_note": (
        "正在自动重试，恢复后会自行打开，无需操作。",
        "It is tried again every few seconds; the board opens by itself, nobody need do anything.",
    ),
    "waiting_last": ("上次画面：{time}", "Last picture: {time}"),
}

SCRIPT: tuple[str, ...] = (
    "unreachable",
    "trying",
    "picture_of",
    "away_for",
    "for_s",
    "for_min",
    "for_h",
    "for_d",
    "signed_out",
    "link_full",
    "part_failed",
    "profile_not_loaded",
)
"""Those that the page's own script needs."""
