/* `/alerts`: the list of all alerts. Ten thousand are kept, some thirty are laid out: those in sight. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const RANK = { critical: 0, warning: 1, notice: 2 };
  const BEYOND = 6; /* rows laid out above and below those in sight */
  const NAMES = ["started_at", "fired_at", "asked_at", "answered_at", "sent_at", "arrived_at", "acknowledged_at", "until", "resolved_at"];
  const byId = (id) => document.getElementById(id);
  const P = (T.alertPage = Object.assign(T.alertPage || {}, { chosen: "", marked: new Set(), shown: [] }));
  let view = null;
  let over = []; /* those that ended within a day */
  let asked = 0;
  let nodes = new Map(); /* id to the row that stands for it, and to what that shows */
  let due = 0;

  const here = () => Boolean(byId("alert-rows"));
  const state = () => T.asked("state") || "firing";
  const height = () => (window.matchMedia("(max-width: 1023px)").matches ? 108 : Math.round(6.4 * parseFloat(getComputedStyle(document.documentElement).fontSize)));

  /* The same row as the live picture's: its times are seconds. */
  const fromInterface = (row) => ({ ...row, ...Object.fromEntries(NAMES.map((name) => [name, row[name] ? Date.parse(row[name]) / 1000 : null])) });

  P.find = (id) => T.state.alerts.get(id) || over.find((alert) => alert.id === id);

  /* ---- which ------------------------------------------------------------------------------------------- */

  const all = () => [...T.state.alerts.values()];
  const TABS = {
    firing: () => all().filter((alert) => alert.state === "firing" && !alert.hidden_by),
    acknowledged: () => all().filter((alert) => alert.state === "acknowledged" && !alert.hidden_by),
    pending: () => all().filter((alert) => alert.state === "pending" && !alert.hidden_by),
    hidden: () => all().filter((alert) => alert.hidden_by && alert.state !== "pending"),
    resolved: () => over,
  };

  const since = (alert) => alert.fired_at || alert.started_at;
  let collator = null;
  const ORDERS = {
    worst: (a, b) => RANK[a.severity] - RANK[b.severity] || since(a) - since(b),
    oldest: (a, b) => since(a) - since(b),
    newest: (a, b) => since(b) - since(a),
    name: (a, b) => (collator = collator || new Intl.Collator(view.lang, { numeric: true })).compare(a.name, b.name),
  };

  /* What is searched of one: an alert is another object once it changes. */
  const texts = new WeakMap();
  function textOf(alert) {
    let text = texts.get(alert);
    if (text === undefined) texts.set(alert, (text = `${alert.name} ${alert.what} ${alert.county_name} ${alert.target_id} ${alert.acknowledged_by || ""} ${alert.note || ""}`.toLowerCase()));
    return text;
  }

  function chosenOnes() {
    const words = T.asked("q").toLowerCase().split(/\s+/).filter(Boolean);
    const [rule, severity] = [T.asked("rule"), T.asked("severity")];
    const tab = TABS[state()] || TABS.firing;
    return tab().filter((alert) => (!rule || alert.rule === rule) && (!severity || alert.severity === severity)
      && words.every((word) => textOf(alert).includes(word)))
      .sort(ORDERS[T.asked("sort")] || ORDERS[state() === "resolved" ? "newest" : "worst"]);
  }

  async function askOver() {
    const mine = (asked += 1);
    const query = new URLSearchParams({ lang: view.lang, state: "resolved" });
    if (view.scope) query.set("scope", view.scope);
    if (view.at) query.set("at", view.at);
    const answer = await fetch("/api/v1/alerts?" + query, { cache: "no-store" }).catch(() => null);
    if (mine !== asked || !answer || !answer.ok) return;
    over = (await answer.json()).alerts.map(fromInterface);
    draw();
  }

  /* ---- drawing ----------------------------------------------------------------------------------------- */

  function draw() {
    due = 0;
    if (!here() || !(T.state.revision || T.state.replay)) return;
    const counts = Object.fromEntries(Object.entries(TABS).map(([name, of]) => [name, of().length]));
    for (const [name, n] of Object.entries(counts)) {
      byId(`tab-${name}-count`).textContent = n ? T.format.count(n) : "";
      document.querySelector(`[data-alert-tab="${name}"]`).setAttribute("aria-selected", String(name === state()));
    }
    P.shown = chosenOnes();
    const of = counts[state()] || 0;
    byId("alert-count").textContent = P.shown.length === of ? T.word("group_n", { n: T.format.count(of) }) : T.word("n_of_alerts", { n: T.format.count(P.shown.length), of: T.format.count(of) });
    /* What is over or answered is no longer marked to be answered. */
    const open = new Set(P.shown.map((alert) => alert.id));
    P.marked = new Set([...P.marked].filter((id) => open.has(id)));
    const button = document.querySelector("[data-do=answer-chosen]");
    if (button) {
      button.hidden = !T.mayAnswer() || !["firing", "acknowledged"].includes(state());
      button.disabled = !P.marked.size;
      button.textContent = T.word("answer_chosen") + (P.marked.size ? ` ${P.marked.size}` : "");
    }
    lay();
    P.drawChosen();
  }

  const soon = () => (due = due || requestAnimationFrame(draw));
  P.soon = soon;

  /* Those in sight. */
  function lay() {
    const [box, space] = [byId("alert-rows"), byId("alert-rows-all")];
    if (!box) return;
    const row = height();
    space.style.height = `${P.shown.length * row}px`;
    const from = Math.max(0, Math.floor(box.scrollTop / row) - BEYOND);
    const to = Math.min(P.shown.length, Math.ceil((box.scrollTop + box.clientHeight) / row) + BEYOND);
    const seen = P.shown.slice(from, to);
    const next = new Map();
    const rows = seen.map((alert, at) => {
      const key = JSON.stringify([alert.id === P.chosen, P.marked.has(alert.id), state(), T.mayAnswer(), T.answerKey(alert)]);
      const kept = nodes.get(alert.id);
      const item = kept && kept.key === key ? kept.item : line(alert);
      next.set(alert.id, { key, item });
      item.style.top = `${(from + at) * row}px`;
      item.style.height = `${row}px`;
      return item;
    });
    if (!rows.length) rows.push(T.element("div.empty.calm", {}, T.word(state() === "firing" ? "no_alerts" : "none_such")));
    nodes = next;
    /* A row that stays is not touched: it may have the focus. */
    T.keepFocus(space, () => {
      const wanted = new Set(rows);
      for (const node of [...space.children]) if (!wanted.has(node)) node.remove();
      rows.forEach((node, at) => space.children[at] === node || space.insertBefore(node, space.children[at] || null));
    });
    T.stopwatches();
  }

  function line(alert) {
    const item = T.alertRow(alert, () => T.chooseAlert(alert.id));
    if (T.mayAnswer() && ["firing", "acknowledged"].includes(state())) {
      const box = T.element("input", { type: "checkbox", "aria-label": T.word("mark_alert", { name: alert.name }), onclick: (event) => event.stopPropagation(), onchange: (event) => {
        P.marked[event.target.checked ? "add" : "delete"](alert.id);
        soon();
      } });
      box.checked = P.marked.has(alert.id);
      item.prepend(T.element("label.row-mark", { onclick: (event) => event.stopPropagation() }, box));
    } else item.prepend(T.element("span.row-mark", {}));
    item.setAttribute("aria-current", String(alert.id === P.chosen));
    return item;
  }

  /* ---- choosing ------------------------------------------------------------------------------------------- */

  T.chooseAlert = function (id) {
    P.chosen = id;
    T.address({ alert: id });
    byId("alerts-page").dataset.pane = id ? "detail" : "list";
    draw();
  };
  T.chosenAlert = () => (here() ? P.chosen : "");

  function step(by) {
    if (!P.shown.length) return;
    const at = P.shown.findIndex((alert) => alert.id === P.chosen);
    const next = Math.max(0, Math.min(P.shown.length - 1, at < 0 ? (by > 0 ? 0 : P.shown.length - 1) : at + by));
    const box = byId("alert-rows");
    const row = height();
    box.scrollTop = Math.min(next * row, Math.max(box.scrollTop, (next + 1) * row - box.clientHeight));
    T.chooseAlert(P.shown[next].id);
  }

  /* Where this page is open J and K go through it; elsewhere they are what they were. */
  document.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key] || (event.target.id === "alert-rows" && { ArrowDown: 1, ArrowUp: -1 }[event.key]);
    if (!by || !here() || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.stopPropagation();
    step(by);
  }, true);

  T.actions = Object.assign(T.actions || {}, {
    "answer-chosen": () => P.marked.size && T.respond("answer", [...P.marked].map(P.find).filter(Boolean)),
    "alert-back": () => T.chooseAlert(""),
  });

  /* ---- what filters ------------------------------------------------------------------------------------------ */

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-alert-tab]");
    if (!tab) return;
    T.address({ state: tab.dataset.alertTab === "firing" ? "" : tab.dataset.alertTab });
    byId("alert-rows").scrollTop = 0;
    if (tab.dataset.alertTab === "resolved") askOver();
    draw();
  });
  document.addEventListener("input", (event) => {
    const name = { "alert-filter": "q", "alert-rule": "rule", "alert-severity": "severity", "alert-sort": "sort" }[event.target.id];
    if (!name || !here()) return;
    T.address({ [name]: event.target.value === "worst" ? "" : event.target.value.slice(0, 200) });
    byId("alert-rows").scrollTop = 0;
    draw();
  });

  let heard = null;
  function hear() {
    const box = byId("alert-rows");
    if (!box || heard === box) return;
    heard = box;
    box.addEventListener("scroll", lay, { passive: true });
    new ResizeObserver(lay).observe(box);
    byId("alert-rule").append(...Object.entries(view.rules).map(([id, name]) => T.element("option", { value: id }, name)));
    for (const [id, name] of [["alert-rule", "rule"], ["alert-severity", "severity"], ["alert-sort", "sort"]]) if (T.asked(name)) byId(id).value = T.asked(name);
    if (T.asked("q")) byId("alert-filter").value = T.asked("q");
  }

  let listening = false;
  T.opening = T.opening || [];
  T.opening.push((next) => {
    view = next;
    if (!here()) return;
    P.marked.clear();
    nodes = new Map();
    P.chosen = T.asked("alert");
    if (P.chosen) byId("alerts-page").dataset.pane = "detail";
    hear();
    askOver();
    soon();
    if (!listening) T.listen((what) => {
      if (!here()) return;
      if (what.alerts || what.whole) soon();
      if (what.tick) T.stopwatches();
    }, ".alert-list");
    listening = true;
  });
  document.addEventListener("threeline:minute", () => here() && askOver());
})();
