/* Numbers, times and ages, the way the room reads them. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const DASH = "—";
  let view = { lang: "zh-CN", zone: "UTC", words: {} };

  T.useView = (next) => {
    view = next;
  };

  T.word = (key, values) => {
    let text = view.words[key] || key;
    for (const [name, value] of Object.entries(values || {})) text = text.replace("{" + name + "}", value);
    return text;
  };

  const missing = (value) => value === null || value === undefined || Number.isNaN(value);

  T.format = {
    count: (value) => (missing(value) ? DASH : Math.round(value).toLocaleString("en-US")),
    /* 万 where the wall has no room. */
    big(value) {
      if (missing(value)) return DASH;
      if (view.lang.startsWith("zh")) return value >= 1e6 ? (value / 1e4).toFixed(1) + " " + T.word("big_unit") : T.format.count(value);
      return value >= 1e7 ? (value / 1e6).toFixed(1) + " " + T.word("big_unit") : T.format.count(value);
    },
    km: (value) => (missing(value) ? DASH : value.toFixed(1)),
    one: (value) => (missing(value) ? DASH : value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value))),
    whole: (value) => (missing(value) ? DASH : String(Math.round(value))),
    text: (value) => (missing(value) ? DASH : String(value)),
  };

  const formatters = new Map();
  function inZone(seconds, options) {
    const key = view.lang + view.zone + JSON.stringify(options);
    if (!formatters.has(key)) {
      formatters.set(key, new Intl.DateTimeFormat(view.lang, { timeZone: view.zone, hourCycle: "h23", ...options }));
    }
    return formatters.get(key).format(new Date(seconds * 1000));
  }

  T.clock = (seconds) => inZone(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  T.hourMinute = (seconds) => inZone(seconds, { hour: "2-digit", minute: "2-digit" });
  T.day = (seconds) => {
    const form = view.lang.startsWith("zh") ? "long" : "short"; /* the bar has no room for Wednesday, September 23 */
    return inZone(seconds, { month: form, day: "numeric", weekday: form });
  };
  T.dayTime = (seconds) => inZone(seconds, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  T.dateTime = (seconds) => inZone(seconds, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  T.dayTimeSeconds = (seconds) => inZone(seconds, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  /* The time of day where it was today, with its date where it was not. */
  T.moment = (seconds) => (T.now() - seconds < 43200 ? T.hourMinute(seconds) : T.dayTime(seconds));

  T.age = function (seconds) {
    if (missing(seconds)) return DASH;
    if (seconds < 90) return T.word("ago_s", { n: Math.max(0, Math.round(seconds)) });
    if (seconds < 5400) return T.word("ago_min", { n: Math.round(seconds / 60) });
    if (seconds < 172800) return T.word("ago_h", { n: Math.round(seconds / 3600) });
    return T.word("ago_d", { n: Math.round(seconds / 86400) });
  };

  T.lasting = function (seconds) {
    if (seconds < 90) return T.word("for_s", { n: Math.max(0, Math.floor(seconds / 10) * 10) });
    if (seconds < 5400) return T.word("for_min", { n: Math.round(seconds / 60) });
    return seconds < 172800 ? T.word("for_h", { n: Math.round(seconds / 3600) }) : T.word("for_d", { n: Math.round(seconds / 86400) });
  };

  /* 0:48, 4:10, 1:02:03 */
  T.stopwatch = function (seconds) {
    const s = Math.max(0, Math.floor(seconds));
    const two = (n) => String(n).padStart(2, "0");
    const h = Math.floor(s / 3600);
    return (h ? h + ":" + two(Math.floor(s / 60) % 60) : Math.floor(s / 60)) + ":" + two(s % 60);
  };

  /* A small DOM builder: element("div.alert.critical", {title}, child, …). Text is always text, never markup. */
  T.element = function (spec, attributes, ...children) {
    const [tag, ...classes] = spec.split(".");
    const node = document.createElement(tag || "div");
    if (classes.length) node.className = classes.join(" ");
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "style") Object.assign(node.style, value);
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };

  /* Draws a place anew; who was in it by keyboard is in it afterwards: in the same row at what does the same, and of
     several such at the one with the same words; where that is gone, at the row. */
  const ROW = "[data-alert], [data-site], [data-county]";
  const rowOf = (node) => {
    const { alert, site, county } = node.closest(ROW)?.dataset || {};
    return alert || site || county || "";
  };
  const doing = (node) => (node.matches(ROW) ? "" : node.dataset.step || node.dataset.do || node.id || node.name || node.textContent);
  T.keepFocus = function (place, draw) {
    const active = place.contains(document.activeElement) && document.activeElement !== place ? document.activeElement : null;
    const [row, what, words] = active ? [rowOf(active), doing(active), active.textContent] : [];
    draw();
    if (!active || active.isConnected) return;
    const mine = [...place.querySelectorAll("button, a, input, [tabindex]")].filter((node) => rowOf(node) === row);
    const same = mine.filter((node) => doing(node) === what);
    (same.find((node) => node.textContent === words) || same[0] || (row && mine[0]))?.focus({ preventScroll: true });
  };

  T.shape = function (name, colour, hollow) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 64 64");
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", T.shapePath(name));
    path.setAttribute("fill", hollow ? "none" : colour);
    path.setAttribute("stroke", colour);
    path.setAttribute("stroke-width", hollow ? "7" : "0");
    svg.append(path);
    return svg;
  };
})();
