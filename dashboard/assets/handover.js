/* Shift handover: those there are, one drawn up, one read and signed. What is shown of it is what its document
   shows: the server tells both in the same sections. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const EVERY_MS = 20000;
  const SURE_MS = 6000;
  const SIDES = ["outgoing", "incoming"];
  const HOURS = [8, 12, 24];
  const byId = (id) => document.getElementById(id);
  const seconds = (text) => (text ? Date.parse(text) / 1000 : null);
  T.opening = T.opening || [];

  let view = null;
  let data = null; /* the list */
  let shown = null; /* the one that is read */
  let failed = false;
  let due = 0;
  let turn = 0; /* an answer to an older question is not shown */
  let sure = "";
  let drawn = "";

  const here = () => Boolean(byId("handover-page"));
  const scope = () => (view.scope ? view.scope : T.asked("scope"));
  const query = () => {
    const asked = new URLSearchParams({ lang: view.lang });
    if (scope()) asked.set("scope", scope());
    return asked;
  };
  const may = (right) => view.may.includes(right);

  T.opening.push((next) => {
    view = next;
    clearTimeout(due);
    if (!here()) return;
    data = shown = null;
    failed = false;
    drawn = "";
    const select = byId("handover-scope");
    if (select) {
      select.value = T.asked("scope");
      select.onchange = () => {
        T.address({ scope: select.value, id: "" });
        data = shown = null;
        draw();
        load();
      };
    }
    const button = byId("handover-draw");
    if (button) button.onclick = () => once(button, drawUp);
    draw();
    load();
  });

  /* ---- asking ---------------------------------------------------------------------------------------- */

  async function ask(path, body) {
    const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : { cache: "no-store" };
    const answer = await fetch(`/api/v1/handovers${path}?` + query(), options).catch(() => null);
    const told = answer ? await answer.json().catch(() => null) : null;
    return { ok: Boolean(answer && answer.ok && told), told, why: (told && told.detail) || T.word("handover_away") };
  }

  async function load() {
    clearTimeout(due);
    if (!here()) return;
    due = setTimeout(load, EVERY_MS);
    const mine = ++turn;
    const { ok, told } = await ask("");
    if (mine !== turn || !here()) return;
    failed = !ok;
    if (ok) {
      data = told;
      const wanted = T.asked("id") || (data.handovers[0] || {}).id;
      const now = data.handovers.find((one) => one.id === wanted);
      if (wanted && (!shown || shown.handover.id !== wanted || (now && JSON.stringify(now) !== JSON.stringify(shown.handover)))) await read(wanted);
    }
    draw();
  }

  async function read(id) {
    const mine = turn;
    const { ok, told } = await ask("/" + encodeURIComponent(id));
    if (mine === turn && ok) shown = told;
  }

  async function choose(id) {
    T.address({ id });
    turn += 1;
    await read(id);
    draw();
    byId("handover-one").scrollTop = 0;
  }

  async function once(button, act) {
    if (button.disabled) return;
    button.disabled = true;
    await act();
    button.disabled = false;
  }

  async function drawUp() {
    const body = { note: byId("handover-note").value.trim(), from: from(byId("handover-from").value) };
    const { ok, told, why } = await ask("", body);
    if (!ok) return say(T.word("handover_not", { why }), "wrong");
    byId("handover-note").value = "";
    shown = told;
    T.address({ id: told.handover.id });
    say(T.word("handover_drawn"), "done");
    return load();
  }

  /* A span is chosen, not a time of day: whose clock that would be is no question then. */
  const from = (value) => (value === "last" ? "" : String(Math.floor(T.now()) - Number(value) * 3600));

  async function sign(side) {
    if (sure !== side) {
      sure = side;
      setTimeout(() => {
        if (sure !== side) return;
        sure = "";
        draw();
      }, SURE_MS);
      return draw();
    }
    sure = "";
    const post = byId("handover-post") ? byId("handover-post").value.trim() : "";
    const mine = shown.handover;
    const { ok, told, why } = await ask(`/${encodeURIComponent(mine.id)}/sign`, { side, digest: mine.digest, post });
    if (ok) shown = told;
    say(ok ? T.word("handover_signed", { seq: told.handover.head.seq }) : T.word("handover_not", { why }), ok ? "done" : "wrong");
    return load();
  }

  function say(text, state) {
    const place = byId("handover-said");
    if (!place) return;
    place.textContent = text;
    place.dataset.state = state;
  }

  /* ---- drawing --------------------------------------------------------------------------------------- */

  function draw() {
    if (!here()) return;
    const now = JSON.stringify([data && data.handovers, shown, failed, sure, data && data.from]);
    if (now === drawn) return;
    drawn = now;
    const list = byId("handover-list");
    list.setAttribute("aria-busy", String(!data && !failed));
    list.replaceChildren(...listed());
    spans();
    const place = byId("handover-one");
    const post = byId("handover-post") ? byId("handover-post").value : "";
    const top = place.scrollTop;
    const held = document.activeElement && place.contains(document.activeElement) ? document.activeElement.id : "";
    place.replaceChildren(...(shown ? paper() : [T.element("div.empty", {}, T.word("handover_choose"))]));
    if (byId("handover-post")) byId("handover-post").value = post;
    place.scrollTop = top;
    if (held && byId(held)) byId(held).focus({ preventScroll: true });
  }

  function spans() {
    const select = byId("handover-from");
    if (!select || !data) return;
    const value = select.value || "last";
    const last = T.element("option", { value: "last" }, T.word("handover_since", { time: T.dayTime(seconds(data.from)) }));
    select.replaceChildren(last, ...HOURS.map((n) => T.element("option", { value: String(n) }, T.word("handover_last_h", { n }))));
    select.value = value;
  }

  function listed() {
    if (!data) return [T.element("div.empty", {}, T.word(failed ? "handover_failed" : "handover_loading"))];
    const wrong = failed ? [T.element("p.rounds-note.wrong", { role: "alert" }, T.word("handover_failed"))] : [];
    if (!data.handovers.length) return [...wrong, T.element("div.empty.calm", {}, T.word("handover_empty"))];
    return [...wrong, ...data.handovers.map(row)];
  }

  function state(one) {
    if (one.complete) return ["done", T.word("handover_done")];
    if (seconds(one.sign_until) < T.now()) return ["old", T.word("handover_old")];
    return one.outgoing || one.incoming ? ["half", T.word("handover_half")] : ["new", T.word("handover_unsigned")];
  }

  function row(one) {
    const [name, words] = state(one);
    const current = shown && shown.handover.id === one.id;
    return T.element("button.handover-row", { type: "button", "data-state": name, "aria-current": current ? "true" : null, onclick: () => choose(one.id) },
      T.element("b", {}, `${T.dayTime(seconds(one.from))} — ${T.dayTime(seconds(one.to))}`),
      T.element("span.handover-state", {}, words),
      T.element("small", {}, T.word("handover_row", { open: one.open, unanswered: one.unanswered })));
  }

  function paper() {
    const one = shown.handover;
    return [
      T.element("header.handover-head", {},
        T.element("h2", {}, shown.title),
        ...shown.head.map((line) => T.element("p", {}, line)),
        may("export") ? T.element("a.action", { href: `/api/v1/handovers/${encodeURIComponent(one.id)}.docx?` + query(), download: "" }, T.word("handover_document")) : null),
      signing(one),
      ...shown.sections.map(section),
    ];
  }

  function section(part) {
    const cell = (tag) => (text) => T.element(tag, {}, text);
    return T.element("section.handover-part", {},
      T.element("h3", {}, part.title),
      ...part.lines.map((line) => T.element("p", {}, line)),
      part.rows.length ? T.element("div.handover-table", { tabindex: "0", role: "region", "aria-label": part.title },
        T.element("table", {}, T.element("thead", {}, T.element("tr", {}, ...part.heads.map(cell("th")))), T.element("tbody", {}, ...part.rows.map((cells) => T.element("tr", {}, ...cells.map(cell("td"))))))) : null,
      part.after ? T.element("p", {}, part.after) : null);
  }

  function signing(one) {
    const old = !one.complete && seconds(one.sign_until) < T.now();
    const mine = data && data.who ? SIDES.some((side) => one[side] && one[side].by === data.who) : false;
    const open = may("operate") && !one.complete && !old && !mine;
    const posts = Boolean(data && data.posts);
    const cells = SIDES.map((side) => T.element("div.handover-sign", { "data-signed": String(Boolean(one[side])) },
      T.element("span", {}, T.word("side_" + side)),
      one[side] ? T.element("b", {}, [one[side].by, one[side].post].filter(Boolean).join(" · ")) : T.element("b.quiet", {}, T.word(old ? "handover_old" : "handover_unsigned")),
      one[side] ? T.element("time", {}, T.dayTime(seconds(one[side].at))) : open ? T.element("button.action", { type: "button", id: "sign-" + side, "data-sure": String(sure === side), onclick: (event) => once(event.currentTarget, () => sign(side)) }, sure === side ? T.word("handover_sure") : T.word("handover_sign_" + side)) : null));
    return T.element("section.handover-signing", {},
      ...cells,
      one.complete ? null : T.element("p.quiet", {}, T.word(posts ? "handover_two_posts" : "handover_two")),
      open && posts ? T.element("label.handover-post", {}, T.element("span", {}, T.word("handover_post")), T.element("input", { id: "handover-post", maxlength: "40", placeholder: T.word("handover_post_hint") })) : null);
  }
})();
