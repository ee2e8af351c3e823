/* The video rounds: the due list by round and county, what is chosen in it, and keeping it true.
   The live socket says in a few numbers that something changed (`rounds` in its messages); the list itself is asked
   for then, once a minute, and after every look of one's own. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const EVERY_MS = 60000;
  const AGAIN_MS = 5000;
  const OPEN = ["overdue", "due"];
  const byId = (id) => document.getElementById(id);
  T.opening = T.opening || [];
  T.selecting = T.selecting || [];

  const R = (T.rounds = { data: null, failed: false, chosen: null, findings: [], shown: new Set(), skipped: new Set() });
  let view = null;
  let turn = 0; /* an answer to an older question is not shown */
  let due = 0;
  let stamp = "";

  R.here = () => Boolean(byId("rounds"));
  R.seconds = (text) => (text ? Date.parse(text) / 1000 : null);
  R.key = (entry) => `${entry.round}|${entry.site_id}|${entry.due_at || ""}`;
  R.open = (entry) => OPEN.includes(entry.state);
  R.mayRecord = () => Boolean(view && !view.at && view.may.includes("operate"));
  R.scopeQuery = (more) => {
    const query = new URLSearchParams({ lang: view.lang, ...more });
    if (view.scope) query.set("scope", view.scope);
    if (view.at) query.set("at", view.at);
    return query;
  };

  T.opening.push((next) => {
    view = next;
    clearTimeout(due);
    if (!R.here()) return;
    const page = byId("rounds");
    R.findings = JSON.parse(page.dataset.findings);
    Object.assign(R, { data: null, failed: false, chosen: null, skipped: new Set(), wanted: T.asked("site"), round: T.asked("round") });
    drawList();
    R.drawLook();
    R.openBulletin(T.asked("day"));
    R.pane(R.wanted ? "look" : "due");
    load();
  });

  /* ---- keeping it true --------------------------------------------------------------------------- */

  function plan(milliseconds) {
    clearTimeout(due);
    due = setTimeout(load, milliseconds);
  }

  async function load() {
    if (!R.here()) return;
    const mine = ++turn;
    plan(EVERY_MS);
    R.loadFound();
    const answer = await fetch("/api/v1/rounds?" + R.scopeQuery(), { cache: "no-store" }).catch(() => null);
    const data = answer && answer.ok ? await answer.json().catch(() => null) : null;
    if (mine !== turn || !R.here()) return;
    R.failed = !data;
    if (data) take(data);
    else plan(AGAIN_MS);
    drawList();
  }
  R.load = load;

  function take(data) {
    R.data = data;
    const chosen = R.chosen;
    if (chosen) R.chosen = data.sites.find((entry) => R.key(entry) === R.key(chosen)) || data.sites.find((entry) => entry.round === chosen.round && entry.site_id === chosen.site_id) || chosen;
    else if (R.wanted) R.choose(R.find(R.wanted), true);
    else R.choose(R.next(), true);
    R.wanted = "";
    /* What another desk recorded shows; what one is writing stays. */
    if (R.chosen && chosen && JSON.stringify(R.chosen) !== JSON.stringify(chosen)) R.lookChanged(chosen);
  }

  /* The entry of a site: in the round of the address, in any that runs, or outside of the rota. */
  R.find = (site) => {
    const mine = R.data.sites.filter((entry) => entry.site_id === site);
    return mine.find((entry) => entry.round === R.round) || mine.find(R.open) || mine[0] || outside(site);
  };

  function outside(id) {
    const site = T.siteOf && T.siteOf(id);
    if (!site) return null;
    return { round: "", site_id: id, name: site.name, county_name: site.county_name || "", kind_name: site.kind_name || "", line: site.line, state: "", due_at: null, video: null, look: null };
  }

  T.listen((what) => {
    if (what.tick) return ticks();
    const told = T.state.rounds;
    const now = told ? [told.stamp, told.due, told.done, told.overdue].join() : "";
    badge(told);
    if (!R.here() || now === stamp) return;
    stamp = now;
    if (!T.state.replay) plan(120);
  });

  /* The link to this page in the bar of the others, with how many are overdue. */
  function badge(told) {
    const link = byId("rounds-link");
    if (!link) return;
    link.hidden = !told || R.here();
    if (link.hidden) return;
    const count = link.querySelector("b");
    const text = told && told.overdue ? T.word("rounds_overdue_n", { n: told.overdue }) : "";
    if (count.textContent !== text) count.textContent = text;
  }

  /* ---- the list ---------------------------------------------------------------------------------- */

  const sitesOf = (round) => (R.data ? R.data.sites.filter((entry) => entry.round === round) : []);
  R.rounds = () => (R.data ? R.data.rounds.filter((round) => !R.round || round.id === R.round) : []);
  R.ordered = () => R.rounds().flatMap((round) => sitesOf(round.id));

  function drawList() {
    const place = byId("rounds-list");
    if (!place) return;
    place.setAttribute("aria-busy", String(!R.data && !R.failed));
    const top = place.scrollTop;
    const kept = place.contains(document.activeElement) ? document.activeElement.dataset.entry : null;
    place.replaceChildren(...notes(), ...R.rounds().map(roundBox));
    place.scrollTop = top;
    if (kept) place.querySelector(`[data-entry="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
    const all = R.data ? R.data.rounds : [];
    const sum = (name) => all.reduce((total, round) => total + round[name], 0);
    byId("rounds-sum").textContent = R.data ? T.word("rounds_progress", { done: sum("done"), asked: sum("asked") }) : "";
    ticks();
  }
  R.drawList = drawList;

  function notes() {
    if (!R.data) return [T.element("div.empty", {}, T.word(R.failed ? "rounds_failed" : "rounds_loading"))];
    const told = [];
    if (R.failed) told.push(T.element("p.rounds-note.wrong", { role: "alert" }, T.word("rounds_failed")));
    if (view.at) told.push(T.element("p.rounds-note", {}, T.word("rounds_past_view", { time: T.dayTime(R.seconds(R.data.at)) })));
    else if (!R.mayRecord()) told.push(T.element("p.rounds-note", {}, T.word("rounds_may_not")));
    if (!R.data.sites.length) told.push(T.element("div.empty.calm", {}, T.word("rounds_nothing_due")));
    return told;
  }

  function roundBox(round) {
    const entries = sitesOf(round.id);
    const left = entries.filter(R.open);
    const all = R.shown.has(round.id);
    const shown = all ? entries : left;
    const counties = [...new Set(shown.map((entry) => entry.county))];
    const share = round.asked ? (100 * round.done) / round.asked : 0;
    return T.element("section.round-box", { "data-round": round.id },
      T.element("header", {},
        T.element("button.round-name", { type: "button", title: T.word("rounds_progress", { done: round.done, asked: round.asked }), "aria-pressed": String(R.round === round.id), onclick: () => only(round.id) }, round.name),
        T.element("span.round-clock", { "data-until": round.until || "", "data-next": round.next_due_at || "", "data-open": String(left.length > 0) })),
      T.element("div.round-bar", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": round.asked, "aria-valuenow": round.done, "aria-label": round.name }, T.element("i", { style: { width: `${share}%` } })),
      T.element("p.round-tally", {},
        T.element("span", {}, T.word("rounds_progress", { done: round.done, asked: round.asked })),
        round.overdue ? T.element("b.late", {}, T.word("rounds_overdue_n", { n: round.overdue })) : null,
        round.done ? T.element("button.round-more", { type: "button", "aria-expanded": String(all), onclick: () => unfold(round.id) }, `${T.word("state_done")} ${round.done} ${all ? "▴" : "▾"}`) : null),
      left.length || !round.asked ? null : T.element("p.round-whole", {}, T.word("rounds_all_done")),
      ...counties.map((county) => countyBox(shown.filter((entry) => entry.county === county))));
  }

  function countyBox(entries) {
    const late = entries.filter((entry) => entry.state === "overdue").length;
    return T.element("div.round-county", {},
      T.element("h3", {}, entries[0].county_name || T.word("outside_counties"), T.element("span", {}, late ? T.word("rounds_overdue_n", { n: late }) : String(entries.length))),
      T.element("ul", {}, ...entries.map(row)));
  }

  function row(entry) {
    const here = R.chosen && R.key(R.chosen) === R.key(entry);
    const found = entry.look && (entry.look.findings.length || entry.look.result !== "seen");
    return T.element("li", {}, T.element("button.round-row", {
      type: "button", "data-entry": R.key(entry), "data-state": entry.state, "data-found": String(Boolean(found)), "aria-current": here ? "true" : null,
      onclick: () => { R.choose(entry); R.pane("look"); },
    }, T.shape(view.shapes[entry.line].shape, "currentColor"), T.element("span.round-row-name", {}, entry.name),
      T.element("span.round-row-state", {}, entry.look ? T.hourMinute(R.seconds(entry.look.seen_at)) + (found ? " !" : " ✓") : T.word("state_" + entry.state))));
  }

  function only(round) {
    R.round = R.round === round ? "" : round;
    T.address({ round: R.round });
    drawList();
  }

  function unfold(round) {
    if (!R.shown.delete(round)) R.shown.add(round);
    drawList();
  }

  /* ---- what is chosen ---------------------------------------------------------------------------- */

  R.choose = (entry, quiet) => {
    R.chosen = entry || null;
    T.address({ site: entry ? entry.site_id : "" });
    for (const button of document.querySelectorAll("[data-entry]")) {
      const here = Boolean(entry) && button.dataset.entry === R.key(entry);
      if (here) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (here && !quiet) button.scrollIntoView({ block: "nearest" });
    }
    R.drawLook();
  };

  /* The next one to look at after an entry: late ones first within its round, then the other rounds. */
  R.next = (after) => {
    const list = R.ordered();
    const at = after ? list.findIndex((entry) => R.key(entry) === R.key(after)) : -1;
    const turned = [...list.slice(at + 1), ...list.slice(0, at + 1)];
    const left = turned.filter((entry) => R.open(entry) && (!after || R.key(entry) !== R.key(after)));
    const fresh = left.filter((entry) => !R.skipped.has(R.key(entry)));
    const same = (entries) => entries.find((entry) => after && entry.round === after.round);
    const late = (fresh.length ? fresh : left).filter((entry) => entry.state === "overdue");
    const pool = fresh.length ? fresh : left;
    return same(late) || same(pool) || late[0] || pool[0] || null;
  };

  R.step = (way) => {
    const list = R.ordered().filter((entry) => R.open(entry) || R.shown.has(entry.round) || (R.chosen && R.key(entry) === R.key(R.chosen)));
    if (!list.length) return;
    const at = R.chosen ? list.findIndex((entry) => R.key(entry) === R.key(R.chosen)) : -1;
    R.choose(list[(Math.max(at, way > 0 ? -1 : 0) + way + list.length) % list.length]);
  };

  T.selecting.push((site) => {
    if (!R.here() || !site || !R.data || (R.chosen && R.chosen.site_id === site)) return;
    const entry = R.find(site);
    if (entry) {
      R.choose(entry);
      R.pane("look");
    }
  });

  R.pane = (name) => {
    const page = byId("rounds-page");
    if (page) page.dataset.pane = name;
    for (const button of document.querySelectorAll("[data-round-pane]")) button.setAttribute("aria-pressed", String(button.dataset.roundPane === name));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-round-pane]");
    if (button) R.pane(button.dataset.roundPane);
  });

  /* ---- once a second: how long is left ----------------------------------------------------------- */

  function ticks() {
    if (!R.here()) return;
    const now = T.now();
    for (const node of document.querySelectorAll(".round-clock")) {
      const until = R.seconds(node.dataset.until);
      const next = R.seconds(node.dataset.next);
      const open = node.dataset.open === "true";
      const left = until - now;
      const text = until && open ? T.word(left >= 0 ? "rounds_left" : "rounds_past", { time: T.stopwatch(Math.abs(left)) })
        : next ? T.word("rounds_next_at", { time: next - now < 64800 ? T.hourMinute(next) : T.dayTime(next) }) : "";
      if (node.textContent !== text) node.textContent = text;
      const state = !until || !open ? "" : left < 0 ? "late" : left < 900 ? "soon" : "";
      if (node.dataset.state !== state) node.dataset.state = state;
    }
  }
})();
