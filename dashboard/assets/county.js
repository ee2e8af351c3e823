/* A county's page as a place: which pane a phone shows, which side tab, the folded legend, the way to other counties.
   All of it stands in the address. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const page = () => document.getElementById("county");
  const TABS = ["map", "list", "alerts", "search", "compare"];
  const FIRST = "list";
  T.opening = T.opening || [];
  T.actions = T.actions || {};
  T.keys = T.keys || {};

  T.isPhone = () => window.matchMedia("(max-width: 1023px)").matches;

  /* ---- panes -------------------------------------------------------------------------------------- */

  T.tab = () => (page() ? page().dataset.tab : "");

  T.showTab = function (tab, quietly) {
    const root = page();
    if (!root || !TABS.includes(tab)) return;
    root.dataset.tab = tab;
    const comparing = tab === "compare";
    document.getElementById("compare").hidden = !comparing;
    for (const button of root.querySelectorAll(".pane-bar [data-tab]")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    /* With sites to compare the comparison is what an address shows by itself; else the list. */
    const usual = T.compared().length ? "compare" : FIRST;
    if (!quietly) T.address({ tab: tab === usual || tab === "search" ? "" : tab });
    /* A map that was made out of sight has no size of its own yet. */
    if (tab === "map" && T.isPhone()) window.dispatchEvent(new Event("resize"));
    if (comparing) T.drawComparison();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".pane-bar [data-tab]");
    if (button) {
      const { tab } = button.dataset;
      if (T.selected() && T.isPhone()) T.select("");
      T.showTab(tab);
      if (tab === "search") document.getElementById("search")?.focus();
    }
    const side = event.target.closest("[data-side]");
    if (side) T.showSide(side.dataset.side);
  });

  T.showSide = function (name, quietly) {
    for (const tab of document.querySelectorAll(".side-tabs [data-side]")) {
      const on = tab.dataset.side === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById("side-" + tab.dataset.side).hidden = !on;
    }
    if (!quietly) T.address({ side: name === "alerts" ? "" : name });
  };

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.(".side-tabs [data-side]");
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const tabs = [...tab.parentElement.children];
    const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : -1) + tabs.length) % tabs.length];
    T.showSide(next.dataset.side);
    next.focus();
  });

  /* ---- the legend --------------------------------------------------------------------------------- */

  const legend = () => document.querySelector(".legend");
  const small = () => {
    const map = document.querySelector(".map-panel");
    return Boolean(page()) && Boolean(map) && (map.clientWidth < 900 || map.clientHeight < 520);
  };

  T.foldLegend = function (folded, quietly) {
    const node = legend();
    if (!node) return;
    node.dataset.folded = String(folded);
    node.querySelector("[data-do=legend]")?.setAttribute("aria-expanded", String(!folded));
    if (!quietly) T.address({ legend: folded === small() ? "" : folded ? "0" : "1" });
  };
  /* Unless somebody chose, it follows the room that there is. */
  const room = new ResizeObserver(() => T.asked("legend") === "" && T.foldLegend(small(), true));

  T.actions.legend = () => T.foldLegend(legend().dataset.folded !== "true");
  T.keys.l = () => legend() && T.actions.legend();

  /* ---- other counties ------------------------------------------------------------------------------ */

  /* How the table is filtered and sorted and what the page shows goes along; a site, a comparison and where the map
     stands are this county's own. */
  const ALONG = ["line", "status", "attention", "q", "filter", "sort", "hide", "legend", "side", "theme"];
  T.countyAddress = function (adcode) {
    const { lang, at } = T.view();
    const query = new URLSearchParams({ lang, ...(at ? { at } : {}) });
    for (const name of ALONG) if (T.asked(name)) query.set(name, T.asked(name));
    return `/county${adcode ? "/" + adcode : ""}?${query}`;
  };

  T.actions.places = function () {
    for (const link of document.querySelectorAll("#places a")) link.href = T.countyAddress(link.dataset.place);
    document.getElementById("places")?.showModal();
  };
  T.actions["close-places"] = () => document.getElementById("places")?.close();

  /* ---- the sheet on a phone: half the screen, or nearly all of it ------------------------------------ */

  const sheet = () => document.getElementById("site-drawer");
  T.growSheet = function (full, quietly) {
    const node = sheet();
    if (!node) return;
    node.dataset.full = String(full);
    if (!quietly) T.address({ sheet: full ? "full" : "" });
  };
  T.actions.sheet = () => !dragged && T.growSheet(sheet().dataset.full !== "true");

  /* How far from the map's middle a site must stand to be seen beside what lies over the map, in pixels. */
  T.clearOf = function () {
    const node = sheet();
    const map = document.querySelector(".map-panel");
    if (!page() || !T.isPhone() || !node || node.hidden || !map) return [0, 0];
    const over = map.getBoundingClientRect().bottom - node.getBoundingClientRect().top;
    return [0, -Math.max(0, Math.min(over, map.clientHeight * 0.7)) / 2];
  };

  /* A drag of the grip up or down does what a tap does; far enough down, it closes. */
  let from = null;
  let dragged = false;
  document.addEventListener("pointerdown", (event) => {
    from = event.target.closest(".grip") ? event.clientY : null;
    dragged = false;
  });
  document.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const by = event.clientY - from;
    from = null;
    if (Math.abs(by) < 24) return;
    dragged = true;
    setTimeout(() => (dragged = false), 50);
    if (by < 0) T.growSheet(true);
    else if (sheet().dataset.full === "true") T.growSheet(false);
    else T.select("");
  });

  /* ---- opening ------------------------------------------------------------------------------------- */

  T.opening.push(() => {
    T.growSheet(T.asked("sheet") === "full", true);
    const wanted = T.asked("legend");
    T.foldLegend(wanted === "" ? small() : wanted === "0", true);
    if (!page()) return;
    room.disconnect();
    room.observe(document.querySelector(".map-panel"));
    const side = T.asked("side");
    T.showSide(document.getElementById("side-tab-" + side) ? side : "alerts", true);
    T.openComparison();
    const tab = T.asked("tab");
    T.showTab(TABS.includes(tab) ? tab : T.compared().length ? "compare" : FIRST, true);
  });
})();
