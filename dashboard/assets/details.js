/* What is told of the open site beside its state: staff by duty level, outcomes, neighbours with spare, its log. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const NEIGHBOURS = 3;
  const LOGGED = ["persons_in", "persons_out", "vehicles_in", "vehicles_out", "wait_min", "queue_m", "lanes_open", "staff_on_duty"];
  let asked = null; /* the question that is on its way */
  let shown = null; /* what the last answer told */

  const place = () => document.getElementById("site-more");
  const seconds = (text) => Date.parse(text) / 1000;

  T.forgetDetails = function () {
    asked?.abort();
    shown = null;
    place()?.replaceChildren(T.element("div.skeleton", { "aria-hidden": "true" }));
  };

  T.askDetails = async function (id) {
    asked?.abort();
    const mine = (asked = new AbortController());
    const query = new URLSearchParams({ lang: T.view().lang });
    if (T.view().scope) query.set("scope", T.view().scope);
    if (T.view().at) query.set("at", T.view().at);
    try {
      const answer = await fetch(`/api/v1/sites/${encodeURIComponent(id)}/details?${query}`, { signal: mine.signal });
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (mine === asked && T.selected() === id) show(told);
    } catch {
      if (mine === asked && !mine.signal.aborted && shown?.site_id !== id) place()?.replaceChildren(T.element("p.quiet", { role: "status" }, T.word("details_failed")));
    }
  };
  document.addEventListener("threeline:minute", () => T.selected() && T.askDetails(T.selected()));

  /* What it says beside the live values follows them; not while somebody is at one of its buttons. */
  T.refreshDetails = () => shown && shown.site_id === T.selected() && !place()?.contains(document.activeElement) && show(shown);

  function show(told) {
    shown = told;
    T.showVideo(told.video);
    const box = place();
    if (box) T.keepFocus(box, () => box.replaceChildren(...[days(told), staff(told), outcomes(told), neighbours(told.site_id), log(told)].filter(Boolean)));
  }

  const section = (title, ...parts) => T.element("section", {}, T.element("h3", {}, title), ...parts);

  /* ---- when it opens or closes ---------------------------------------------------------------------- */

  function days({ opened_on, closed_on, at }) {
    const today = at.slice(0, 10);
    const said = [];
    if (opened_on && opened_on > today) said.push(T.word("site_opens", { day: opened_on }));
    if (closed_on) said.push(T.word(closed_on > today ? "site_closes" : "site_closed", { day: closed_on }));
    return said.length ? T.element("p.site-days", {}, said.join(" · ")) : null;
  }

  /* ---- staff: on duty now against what each duty level asks ------------------------------------------- */

  function staff({ staff_required_by_level: levels, site_id: id, duty_level: level, roster }) {
    const on = (T.state.sites[id] || {}).staff_on_duty;
    const known = typeof on === "number";
    const rows = Object.entries(levels).filter(([, needed]) => needed !== null);
    if (!rows.length && !known) return null;
    const current = level || T.state.duty_level; /* of its county */
    const most = Math.max(1, on || 0, ...rows.map(([, needed]) => needed));
    return section(T.word("staff_title"),
      T.element("p", {}, T.word("staff"), " ", T.element("b", {}, known ? String(on) : "—"), known ? "" : T.element("span.quiet", {}, " " + T.word("not_reported"))),
      T.element("table.levels", {}, T.element("tbody", {}, ...rows.map(([level, needed]) => {
        const left = known ? on - needed : null;
        return T.element("tr", { "data-current": String(level === current), "data-short": String(left !== null && left < 0) },
          T.element("th", { scope: "row" }, T.view().duty_levels[level] || level, level === current ? T.element("em", {}, T.word("in_force")) : ""),
          T.element("td", {}, T.element("span.level-bar", {}, T.element("i", { style: { width: `${(100 * (on || 0)) / most}%` } }), T.element("s", { style: { left: `${(100 * needed) / most}%` } }))),
          T.element("td.num", {}, T.word("needs_n", { n: needed })),
          T.element("td.num.left", {}, left === null ? "—" : left < 0 ? T.word("short_n", { n: -left }) : left > 0 ? T.word("spare_n", { n: left }) : T.word("just_enough")));
      }))),
      ...(roster || []).map((team) => T.element("p", {}, T.element("span.quiet", {}, T.word("duty_state_" + team.state)), " ", T.element("b", {}, team.name), " ", T.word("duty_people", { n: team.people }))));
  }

  /* ---- outcomes since midnight ---------------------------------------------------------------------------- */

  const outcomes = ({ outcomes: rows }) => section(T.word("outcomes_today"), rows.length
    ? T.element("dl.site-outcomes", {}, ...rows.map((row) => T.element("div", {}, T.element("dt", {}, row.label), T.element("dd", {}, T.format.count(row.count)))))
    : T.element("p.quiet", {}, T.word("no_outcomes")));

  /* ---- the nearest sites of the same line that have staff to spare ------------------------------------------ */

  function neighbours(id) {
    const here = T.siteOf(id);
    if (!here) return null;
    const east = Math.cos((here.lat * Math.PI) / 180);
    const found = [];
    for (const site of T.allSites()) {
      const state = T.state.sites[site.id];
      if (site.id === id || site.line !== here.line || !state || !["normal", "busy"].includes(state.status)) continue;
      if (typeof state.staff_on_duty !== "number" || typeof state.staff_required !== "number" || state.staff_on_duty <= state.staff_required) continue;
      found.push([111.2 * Math.hypot((site.lon - here.lon) * east, site.lat - here.lat), state.staff_on_duty - state.staff_required, site]);
    }
    found.sort((a, b) => a[0] - b[0]);
    return section(T.word("neighbours"), found.length
      ? T.element("div.neighbours", {}, ...found.slice(0, NEIGHBOURS).map(([km, spare, site]) => T.element("button.neighbour", { type: "button", "data-site": site.id, onclick: () => T.select(site.id, true) },
        T.siteShape(site), T.element("b", {}, site.name), T.element("span.quiet", {}, `${T.format.km(km)} km ${T.word("by_straight")}`), T.element("span.spare", {}, T.word("spare_n", { n: spare })))))
      : T.element("p.quiet", {}, T.word("no_neighbours")));
  }

  /* ---- the log ------------------------------------------------------------------------------------------------ */

  function log({ log: rows, refused }) {
    const head = refused ? T.element("p.refused", {}, T.word("refused_n", { n: refused })) : "";
    return section(T.word("log_title"), head, rows.length
      ? T.element("ol.site-log", {}, ...rows.map((row) => T.element("li", { "data-what": row.what },
        T.element("time", { datetime: row.t }, T.moment(seconds(row.t))), T.element("span", {}, T.element("b", {}, T.word("log_" + row.what)), " ", ...words(row)))))
      : T.element("p.quiet", {}, T.word("no_readings")));
  }

  const value = (name, n) => `${T.word("field_" + name)} ${n === null || n === undefined ? "—" : T.format.one(n)}`;

  function words(row) {
    if (row.what === "reading") {
      const said = LOGGED.filter((name) => name in row.values).map((name) => value(name, row.values[name]));
      return [T.element("span.quiet", {}, [...said, T.word(row.method === "simulated" ? "method_simulated" : row.method)].join(" · "))];
    }
    if (row.what === "corrected") {
      const said = Object.keys(row.values).map((name) => `${T.word("field_" + name)} ${T.format.one(row.was[name])} → ${T.format.one(row.values[name])}`);
      return [T.word("log_of", { time: T.moment(seconds(row.of)) }), T.element("span.quiet", {}, said.length ? " " + said.join(" · ") : "")];
    }
    return [T.element("i.severity", { "data-severity": row.severity, title: T.word(row.severity) }), row.rule];
  }
})();
