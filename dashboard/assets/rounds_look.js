/* The site to look at: what it is, the way to its video, what was seen there, and recording what is seen now.
   1 records that all is well and goes on to the next; 2, 3 and 4 ask what was found; Enter records. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const R = T.rounds;
  const NOTE = 200;
  const RESULTS = { 2: "seen", 3: "no_picture", 4: "not_reachable" };
  const byId = (id) => document.getElementById(id);

  let draft = null; /* {result, findings: Set, note, replaces}; null while nothing but a key is asked for */
  let busy = false;
  let past = { site: "", looks: null };
  let told = { text: "", state: "" };

  const begin = (result, look) => ({
    result, findings: new Set(look ? look.findings : []), note: look ? look.note : "", replaces: look ? look.id : null,
  });

  /* ---- drawing ----------------------------------------------------------------------------------- */

  R.drawLook = () => {
    draft = null;
    draw();
    if (R.chosen && past.site !== R.chosen.site_id) loadPast(R.chosen.site_id);
  };

  /* Another desk recorded what is on this one's screen. */
  R.lookChanged = (before) => {
    const look = R.chosen.look;
    if (look && !before.look && !draft?.replaces && !busy) {
      if (draft) say(T.word("round_taken", { who: look.by || T.word("round_somebody"), time: T.hourMinute(R.seconds(look.seen_at)) }), "wrong");
      if (!draft) draw();
      loadPast(R.chosen.site_id);
    } else if (!draft) draw();
  };

  function draw() {
    const place = byId("round-site");
    if (!place) return;
    const entry = R.chosen;
    if (!entry) {
      place.replaceChildren(...idle());
      return;
    }
    place.replaceChildren(...[head(entry), video(entry), told_of(entry), draft ? form() : keys(entry), lastLooks()].filter(Boolean));
  }

  function idle() {
    if (!R.data) return [T.element("div.empty", {}, T.word(R.failed ? "rounds_failed" : "rounds_loading"))];
    const next = R.data.rounds.map((round) => R.seconds(round.next_due_at)).filter(Boolean).sort((a, b) => a - b)[0];
    const done = R.data.rounds.some((round) => round.asked);
    return [T.element("div.empty.calm", {}, T.element("span", {}, T.word(done ? "rounds_all_done" : "rounds_nothing_due")), next ? T.element("span.quiet", {}, T.word("rounds_all_done_next", { time: T.hourMinute(next) })) : null)];
  }

  function head(entry) {
    const view = T.view();
    const round = R.data && R.data.rounds.find((one) => one.id === entry.round);
    const facts = [entry.county_name, entry.kind_name, entry.line_name].filter(Boolean).join(" · ");
    return T.element("header.round-head", {},
      T.element("h2", { tabindex: "-1", id: "round-name" }, T.shape((view.shapes[entry.line] || { shape: "circle" }).shape, "currentColor"), entry.name,
        entry.state ? T.element("span.round-state", { "data-state": entry.state }, T.word("state_" + entry.state)) : null),
      T.element("p.quiet", {}, facts),
      T.element("p.quiet", {}, round ? `${round.name} · ${T.hourMinute(R.seconds(entry.due_at))}–${T.hourMinute(R.seconds(entry.until))}` : T.word("round_outside"),
        T.element("span.round-now", { id: "round-status" }, ...status(entry))));
  }

  function status(entry) {
    const site = T.state.sites[entry.site_id];
    if (!site) return [];
    return [" · ", T.element("i.dot", { "data-status": site.status }), " ", T.word(site.status)];
  }

  function video(entry) {
    if (!entry.video) return T.element("p.round-video.none", {}, T.word("round_no_video"));
    return T.element("a.round-video", { href: entry.video, target: "_blank", rel: "noopener noreferrer", id: "round-video" },
      T.element("kbd", {}, "O"), T.word("round_look_at"), T.element("small", {}, entry.video.split("?")[0]));
  }

  function told_of(entry) {
    if (draft && draft.replaces) return T.element("p.rounds-note", {}, T.word("round_correcting", { time: T.hourMinute(R.seconds(entry.look.seen_at)) }));
    return entry.look ? T.element("div.round-told", {}, lookLine(entry.look), R.mayRecord() ? T.element("button.action", { type: "button", onclick: correct }, T.word("round_correct")) : null) : null;
  }

  const names = (look) => [
    ...(look.result === "seen" ? [] : [T.word("result_" + look.result)]),
    ...look.findings.map((id) => (R.findings.find((one) => one.id === id) || { name: id }).name),
  ];
  R.names = names;

  function lookLine(look) {
    const found = names(look);
    const who = [look.by, look.simulated ? T.word("method_simulated") : ""].filter(Boolean).join(" · ");
    return T.element("div.look-line", { "data-found": String(found.length > 0) },
      T.element("time", {}, T.dayTime(R.seconds(look.seen_at))),
      T.element("b", {}, found.length ? found.join("、") : look.note ? T.word("result_found") : T.word("result_normal")),
      look.note ? T.element("span", {}, look.note) : null,
      who ? T.element("small.quiet", {}, who) : null);
  }

  function keys(entry) {
    if (!R.mayRecord() || (entry.round && !R.open(entry))) return null;
    const key = (name, word, kind, act) => T.element("button.round-key." + kind, { type: "button", "data-key": name, onclick: act }, T.element("kbd", {}, name), T.element("span", {}, T.word(word)));
    return T.element("div.round-big", {},
      key("1", "result_normal", "well", () => save(begin("seen"))),
      key("2", "result_found", "found", () => ask("2")),
      key("3", "result_no_picture", "dark", () => ask("3")),
      key("4", "result_not_reachable", "dark", () => ask("4")),
      entry.round ? T.element("button.round-skip.quiet", { type: "button", "data-key": "s", onclick: skip }, T.element("kbd", {}, "S"), T.word("round_skip")) : null);
  }

  function form() {
    const chip = (one) => T.element("button.found-chip", {
      type: "button", "data-severity": one.severity, "data-finding": one.id, "aria-pressed": String(draft.findings.has(one.id)), onclick: () => toggle(one),
    }, T.element("kbd", {}, one.key.toUpperCase()), one.name);
    const result = (key, word) => T.element("button", { type: "button", "data-result": RESULTS[key], "aria-pressed": String(draft.result === RESULTS[key]), onclick: () => turn(RESULTS[key]) }, T.word(word));
    return T.element("div.round-form", {},
      T.element("div.round-results", { role: "group" }, result("2", "result_seen"), result("3", "result_no_picture"), result("4", "result_not_reachable")),
      T.element("p.quiet", {}, T.word("round_what_found")),
      T.element("div.found-chips", { role: "group", "aria-label": T.word("round_what_found") }, ...R.findings.map(chip)),
      T.element("label.round-note-field", {}, T.element("span", {}, T.element("kbd", {}, "0"), T.word("round_note"), T.element("small.quiet", {}, T.word("round_note_hint"))),
        T.element("textarea", { id: "round-note", rows: "2", maxlength: String(NOTE), oninput: (event) => { draft.note = event.target.value; } }, draft.note)),
      T.element("div.round-do", {},
        T.element("button.round-save", { type: "button", id: "round-save", onclick: () => save(draft) }, T.element("kbd", {}, "Enter"), T.word("round_save")),
        T.element("button.action", { type: "button", onclick: leave }, T.element("kbd", {}, "Esc"), T.word("round_cancel"))));
  }

  function lastLooks() {
    const box = T.element("section.round-last", {}, T.element("h3", {}, T.word("round_last")));
    if (past.site !== R.chosen.site_id || !past.looks) box.append(T.element("p.quiet", {}, "…"));
    else if (!past.looks.length) box.append(T.element("p.quiet", {}, T.word("round_last_none")));
    else box.append(...past.looks.slice(0, 12).map(lookLine));
    return box;
  }

  async function loadPast(site) {
    past = { site, looks: null };
    const answer = await fetch(`/api/v1/sites/${encodeURIComponent(site)}/looks?` + R.atQuery(), { cache: "no-store" }).catch(() => null);
    const data = answer && answer.ok ? await answer.json().catch(() => null) : null;
    if (past.site !== site) return;
    past.looks = data ? data.looks : [];
    byId("round-site")?.querySelector(".round-last")?.replaceWith(lastLooks());
  }

  /* ---- what is pressed --------------------------------------------------------------------------- */

  function ask(key) {
    draft = begin(RESULTS[key]);
    draw();
    byId("round-name")?.focus({ preventScroll: true });
  }

  function turn(result) {
    draft.result = result;
    for (const button of document.querySelectorAll("[data-result]")) button.setAttribute("aria-pressed", String(button.dataset.result === result));
  }

  function toggle(one) {
    if (!draft.findings.delete(one.id)) draft.findings.add(one.id);
    document.querySelector(`[data-finding="${CSS.escape(one.id)}"]`)?.setAttribute("aria-pressed", String(draft.findings.has(one.id)));
  }

  function correct() {
    draft = begin(R.chosen.look.result, R.chosen.look);
    draw();
  }

  function leave() {
    draft = null;
    say("", "");
    draw();
  }

  function skip() {
    const entry = R.chosen;
    R.skipped.add(R.key(entry));
    R.choose(R.next(entry));
  }

  function say(text, state) {
    told = { text, state };
    const place = byId("round-said");
    if (!place) return;
    place.textContent = told.text;
    place.dataset.state = told.state;
  }

  async function save(what) {
    const entry = R.chosen;
    if (busy || !entry || !R.mayRecord()) return;
    const note = what.note.trim();
    /* Something found must be said: by a finding, in words, or by there being no picture. */
    if (what === draft && !what.replaces && what.result === "seen" && !what.findings.size && !note) return say(T.word("round_pick"), "wrong");
    busy = true;
    say(T.word("round_saving"), "busy");
    const body = { site_id: entry.site_id, round: entry.round, due_at: entry.due_at, result: what.result, findings: [...what.findings], note };
    if (what.replaces) Object.assign(body, { replaces: what.replaces, round: "", due_at: null });
    const answer = await fetch("/api/v1/rounds?lang=" + T.view().lang, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
    const data = answer ? await answer.json().catch(() => null) : null;
    busy = false;
    if (!R.here()) return;
    if (answer && answer.ok && data) done(entry, data.look);
    else if (data && data.look) taken(entry, data.look);
    else {
      say(T.word("round_save_failed", { why: (data && data.detail) || T.word("round_server_away") }), "wrong");
      if (answer && answer.status === 409) R.load();
    }
  }

  function settle(entry, look) {
    const mine = R.data.sites.find((one) => R.key(one) === R.key(entry));
    const round = R.data.rounds.find((one) => one.id === entry.round);
    if (mine && round && !mine.look) {
      round[mine.state] -= 1;
      round.done += 1;
    }
    if (mine) Object.assign(mine, { look, state: "done" });
    past.site = "";
  }

  function done(entry, look) {
    const found = names(look);
    say(T.word("round_saved", { site: entry.name, what: found.length ? found.join("、") : T.word(look.note ? "result_found" : "result_normal") }), "good");
    const corrected = Boolean(draft && draft.replaces);
    draft = null;
    settle(entry, look);
    R.drawList();
    if (corrected || !entry.round) R.choose(R.data.sites.find((one) => R.key(one) === R.key(entry)) || entry);
    else R.choose(R.next(entry));
    byId("round-name")?.focus({ preventScroll: true });
    R.load();
  }

  function taken(entry, look) {
    say(T.word("round_taken", { who: look.by || T.word("round_somebody"), time: T.hourMinute(R.seconds(look.seen_at)) }), "wrong");
    draft = null;
    settle(entry, look);
    R.drawList();
    R.choose(R.data.sites.find((one) => R.key(one) === R.key(entry)) || entry);
    R.load();
  }

  /* ---- keys -------------------------------------------------------------------------------------- */

  const CHOOSING = {
    1: () => save(begin("seen")), 2: () => ask("2"), 3: () => ask("3"), 4: () => ask("4"), s: () => R.chosen.round && skip(),
  };
  const MOVING = { j: () => R.step(1), k: () => R.step(-1), o: () => byId("round-video")?.click() };

  document.addEventListener("keydown", (event) => {
    if (!R.here() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const act = acting(event);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }, true);

  function acting(event) {
    const { key, target } = event;
    const writing = target.id === "round-note";
    if (draft && key === "Escape") return writing ? () => target.blur() : leave;
    if (draft && key === "Enter" && !event.shiftKey && (writing || !target.closest("button, a, input"))) return () => save(draft);
    if (writing || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return null;
    const name = key.length === 1 ? key.toLowerCase() : key;
    if (!R.chosen) return MOVING[name] || null;
    if (draft) {
      const finding = R.findings.find((one) => one.key === name);
      return finding ? () => toggle(finding) : name === "0" ? () => byId("round-note")?.focus() : null;
    }
    if (MOVING[name]) return MOVING[name];
    const may = R.mayRecord() && (!R.chosen.round || R.open(R.chosen));
    if (may && CHOOSING[name]) return CHOOSING[name];
    return name === "c" && R.mayRecord() && R.chosen.look ? correct : null;
  }

  T.listen((what) => {
    if (what.tick || !R.here() || !R.chosen || !byId("round-status")) return;
    if (what.whole || what.sites.includes(R.chosen.site_id)) byId("round-status").replaceChildren(...status(R.chosen));
  });
})();
