/* `/alerts`: the alert that is chosen, with what became of it; and how what is told beyond the room stands. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const P = (T.alertPage = T.alertPage || {}); /* the list's script may come after this one */
  const byId = (id) => document.getElementById(id);
  const seconds = (text) => (text ? Date.parse(text) / 1000 : null);
  let past = { id: "", key: "", rows: null };
  let drawn = "";

  /* ---- what became of it ---------------------------------------------------------------------------------- */

  async function askPast(id, key) {
    past = { id, key, rows: past.id === id ? past.rows : null };
    const query = new URLSearchParams({ lang: T.view().lang });
    if (T.view().at) query.set("at", T.view().at);
    const answer = await fetch(`/api/v1/alerts/${encodeURIComponent(id)}/history?` + query, { cache: "no-store" }).catch(() => null);
    if (past.id !== id || past.key !== key || !answer || !answer.ok) return;
    past.rows = (await answer.json()).history;
    drawn = "";
    P.drawChosen();
  }

  const SAID = { began: "past_began", fired: "past_fired", worse: "past_worse", again: "past_again", resolved: "past_resolved", ack: "past_ack", unack: "past_unack", sent: "past_sent", arrived: "past_arrived" };

  function pastRow(row) {
    const words = [row.what === "worse" ? T.word("past_worse", { severity: T.word(row.severity) }) : T.word(SAID[row.what] || row.what)];
    if ("by" in row) words.push(row.by || T.word("somebody"));
    if (row.until) words.push(T.word("answer_until", { time: T.moment(row.until) }));
    if (row.note) words.push(row.note);
    return T.element("li", { "data-what": row.what }, T.element("time", {}, T.dayTimeSeconds(seconds(row.at))), T.element("span", {}, words.join(" · ")));
  }

  /* ---- the alert ------------------------------------------------------------------------------------------- */

  const WHY = { silence: "hidden_silence", closure: "hidden_closure", maintenance: "hidden_maintenance", alert: "hidden_alert" };
  const hiddenWords = ({ hidden_by: by }) => T.word(WHY[by.split(":")[0]] || "hidden_n");

  const KEYS = [["answer", "answer_do", "A"], ["sent", "step_sent", "S"], ["arrived", "step_arrive", "V"], ["unack", "unack", "U"]];

  function keys(alert) {
    if (!T.mayAnswer() || !["firing", "acknowledged"].includes(alert.state)) return null;
    const there = { answer: true, sent: alert.sent_at === null, arrived: alert.arrived_at === null, unack: alert.acknowledged_at !== null };
    return T.element("div.answer-foot", {}, ...KEYS.filter(([name]) => there[name]).map(([name, word, key]) =>
      T.element("button.action" + (name === "answer" ? ".main" : ""), { type: "button", onclick: () => T.respond(name, [alert]) }, T.word(word), " ", T.element("kbd", {}, key))));
  }

  function body(alert) {
    const back = T.element("button.action.alert-back", { type: "button", "data-do": "alert-back" }, "‹ " + T.word("alerts"));
    const facts = [alert.county_name, (T.view().line_names || {})[alert.line], T.ruleName(alert.rule), T.word(alert.severity)].filter(Boolean).join(" · ");
    const place = alert.target === "site" ? T.element("a", { href: `/site/${encodeURIComponent(alert.target_id)}?lang=${T.view().lang}` }, T.word("to_site")) : null;
    return [
      back,
      T.element("h2", {}, alert.name),
      T.element("p.answer-what." + alert.severity, {}, T.alertWhat(alert)),
      T.element("p.quiet", {}, facts),
      alert.advice ? T.element("p", {}, alert.advice) : null,
      alert.hidden_by ? T.element("p.quiet", {}, hiddenWords(alert)) : null,
      alert.flapping ? T.element("p.quiet", {}, T.word("flapping_n", { n: alert.flaps })) : null,
      alert.fired_at ? T.element("div.steps", {}, ...T.alertSteps(alert)) : null,
      alert.acknowledged_at ? T.element("p", { "data-answer": alert.state === "resolved" ? null : alert.id }, T.answerWords(alert)) : null,
      keys(alert),
      place,
      T.element("h3", {}, T.word("course")),
      past.rows ? T.element("ol.alert-past", {}, ...past.rows.map(pastRow)) : T.element("p.quiet", {}, T.word("loading_course")),
    ].filter(Boolean);
  }

  P.drawChosen = function () {
    const place = byId("alert-detail");
    if (!place) return;
    const alert = P.chosen ? P.find(P.chosen) : null;
    const key = JSON.stringify(alert ? [T.answerKey(alert), alert.answered_at, alert.acknowledged_at, alert.hidden_by] : [P.chosen]);
    if (alert && (past.id !== alert.id || past.key !== key)) askPast(alert.id, key);
    const signature = key + T.mayAnswer() + Boolean(past.rows);
    if (signature === drawn && place.childElementCount) return;
    drawn = signature;
    T.keepFocus(place, () => place.replaceChildren(...(alert ? body(alert) : [T.element("div.empty", {}, T.word(P.chosen ? "alert_gone" : "choose_alert"))])));
    T.stopwatches();
  };

  /* ---- deliveries ---------------------------------------------------------------------------------------------- */

  async function deliveries() {
    const place = byId("deliveries");
    if (!place || T.view().at) return;
    const answer = await fetch(`/api/v1/deliveries?lang=${T.view().lang}`, { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const rows = (await answer.json()).deliveries;
    place.hidden = !rows.length;
    place.replaceChildren(T.element("h3", {}, T.word("deliveries")), ...rows.map((row) => T.element("p.delivery", { "data-state": row.state },
      T.element("i.dot", { "data-status": { failing: "congested", waiting: "busy" }[row.state] || "normal" }), T.element("b", {}, row.id), T.element("span", {}, row.to),
      T.element("span.quiet", {}, T.word("delivery_" + row.state), row.why ? ` · ${row.why}` : "", ` · ${T.word("delivery_sent", { n: row.sent })}`))));
  }

  T.opening = T.opening || [];
  T.opening.push(() => {
    drawn = "";
    past = { id: "", key: "", rows: null };
    deliveries();
  });
  document.addEventListener("threeline:minute", deliveries);
})();
