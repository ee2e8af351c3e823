/* `/response`: how many alerts were answered, sent to and arrived at in time, over a span of days, taken apart by line,
   county, shift or rule, and how that went by hour or day. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const STEPS = [["answered", "step_answer", "answer_min"], ["sent", "step_sent", "sent_min"], ["arrived", "step_arrive", "arrive_min"]];
  const PARTS = ["kept", "late", "missed"];
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  let view = null;
  let data = null;
  let asked = 0;

  const here = () => Boolean(byId("response-rows"));
  const by = () => T.asked("by") || "line";

  /* ---- the span: days by the profile's clocks ---------------------------------------------------------- */

  const dayOf = (seconds) => new Intl.DateTimeFormat("en-CA", { timeZone: view.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(seconds * 1000));

  /* Midnight of a day, or of the day after, with the zone's own offset then. */
  function midnight(day, after) {
    const noon = Date.parse(day + "T12:00:00Z") + (after ? 86400000 : 0);
    const name = new Intl.DateTimeFormat("en-US", { timeZone: view.zone, timeZoneName: "longOffset" }).formatToParts(noon).find((part) => part.type === "timeZoneName").value;
    return new Date(noon).toISOString().slice(0, 10) + "T00:00:00" + (name.replace("GMT", "") || "+00:00");
  }

  const range = () => {
    const last = T.asked("to") || dayOf(T.now());
    const days = Number(T.asked("days")) || 7;
    return [T.asked("from") || dayOf(Date.parse(last + "T12:00:00Z") / 1000 - (days - 1) * 86400), last];
  };

  async function ask() {
    if (!here()) return;
    const mine = (asked += 1);
    const [from, to] = range();
    const query = new URLSearchParams({ lang: view.lang, by: by(), from: midnight(from) });
    if (to < dayOf(T.now())) query.set("to", midnight(to, true));
    if (view.scope) query.set("scope", view.scope);
    if (view.at) query.set("at", view.at);
    byId("response-whole").setAttribute("aria-busy", "true");
    const answer = await fetch("/api/v1/compliance?" + query, { cache: "no-store" }).catch(() => null);
    const told = answer && (await answer.json().catch(() => null));
    if (mine !== asked || !here()) return;
    data = answer && answer.ok ? told : null;
    byId("response-note").textContent = data ? "" : (told && told.detail) || T.word("response_failed");
    draw();
  }

  /* ---- numbers ------------------------------------------------------------------------------------------- */

  const percent = (share) => (share === null ? "—" : `${Math.round(100 * share)}%`);
  const due = (step) => step.kept + step.late + step.missed;
  const took = (step) => (step.median_s === null ? "—" : T.stopwatch(step.median_s));

  function bar(step) {
    const all = due(step);
    const said = PARTS.map((part) => `${T.word("part_" + part)} ${step[part]}`).join(" · ");
    return T.element("span.part-bar", { role: "img", "aria-label": said, title: said },
      ...PARTS.filter((part) => step[part]).map((part) => T.element("i", { "data-part": part, style: { width: `${(100 * step[part]) / all}%` } })));
  }

  const whole = () => [
    T.element("div.response-tile", {}, T.element("span.quiet", {}, T.word("fired_n")), T.element("b", {}, T.format.count(data.alerts)), T.element("span.quiet", {}, "")),
    ...STEPS.map(([name, word, minutes]) => {
      const step = data.steps[name];
      return T.element("div.response-tile", { "data-step": name },
        T.element("span.quiet", {}, T.word("within_min", { word: T.word(word), n: view.response[minutes] })),
        T.element("b", {}, percent(step.share)),
        bar(step),
        T.element("span.quiet", {}, `${T.word("of_due", { n: T.format.count(step.kept), of: T.format.count(due(step)) })} · ${T.word("median")} ${took(step)}`));
    }),
  ];

  function rows() {
    if (!data.rows.length) return [T.element("div.empty.calm", {}, T.word("no_fired"))];
    const head = [T.element("th", { scope: "col" }, T.word("times_by_" + by())), T.element("th.num", { scope: "col" }, T.word("fired_n")),
      ...STEPS.map(([, word]) => T.element("th", { scope: "col" }, T.word(word)))];
    const cells = (step) => T.element("td", {}, T.element("span.part-cell", {}, T.element("b", {}, percent(step.share)), bar(step), T.element("small", {}, took(step))));
    return [T.element("table", {}, T.element("thead", {}, T.element("tr", {}, ...head)), T.element("tbody", {}, ...data.rows.map((row) =>
      T.element("tr", {}, T.element("th", { scope: "row" }, row.name || T.word("belongs_to_none")), T.element("td.num", {}, T.format.count(row.alerts)), ...STEPS.map(([name]) => cells(row.steps[name]))))))];
  }

  /* ---- the course: a bar for each hour or day --------------------------------------------------------------- */

  function slots() {
    const [first, last] = [Date.parse(data.from), Date.parse(data.to)];
    const every = data.every === "hour" ? 3600 : 86400;
    const name = (seconds) => (data.every === "hour" ? `${dayOf(seconds)}T${T.clock(seconds).slice(0, 2)}:00` : dayOf(seconds));
    const found = new Map(data.course.map((slot) => [slot.slot, slot]));
    const names = [];
    for (let at = first / 1000; at < last / 1000; at += every) if (names.at(-1) !== name(at)) names.push(name(at));
    return names.map((slot) => ({ slot, steps: (found.get(slot) || {}).steps, alerts: (found.get(slot) || { alerts: 0 }).alerts }));
  }

  function svg(tag, attributes, text) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text) node.textContent = text;
    return node;
  }

  function course(name, word, all) {
    const [width, height, foot, left] = [600, 120, 20, 34];
    const most = Math.max(1, ...all.map((slot) => (slot.steps ? due(slot.steps[name]) : 0)));
    const step = (width - left) / all.length;
    const chart = svg("svg", { viewBox: `0 0 ${width} ${height + foot}`, role: "img", "aria-label": `${T.word(word)}: ${percent(data.steps[name].share)}` });
    for (const n of [0, most]) {
      const y = height - (n / most) * (height - 12);
      chart.append(svg("line", { x1: left, x2: width, y1: y, y2: y, class: "grid-line" }), svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, String(n)));
    }
    const every = Math.ceil(all.length / 8);
    all.forEach((slot, at) => {
      const x = left + at * step;
      let y = height;
      for (const part of PARTS) {
        const n = slot.steps ? slot.steps[name][part] : 0;
        const tall = (n / most) * (height - 12);
        if (!n) continue;
        y -= tall;
        const box = svg("rect", { x: x + step * 0.12, y, width: step * 0.76, height: Math.max(1, tall), "data-part": part });
        box.append(svg("title", {}, `${slot.slot.replace("T", " ")} · ${T.word("part_" + part)} ${n}`));
        chart.append(box);
      }
      if (at % every === 0) chart.append(svg("text", { x: x + step / 2, y: height + 15, "text-anchor": "middle" }, data.every === "hour" ? slot.slot.slice(11, 13) : slot.slot.slice(5)));
    });
    return T.element("figure", {}, T.element("figcaption", {}, T.word(word)), chart);
  }

  const key = () => T.element("p.part-key", {}, ...PARTS.map((part) => T.element("span", {}, T.element("i", { "data-part": part }), T.word("part_" + part))));

  /* ---- drawing ------------------------------------------------------------------------------------------------- */

  function dates() {
    const place = byId("response-from-to");
    const [from, to] = range();
    const field = (name, value, word) => T.element("label", {}, T.word(word), T.element("input", { type: "date", value, max: dayOf(T.now()), "data-date": name }));
    place.replaceChildren(field("from", from, "span_from"), field("to", to, "span_to"));
    const plain = !T.asked("from") && !T.asked("to");
    for (const button of document.querySelectorAll("[data-span]")) button.setAttribute("aria-pressed", String(plain && button.dataset.span === (T.asked("days") || "7")));
  }

  function draw() {
    byId("response-whole").setAttribute("aria-busy", "false");
    for (const tab of document.querySelectorAll("[data-by]")) tab.setAttribute("aria-selected", String(tab.dataset.by === by()));
    byId("response-whole").replaceChildren(...(data ? whole() : []));
    byId("response-rows").replaceChildren(...(data ? rows() : []));
    byId("response-course").replaceChildren(...(data && data.alerts ? [key(), ...STEPS.map(([name, word]) => course(name, word, slots()))] : []));
  }

  function change(told) {
    T.address(told);
    dates();
    ask();
  }

  document.addEventListener("click", (event) => {
    const span = event.target.closest("[data-span]");
    const tab = event.target.closest("[data-by]");
    if (span) change({ days: span.dataset.span === "7" ? "" : span.dataset.span, from: "", to: "" });
    if (tab) change({ by: tab.dataset.by === "line" ? "" : tab.dataset.by });
  });
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.date;
    if (!name || !event.target.value) return;
    const [from, to] = range();
    const told = { from, to, [name]: event.target.value };
    change(told.from <= told.to ? told : { from: event.target.value, to: event.target.value });
  });

  T.opening = T.opening || [];
  T.opening.push((next) => {
    view = next;
    if (!here()) return;
    data = null;
    /* Which day it is is known with the picture's time. */
    const first = () => (T.timed() ? (dates(), ask()) : setTimeout(first, 100));
    first();
  });
  document.addEventListener("threeline:minute", () => here() && ask());
})();
