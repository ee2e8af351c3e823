/* Up to four sites side by side. Which ones, the address says: `?compare=a,b`. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const MOST = 4;
  const LETTERS = "ABCD";
  let sites = [];
  let drawn = "";
  T.telling = T.telling || [];
  T.keys = T.keys || {};
  const byId = (id) => document.getElementById(id);

  T.compared = () => sites;

  T.toggleCompared = function (id) {
    if (!id) return;
    /* The wall compares nothing itself: the sites of all counties have a page for that. */
    if (!byId("compare")) return location.assign(`/county?lang=${T.view().lang}&compare=${encodeURIComponent(id)}`);
    if (sites.includes(id)) put(sites.filter((other) => other !== id));
    else if (sites.length < MOST) put([...sites, id]);
    else ["compare-note", "table-count"].forEach((place) => note(T.word("compare_full", { n: MOST }), place));
  };

  function put(next) {
    const before = T.tab();
    sites = next;
    T.address({ compare: sites, tab: sites.length && before === "list" ? "list" : before === "compare" || before === "list" || before === "search" ? "" : before });
    if (!sites.length && before === "compare") T.showTab("list");
    tell();
  }

  function tell() {
    const button = byId("open-compare");
    const full = byId("compare-count");
    if (full) full.textContent = sites.length ? `${sites.length}/${MOST}` : "";
    if (button) button.disabled = !sites.length;
    T.markCompared(sites);
    T.redrawHead();
    drawn = "";
    if (T.tab() === "compare") T.drawComparison();
  }

  function note(text, id) {
    const place = byId(id || "compare-note");
    if (place) place.textContent = text;
  }

  T.actions = Object.assign(T.actions || {}, {
    "open-compare": () => sites.length && T.showTab("compare"),
    "close-compare": () => T.showTab("list"),
  });
  T.keys.c = () => T.toggleCompared(T.selected());

  /* ---- the table --------------------------------------------------------------------------------------- */

  const shortfall = (state) => (typeof state.staff_on_duty === "number" && typeof state.staff_required === "number" ? state.staff_required - state.staff_on_duty : null);
  const of = (a, b) => (a === "—" ? a : b === "—" ? a : `${a} / ${b}`);
  /* Row: word, what stands in it, and the number of which the highest is the worst, if any. */
  const ROWS = [
    ["status", (state) => [T.element("i.dot", { "data-status": state.status }), T.word(state.status || "no_data")], (state) => ({ congested: 3, offline: 2, no_data: 2, busy: 1 })[state.status] || null],
    ["wait", (state) => [T.format.whole(state.wait_min), small("minutes", state.wait_min)], (state) => state.wait_min],
    ["queue", (state) => [T.format.whole(state.queue_m), small("metres", state.queue_m)], (state) => state.queue_m],
    ["persons_per_hour", (state) => [T.format.count(state.persons_per_hour)], null],
    ["vehicles_per_hour", (state) => [T.format.count(state.vehicles_per_hour)], null],
    ["lanes", (state, site) => [of(T.format.whole(state.lanes_open), T.format.whole(site.lanes_total))], null],
    ["staff_of_required", (state) => [of(T.format.whole(state.staff_on_duty), T.format.whole(state.staff_required))], shortfall],
    ["open_alerts", (state, site) => [String(alertsOf(site.id))], (state, site) => alertsOf(site.id)],
    ["age", (state) => [state.observed_at ? T.age(T.now() - state.observed_at) : T.word("never")], (state) => (state.observed_at ? T.now() - state.observed_at - T.lateAfter(state) : null)],
  ];
  const small = (word, value) => (typeof value === "number" ? T.element("small", {}, T.word(word)) : "");
  const alertsOf = (id) => T.firing().filter((alert) => alert.target_id === id).length;

  function table() {
    const columns = sites.map((id) => ({ id, site: T.siteOf(id) || null, state: T.state.sites[id] || null }));
    const head = T.element("tr", {}, T.element("td", {}), ...columns.map(({ id, site }, i) => T.element("th", { scope: "col", "data-stroke": i },
      T.element("span.compare-name", {}, T.element("b.letter", {}, LETTERS[i]), T.element("button", { type: "button", onclick: () => T.select(id, true) }, site ? site.name : id)),
      stroke(i),
      T.element("button.remove", { type: "button", title: T.word("compared_remove"), "aria-label": `${T.word("compared_remove")} ${site ? site.name : id}`, onclick: () => T.toggleCompared(id) }, "×"))));
    const rows = ROWS.map(([word, cells, badness]) => {
      const bad = columns.map(({ site, state }) => (badness && site && state ? badness(state, site) : null));
      const worst = Math.max(...bad.map((n) => (typeof n === "number" ? n : -Infinity)));
      const marked = columns.length > 1 && worst > 0 && bad.some((n) => n !== worst);
      return T.element("tr", {}, T.element("th", { scope: "row" }, T.word(word)), ...columns.map(({ site, state }, i) => {
        const isWorst = marked && bad[i] === worst;
        return T.element("td", { "data-worst": String(isWorst) }, ...(site && state ? cells(state, site) : [T.element("span.quiet", {}, "—")]), isWorst ? T.element("em", {}, T.word("worst")) : "");
      }));
    });
    return T.element("table", { "data-columns": columns.length }, T.element("thead", {}, head), T.element("tbody", {}, ...rows));
  }

  /* How the site's line is drawn in the charts: as in dashboard/figures/site.py. */
  function stroke(i) {
    const dashes = ["", "7 4", "2 3", "8 3 2 3"][i];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 44 12");
    svg.setAttribute("class", "stroke");
    svg.setAttribute("aria-hidden", "true");
    const parts = [["path", { d: "M1 6H43", "stroke-dasharray": dashes }], [["circle", { cx: 22, cy: 6, r: 4 }], ["path", { d: "M22 1l5 5l-5 5l-5 -5z" }], ["path", { d: "M18 2h8v8h-8z" }], ["path", { d: "M22 1l5 9h-10z" }]][i]];
    parts.forEach(([name, attributes], n) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      node.setAttribute("class", n ? "mark" : "line");
      svg.append(node);
    });
    return svg;
  }

  function elsewhere() {
    const lost = sites.filter((id) => !T.siteOf(id));
    const view = T.view();
    if (!lost.length || !T.allSites().length) return null;
    const query = new URLSearchParams(location.search);
    return T.element("p.compare-lost", {}, T.word("compare_elsewhere", { n: lost.length }), " ", view.scope ? T.element("a", { href: "/county?" + query }, T.word("compare_in_all")) : "");
  }

  T.drawComparison = function () {
    const place = byId("compare-table");
    if (!place || T.tab() !== "compare") return;
    adding();
    if (!sites.length) place.replaceChildren(T.element("p.empty", {}, T.word("compare_empty")));
    else if (T.allSites().length) T.keepFocus(place, () => place.replaceChildren(...[elsewhere(), table()].filter(Boolean)));
    const asked = JSON.stringify(sites);
    if (asked === drawn) return;
    drawn = asked;
    note(T.word("compare_n", { n: sites.length, most: MOST }));
    T.askComparison();
  };

  T.askComparison = function () {
    if (T.tab() !== "compare") return;
    const known = sites.filter((id) => T.siteOf(id));
    window.dash_clientside.set_props("compared", { data: known.length ? known : null });
  };

  /* ---- adding by name ------------------------------------------------------------------------------------- */

  function adding() {
    const place = byId("compare-add");
    if (!place) return;
    if (!place.firstChild) {
      const list = T.element("div.search-list", { id: "compare-results", hidden: "" });
      const input = T.element("input", { id: "compare-search", type: "search", placeholder: T.word("compare_add") });
      place.append(input, list);
      const rows = (text) => T.findSites(text, 20).filter((site) => !sites.includes(site.id)).map((site) => ({ node: T.siteOption(site), choose: () => T.toggleCompared(site.id) }));
      T.combobox(input, list, { find: (text) => [{ title: "", rows: rows(text) }], name: T.word("compare_add") });
    }
    place.hidden = sites.length >= MOST;
  }

  /* ---- the page ---------------------------------------------------------------------------------------------- */

  T.openComparison = function () {
    sites = [...new Set(T.askedList("compare"))].slice(0, MOST);
    tell();
  };
  T.telling.push(() => {
    drawn = "";
    T.drawComparison();
  });

  let due = 0;
  function hear(what) {
    if (what.link || due || T.tab() !== "compare") return;
    if (what.tick || what.whole || what.alerts || sites.some((id) => what.sites.includes(id))) {
      due = setTimeout(() => {
        due = 0;
        const focused = byId("compare-table")?.contains(document.activeElement);
        if (!focused || !what.tick) T.drawComparison();
      }, 200);
    }
  }

  /* The link's script comes after this one. */
  let listening = false;
  T.opening = T.opening || [];
  T.opening.push(() => {
    if (!listening) T.listen(hear);
    listening = true;
  });
})();
