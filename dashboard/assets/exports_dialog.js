/* The dialog behind the button and the key E: what is to be exported and how. What happens then is `exports.js`. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SIZES = ["1920x1080", "3840x2160", "7680x4320"];
  const [SHORTEST, LONGEST] = [320, 7680]; /* as in dashboard/size.py */
  const FORMS = { snapshot: ["png", "svg", "pdf"], brief: ["docx", "pptx", "pdf", "xlsx"] };
  const ALSO = { snapshot: ["size", "theme", "sheet"], brief: ["covers"] };
  const RECENT = 5;
  const AGAIN_MS = 5000;
  const chosen = { language: "", theme: "", size: SIZES[0], sheet: "full", covers: "last" }; /* lasts while the page does */
  let dialog = null;
  let recent = null; /* the newest of the server's list, null until they came */
  let failed = false;
  let due = 0;
  T.opening = T.opening || [];
  T.exporting = T.exporting || [];

  const open = () => Boolean(dialog && dialog.open);
  const form = () => dialog.querySelector("form");
  const value = (name) => (form().elements[name] ? form().elements[name].value : "");

  /* ---- what can be chosen ---------------------------------------------------------------------------------- */

  const onMap = () => Boolean(document.getElementById("map") && T.map.instance);
  const counties = () => (T.view().counties || []).map((county) => [county.adcode, county.name]);

  function whats() {
    const { reach } = T.view();
    return [onMap() ? "view" : "", reach ? "" : "whole", "county", "line", "brief"].filter(Boolean);
  }

  /* The scope that a choice means: its own county for a reader who has but one. */
  function scope(what) {
    const { reach } = T.view();
    if (reach) return reach;
    if (what === "county") return value("county");
    if (what === "line" || what === "brief") return value("scope");
    return what === "view" ? T.view().scope : "";
  }

  function own() {
    const [width, height] = [Number(value("width")), Number(value("height"))];
    return `${width}x${height}`;
  }

  /* What the server is asked, by the names of its addresses. */
  function body() {
    const what = value("what");
    const brief = what === "brief";
    const asked = { file: `${brief ? "brief" : "snapshot"}.${value("form")}`, scope: scope(what), lang: value("language") };
    if (T.view().at) asked.at = T.view().at;
    if (brief) return { ...asked, covers: value("covers") };
    const look = { ...asked, size: value("size") || own(), theme: value("theme"), sheet: value("sheet") };
    if (what === "line") look.line = value("line");
    return what === "view" ? { ...look, ...seen() } : look;
  }

  /* How the page's own map is seen; a zoom is that of the design canvas. */
  function seen() {
    const map = T.map.instance;
    const { lng, lat } = map.getCenter();
    const look = { c: `${lng.toFixed(4)},${lat.toFixed(4)}`, z: (map.getZoom() - Math.log2(T.scale())).toFixed(2) };
    if (T.view().hidden.length) look.hide = T.view().hidden.join(",");
    if (T.selected()) look.site = T.selected();
    return look;
  }

  /* ---- the form ------------------------------------------------------------------------------------------------ */

  const chips = (name, title, options, now) =>
    T.element("fieldset", { "data-part": name }, T.element("legend", {}, title), T.element("div.export-chips", {}, ...options.map(([key, words, small]) =>
      T.element("label", {}, T.element("input", { type: "radio", name, value: key, checked: key === now ? "" : null }), T.element("span", {}, words, small ? T.element("small", {}, small) : null)))));

  const select = (name, title, options, now) =>
    T.element("label.export-select", { "data-part": name }, T.element("span", {}, title), T.element("select", { name }, ...options.map(([key, words]) => T.element("option", { value: key, selected: key === now ? "" : null }, words))));

  const number = (name, now) => T.element("input", { type: "number", name, value: now, min: SHORTEST, max: LONGEST, step: 1, "aria-label": T.word("export_" + name) });

  function fields() {
    const view = T.view();
    const all = view.reach ? [] : [["", T.word("whole")], ...counties()];
    const as = T.word(view.at ? "export_as_of" : "export_as_now", { time: view.at ? T.dayTimeSeconds(T.state.at) : "" });
    const tall = ["1920", "1080"];
    return [
      chips("what", T.word("export_what"), whats().map((what) => [what, T.word("export_what_" + what)]), whats()[0]),
      T.element("p.export-note", { role: "status" }),
      select("county", T.word("export_county"), counties(), view.scope),
      select("line", T.word("export_line"), Object.entries(view.line_names), ""),
      select("scope", T.word("export_scope"), all, view.scope),
      chips("covers", T.word("export_covers"), ["last", "day", "week"].map((key) => [key, T.word("export_covers_" + key)]), chosen.covers),
      T.element("fieldset", { "data-part": "form" }, T.element("legend", {}, T.word("export_form")), T.element("div.export-chips", { id: "export-forms" })),
      chips("size", T.word("export_size"), [...SIZES.map((size) => [size, size.replace("x", " × ")]), ["", T.word("export_size_own")]], chosen.size),
      T.element("div.export-own", { "data-part": "own" }, number("width", tall[0]), T.element("span", { "aria-hidden": "true" }, "×"), number("height", tall[1])),
      T.element("div.export-three", {},
        chips("language", T.word("export_language"), view.languages.map((lang) => [lang, T.word(lang.startsWith("zh") ? "export_language_zh" : "export_language_en")]), chosen.language || view.lang),
        chips("theme", T.word("export_theme"), [["dark", T.word("theme_dark")], ["light", T.word("theme_light")]], chosen.theme || T.themeNow()),
        chips("sheet", T.word("export_sheet"), [["full", T.word("export_sheet_full")], ["map", T.word("export_sheet_map")]], chosen.sheet)),
      T.element("p.quiet", {}, as),
      T.element("p.export-wrong", { role: "alert", hidden: "" }),
      T.element("button.action.main", { type: "submit" }, T.word("export_do")),
    ];
  }

  /* Shows what belongs to the choice made, and hides the rest. */
  function arrange(event) {
    const what = value("what");
    const kind = what === "brief" ? "brief" : "snapshot";
    const { reach } = T.view();
    if (event && event.target.name in chosen) chosen[event.target.name] = event.target.value;
    const forms = dialog.querySelector("#export-forms");
    if (forms.dataset.kind !== kind) {
      forms.dataset.kind = kind;
      const made = chips("form", "", FORMS[kind].map((key) => [key, T.word("export_form_" + key), key.toUpperCase()]), FORMS[kind][0]);
      forms.replaceChildren(...made.querySelectorAll("label"));
    }
    const shown = new Set(["what", "form", "language", ...ALSO[kind]]);
    if (kind === "snapshot" && !value("size")) shown.add("own");
    if (what === "county" && !reach) shown.add("county");
    if (what === "line") shown.add("line");
    if ((what === "line" || what === "brief") && !reach) shown.add("scope");
    for (const part of dialog.querySelectorAll("[data-part]")) {
      part.hidden = !shown.has(part.dataset.part);
      for (const field of part.querySelectorAll("input, select")) field.disabled = part.hidden;
    }
    dialog.querySelector(".export-note").textContent = T.word("export_note_" + what);
    wrong("");
  }

  function wrong(text) {
    const place = dialog.querySelector(".export-wrong");
    place.textContent = text;
    place.hidden = !text;
  }

  async function submit(event) {
    event.preventDefault();
    const button = form().querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    button.textContent = T.word("export_asking");
    const why = await T.exportFile(body());
    button.disabled = false;
    button.textContent = T.word("export_do");
    wrong(why && T.word("export_not", { why }));
  }

  /* ---- beside it: the link, and what was exported lately --------------------------------------------------------- */

  async function link() {
    const query = new URLSearchParams({ lang: T.view().lang, at: String(Math.floor(T.state.at || T.now())) });
    if (T.view().scope) query.set("scope", T.view().scope);
    if (onMap()) for (const [name, text] of Object.entries(seen())) query.set(name, text);
    const place = dialog.querySelector(".export-link");
    const answer = await fetch("/api/v1/link?" + query, { cache: "no-store" }).then((one) => (one.ok ? one.json() : null)).catch(() => null);
    if (!open()) return;
    if (!answer) return place.replaceChildren(T.element("p.quiet", { role: "status" }, T.word("export_link_failed")));
    const field = T.element("input", { readonly: "", value: answer.link, "aria-label": T.word("export_link"), onfocus: (event) => event.target.select() });
    const copy = T.element("button.action", { type: "button", async onclick() {
      copy.textContent = T.word((await T.copied(answer.link, dialog)) ? "copied" : "copy_failed");
      setTimeout(() => (copy.textContent = T.word("export_copy")), 1800);
    } }, T.word("export_copy"));
    place.replaceChildren(
      T.element("img", { src: "data:image/svg+xml;charset=utf-8," + encodeURIComponent(answer.qr), alt: T.word("export_qr") }),
      T.element("div", {}, T.element("div.export-copy", {}, field, copy), T.element("p.quiet", {}, T.word("export_link_note"))));
  }

  async function load() {
    clearTimeout(due);
    if (!open()) return;
    due = setTimeout(load, AGAIN_MS);
    const { ok, told } = await T.askExports("?limit=" + RECENT);
    failed = !ok;
    if (ok) recent = told.exports;
    list();
  }

  function list() {
    if (!open()) return;
    const place = dialog.querySelector(".export-recent");
    place.setAttribute("aria-busy", String(!recent && !failed));
    const own = T.ownExports();
    const rows = [...own, ...(recent || []).filter((job) => !own.some((one) => one.id === job.id))].slice(0, RECENT);
    const empty = (key) => T.element("li.empty", {}, T.word(key));
    const note = rows.length ? [] : [empty(recent ? "export_none" : failed ? "export_unread" : "export_loading")];
    T.keepFocus(place, () => place.replaceChildren(...note, ...rows.map((job) => T.exportRow(job))));
  }
  T.exporting.push(list);

  /* ---- opening it ------------------------------------------------------------------------------------------------- */

  function show() {
    if (!T.mayExport() || open() || document.querySelector("dialog[open]")) return;
    if (!dialog || !dialog.isConnected) {
      dialog = T.element("dialog.exports", { id: "export", "aria-labelledby": "export-title" });
      dialog.addEventListener("close", () => {
        clearTimeout(due);
        for (const draw of T.exporting) draw();
      });
      document.body.append(dialog);
    }
    const close = T.element("button.action", { type: "button", "aria-label": T.word("close"), onclick: () => dialog.close() }, "✕");
    dialog.replaceChildren(
      T.element("header.export-head", {}, T.element("h2", { id: "export-title" }, T.word("export_title")), close),
      T.element("form", { onsubmit: submit, onchange: arrange, autocomplete: "off" }, ...fields()),
      T.element("aside", {},
        T.element("h3", {}, T.word("export_link")), T.element("div.export-link", {}, T.element("p.quiet", {}, T.word("export_loading"))),
        T.element("header", {}, T.element("h3", {}, T.word("export_recent")), T.element("a", { href: `/exports?lang=${T.view().lang}` }, T.word("export_everything"))),
        T.element("ul.export-recent", { "aria-label": T.word("export_recent") })));
    dialog.showModal();
    arrange();
    form().elements.what[0].focus();
    for (const draw of T.exporting) draw();
    link();
    load();
  }

  T.keys = Object.assign(T.keys || {}, { e: show });
  T.actions = Object.assign(T.actions || {}, { export: show });
  /* Another page has other choices. */
  T.opening.push(() => open() && dialog.close());
})();
