/* What was found: today's, by county, and the bulletin of a chosen day as a text to be copied. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const R = T.rounds;
  const byId = (id) => document.getElementById(id);
  T.actions = T.actions || {};
  let today = null; /* the answer about today */
  let day = "";
  let asked = 0;

  R.atQuery = () => {
    const { lang, at } = T.view();
    return new URLSearchParams(at ? { lang, at } : { lang });
  };

  /* A day by the profile's clocks, YYYY-MM-DD. */
  const dayOf = (seconds) => new Intl.DateTimeFormat("en-CA", { timeZone: T.view().zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(seconds * 1000));

  async function ask(more) {
    const answer = await fetch("/api/v1/findings?" + R.scopeQuery(more), { cache: "no-store" }).catch(() => null);
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  }

  R.loadFound = async () => {
    const mine = ++asked;
    const data = await ask({});
    if (mine !== asked || !R.here() || !data) return;
    today = data;
    drawToday();
    if (day === today.day) showDay(today);
    else if (day && !byId("found-day").hidden && !byId("bulletin-text").textContent) showDay(await ask({ day }));
  };

  function drawToday() {
    const place = byId("found-today");
    const counties = [...new Set(today.found.map((one) => one.county_name))];
    place.replaceChildren(...(today.found.length ? counties.map((county) => {
      const mine = today.found.filter((one) => one.county_name === county);
      return T.element("section.found-county", {}, T.element("h3", {}, county, T.element("span", {}, String(mine.length))), ...mine.map(item));
    }) : [T.element("div.empty.calm", {}, T.word("found_none"))]));
  }

  function item(one) {
    const again = today.again.find((other) => other.site_id === one.site_id);
    return T.element("button.found-row", { type: "button", "data-severity": one.severity, onclick: () => { R.choose(R.find(one.site_id)); R.pane("look"); } },
      T.element("span.found-where", {}, T.element("b", {}, one.name), T.element("time", {}, T.hourMinute(R.seconds(one.seen_at)))),
      T.element("span.found-what", {}, ...one.what.map((text) => T.element("span.chip." + one.severity, {}, text)), again ? T.element("span.found-again", {}, `${T.word("bulletin_again")} ${T.word("bulletin_times", { n: again.times })}`) : null),
      one.note ? T.element("span.found-note", {}, one.note) : null,
      one.by || one.simulated ? T.element("small.quiet", {}, one.by || T.word("method_simulated")) : null);
  }

  /* ---- the bulletin ------------------------------------------------------------------------------ */

  R.openBulletin = (wanted) => {
    const now = T.view().at ? Date.parse(T.view().at) / 1000 : T.now() || Date.now() / 1000;
    day = /^\d{4}-\d\d-\d\d$/.test(wanted) ? wanted : "";
    const input = T.element("input", { type: "date", id: "bulletin-date", max: dayOf(now), value: day || dayOf(now - 86400), onchange: (event) => choose(event.target.value) });
    byId("bulletin-day").replaceChildren(input);
    byId("bulletin-text").textContent = "";
    tab(day ? "day" : "today");
  };

  async function choose(value) {
    if (!value) return;
    day = value;
    T.address({ day });
    const data = await ask({ day });
    if (day === value && R.here()) showDay(data);
  }

  function showDay(data) {
    const link = byId("bulletin-csv");
    if (link) link.href = "/api/v1/findings?" + R.scopeQuery({ day, format: "csv" });
    const text = byId("bulletin-text");
    if (!data) {
      text.textContent = T.word("rounds_failed");
      return;
    }
    if (text.textContent !== data.text) text.textContent = data.text;
    const head = [["bulletin_asked", "asked"], ["bulletin_done", "done"], ["bulletin_late", "late"], ["bulletin_missed", "missed"], ["bulletin_found", "found"]];
    const rows = data.counties.filter((one) => one.asked || one.found);
    byId("bulletin-counts").replaceChildren(T.element("table", {},
      T.element("thead", {}, T.element("tr", {}, T.element("th", {}), ...head.map(([word]) => T.element("th", { scope: "col" }, T.word(word))))),
      T.element("tbody", {}, ...rows.map((one) => T.element("tr", {}, T.element("th", { scope: "row" }, one.county_name || T.word("outside_counties")),
        ...head.map(([, name]) => T.element("td", { "data-bad": String((name === "missed" || name === "found") && one[name] > 0) }, String(one[name]))))))));
  }

  function tab(name) {
    for (const button of document.querySelectorAll(".found-tabs [data-found]")) button.setAttribute("aria-selected", String(button.dataset.found === name));
    byId("found-today").hidden = name !== "today";
    byId("found-day").hidden = name !== "day";
    if (name === "day") choose(day || byId("bulletin-date").value);
    else {
      day = "";
      T.address({ day: "" });
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".found-tabs [data-found]");
    if (button && R.here()) tab(button.dataset.found);
  });

  T.actions["bulletin-copy"] = async (button) => {
    const text = byId("bulletin-text");
    const word = button.textContent;
    let copied = false;
    /* Browsers give the clipboard only to pages over TLS or of this machine. */
    if (navigator.clipboard) copied = await navigator.clipboard.writeText(text.textContent).then(() => true, () => false);
    if (!copied) {
      getSelection().selectAllChildren(text);
      copied = document.execCommand("copy");
    }
    button.textContent = T.word(copied ? "bulletin_copied" : "bulletin_select");
    setTimeout(() => { button.textContent = word; }, 2500);
  };
})();
