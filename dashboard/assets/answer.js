/* Answering: the dialog with note and until when, what is recorded with one key, and what the server said of it.
   A answers, S tells that somebody set out, V that somebody is there, U takes an answer back. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const NOTE = 200;
  const MINUTES = [15, 30, 60];
  const SAID_MS = 6000;
  const SAID = { sent: "sent_said", arrived: "arrived_said", unack: "unack_said" };
  const DONE = { sent: "sent_at", arrived: "arrived_at" };
  let dialog = null;
  let alerts = []; /* what the dialog is about */
  let quiet = 0;

  /* Nobody answers on a display, in the past, or without the right to. */
  T.mayAnswer = () => {
    const view = T.view();
    return Boolean(view) && view.may.includes("operate") && !view.kiosk && !view.at;
  };

  /* ---- what the server says ------------------------------------------------------------------------------- */

  T.sayOrder = function (text, wrong) {
    let place = document.getElementById("order-said");
    if (!place) {
      place = T.element("p.order-said", { id: "order-said", role: "status" });
      document.body.append(place);
    }
    place.textContent = text;
    place.dataset.wrong = String(Boolean(wrong));
    place.hidden = false;
    clearTimeout(quiet);
    quiet = setTimeout(() => (place.hidden = true), SAID_MS);
  };

  /* "" where it is done, the server's sentence where it is not. */
  T.order = async function (path, body, method) {
    const answer = await fetch(`/api/v1/${path}?lang=${T.view().lang}`, {
      method: method || "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).catch(() => null);
    if (answer && answer.ok) return "";
    const told = answer && (await answer.json().catch(() => null));
    return (told && told.detail) || T.word("order_failed");
  };

  async function record(name, which) {
    const left = which.filter((alert) => (name === "unack" ? alert.acknowledged_by !== null : alert[DONE[name]] === null));
    if (!left.length) return T.sayOrder(T.word(name === "unack" ? "not_answered" : "done_already"), true);
    const told = await Promise.all(left.map((alert) => T.order(`alerts/${encodeURIComponent(alert.id)}/${name}`, {})));
    const wrong = told.find(Boolean);
    T.sayOrder(wrong || T.word(SAID[name], { name: left.length > 1 ? T.word("group_n", { n: left.length }) : left[0].name }), wrong);
  }

  /* One of answer, sent, arrived, unack, for these alerts. */
  T.respond = (name, which) => (name === "answer" ? open(which) : record(name, which));

  /* ---- the dialog ------------------------------------------------------------------------------------------- */

  /* Minutes until the shift ends, where the profile says when shifts do. */
  function shiftLeft() {
    const now = T.clock(T.now()).split(":").map(Number);
    const ends = (T.view().shift_ends || []).map((time) => time.split(":").map(Number)).map(([h, m]) => ((h - now[0]) * 60 + (m - now[1]) + 1440) % 1440 || 1440);
    return ends.length ? Math.min(...ends) : null;
  }

  function choices() {
    const { ack_min: usual, ack_most_h: most } = T.view().answers;
    const shift = shiftLeft();
    const all = [...new Set([...MINUTES, usual])].filter((n) => n <= most * 60).sort((a, b) => a - b).map((n) => [n, T.word("for_min", { n }), n === usual]);
    return shift !== null && shift <= most * 60 ? [...all, [shift, T.word("until_shift", { time: T.hourMinute(T.now() + shift * 60) }), false]] : all;
  }

  const title = () => (alerts.length > 1 ? T.word("group_n", { n: alerts.length }) : `${T.alertWhere(alerts[0])} ${T.alertWhat(alerts[0])}`);

  function fields() {
    const [first] = alerts;
    const held = alerts.length === 1 && first.state === "acknowledged";
    const note = T.element("input", { id: "answer-note", name: "note", maxlength: NOTE, autocomplete: "off", placeholder: T.word("note_hint") });
    const before = alerts.length === 1 && first.acknowledged_at ? T.element("p.quiet", {}, T.answerWords(first)) : null;
    return [
      T.element("h2", { id: "answer-title" }, T.word(held ? "answer_on" : alerts.length > 1 ? "answer_all" : "answer_one")),
      T.element("p.answer-what." + first.severity, {}, title()),
      before,
      T.element("label", { for: "answer-note" }, T.word("answer_note")), note,
      T.element("fieldset", {}, T.element("legend", {}, T.word("answer_holds")), ...choices().map(([minutes, words, chosen], at) =>
        T.element("label", {}, T.element("input", { type: "radio", name: "until", value: minutes, id: `answer-until-${at}`, checked: chosen ? "" : null }), T.element("span", {}, words)))),
      T.element("p.answer-wrong", { role: "alert", hidden: "" }),
      T.element("div.answer-foot", {},
        T.element("button.action.main", { type: "submit" }, T.word("answer_do")),
        held ? T.element("button.action", { type: "button", onclick: () => dialog.close() || record("unack", alerts) }, T.word("unack")) : null,
        T.element("button.action", { type: "button", onclick: () => dialog.close() }, T.word("cancel_order"))),
    ];
  }

  function open(which) {
    if (!T.mayAnswer() || !which.length) return;
    alerts = which;
    if (!dialog || !dialog.isConnected) {
      dialog = T.element("dialog.answer", { id: "answer", "aria-labelledby": "answer-title" });
      document.body.append(dialog);
    }
    dialog.replaceChildren(T.element("form", { onsubmit: submit, autocomplete: "off" }, ...fields()));
    dialog.showModal();
    dialog.querySelector("#answer-note").focus();
  }

  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    const body = { note: form.note.value, until: Number(form.until.value) };
    const which = alerts;
    const wrong = which.length > 1 ? await T.order("alerts/ack", { ids: which.map((alert) => alert.id), ...body }) : await T.order(`alerts/${encodeURIComponent(which[0].id)}/ack`, body);
    button.disabled = false;
    if (!wrong) {
      const until = T.hourMinute(T.now() + body.until * 60);
      dialog.close();
      return T.sayOrder(T.word("ack_said", { name: which.length > 1 ? T.word("group_n", { n: which.length }) : which[0].name, time: until }));
    }
    const place = form.querySelector(".answer-wrong");
    place.textContent = wrong;
    place.hidden = false;
  }

  /* ---- a group, opened ------------------------------------------------------------------------------------------ */

  let group = null;
  let opened = "";

  function members() {
    const now = [...T.state.alerts.values()].filter((alert) => alert.group === opened && !alert.hidden_by && alert.state !== "pending");
    const told = (T.state.groups || []).find((one) => one.id === opened);
    if (!now.length || !told) return group.close();
    const signature = JSON.stringify(now.map(T.answerKey));
    if (group.dataset.shown === signature) return;
    group.dataset.shown = signature;
    const asking = now.filter((alert) => alert.state === "firing");
    T.keepFocus(group, () => group.replaceChildren(
      T.element("h2", { id: "group-title" }, `${T.groupName(told)} · ${T.word("group_n", { n: now.length })}`),
      T.element("div.alerts", { "data-roomy": "true" }, ...now.map((alert) => T.alertItem(alert))),
      T.element("div.answer-foot", {},
        T.mayAnswer() && asking.length > 1 ? T.element("button.action.main", { type: "button", onclick: () => open(asking) }, T.word("answer_all")) : null,
        T.element("button.action", { type: "button", onclick: () => group.close() }, T.word("close")))));
    T.stopwatches();
  }

  T.openGroup = function (id) {
    opened = id;
    if (!group || !group.isConnected) {
      group = T.element("dialog.group-open", { id: "group", "aria-labelledby": "group-title" });
      document.body.append(group);
    }
    group.dataset.shown = "";
    members();
    if (!group.open) group.showModal();
  };

  /* ---- keys ---------------------------------------------------------------------------------------------------- */

  /* What a key is about: the row with the focus, else what a page chose, else the selected site's, else the first. */
  function meant(name) {
    const row = document.activeElement && document.activeElement.closest("[data-alert]");
    if (row && row.dataset.group) return T.firing().filter((alert) => alert.group === row.dataset.group);
    const id = row ? row.dataset.alert : T.chosenAlert ? T.chosenAlert() : "";
    if (id) return [T.state.alerts.get(id)].filter(Boolean);
    const fired = [...T.firing(), ...T.answered()];
    const here = fired.filter((alert) => alert.target === "site" && alert.target_id === T.selected());
    return here.length ? here.slice(0, 1) : name === "answer" ? T.firing().slice(0, 1) : [];
  }

  function key(name) {
    return () => {
      if (!T.mayAnswer() || document.querySelector("dialog[open]:not(#group)")) return;
      const which = meant(name);
      if (!which.length) T.sayOrder(T.word(T.firing().length || T.answered().length ? "choose_alert" : "no_alerts"), true);
      else T.respond(name, which);
    };
  }

  T.keys = Object.assign(T.keys || {}, { a: key("answer"), s: key("sent"), v: key("arrived"), u: key("unack") });

  /* What an answer says of its age, in every row that tells one; and an open group follows the picture. */
  let listening = false; /* the link's script may come after this one */
  T.opening = T.opening || [];
  T.opening.push(() => {
    if (!listening) T.listen((what) => {
      if (group && group.open && (what.alerts || what.whole)) members();
      if (!what.tick) return;
      for (const place of document.querySelectorAll("[data-answer]")) {
        const alert = T.state.alerts.get(place.dataset.answer);
        const words = alert && alert.acknowledged_at ? (place.dataset.named ? T.answerLine : T.answerWords)(alert) : "";
        if (words && place.textContent !== words) place.textContent = words;
      }
    });
    listening = true;
  });
})();
