/* What stands around the map: values bound by `data-live`, and the lists that live data fills. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  let view = null;
  T.usePanels = (next) => {
    view = next;
    T.holding = view.holding;
    filled.clear();
  };

  /* ---- values: <span data-live="lines.first.online" data-format="count"> ----------------------- */

  function lookUp(path) {
    let value = T.state;
    for (const part of path.split(".")) value = value === null || value === undefined ? undefined : value[part];
    return value;
  }

  function values() {
    for (const node of document.querySelectorAll("[data-live]")) {
      const text = T.format[node.dataset.format || "text"](lookUp(node.dataset.live));
      if (node.textContent !== text) node.textContent = text;
    }
  }

  /* The open drawer's first line: how the site is, how old that is, how it is known. */
  function siteStatus() {
    const place = byId("site-status");
    const site = place && T.state.sites[place.dataset.siteStatus];
    if (!site) return;
    const age = site.observed_at ? T.age(T.now() - site.observed_at) : T.word("never");
    const method = site.method ? T.word(site.method === "simulated" ? "method_simulated" : site.method) : "";
    fill("site-status", [place.dataset.siteStatus, site.status, age, method].join(), () => [
      T.element("i.dot", { "data-status": site.status }), T.element("b", {}, T.word(site.status)),
      T.element("span.quiet", {}, [age, method].filter(Boolean).join(" · ")),
    ]);
  }

  /* The open drawer's own alerts, with what to do. */
  function siteAlerts() {
    const place = byId("site-alerts");
    if (!place) return;
    const mine = firing().filter((alert) => alert.target === "site" && alert.target_id === place.dataset.siteAlerts);
    fill("site-alerts", JSON.stringify([place.dataset.siteAlerts, mine.map((alert) => [alert.id, alert.what, alert.advice, alert.held])]), () => mine.map(alertItem));
  }

  /* A list is built again only when what it shows changed, so a pointer or a reader is not disturbed. */
  const filled = new Map();
  function fill(id, signature, build) {
    const place = byId(id);
    if (!place) return;
    if (filled.get(place) === signature) return;
    filled.set(place, signature);
    place.replaceChildren(...build());
  }

  /* ---- the bar --------------------------------------------------------------------------------- */

  function bar() {
    const { state, link } = T;
    const now = T.now();
    const clock = byId("clock");
    if (!clock) return;
    clock.textContent = T.clock(now);
    byId("today").textContent = T.day(now);
    const age = state.data_at ? now - state.data_at : null;
    const old = age === null || age > (state.late_after || view.no_data_after_s);
    const lost = link.state !== "ok";
    const word = link.state === "refused" ? link.detail : lost
      ? link.state === "connecting" ? T.word("connecting") : T.word("link_lost_long", { time: state.at ? T.clock(state.at) : "—" })
      : state.replay ? T.word("replay") : age === null ? T.word("no_data") : old ? T.word("data_old") : T.word("link_ok");
    const badge = byId("link");
    badge.textContent = word;
    badge.dataset.state = lost ? link.state : old ? "old" : "ok";
    const ageText = byId("data-age");
    ageText.textContent = state.replay ? T.word("data_as_of", { time: T.dayTime(state.at) }) : T.word("data_age") + " " + T.age(age) + current();
    document.body.dataset.link = lost ? link.state : old ? "old" : "ok";
    const mode = byId("mode");
    const name = state.replay ? "replay" : lost ? "lost" : "live";
    mode.dataset.mode = name;
    mode.textContent = T.word(name === "lost" ? "link_lost" : name);
    byId("simulated").hidden = !state.simulated;
    const level = state.duty_level;
    const duty = byId("duty");
    duty.textContent = level ? T.word("duty_level") + " " + level : "";
    duty.title = view.duty_levels[level] || "";
    duty.hidden = !level;
    duty.dataset.level = state.duty_level;
  }

  /* The newest site's age says nothing of the others: how many are heard stands beside it. */
  function current() {
    const lines = Object.values(T.state.lines);
    const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
    return lines.length ? ` · ${sum("online")}/${sum("sites")} ${T.word("online")}` : "";
  }

  /* ---- cards ----------------------------------------------------------------------------------- */

  function cards() {
    for (const line of Object.values(T.state.lines)) {
      fill("line-alerts-" + line.id, JSON.stringify(line.alerts), () =>
        ["critical", "warning", "notice"].filter((severity) => line.alerts[severity]).map((severity) =>
          T.element("span.chip." + severity, {}, line.alerts[severity] + " " + T.word(severity))));
      const card = byId("line-" + line.id);
      if (!card) continue;
      card.dataset.short = String(line.staff_required !== null && line.staff_on_duty !== null && line.staff_on_duty < line.staff_required);
    }
    T.fillHolding(fill);
  }

  /* ---- alerts ---------------------------------------------------------------------------------- */

  const RANK = { critical: 0, warning: 1, notice: 2 };
  const firing = () => [...T.state.alerts.values()].filter((alert) => alert.state === "firing")
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.fired_at - b.fired_at);

  function alerts() {
    const open = firing();
    const pending = T.state.alerts.size - open.length;
    const head = byId("alerts-head");
    if (!head) return;
    head.textContent = `${T.word("unanswered")} ${open.length} · ${T.word("pending_n")} ${pending} · ${T.word("today_n")} ${T.format.count(T.state.today.alerts)}`;
    const place = byId("alerts");
    const shown = view.scrolls ? open : open.slice(0, howManyFit(place, open));
    place.dataset.roomy = String(view.scrolls || roomFor(place) >= open.length * (7.6 + 0.7));
    fill("alerts", JSON.stringify([heard(), shown.map((alert) => [alert.id, alert.what, alert.advice, alert.held, alert.severity])]), () =>
      open.length ? shown.map(alertItem) : [heard() ? T.element("div.empty.calm", {}, T.word("no_alerts")) : T.element("div.empty", {}, T.word("cannot_judge"))]);
    const more = byId("alerts-more");
    const rest = open.slice(shown.length);
    more.hidden = !rest.length;
    fill("alerts-more", rest.map((alert) => alert.severity).join(), () => [
      T.word("more_n", { n: rest.length }),
      ...["critical", "warning", "notice"].map((severity) => [severity, rest.filter((alert) => alert.severity === severity).length])
        .filter(([, n]) => n).map(([severity, n]) => T.element("span.chip." + severity, {}, n + " " + T.word(severity))),
    ]);
  }

  /* Without a single site heard, no alert means nothing. */
  const heard = () => Object.values(T.state.lines).some((line) => line.online > 0);

  /* Rem between the panel's title and its end. */
  const roomFor = (place) => place.parentElement.clientHeight / parseFloat(getComputedStyle(document.documentElement).fontSize) - 4.6 - T.noticesTake();

  /* Asked of the layout, so that no alert is cut in half on any wall; heights as in wall.css, in rem. */
  function howManyFit(place, open) {
    let room = roomFor(place);
    for (let n = 0; n < open.length; n += 1) {
      room -= (open[n].severity === "critical" ? 7.6 : 6) + 0.7;
      const rest = open.length - n - 1;
      if (room < (rest ? 3.2 : -0.7)) return Math.max(1, n);
    }
    return open.length;
  }

  function alertItem(alert) {
    const steps = [["step_answer", view.response.answer_min], ["step_sent", view.response.sent_min], ["step_arrive", view.response.arrive_min]];
    return T.element(
      "button.alert." + alert.severity,
      { type: "button", "data-alert": alert.id, "data-fired": alert.fired_at, "data-site": alert.target_id, onclick: () => (alert.target === "site" ? T.select(alert.target_id, true) : T.showFence(alert.target_id)) },
      T.element("span.alert-where", {}, T.element("b", {}, (alert.county_name ? alert.county_name + " · " : "") + alert.name), T.element("time", {}, T.word("since", { time: T.moment(alert.fired_at) }))),
      T.element("span.alert-what", {}, alert.what),
      T.element("span.stopwatch", {}),
      T.element("span.alert-advice", {}, alert.held ? T.word("held") : alert.advice),
      T.element("span.steps", {}, ...steps.map(([key, minutes]) => T.element("span.step", { "data-after": minutes * 60 }, `${minutes} ${T.word(key)}`))),
    );
  }

  function stopwatches() {
    const now = T.now();
    for (const item of document.querySelectorAll(".alert[data-fired]")) {
      const seconds = now - Number(item.dataset.fired);
      item.querySelector(".stopwatch").textContent = "+" + T.stopwatch(seconds);
      for (const step of item.querySelectorAll(".step")) step.dataset.missed = String(seconds > Number(step.dataset.after));
    }
  }

  /* ---- the slowest ten -------------------------------------------------------------------------- */

  function slowest() {
    const waits = Object.entries(T.state.sites).filter(([, site]) => site.wait_min !== null && site.wait_min !== undefined)
      .sort(([, a], [, b]) => b.wait_min - a.wait_min || (b.queue_m || 0) - (a.queue_m || 0)).slice(0, 10);
    const { congested_wait_min: limit, busy_wait_min: busy } = view.thresholds;
    const top = Math.max(limit * 1.5, waits.length ? waits[0][1].wait_min : 0);
    const signature = JSON.stringify([top, waits.map(([id, site]) => [id, Math.round(site.wait_min), site.queue_m, Math.sign(Math.round(site.wait_change || 0))])]);
    fill("slowest", signature, () =>
      waits.length ? waits.map(([id, site]) => {
        const level = site.wait_min >= limit ? "congested" : site.wait_min >= busy ? "busy" : "normal";
        const change = Math.round(site.wait_change || 0);
        return T.element("button.slow", { type: "button", "data-site": id, onclick: () => T.select(id, true) },
          T.element("span.slow-name", {}, T.siteName(id)),
          T.element("span.slow-bar", { "data-level": level },
            T.element("i", { style: { width: `${(100 * site.wait_min) / top}%` } }),
            T.element("s", { style: { left: `${(100 * limit) / top}%` } })),
          T.element("span.slow-wait", { "data-level": level }, T.format.whole(site.wait_min), T.element("small", {}, T.word("minutes"))),
          T.element("span.slow-queue", {}, T.format.whole(site.queue_m), T.element("small", {}, T.word("metres"))),
          T.element("span.slow-trend", { "data-way": change > 0 ? "up" : change < 0 ? "down" : "flat", title: `${change > 0 ? "+" : ""}${change} ${T.word("minutes")}` }, change > 0 ? "▲" : change < 0 ? "▼" : "–"));
      }) : [T.element("div.empty", {}, T.word("no_waits"))]);
  }

  /* ---- counties, totals ------------------------------------------------------------------------ */

  /* The county's own view, in the same language and mode; the wall's centre and selection stay behind. */
  function countyAddress(adcode) {
    const query = new URLSearchParams(location.search);
    for (const name of ["c", "z", "site"]) query.delete(name);
    return "/county/" + adcode + (query.size ? "?" + query : "");
  }

  function counties() {
    if (!byId("counties") || !view.counties.length) return;
    const tally = Object.fromEntries(view.counties.map((county) => [county.adcode, { sites: 0, online: 0, persons: null }]));
    for (const [id, site] of Object.entries(T.state.sites)) {
      const sums = tally[view.county_of[id]];
      if (!sums || site.in_service === false) continue;
      sums.sites += 1;
      if (!["no_data", "offline"].includes(site.status)) sums.online += 1;
      if (typeof site.persons_per_hour === "number") sums.persons += site.persons_per_hour;
    }
    const alarms = {};
    for (const alert of firing()) {
      const count = (alarms[alert.county] = alarms[alert.county] || { critical: 0, warning: 0, notice: 0 });
      count[alert.severity] += 1;
    }
    const most = Math.max(1, ...Object.values(tally).map((sums) => sums.persons));
    fill("counties", JSON.stringify([tally, alarms]), () => view.counties.map(({ adcode, name }) => {
      const sums = tally[adcode];
      const alarm = alarms[adcode] || {};
      const worst = alarm.critical ? "critical" : alarm.warning ? "warning" : "";
      return T.element("a.county-row", { href: countyAddress(adcode), "data-worst": worst, "data-county": adcode },
        T.element("span.county-name", {}, name),
        T.element("span.county-persons", {}, T.format.count(sums.persons)),
        T.element("span.county-bar", {}, T.element("i", { style: { width: `${(100 * sums.persons) / most}%` } })),
        T.element("span.county-online", {}, `${sums.online}/${sums.sites}`),
        T.element("span.county-alarms", {}, ...["critical", "warning"].filter((severity) => alarm[severity]).map((severity) => T.element("em." + severity, { title: T.word(severity) }, alarm[severity]))));
    }));
  }

  function totals() {
    const { today } = T.state;
    for (const [id, now, before] of [["persons-week", today.persons, today.persons_before], ["vehicles-week", today.vehicles, today.vehicles_before]]) {
      const node = byId(id);
      if (!node) continue;
      if (!before) node.textContent = T.word("no_week");
      else {
        const percent = Math.round((100 * (now - before)) / before);
        node.textContent = T.word("versus_week", { n: `${percent > 0 ? "+" : ""}${percent}%` });
      }
    }
  }

  /* ---- the border, unrolled --------------------------------------------------------------------- */

  function strip(ids) {
    const place = byId("strip-ticks");
    if (!place) return;
    for (const id of ids) {
      const tick = place.querySelector(`[data-tick="${CSS.escape(id)}"]`);
      if (tick) {
        tick.dataset.status = T.state.sites[id].status;
        tick.dataset.alarm = T.state.sites[id].alarm || "";
      }
    }
  }

  function stripGaps() {
    const length = view.border && view.border.km;
    if (length) T.fillStrip(fill, length);
  }

  /* Lists over all sites wait until the map has drawn its markers, and for several messages are made once. */
  let summarising = 0;
  function summarise() {
    if (summarising) return;
    summarising = requestAnimationFrame(() => setTimeout(() => {
      summarising = 0;
      slowest();
      counties();
    }));
  }

  /* ---- the loop -------------------------------------------------------------------------------- */

  T.listen((what) => {
    if (!view) return;
    bar();
    siteStatus();
    siteAlerts();
    if (what.tick) {
      stopwatches();
      return;
    }
    if (what.link) return;
    values();
    if (what.lines || what.whole || what.gaps || what.exits) cards();
    if (what.alerts || what.notices || what.whole) alerts();
    if (what.today || what.whole) totals();
    if (what.sites.length || what.alerts) {
      strip(what.sites);
      summarise();
    }
    if (what.gaps || what.whole) stripGaps();
    stopwatches();
  });
  T.repaint = () => {
    if (!view) return;
    filled.clear();
    bar();
    if (!T.state.revision && !T.state.replay) return;
    values();
    cards();
    T.showNotices();
    alerts();
    totals();
    slowest();
    counties();
    strip(Object.keys(T.state.sites));
    stripGaps();
    stopwatches();
  };
})();
