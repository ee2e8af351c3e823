"""axe-core, run in a page: what keeps people with weak eyes, a screen reader or only keys from using it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

GRAVE = ("serious", "critical")
SETTLED = """() => document.getAnimations()
  .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().iterations !== Infinity)
  .forEach((one) => one.finish())"""
"""Contrast is that of what stands, not of a fade half done."""
RUN = """async ([without]) => {
  const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]));
  const told = await axe.run(document, { resultTypes: ['violations'], rules });
  return told.violations.map(({ id, impact, nodes }) => [
    id, impact, nodes.length,
    nodes.slice(0, 4).map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 120)
      + ' ' + (node.any[0]?.message || node.all[0]?.message || node.none[0]?.message || '').slice(0, 160)),
  ]);
}"""


def grave_faults(page: Any, *, without: tuple[str, ...] = ()) -> list[Any]:
    """The serious and critical faults of a page as it stands: rule, impact, how often, where.

    The script comes in as a debugger's does, so that no policy has to let it in.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLED)
    return [fault for fault in page.evaluate(RUN, [list(without)]) if fault[1] in GRAVE]
