"""The small profile with video rounds, and looks at its sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.profile import Profile
from data.spec import RuleSpec, VideoSpec
from data.store.base import Look
from tests.data.places import small

OVERDUE = "video_overdue"
NAME = {"zh-CN": "名", "en": "name"}
SHIFT = {
    "id": "shift", "name": NAME, "where": {"kinds": ["checkpoint"]},
    "times": ["00:30", "08:30", "16:30"], "within_min": 120,
}  # fmt: skip
FINDINGS = [
    {"id": "off_post", "name": {"zh-CN": "人员脱岗", "en": "Off post"}, "severity": "critical"},
    {"id": "dress", "name": {"zh-CN": "着装不规范", "en": "Dress"}, "severity": "warning"},
    {"id": "device", "name": {"zh-CN": "设备故障", "en": "Broken"}, "severity": "notice"},
]


def walking(*rounds: dict[str, Any], of: Profile | None = None, **spec: Any) -> Profile:
    """A profile with these rounds (the three checkpoints, each shift), and the rule that watches them."""
    base = of or small()
    video = VideoSpec.model_validate({"rounds": list(rounds) or [SHIFT], "findings": FINDINGS})
    rule = RuleSpec.model_validate(
        {
            "id": OVERDUE, "name": NAME, "metric": "video_overdue_min", "threshold": 0, "severity": "notice",
            "what": {"zh-CN": "巡查逾期 {value} 分钟", "en": "look {value} min overdue"},
        }
    )  # fmt: skip
    rules = [*(one for one in base.spec.rules if one.id != OVERDUE), rule]
    return replace(base, spec=base.spec.model_copy(update={"video": video, "rules": rules, **spec}))


def look(site_id: str, due_at: int | None, seen_at: int, **more: Any) -> Look:
    """A look of the round `shift`, all well unless said otherwise."""
    values = {"round_id": "shift" if due_at is not None else "", "result": "seen", "recorded_at": seen_at}
    return Look(**{"site_id": site_id, "due_at": due_at, "seen_at": seen_at} | values | more)
