/* The page of exports: who had which file, of what, from when; those that are being made among them. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const LIMIT = 200;
  const BUSY_MS = 2000;
  const EVERY_MS = 15000;
  const COLUMNS = ["made", "file", "scope", "at", "who", "state", "bytes", "fetch"];
  const PASSES = {
    all: () => true,
    brief: (job) => job.file.startsWith("brief"),
    snapshot: (job) => job.file.startsWith("snapshot"),
    schedule: (job) => Boolean(job.schedule),
    failed: (job) => job.state === "failed",
  };
  const byId = (id) => document.getElementById(id);
  let view = null;
  let rows = null;
  let failed = false;
  let due = 0;
  let drawn = "";
  T.opening = T.opening || [];
  T.exporting = T.exporting || [];

  const here = () => Boolean(byId("exports-list"));
  const only = () => (PASSES[T.asked("only")] ? T.asked("only") : "all");

  T.opening.push((next) => {
    view = next;
    clearTimeout(due);
    if (!here()) return;
    rows = null;
    failed = false;
    drawn = "";
    for (const chip of document.querySelectorAll("[data-only]")) chip.onclick = () => {
      T.address({ only: chip.dataset.only === "all" ? "" : chip.dataset.only });
      draw();
    };
    draw();
    load();
  });

  async function load() {
    clearTimeout(due);
    if (!here() || !T.mayExport()) return;
    const { ok, told } = await T.askExports("?limit=" + LIMIT);
    if (!here()) return;
    failed = !ok;
    if (ok) rows = told.exports;
    draw();
    const busy = (rows || []).some((job) => job.state === "queued" || job.state === "making");
    due = setTimeout(load, busy ? BUSY_MS : EVERY_MS);
  }

  /* What this page asked for itself is there before the list knows of it. */
  let own = "";
  T.exporting.push(() => {
    if (!here() || !view) return;
    const now = JSON.stringify(T.ownExports().map((job) => [job.id, job.state]));
    if (now !== own) load();
    own = now;
  });

  /* ---- drawing --------------------------------------------------------------------------------------- */

  function draw() {
    for (const chip of document.querySelectorAll("[data-only]")) chip.setAttribute("aria-pressed", String(chip.dataset.only === only()));
    const now = JSON.stringify([rows, failed, only(), view.key]);
    if (now === drawn) return;
    drawn = now;
    const place = byId("exports-list");
    const shown = (rows || []).filter(PASSES[only()]);
    place.setAttribute("aria-busy", String(!rows && !failed));
    byId("exports-count").textContent = rows ? T.word("export_count", { n: shown.length }) : "";
    const note = !rows ? (failed ? "export_unread" : "export_loading") : shown.length ? "" : rows.length ? "export_none_so" : "export_none";
    T.keepFocus(place, () => place.replaceChildren(
      ...(rows && failed ? [T.element("p.exports-unread", { role: "alert" }, T.word("export_unread"))] : []),
      note ? T.element("div.empty", {}, T.word(note)) : table(shown)));
  }

  const table = (shown) =>
    T.element("table", {},
      T.element("thead", {}, T.element("tr", {}, ...COLUMNS.map((name) => T.element("th", { scope: "col", "data-col": name }, T.word("export_col_" + name))))),
      T.element("tbody", {}, ...shown.map(line)));

  function line(job) {
    const cells = {
      made: when(job.made_at),
      file: [T.element("b", {}, T.exportName(job)), ...T.exportTags(job)],
      scope: T.exportScope(job),
      at: when(job.at),
      who: job.by === "board" ? T.word("export_by_board") : job.by,
      state: state(job),
      bytes: job.state === "done" ? T.exportBytes(job.bytes) : "",
      fetch: job.state === "done" && job.kept !== false ? T.element("a.action", { href: T.exportHref(job), download: "", "aria-label": `${T.word("export_fetch")} ${T.exportName(job)}` }, T.word("export_fetch")) : "",
    };
    const cell = (name) => {
      const inside = [cells[name]].flat().filter(Boolean);
      const about = { "data-col": name, "data-head": T.word("export_col_" + name), "data-empty": inside.length ? null : "" };
      return T.element("td", about, ...(inside.length ? inside : [name === "fetch" ? "" : T.format.text(null)]));
    };
    return T.element("tr", { "data-state": job.state === "done" && job.kept === false ? "gone" : job.state, "data-export": job.id }, ...COLUMNS.map(cell));
  }

  const when = (value) => {
    const seconds = T.exportTime(value);
    return seconds ? T.dayTimeSeconds(seconds) : T.format.text(null);
  };

  function state(job) {
    if (job.state === "done") return job.kept === false ? T.exportGone(job) : T.word("export_done");
    if (job.state === "failed") return T.exportState(job);
    return [T.element("span", {}, T.exportState(job)), T.exportBar(job)];
  }
})();
