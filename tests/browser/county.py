"""What tests of a county's page share: readings of all its sites, its rows, what the address says."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from tests.browser.seeing import reading
from tests.conftest import NOON

COUNTY = "900101"
ROW = ".ag-pinned-left-cols-container .ag-row[row-id='{}']"
SHOWN = """() => {
  const grid = window.threeline.tableGrid();
  const id = (_, i) => grid.getDisplayedRowAtIndex(i).data.site_id;
  return grid ? Array.from({ length: grid.getDisplayedRowCount() }, id) : null;
}"""
"""Ids of the table's rows as they are filtered and sorted."""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def all_well(served: Any, seconds: float = NOON - 60, **by_site: dict[str, Any]) -> None:
    """A reading of every site, all well but for what `by_site` says otherwise."""
    sites = served.board.profile.sites.site_id.tolist()
    rows = [reading(site, seconds, **by_site.get(site, {})) for site in sites]
    assert served.post("/api/v1/readings", json=rows).json()["accepted"] == len(rows)


def query(page: Any) -> dict[str, str]:
    """What the address says behind the question mark, as the page itself has it: `page.url` lags behind."""
    return {name: values[-1] for name, values in parse_qs(page.evaluate("location.search")[1:]).items()}


def rows(page: Any) -> list[str]:
    """Ids of the table's rows as they are filtered and sorted; none while there is no table yet."""
    return page.evaluate(SHOWN) or []


def mine(served: Any, county: str = COUNTY) -> list[str]:
    """Ids of a county's sites."""
    sites = served.board.profile.sites
    return sites.site_id[sites.county == county].tolist()
