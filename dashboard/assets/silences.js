/* Silences and planned closures: the list of what is in force, to come and over, and ending one early.
   The form beside it is in silences_form.js. The list is asked for once a minute, after every order of one's own,
   and when the picture says that closures or hidden alerts changed. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const EVERY_MS = 60000;
  const AGAIN_MS = 5000;
  const SOON_MS = 400;
  const SURE_MS = 4000;
  const byId = (id) => document.getElementById(id);
  T.opening = T.opening || [];

  const S = (T.silences = { rows: null, works: [], failed: false });
  let view = null;
  let turn = 0; /* an answer to an older question is not shown */
  let due = 0;
  let sure = ""; /* the one whose end waits to be confirmed */
  let stamp = "";

  S.here = () => Boolean(byId("silences"));
  S.seconds = (text) => (text ? Date.parse(text) / 1000 : null);
  S.query = () => {
    const query = new URLSearchParams({ lang: view.lang });
    if (view.scope) query.set("scope", view.scope);
    if (view.at) query.set("at", view.at);
    return query;
  };
  S.send = async (path, body) => {
    const answer = await fetch(`/api/v1/silences${path}?` + S.query(), {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).catch(() => null);
    const data = answer ? await answer.json().catch(() => null) : null;
    return { ok: Boolean(answer && answer.ok && data), data, why: (data && data.detail) || T.word("silence_away") };
  };
  S.say = (text, state) => {
    const place = byId("silence-said");
    if (!place) return;
    place.textContent = text;
    place.dataset.state = state;
  };
  S.covers = (covers) => Object.entries(covers).map(([target, n]) => T.word("covers_" + target, { n })).join(T.word("comma"));

  T.opening.push((next) => {
    view = next;
    clearTimeout(due);
    if (!S.here()) return;
    Object.assign(S, { rows: null, works: [], failed: false });
    draw();
    S.openForm(view);
    load();
  });

  function plan(milliseconds) {
    clearTimeout(due);
    due = setTimeout(load, milliseconds);
  }

  const ask = async (name) => {
    const answer = await fetch(`/api/v1/${name}?` + S.query(), { cache: "no-store" }).catch(() => null);
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  };

  async function load() {
    if (!S.here()) return;
    const mine = ++turn;
    plan(EVERY_MS);
    const [told, works] = await Promise.all([ask("silences"), ask("maintenance")]);
    if (mine !== turn || !S.here()) return;
    S.failed = !told || !works;
    if (S.failed) plan(AGAIN_MS);
    else Object.assign(S, { rows: told.silences, works: works.maintenance });
    draw();
  }
  S.load = load;

  T.listen((what) => {
    if (what.tick || !S.here() || T.state.replay) return;
    const hidden = {};
    for (const alert of T.state.alerts.values()) if (alert.hidden_by) hidden[alert.hidden_by] = (hidden[alert.hidden_by] || 0) + 1;
    const now = JSON.stringify([T.state.closures || [], hidden]);
    if (now === stamp) return;
    stamp = now;
    plan(SOON_MS);
  });

  /* ---- drawing ----------------------------------------------------------------------------------- */

  function draw() {
    const place = byId("silences-list");
    if (!place) return;
    place.setAttribute("aria-busy", String(!S.rows));
    T.keepFocus(place, () => place.replaceChildren(...(S.rows ? parts() : [T.element("div.empty", {}, T.word(S.failed ? "silence_unread" : "silence_loading"))])));
    const running = S.rows ? S.rows.filter((row) => row.state === "running").length + S.works.filter((work) => work.running).length : 0;
    byId("silences-sum").textContent = S.rows ? `${T.word("silence_running")} ${running}` : "";
  }

  const part = (word, rows, none) => T.element("section.silence-part", {}, T.element("h3", {}, T.word(word)), ...(rows.length ? rows : [T.element("p.quiet", {}, T.word(none || "silence_none"))]));

  function parts() {
    const of = (state) => S.rows.filter((row) => row.state === state).map(item);
    const over = of("over");
    return [
      S.failed ? T.element("p.rounds-note.wrong", { role: "status" }, T.word("silence_unread")) : null,
      part("silence_running", of("running")), part("silence_upcoming", of("upcoming")),
      part("maintenance", S.works.map(work), "maintenance_none"), over.length ? part("silence_over", over) : null,
    ].filter(Boolean);
  }

  /* What is meant, in names: each list in a line. */
  function where(row) {
    const lists = Object.values(row.names).map((names) => T.element("span.silence-names", {}, names.slice(0, 8).join(T.word("comma")) + (names.length > 8 ? " …" : "")));
    return T.element("p.silence-where", {}, ...(lists.length ? lists : [T.word("silence_everything")]), T.element("small.quiet", {}, S.covers(row.covers)));
  }

  const times = (start, end) => T.word("silence_from_to", { start: T.dayTime(S.seconds(start)), end: T.dayTime(S.seconds(end)) });
  const hides = (row) => T.element("span" + (row.hides ? ".silence-hides" : ".quiet"), {}, T.word(row.hides ? "silence_hides" : "silence_hides_none", { n: row.hides }));

  function item(row) {
    const left = S.seconds(row.end) - (T.now() || Date.now() / 1000);
    const author = row.theirs ? T.word("silence_theirs") : T.word("silence_by", { who: row.by || T.word("somebody"), time: T.dayTime(S.seconds(row.made_at)) });
    return T.element("article.silence", { "data-kind": row.kind, "data-state": row.state, "data-id": row.id },
      T.element("header", {}, T.element("b.silence-mark", {}, T.word("silence_" + row.kind)), T.element("span", {}, times(row.start, row.end)),
        row.state === "running" ? T.element("span.silence-left", {}, T.word("silence_left", { time: T.lasting(Math.max(0, left)) })) : null),
      row.reason ? T.element("p.silence-reason", {}, row.reason) : null,
      where(row),
      T.element("footer", {}, T.element("small.quiet", {}, [author, row.scope_name].filter(Boolean).join(" · ")), row.state === "running" ? hides(row) : null,
        row.state !== "over" && !row.theirs && view.may.includes("operate") && !view.at
          ? T.element("button.action", { type: "button", "data-do": "silence-end", "data-silence-id": row.id, "data-sure": String(sure === row.id) }, T.word(sure === row.id ? "silence_end_sure" : "silence_end"))
          : null));
  }

  function work(row) {
    const [next] = row.windows;
    const when = !next ? T.word("maintenance_idle") : row.running ? times(next.start, next.end) : T.word("maintenance_next", { time: times(next.start, next.end) });
    return T.element("article.silence", { "data-kind": "maintenance", "data-state": row.running ? "running" : "upcoming", "data-id": row.id },
      T.element("header", {}, T.element("b.silence-mark", {}, row.name), T.element("span", {}, when)),
      row.reason ? T.element("p.silence-reason", {}, row.reason) : null, where(row),
      row.running ? T.element("footer", {}, hides(row)) : null);
  }

  /* ---- ending early: pressed twice ----------------------------------------------------------------- */

  T.actions = Object.assign(T.actions || {}, {
    async "silence-end"(button) {
      const id = button.dataset.silenceId;
      if (sure !== id) {
        sure = id;
        draw();
        setTimeout(() => {
          if (sure === id) sure = "";
          if (S.here()) draw();
        }, SURE_MS);
        return;
      }
      sure = "";
      const { ok, why } = await S.send(`/${encodeURIComponent(id)}/end`, {});
      S.say(ok ? T.word("silence_ended") : T.word("silence_failed", { why }), ok ? "good" : "wrong");
      load();
    },
  });
})();
