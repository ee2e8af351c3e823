/* Making a silence or closure: what, where, until when and why; what it would hide is asked for while one chooses. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const S = T.silences;
  const WAIT_MS = 350;
  const REASON = 200; /* letters */
  const FOUND = 12; /* hits in the list under the field */
  const byId = (id) => document.getElementById(id);

  let view = null;
  let draft = null; /* {kind, rules: Set, sites: Map, fences: Map, start, end}; start and end: "" or seconds, end also {minutes} */
  let fences = {};
  let turn = 0;
  let wait = 0;
  let busy = false;

  S.openForm = (next) => {
    view = next;
    if (!byId("silence-form")) return;
    fences = JSON.parse(byId("silences").dataset.fences);
    draft = { kind: "silence", rules: new Set(), sites: new Map(), fences: new Map(), start: null, end: null };
    const asked = T.asked("sites");
    for (const id of T.askedList("sites")) draft.sites.set(id, id);
    if (T.asked("kind") === "closure") draft.kind = "closure";
    byId("silence-start-at").replaceChildren(field("start"));
    byId("silence-end-at").replaceChildren(field("end"));
    byId("silence-find-at").replaceChildren(T.element("input", { id: "silence-find", type: "search", placeholder: T.word("silence_sites") }));
    byId("silence-reason-at").replaceChildren(T.element("textarea", { id: "silence-reason", rows: "2", maxlength: String(REASON), placeholder: T.word("silence_reason_hint"), oninput: ready }));
    T.combobox(byId("silence-find"), byId("silence-found"), { find, name: T.word("silence_sites") });
    for (const list of document.querySelectorAll("[data-silence-list]")) list.onchange = changed;
    byId("silence-save").onclick = save;
    byId("silence-form").onclick = press;
    draw();
    if (asked) changed();
  };

  /* A time by the profile's clocks, whatever the clock of this machine. */
  function zoned(text) {
    const plain = Date.parse(text + "Z");
    if (Number.isNaN(plain)) return null;
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: view.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const offset = (at) => Date.parse(format.format(new Date(at)).replace(" ", "T") + "Z") - at;
    const first = plain - offset(plain);
    return (plain - offset(first)) / 1000;
  }

  function field(name) {
    return T.element("input", {
      type: "datetime-local", id: "silence-" + name, "aria-label": byId(`silence-${name}-at`).parentElement.previousElementSibling.textContent,
      oninput(event) {
        draft[name] = event.target.value ? zoned(event.target.value) : null;
        draw();
        changed();
      },
    });
  }

  function find(text) {
    if (!text.trim()) return [];
    const sites = T.findSites(text, FOUND).filter((site) => !view.scope || site.county === view.scope);
    const words = T.words(text);
    const named = draft.kind === "closure" ? [] : Object.entries(fences).filter(([id, name]) => words.every((word) => (name + " " + id).toLowerCase().includes(word))).slice(0, FOUND);
    const row = (node, list, id, name) => ({ node, choose() { draft[list].set(id, name); draw(); changed(); } });
    return [
      { title: "", rows: sites.map((site) => row(T.siteOption(site), "sites", site.id, site.name)) },
      { title: "", rows: named.map(([id, name]) => row(T.element("div.search-hit", {}, T.element("b", {}, name), T.element("span.hit-id", {}, id)), "fences", id, name)) },
    ];
  }

  function press(event) {
    const chip = event.target.closest("[data-silence]");
    if (!chip) return;
    const { silence: what, value } = chip.dataset;
    if (what === "kind") draft.kind = value;
    else if (what === "rule" && !draft.rules.delete(value)) draft.rules.add(value);
    else if (what === "start") [draft.start, byId("silence-start").value] = [null, ""];
    else if (what === "end") [draft.end, byId("silence-end").value] = [{ minutes: Number(value) }, ""];
    else if (what === "sites" || what === "fences") draft[what].delete(value);
    draw();
    changed();
  }

  const pressed = {
    kind: (value) => draft.kind === value, rule: (value) => draft.rules.has(value), start: () => draft.start === null,
    end: (value) => Boolean(draft.end && draft.end.minutes === Number(value)),
  };

  function draw() {
    const form = byId("silence-form");
    form.dataset.kind = draft.kind;
    byId("silence-rules").hidden = draft.kind === "closure";
    for (const chip of form.querySelectorAll("[data-silence]")) {
      const { silence: what, value } = chip.dataset;
      if (pressed[what]) chip.setAttribute("aria-pressed", String(pressed[what](value)));
    }
    const picked = (list) => [...draft[list]].map(([id, name]) => T.element("button.silence-chip.picked", { type: "button", "data-silence": list, "data-value": id, title: id }, T.siteName && list === "sites" ? T.siteName(id) : name, T.element("i", { "aria-hidden": "true" }, " ×")));
    byId("silence-picked").replaceChildren(...picked("sites"), ...(draft.kind === "closure" ? [] : picked("fences")));
    ready();
  }

  function where() {
    const lists = { sites: [...draft.sites.keys()] };
    if (draft.kind === "silence") Object.assign(lists, { rules: [...draft.rules], fences: [...draft.fences.keys()] });
    for (const list of document.querySelectorAll("[data-silence-list]")) lists[list.dataset.silenceList] = list.value ? [list.value] : [];
    return Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length));
  }

  const chosen = () => Object.keys(where()).length > 0 || Boolean(view.scope && draft.kind === "silence");

  function body() {
    const end = draft.end === null ? null : draft.end.minutes || String(draft.end);
    return { kind: draft.kind, where: where(), start: draft.start === null ? null : String(draft.start), end };
  }

  function ready() {
    const reason = byId("silence-reason").value.trim();
    byId("silence-save").disabled = busy || !chosen() || draft.end === null || !reason;
  }

  function changed() {
    ready();
    clearTimeout(wait);
    wait = setTimeout(look, WAIT_MS);
  }

  /* ---- what it would hide --------------------------------------------------------------------------- */

  async function look() {
    const place = byId("silence-preview");
    if (!place) return;
    const mine = ++turn;
    if (!chosen()) {
      place.replaceChildren(T.word("preview_pick"));
      return;
    }
    const { ok, data, why } = await S.send("/preview", body());
    if (mine !== turn || !S.here()) return;
    place.dataset.state = ok ? "" : "wrong";
    place.replaceChildren(...(ok ? told(data) : [why]));
  }

  function told(data) {
    const line = (kind, text) => T.element("p" + kind, {}, text);
    const rows = data.alerts.slice(0, 8).map((alert) => T.element("li", { "data-severity": alert.severity }, `${alert.name} · ${alert.what}`));
    return [
      line("", T.word("preview_covers", { what: S.covers(data.covers) })),
      line(data.hides ? ".preview-loud" : ".quiet", T.word(data.hides ? "preview_hides" : "preview_hides_none", { n: data.hides })),
      rows.length ? T.element("ul", {}, ...rows) : null,
      data.hides > rows.length ? line(".quiet", T.word("preview_more", { n: data.hides })) : null,
      data.already ? line(".quiet", T.word("preview_already", { n: data.already })) : null,
      line(".quiet", T.word("preview_lately", { n: data.lately, days: data.lately_days })),
      data.opens_km === null ? null : line(data.opens_km ? ".preview-loud" : ".quiet", T.word(data.opens_km ? "preview_opens" : "preview_opens_none", { km: data.opens_km.toFixed(1) })),
    ].filter(Boolean);
  }

  /* ---- ordering it ----------------------------------------------------------------------------------- */

  async function save() {
    if (busy) return;
    busy = true;
    ready();
    const { ok, data, why } = await S.send("", { ...body(), reason: byId("silence-reason").value });
    busy = false;
    if (!S.here()) return;
    S.say(ok ? T.word("silence_saved", { time: T.dayTime(S.seconds(data.silence.end)) }) : T.word("silence_failed", { why }), ok ? "good" : "wrong");
    if (ok) {
      Object.assign(draft, { rules: new Set(), sites: new Map(), fences: new Map(), start: null, end: null });
      for (const list of document.querySelectorAll("[data-silence-list]")) list.value = "";
      for (const id of ["silence-reason", "silence-start", "silence-end"]) byId(id).value = "";
      S.load();
      look();
    }
    draw();
  }
})();
