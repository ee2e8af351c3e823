/* What stands around the map: values bound by `data-live`, and the lists that live data fills. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  let view = null;
  T.usePanels = (next) => {
    view = next;
    T.holding = view.holding;
    filled = new WeakMap();
  };

  /* ---- values: <span data-live="lines.first.online" data-format="count"> ----------------------- */

  function lookUp(path) {
    let value = T.shown();
    for (const part of path.split(".")) value = value === null || value === undefined ? undefined : value[part];
    return value;
  }

  function values() {
    for (const node of document.querySelectorAll("[data-live]")) {
      const text = T.format[node.dataset.format || "text"](lookUp(node.dataset.live));
      if (node.textContent === text) continue;
      if (node.classList.contains("big")) T.roll(node, node.textContent, text);
      node.textContent = text;
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

  /* A list is built again only when what it shows changed, so a pointer or a reader is not disturbed. */
  let filled = new WeakMap(); /* node to what it shows: a node that is gone is not kept */
  function fill(id, signature, build) {
    const place = byId(id);
    if (!place) return;
    if (filled.get(place) === signature) return;
    filled.set(place, signature);
    T.keepFocus(place, () => place.replaceChildren(...build()));
  }

  /* ---- the bar --------------------------------------------------------------------------------- */

  function bar() {
    T.showTruth(view);
    const { duty_level: level, simulated } = T.state;
    const duty = byId("duty");
    if (!duty) return;
    byId("simulated").hidden = !simulated;
    const text = level ? T.word("duty_level") + " " + level : "";
    if (duty.textContent === text) return;
    duty.textContent = text;
    duty.title = view.duty_levels[level] || "";
    duty.hidden = !level;
    duty.dataset.level = level;
  }

  /* ---- cards ----------------------------------------------------------------------------------- */

  /* Three words side by side are wider than a card: then each is a letter, with the word behind it. */
  function told(alerts) {
    const severities = ["critical", "warning", "notice"].filter((severity) => alerts[severity]);
    return severities.map((severity) => {
      const words = `${alerts[severity]} ${T.word(severity)}`;
      const shown = severities.length > 2 ? `${alerts[severity]} ${T.word("letter_" + severity)}` : words;
      return T.element("span.chip." + severity, { title: words }, shown);
    });
  }

  function cards() {
    for (const line of Object.values(T.shown().lines)) {
      fill("line-alerts-" + line.id, JSON.stringify(line.alerts), () =>
        told(line.alerts));
      const card = byId("line-" + line.id);
      if (!card) continue;
      card.dataset.short = String(line.staff_required !== null && line.staff_on_duty !== null && line.staff_on_duty < line.staff_required);
    }
    T.fillHolding(fill);
  }

  /* ---- alerts ---------------------------------------------------------------------------------- */

  const alerts = () => T.fillAlerts(fill, T.shown(), view.scrolls, heard());
  const stopwatches = () => T.stopwatches();

  /* Without a single site heard, no alert means nothing. */
  const heard = () => Object.values(T.shown().lines).some((line) => line.online > 0);

  /* ---- the slowest ten -------------------------------------------------------------------------- */

  function slowest() {
    const inside = (id) => !T.focus || T.countyOf(id) === T.focus.adcode;
    const waits = Object.entries(T.state.sites).filter(([id, site]) => site.wait_min !== null && site.wait_min !== undefined && inside(id))
      .sort(([, a], [, b]) => b.wait_min - a.wait_min || (b.queue_m || 0) - (a.queue_m || 0)).slice(0, 10);
    const { congested_wait_min: limit, busy_wait_min: busy } = view.thresholds;
    const top = Math.max(limit * 1.5, waits.length ? waits[0][1].wait_min : 0);
    const signature = JSON.stringify([top, waits.map(([id, site]) => [id, Math.round(site.wait_min), site.queue_m, Math.sign(Math.round(site.wait_change || 0))])]);
    fill("slowest", signature, () =>
      waits.length ? waits.map(([id, site]) => {
        const level = site.wait_min >= limit ? "congested" : site.wait_min >= busy ? "busy" : "normal";
        const change = Math.round(site.wait_change || 0);
        return T.element("button.slow", { type: "button", "data-site": id, onclick: () => T.select(id, true) },
          T.element("span.slow-name" + (T.siteName(id).length > 13 ? ".long" : ""), {}, T.siteName(id)),
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
      const sums = tally[T.countyOf(id)];
      if (!sums) continue;
      /* Whoever passes a site that is closed by order passes all the same, and the lines count them. */
      if (typeof site.persons_per_hour === "number") sums.persons += site.persons_per_hour;
      if (site.in_service === false) continue;
      sums.sites += 1;
      if (!["no_data", "offline"].includes(site.status)) sums.online += 1;
    }
    const alarms = {};
    for (const alert of T.firing()) {
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
    const { today } = T.shown();
    const of = byId("totals-of");
    if (of) of.textContent = T.focus ? T.focus.name : "";
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
      run(".slowest-panel", slowest);
      run(".counties", counties);
    }));
  }

  /* ---- the loop -------------------------------------------------------------------------------- */

  const run = T.attempt; /* a part that fails says so in its own place, and the others go on */
  T.listen((what) => {
    if (!view) return;
    run(".bar", bar);
    run("#site-status", siteStatus);
    if (what.tick) {
      if (T.timed()) run(".alerts-panel", stopwatches);
      return;
    }
    if (what.link) return;
    if (what.whole) document.body.dataset.seen = "true";
    run("", values);
    if (what.lines || what.whole || what.gaps || what.unknown || what.exits) run(".lines", cards);
    if (what.alerts || what.notices || what.whole) run(".alerts-panel", alerts);
    if (what.today || what.whole) run(".totals-panel", totals);
    if (what.sites.length || what.alerts) {
      run(".strip", strip, what.sites);
      summarise();
    }
    if (what.gaps || what.unknown || what.whole) run(".strip", stripGaps);
    run(".alerts-panel", stopwatches);
  });
  T.repaintAlerts = () => view && T.state.at && alerts();

  /* A round of the wall: its county's picture is newer. */
  T.repaintCounty = () => {
    values();
    cards();
    alerts();
    totals();
    summarise();
  };
  T.repaint = () => {
    if (!view) return;
    if (T.state.at) document.body.dataset.seen = "true";
    filled = new WeakMap();
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
