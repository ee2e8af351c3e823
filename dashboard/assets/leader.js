/* The alert list and the map are one: a row under the pointer or with the focus is shown on the map by a line and a
   ring, a marker under the pointer marks its row, and a new alert shows where it is by itself for some seconds. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  const NEW_MS = 7000;
  const SVG = "http://www.w3.org/2000/svg";
  let shown = null; /* the row that is pointed from */
  let until = 0;

  function positionOf(id) {
    const site = T.siteOf && T.siteOf(id);
    return site ? [site.lon, site.lat] : T.fenceMiddle ? T.fenceMiddle(id) : null;
  }

  function hide() {
    clearTimeout(until);
    shown = null;
    const box = byId("leader");
    if (box) box.hidden = true;
  }

  function draw() {
    const box = byId("leader");
    const map = T.map.instance;
    if (!box || !shown) return;
    const where = T.map.ready && shown.isConnected && positionOf(shown.dataset.site);
    if (!where) return hide();
    const frame = box.parentElement.getBoundingClientRect();
    const panel = map.getContainer().getBoundingClientRect();
    const at = map.project(where);
    /* Beyond the map's edge there is nothing to point at. */
    if (at.x < 0 || at.y < 0 || at.x > panel.width || at.y > panel.height) return hide();
    const row = shown.getBoundingClientRect();
    const k = T.scale();
    /* Of the list, not of the row: a new row is still coming in. */
    const right = shown.parentElement.getBoundingClientRect().left - frame.left + 6 * k;
    const x = panel.left - frame.left + at.x;
    const y = panel.top - frame.top + at.y;
    const rowY = row.top - frame.top + row.height / 2;
    const ring = 22 * k;
    const knee = Math.max(x + ring, Math.min(right - 14 * k, panel.right - frame.left + 6 * k));
    const away = Math.hypot(knee - x, rowY - y) || 1;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${right} ${rowY}H${knee}L${x + ((knee - x) * ring) / away} ${y + ((rowY - y) * ring) / away}`);
    const circle = document.createElementNS(SVG, "circle");
    for (const [name, value] of [["cx", x], ["cy", y], ["r", ring]]) circle.setAttribute(name, value);
    let svg = box.firstElementChild;
    if (!svg) box.append((svg = document.createElementNS(SVG, "svg")));
    svg.replaceChildren(path, circle);
    box.dataset.severity = shown.dataset.severity || "";
    box.hidden = false;
  }

  function from(row, milliseconds) {
    clearTimeout(until);
    shown = row;
    draw();
    if (milliseconds) until = setTimeout(hide, milliseconds);
  }

  T.pointOut = function (row) {
    if (!row.closest("#alerts") || !byId("leader")) return;
    from(row, NEW_MS);
    const where = positionOf(row.dataset.site);
    if (where && T.pulse) T.pulse(where, row.dataset.severity, true);
  };

  const rowOf = (event) => (event.target.closest ? event.target.closest("#alerts .alert, #alerts-answered .answered, #alerts-pending button, #slowest .slow") : null);
  const over = (event) => {
    const row = rowOf(event);
    if (row && row !== shown) from(row);
  };
  const out = (event) => {
    if (rowOf(event) && !(event.relatedTarget && event.relatedTarget.closest && event.relatedTarget.closest("#alerts .alert, #slowest .slow"))) hide();
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("pointerout", out);
  document.addEventListener("focusout", out);

  /* The other way round: sites under the pointer on the map, or the selected one. */
  let marked = "";
  T.markRows = function (ids) {
    const wanted = new Set([...(ids || []), T.selected ? T.selected() : ""].filter(Boolean));
    const text = [...wanted].join();
    if (text === marked && !wanted.size) return;
    marked = text;
    for (const row of document.querySelectorAll("#alerts .alert, #slowest .slow")) {
      const here = String(wanted.has(row.dataset.site));
      if ((row.dataset.here || "false") !== here) row.dataset.here = here;
    }
  };
  T.selecting = T.selecting || [];
  T.selecting.push(() => T.markRows([]));
  T.mapMoved = () => shown && draw();
})();
