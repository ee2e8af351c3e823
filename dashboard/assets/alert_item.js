/* How one alert looks, asking or answered, how a group of them does, and their clocks. The three steps of a response are
   buttons for whoever may record them: answered, sent, there. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const RANK = { critical: 0, warning: 1, notice: 2 };
  const NAMED = 6; /* members of a group that are named in its row */
  const STEPS = [["answer", "step_answer", "answer_min"], ["sent", "step_sent", "sent_min"], ["arrived", "step_arrive", "arrive_min"]];

  /* ---- which there are ------------------------------------------------------------------------------- */

  const all = (state) => [...(state || T.state).alerts.values()];

  /* Those that ask: worst first, then whoever waits longest. Many ask for them: once for each picture. */
  let sorted = { alerts: null, revision: -1, found: [] };
  T.firing = (state) => {
    const { alerts, revision } = state || T.state;
    if (sorted.alerts !== alerts || sorted.revision !== revision) {
      const found = all(state).filter((alert) => alert.state === "firing" && !alert.hidden_by).sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.fired_at - b.fired_at);
      sorted = { alerts, revision, found };
    }
    return [...sorted.found];
  };

  /* Those that somebody looks after: whose time is over first comes first. */
  T.answered = (state) => all(state).filter((alert) => alert.state === "acknowledged" && !alert.hidden_by).sort((a, b) => a.until - b.until);

  T.hiddenAlerts = (state) => all(state).filter((alert) => alert.hidden_by && alert.state !== "pending");

  /* What the list has rows for: an alert, or a group of several, at the place of its first. */
  T.entries = function (alerts, state) {
    const groups = new Map(((state || T.state).groups || []).map((group) => [group.id, group]));
    const members = new Map();
    for (const alert of alerts) if (groups.has(alert.group)) members.set(alert.group, [...(members.get(alert.group) || []), alert]);
    const entries = [];
    for (const alert of alerts) {
      const mine = members.get(alert.group);
      if (!mine || mine.length < 2) entries.push({ alert, alerts: [alert] });
      else if (mine[0] === alert) entries.push({ group: groups.get(alert.group), alerts: mine });
    }
    return entries;
  };

  /* ---- words ------------------------------------------------------------------------------------------- */

  T.alertWhere = (alert) => {
    const county = alert.county_name || "";
    /* Names often begin with their county: 镇康 … in 镇康县. */
    return !county || T.state.scope || alert.name.slice(0, 2) === county.slice(0, 2) ? alert.name : `${county} · ${alert.name}`;
  };

  /* Where it is stands above already. */
  T.alertWhat = ({ what: said, name }) => (said.startsWith(name) ? said.slice(name.length).replace(/^[\s：:，,]+/, "") : said) || said;

  const ruleName = (rule) => (T.view().rules || {})[rule] || rule;
  T.ruleName = ruleName;

  T.groupName = ({ by, key, rule }) => {
    const county = T.view().counties.find((one) => one.adcode === key);
    const line = (T.view().line_names || {})[key];
    return `${(by === "line" ? line : county && county.name) || key} · ${ruleName(rule)}`;
  };

  const who = (alert) => alert.acknowledged_by || T.word("somebody");
  T.answerWords = (alert) => [T.word("answered_by", { who: who(alert), age: T.age(T.now() - alert.acknowledged_at) }),
    T.word(alert.expired ? "answer_over" : "answer_until", { time: T.moment(alert.until) }), alert.note].filter(Boolean).join(" · ");

  T.answerLine = (alert) => `${T.alertWhere(alert)} · ${T.answerWords(alert)}`;

  T.showAlert = (alert) => {
    if (alert.target === "site") T.select(alert.target_id, true);
    else if (alert.target === "fence") T.showFence(alert.target_id);
  };

  /* ---- its clock ------------------------------------------------------------------------------------------ */

  /* The first step runs since it last began to ask; the others since it fired. */
  function steps(alert, alerts) {
    const { response } = T.view();
    const quiet = alert.state !== "firing";
    return STEPS.map(([name, key, minutes]) => {
      const first = name === "answer";
      const done = first ? (quiet ? alert.answered_at : null) : alert[name + "_at"];
      const from = first && !quiet ? alert.asked_at || alert.fired_at : alert.fired_at;
      const may = T.mayAnswer() && alert.state !== "resolved" && (first || done === null);
      const title = `${response[minutes]} ${T.word("minutes")} · ${T.word(key)}`;
      return T.element((may ? "button" : "span") + ".step", {
        "data-step": name, "data-from": from, "data-over": alert.resolved_at || null, "data-after": response[minutes] * 60, "data-done": done, title,
        ...(may ? { type: "button", "aria-label": `${T.word(key)}: ${alert.name}`, onclick: () => T.respond(name, alerts) } : {}),
      }, T.element("b", {}, String(response[minutes])), T.element("i", {}, T.word(key)));
    });
  }

  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  /* Every half second: only what reads differently is written. */
  T.stopwatches = function () {
    const now = T.now();
    for (const clock of document.querySelectorAll(".stopwatch[data-asked]")) put(clock, "+" + T.stopwatch(now - Number(clock.dataset.asked)));
    for (const step of document.querySelectorAll(".step[data-from]")) {
      const { done, after, over } = step.dataset;
      const seconds = Number(done || over || now) - Number(step.dataset.from);
      const late = seconds > Number(after);
      const state = done ? (late ? "late" : "kept") : late ? "missed" : over ? "over" : "running";
      if (step.dataset.state !== state) step.dataset.state = state;
      if (done) put(step.firstChild, T.stopwatch(seconds));
      else step.style.setProperty("--share", `${Math.min(100, Math.floor((100 * seconds) / Number(after)))}%`);
    }
  };

  /* ---- rows ---------------------------------------------------------------------------------------------- */

  /* A row takes the focus as a whole; Enter shows where it is, the letters of the keys are for it. */
  function row(kind, alert, attributes, show, children) {
    const item = T.element(kind + "." + alert.severity, {
      tabindex: "0", role: "group", "data-severity": alert.severity, ...attributes,
      onclick: (event) => event.target.closest("button, a") || show(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.target !== item) return;
        event.preventDefault();
        show();
      },
    }, ...children);
    return item;
  }

  const mark = (alert) => (alert.flapping ? T.element("em.flapping", { title: T.word("flapping_n", { n: alert.flaps }) }, T.word("flapping")) : null);

  /* `number` is its number on the map, where it has one. */
  T.alertItem = function (alert, number) {
    if (alert.state === "acknowledged") return T.answeredItem(alert);
    const where = T.alertWhere(alert);
    const again = alert.expired ? T.element("span.alert-again", {}, T.word("asks_again"), " ", T.answerWords(alert)) : null;
    return row("div.alert", alert, { "data-alert": alert.id, "data-site": alert.target_id, "aria-label": `${where} ${T.alertWhat(alert)}` }, () => T.showAlert(alert), [
      T.element("span.alert-number", {}, typeof number === "number" ? String(number) : "!"),
      T.element("span.alert-where", {}, T.element("b", {}, where), mark(alert), T.element("time", {}, T.word("since", { time: T.moment(alert.fired_at) }))),
      T.element("span.alert-what", {}, T.alertWhat(alert)),
      T.element("span.stopwatch", { "aria-hidden": "true", "data-asked": alert.asked_at || alert.fired_at }),
      T.element("span.alert-advice", {}, alert.held ? T.word("held") : alert.advice || ""),
      T.element("span.steps", {}, ...steps(alert, [alert])),
      again,
    ]);
  };

  /* Several of one rule in one place: one row, which opens. */
  T.groupItem = function (group, alerts, number) {
    const least = (name) => alerts.reduce((first, one) => (one[name] === null ? first : Math.min(first, one[name])), Infinity);
    const worst = alerts.reduce((one, other) => (RANK[other.severity] < RANK[one.severity] ? other : one));
    const together = { ...worst, name: T.groupName(group), fired_at: least("fired_at"), asked_at: least("asked_at"), sent_at: null, arrived_at: null };
    const names = alerts.slice(0, NAMED).map((alert) => alert.name).join(T.word("comma"));
    return row("div.alert.group", worst, { "data-alert": "group:" + group.id, "data-site": worst.target_id, "data-group": group.id, "aria-label": `${together.name} ${T.word("group_n", { n: alerts.length })}` }, () => T.openGroup(group.id), [
      T.element("span.alert-number", {}, typeof number === "number" ? String(number) : "!"),
      T.element("span.alert-where", {}, T.element("b", {}, together.name), T.element("time", {}, T.word("since", { time: T.moment(together.fired_at) }))),
      T.element("span.alert-what", {}, T.word("group_n", { n: alerts.length })),
      T.element("span.stopwatch", { "aria-hidden": "true", "data-asked": together.asked_at }),
      T.element("span.alert-advice", {}, names + (alerts.length > NAMED ? " …" : "")),
      T.element("span.steps", {}, ...steps(together, alerts)),
    ]);
  };

  T.alertSteps = (alert) => steps(alert, [alert]);

  /* A line of the page of all alerts. */
  T.alertRow = (alert, choose) => row("div.alert-row", alert, { "data-alert": alert.id, "aria-label": `${alert.name} ${T.alertWhat(alert)}` }, choose, [
    T.element("span.alert-where", {}, T.element("b", {}, T.alertWhere(alert)), mark(alert)),
    T.element("span.alert-what", {}, T.alertWhat(alert)),
    T.element("span.answer-words", { "data-answer": alert.acknowledged_at && alert.state !== "resolved" ? alert.id : null }, alert.acknowledged_at ? T.answerWords(alert) : ruleName(alert.rule)),
    T.element("time", {}, T.word("since", { time: T.moment(alert.fired_at || alert.started_at) })),
    alert.state === "firing" ? T.element("span.stopwatch", { "aria-hidden": "true", "data-asked": alert.asked_at || alert.fired_at }) : null,
    alert.fired_at ? T.element("span.steps", {}, ...steps(alert, [alert])) : null,
  ]);

  T.answeredItem = function (alert) {
    const where = T.alertWhere(alert);
    return row("div.answered", alert, { "data-alert": alert.id, "data-site": alert.target_id, "aria-label": `${where} ${T.alertWhat(alert)}` }, () => T.showAlert(alert), [
      T.element("span.alert-where", {}, T.element("b", {}, where), T.element("span", {}, T.alertWhat(alert)), mark(alert)),
      T.element("span.answer-words", { "data-answer": alert.id }, T.answerWords(alert)),
      T.element("span.steps", {}, ...steps(alert, [alert])),
    ]);
  };
})();
