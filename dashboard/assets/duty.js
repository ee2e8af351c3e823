/* Duty levels: what is in force in the prefecture and each county, and raising or lowering it in two steps: the level
   that is pressed is chosen, with a reason it is ordered. Who is where stands in duty_roster.js. Both are asked for once
   a minute, after every order of one's own, and when the level in the picture changes. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const EVERY_MS = 60000;
  const AGAIN_MS = 5000;
  const SOON_MS = 400;
  const REASON = 200; /* letters */
  const byId = (id) => document.getElementById(id);
  T.opening = T.opening || [];

  const D = (T.duty = { told: null, failed: false });
  let view = null;
  let turn = 0; /* an answer to an older question is not shown */
  let due = 0;
  let chosen = null; /* {scope, level, reason}: a level that waits for its reason; level "" lets the scope follow again */
  let busy = false;
  let stamp = "";

  D.here = () => Boolean(byId("duty-page"));
  D.seconds = (text) => (text ? Date.parse(text) / 1000 : null);
  D.query = (more) => {
    const query = new URLSearchParams({ lang: view.lang });
    if (view.scope) query.set("scope", view.scope);
    if (view.at) query.set("at", view.at);
    for (const [name, value] of Object.entries(more || {})) query.set(name, value);
    return query;
  };
  D.ask = async (name, more) => {
    const answer = await fetch(`/api/v1/${name}?` + D.query(more), { cache: "no-store" }).catch(() => null);
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  };
  D.empty = (word) => T.element("div.empty", {}, T.word(word));

  T.opening.push((next) => {
    view = next;
    clearTimeout(due);
    if (!D.here()) return;
    Object.assign(D, { told: null, failed: false });
    chosen = null;
    draw();
    D.openRoster(view);
    load();
  });

  function plan(milliseconds) {
    clearTimeout(due);
    due = setTimeout(load, milliseconds);
  }

  async function load() {
    if (!D.here()) return;
    const mine = ++turn;
    plan(EVERY_MS);
    D.loadRoster();
    const told = await D.ask("duty");
    if (mine !== turn || !D.here()) return;
    D.failed = !told;
    if (told) D.told = told;
    else plan(AGAIN_MS);
    draw();
  }

  function hear(what) {
    if (what.tick || !D.here() || T.state.replay) return;
    const now = JSON.stringify([T.state.duty_level, Object.values(T.state.lines || {}).map((line) => line.staff_required)]);
    if (now === stamp) return;
    stamp = now;
    plan(SOON_MS);
  }

  let listening = false; /* the link's script comes after this one */
  T.opening.push(() => {
    if (!listening) T.listen(hear);
    listening = true;
  });

  /* ---- drawing ------------------------------------------------------------------------------------- */

  const mayOrder = () => !view.at && view.may.includes("operate");
  const nameOf = (row) => row.name || T.word("whole");
  const levelName = (id) => (D.told.levels.find((level) => level.id === id) || { name: id }).name;
  const following = (row) => T.word(row.scope ? "duty_follow" : "duty_as_profile");

  function draw() {
    const place = byId("duty-levels");
    if (!place) return;
    place.setAttribute("aria-busy", String(!D.told));
    const typing = place.contains(document.activeElement) && document.activeElement.id === "duty-reason";
    T.keepFocus(place, () => place.replaceChildren(...(D.told ? parts() : [D.empty(D.failed ? "duty_unread" : "duty_loading")])));
    if (typing) byId("duty-reason")?.focus();
    byId("duty-history").replaceChildren(...(D.told ? history() : []));
  }

  function parts() {
    const note = view.at ? T.word("duty_past", { time: T.dayTime(D.seconds(D.told.at)) }) : mayOrder() ? "" : T.word("duty_may_not");
    return [
      D.failed ? T.element("p.rounds-note.wrong", { role: "status" }, T.word("duty_unread")) : null,
      note ? T.element("p.rounds-note", {}, note) : null,
      ...D.told.scopes.map(scope),
    ].filter(Boolean);
  }

  function scope(row) {
    const why = row.own
      ? [T.word("duty_own"), row.set_at ? T.word("duty_by_at", { who: row.by || T.word("duty_somebody"), time: T.dayTime(D.seconds(row.set_at)) }) : "", row.reason]
      : [T.word(row.scope ? "duty_follows" : "duty_by_profile")];
    return T.element("article.duty-scope", { "data-scope": row.scope, "data-own": String(row.own) },
      T.element("header", {}, T.element("b.duty-name", {}, nameOf(row)), T.element("b.duty-level", { "data-level": row.level }, row.level_name),
        T.element("span.duty-staff", { "data-short": String(row.staff_short > 0) }, T.word("duty_staff", { n: T.format.count(row.staff_on_duty), of: T.format.count(row.staff_required) })),
        row.staff_short ? T.element("span.duty-short", {}, T.word("duty_short", { sites: row.short_sites, n: row.staff_short })) : null),
      T.element("p.quiet", {}, why.filter(Boolean).join(" · ")),
      mayOrder() ? levels(row) : null,
      chosen && chosen.scope === row.scope ? confirmation(row) : null);
  }

  function levels(row) {
    const button = (level, label, on) => T.element("button.duty-choice", {
      type: "button", "data-do": "duty-choose", "data-scope": row.scope, "data-level": level, "aria-pressed": String(on),
      "data-chosen": String(Boolean(chosen && chosen.scope === row.scope && chosen.level === level)), "aria-label": `${nameOf(row)} ${label}`,
    }, label);
    return T.element("div.duty-choices", { role: "group", "aria-label": nameOf(row) },
      ...D.told.levels.map((level) => button(level.id, level.name, level.id === row.level)),
      row.own ? button("", following(row), false) : null);
  }

  /* What a scope that follows would have: the prefecture's level, or the profile's. */
  function meant(row) {
    if (chosen.level) return chosen.level;
    const whole = D.told.scopes.find((one) => one.scope === "");
    return row.scope && whole ? whole.level : row.scope ? "" : D.told.profile_level;
  }

  function confirmation(row) {
    const level = meant(row);
    const then = row.required_by_level[level];
    const named = chosen.level ? T.word("duty_order", { where: nameOf(row), level: levelName(chosen.level) }) : T.word("duty_order_follow", { where: nameOf(row), level: following(row) });
    return T.element("div.duty-confirm", {},
      then === undefined || then === row.staff_required || !row.scope ? null : T.element("p", {}, T.word("duty_would", { now: T.format.count(row.staff_required), then: T.format.count(then) })),
      T.element("label", { for: "duty-reason" }, T.word("duty_reason")),
      reasonField(),
      T.element("div.duty-buttons", {},
        T.element("button.duty-order", Object.assign({ type: "button", id: "duty-order", "data-do": "duty-order" }, chosen.reason.trim() && !busy ? {} : { disabled: "" }), named),
        T.element("button.action", { type: "button", "data-do": "duty-cancel" }, T.word("duty_cancel"))));
  }

  function reasonField() {
    const field = T.element("input", {
      id: "duty-reason", type: "text", maxlength: String(REASON), placeholder: T.word("duty_reason_hint"), autocomplete: "off",
      oninput() {
        chosen.reason = field.value;
        byId("duty-order").disabled = busy || !field.value.trim();
      },
      onkeydown(event) {
        if (event.key === "Enter" && field.value.trim()) order();
      },
    });
    field.value = chosen.reason;
    return field;
  }

  function history() {
    if (!D.told.history.length) return [T.element("p.quiet", {}, T.word("duty_history_none"))];
    return D.told.history.map((row) => T.element("p.duty-entry", {},
      T.element("time.quiet", {}, T.dayTime(D.seconds(row.at))), T.element("b", {}, row.scope_name || T.word("whole")),
      T.element("span", {}, row.level_name || T.word(row.scope ? "duty_follow" : "duty_as_profile")),
      T.element("span", {}, row.reason), T.element("small.quiet", {}, row.by || T.word("duty_somebody"))));
  }

  /* ---- ordering ------------------------------------------------------------------------------------- */

  function say(text, state) {
    const place = byId("duty-said");
    if (!place) return;
    place.textContent = text;
    place.dataset.state = state;
  }

  async function order() {
    if (busy || !chosen || !chosen.reason.trim()) return;
    busy = true;
    const { scope: where, level, reason } = chosen;
    const row = D.told.scopes.find((one) => one.scope === where);
    const answer = await fetch("/api/v1/duty?" + D.query(), {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ scope: where, level, reason }),
    }).catch(() => null);
    const data = answer ? await answer.json().catch(() => null) : null;
    busy = false;
    if (!D.here()) return;
    if (answer && answer.ok && data) {
      chosen = null;
      D.told = data;
      const now = data.scopes.find((one) => one.scope === where) || row;
      say(T.word("duty_set", { where: nameOf(now), level: now.level_name }), "good");
      plan(SOON_MS);
    } else say(T.word("duty_failed", { why: (data && data.detail) || T.word("duty_away") }), "wrong");
    draw();
  }

  T.actions = Object.assign(T.actions || {}, {
    "duty-choose"(button) {
      const { scope: where, level } = button.dataset;
      const same = chosen && chosen.scope === where && chosen.level === level;
      const row = D.told.scopes.find((one) => one.scope === where);
      const already = level && row.own && row.level === level;
      chosen = same || already ? null : { scope: where, level, reason: chosen ? chosen.reason : "" };
      draw();
      if (chosen) byId("duty-reason").focus();
    },
    "duty-cancel"() {
      chosen = null;
      draw();
    },
    "duty-order": order,
  });
})();
