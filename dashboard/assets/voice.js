/* What a reader's voice is told: a new alert once and in words, the site that is selected, what the charts and the map
   show. What ticks stands in no live region: a voice that counts seconds says nothing else. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const MOST = 3; /* new alerts that are told one by one */
  const AGAIN_MS = 10000;
  T.opening = T.opening || [];
  T.selecting = T.selecting || [];
  let known = null; /* ids of alerts that were there before */
  let key = ""; /* of the view whose alerts are known */
  let looked = 0;
  const described = new WeakMap(); /* a chart to the data that its text tells of */

  /* ---- speaking ------------------------------------------------------------------------------------ */

  function region(name, role, live) {
    let node = document.getElementById(name);
    if (!node) {
      node = T.element("div.voice", { id: name, role, "aria-live": live, "aria-atomic": "true" });
      document.body.append(node);
    }
    return node;
  }
  function open() {
    region("voice", "status", "polite");
    region("voice-now", "alert", "assertive");
  }

  T.speak = function (text, now) {
    const place = now ? region("voice-now", "alert", "assertive") : region("voice", "status", "polite");
    place.textContent = text;
  };

  /* ---- alerts ---------------------------------------------------------------------------------------- */

  const inWords = (alert) => T.word("alert_said", {
    severity: T.word(alert.severity), what: alert.what.startsWith(alert.name) ? alert.what : `${alert.name} ${alert.what}`,
  });

  function alerts() {
    if (!(T.state.revision || T.state.replay)) return;
    const firing = T.firing();
    const fresh = known ? firing.filter((alert) => !known.has(alert.id)) : [];
    known = new Set(firing.map((alert) => alert.id));
    for (const now of [true, false]) {
      const mine = fresh.filter((alert) => (alert.severity === "critical") === now);
      if (!mine.length) continue;
      const more = mine.length > MOST ? " " + T.word("more_n", { n: mine.length - MOST }) : "";
      T.speak(mine.slice(0, MOST).map(inWords).join(" ") + more, now);
    }
  }

  /* ---- the selection ------------------------------------------------------------------------------------ */

  T.selecting.push((id) => {
    if (id && T.siteOf(id)) T.speak(T.word("site_said", { name: T.siteName(id), status: T.word((T.state.sites[id] || {}).status || "no_data") }));
  });

  /* ---- the map and the charts, in words -------------------------------------------------------------------- */

  function describeMap() {
    const map = T.map && T.map.instance;
    if (!map) return;
    const sites = Object.values(T.state.sites);
    const text = T.word("map_said", { n: sites.length, bad: sites.filter(T.needsAttention).length, alerts: T.firing().length });
    if (map.getCanvas().getAttribute("aria-label") !== text) map.getCanvas().setAttribute("aria-label", text);
  }

  const heading = (plot) => {
    const before = plot.closest(".site-chart")?.previousElementSibling;
    if (before?.tagName === "H3") return before.firstChild.textContent;
    return plot.closest(".panel")?.querySelector("h2")?.textContent || "";
  };

  /* Its newest value and its highest, of the first curve that has any. */
  function facts(plot) {
    for (const curve of plot._fullData || []) {
      const values = Array.from(curve.y || []);
      const there = values.map((value, at) => [value, at]).filter(([value]) => typeof value === "number" && !Number.isNaN(value));
      if (!there.length || curve.line?.dash === "dot") continue;
      const [most, at] = there.reduce((best, one) => (one[0] > best[0] ? one : best));
      const when = String(curve.x[at]).replace("T", " ").slice(5, 16);
      return T.word("chart_said", { last: T.format.one(there.at(-1)[0]), most: T.format.one(most), time: when });
    }
    return T.word("chart_empty");
  }

  function describeCharts() {
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      if (plot.closest("#map") || described.get(plot) === plot._fullData) continue;
      described.set(plot, plot._fullData);
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", [heading(plot), facts(plot)].filter(Boolean).join(" · "));
    }
  }

  function describe() {
    looked = performance.now();
    describeMap();
    describeCharts();
  }

  T.opening.push((view) => {
    if (view.key !== key) known = null;
    key = view.key;
    looked = 0;
    open();
    setTimeout(describe, 3000);
  });
  document.addEventListener("threeline:minute", () => setTimeout(describe, 3000));

  let listening = false; /* the link's script may come after this one */
  T.opening.push(() => {
    if (!listening) T.listen((what) => {
      if (what.alerts || what.whole) alerts();
      if (what.tick && performance.now() - looked > AGAIN_MS) describe();
    });
    listening = true;
  });
})();
