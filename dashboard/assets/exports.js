/* Files that this page asked for: asked, followed while they are made, fetched when they are there. Nothing of it
   holds the page up: what goes on is told in a corner, and outlives a change of page and a reload. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const PATH = "/api/v1/exports";
  const KEPT = "threeline.exports";
  const SOON_MS = 1000;
  const SLOW_MS = 5000; /* while the server does not answer */
  const SEEN_MS = 8000;
  const STEPS = ["figures", "words", "map", "file"]; /* as in dashboard/jobs/job.py */
  const URGENT = ["making", "failed", "done", "queued"]; /* what the corner shows first */
  const CORNER = 2;
  const UNITS = ["B", "kB", "MB"];
  const mine = new Map(); /* id to the job as it was told last, in the order asked */
  let due = 0;
  let away = false;
  T.opening = T.opening || [];
  /* What is drawn anew when something of it changes: fn(). */
  T.exporting = T.exporting || [];

  T.mayExport = () => {
    const view = T.view();
    return Boolean(view) && view.may.includes("export") && !view.kiosk;
  };
  const told = () => {
    for (const draw of T.exporting) T.attempt("", draw);
  };
  const over = (job) => job.state === "done" || job.state === "failed";

  /* ---- what goes to the server and comes back --------------------------------------------------------- */

  /* {ok, told, why}: `why` is a sentence for a person. */
  T.askExports = async function (path, body) {
    const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : { cache: "no-store" };
    const mark = path.includes("?") ? "&" : "?";
    const answer = await fetch(`${PATH}${path}${mark}lang=${T.view().lang}`, options).catch(() => null);
    const found = answer ? await answer.json().catch(() => null) : null;
    return { ok: Boolean(answer && answer.ok && found), status: answer ? answer.status : 0, told: found, why: (found && found.detail) || T.word("export_away") };
  };

  /* Asks for a file; "" where it was taken on, else why it was not. */
  T.exportFile = async function (body) {
    const { ok, told: job, why } = await T.askExports("", body);
    if (!ok) return why;
    mine.set(job.id, job);
    keep();
    told();
    follow();
    return "";
  };

  T.ownExports = () => [...mine.values()].reverse();

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify([...mine.values()].filter((job) => !over(job)).map((job) => job.id)));
    } catch {
      /* Where the browser forbids it, a reload forgets what it waits for; the list does not. */
    }
  }

  function remember() {
    try {
      for (const id of JSON.parse(sessionStorage.getItem(KEPT)) || []) if (!mine.has(id)) mine.set(id, { id, file: "", state: "queued" });
    } catch {
      /* Nothing was kept. */
    }
  }

  function follow() {
    clearTimeout(due);
    if ([...mine.values()].some((job) => !over(job))) due = setTimeout(look, away ? SLOW_MS : SOON_MS);
  }

  async function look() {
    away = false;
    for (const before of [...mine.values()].filter((job) => !over(job))) {
      const { ok, status, told: job, why } = await T.askExports("/" + encodeURIComponent(before.id));
      if (ok) mine.set(before.id, { ...job, seen: "" });
      else if (status === 404) mine.set(before.id, { ...before, state: "failed", why: T.word("export_lost") });
      else if (status >= 400 && status < 500) mine.set(before.id, { ...before, state: "failed", why });
      else away = true;
      const now = mine.get(before.id);
      if (over(now)) ended(now);
    }
    keep();
    told();
    follow();
  }

  function ended(job) {
    T.speak(T.exportName(job) + " " + T.exportState(job));
    if (job.state !== "done") return;
    T.fetchExport(job);
    job.seen = "fetched";
    setTimeout(() => {
      job.seen = "over";
      told();
    }, SEEN_MS);
  }

  T.fetchExport = (job) => T.element("a", { href: T.exportHref(job), download: "" }).click();
  T.exportHref = (job) => job.href || `${PATH}/${encodeURIComponent(job.id)}/file`;

  /* ---- in words ------------------------------------------------------------------------------------------ */

  /* Times come as epoch seconds or as text. */
  T.exportTime = (value) => (typeof value === "string" ? Date.parse(value) / 1000 : value) || null;
  T.exportName = (job) => {
    const [what, form] = String(job.file || "").split(".");
    return what ? `${T.word("export_file_" + what)} ${form.toUpperCase()}` : T.word("export");
  };
  T.exportScope = (job) => job.county_name || (job.scope ? job.scope : T.word("whole"));
  T.exportBytes = function (bytes) {
    if (typeof bytes !== "number") return T.format.text(null);
    let at = 0;
    let value = bytes;
    for (; value >= 1000 && at < UNITS.length - 1; at += 1) value /= 1000;
    return `${T.format.one(value)} ${UNITS[at]}`;
  };
  T.exportState = function (job) {
    if (job.state === "queued") return job.place > 0 ? T.word("export_queued", { n: job.place }) : T.word("export_next");
    if (job.state === "making") {
      const what = STEPS.includes(job.doing) ? T.word("export_step_" + job.doing) : T.word("export_making");
      return job.steps ? T.word("export_step", { what, n: job.step || 1, of: job.steps }) : what;
    }
    if (job.state === "failed") return job.why ? T.word("export_failed_why", { why: job.why }) : T.word("export_failed");
    return T.word(job.seen ? "export_saved" : "export_done");
  };

  /* A file that is not to be had: its time is over, or it was handed over at once. */
  T.exportGone = (job) => T.word(job.shelved === false ? "export_direct" : "export_gone");

  /* A bar that says how far it is; without a share it only moves. */
  T.exportBar = function (job) {
    const known = job.state === "queued" ? 0 : job.steps ? ((job.step || 1) - 0.5) / job.steps : null;
    const share = known === null ? null : Math.min(1, known);
    const about = { role: "progressbar", "aria-label": T.exportName(job), "aria-valuemin": "0", "aria-valuemax": "100" };
    if (share !== null) about["aria-valuenow"] = String(Math.round(share * 100));
    return T.element("div.export-bar", { ...about, "data-known": String(share !== null) }, T.element("i", { style: share === null ? {} : { width: `${share * 100}%` } }));
  };

  T.exportTags = (job) => [
    job.late ? T.element("em.export-late", {}, T.word("export_late")) : null,
    job.schedule ? T.element("em.export-tag", { title: job.schedule }, T.word("export_scheduled")) : null,
  ];

  /* One file in a list: what it is, how it stands, how it is had. */
  T.exportRow = function (job, dismiss) {
    const at = T.exportTime(job.at);
    const about = [T.exportScope(job), at ? T.word("data_as_of", { time: T.dayTime(at) }) : ""].filter(Boolean).join(" · ");
    const had = job.state === "done" && job.kept !== false;
    return T.element("li.export-row", { "data-state": job.state === "done" && job.kept === false ? "gone" : job.state, "data-export": job.id },
      T.element("b", {}, T.exportName(job), ...T.exportTags(job)),
      had ? T.element("a.action", { href: T.exportHref(job), download: "", "aria-label": `${T.word("export_fetch")} ${T.exportName(job)}` }, T.word("export_fetch"))
        : dismiss && over(job) ? T.element("button.action", { type: "button", onclick: dismiss }, T.word("export_dismiss")) : null,
      job.file ? T.element("small", {}, about) : null,
      T.element("small.export-state", {}, job.state === "done" && job.kept === false ? T.exportGone(job) : T.exportState(job)),
      over(job) ? null : T.exportBar(job));
  };

  /* ---- the corner: what goes on while the dialog is shut ---------------------------------------------------- */

  let drawn = "";
  function tray() {
    let place = document.getElementById("export-tray");
    const shut = !document.querySelector("dialog.exports[open]");
    const all = T.mayExport() && shut ? T.ownExports().filter((job) => job.seen !== "over") : [];
    const shown = URGENT.flatMap((state) => all.filter((job) => job.state === state)).slice(0, CORNER);
    if (!place && !shown.length) return;
    if (!place) {
      place = T.element("ul.export-tray", { id: "export-tray" });
      document.body.append(place);
    }
    const more = all.length - shown.length;
    const now = JSON.stringify([T.view().lang, more, shown]);
    if (now === drawn) return;
    drawn = now;
    place.hidden = !shown.length;
    place.setAttribute("aria-label", T.word("exports_page"));
    const rows = shown.map((job) => T.exportRow(job, () => {
      job.seen = "over";
      told();
    }));
    T.keepFocus(place, () => place.replaceChildren(...rows, ...(more ? [T.element("li.export-more", {}, T.word("export_more", { n: more }))] : [])));
  }
  T.exporting.push(tray);

  T.opening.push(() => {
    if (!T.mayExport()) return;
    remember();
    follow();
    tray();
  });
})();
