/* The list of alerts: how many fit whole, which number each has on the map, what is answered and what is only watched. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SCROLLED = 200; /* rows of a list that scrolls: all of them are on the page of alerts */
  const MOST = 40; /* rows that are ever laid out to see how many fit */
  const LIGHT_REM = 17; /* that much free room, and the list below may have some of it */
  const ANSWERED_REM = 5; /* the height of an answered one on the wall */
  const byId = (id) => document.getElementById(id);
  let known = null; /* ids that were shown before: what is new arrives, what was there stands */
  let place = null;
  let seen = null;

  /* Asked of the layout itself, so that no alert is cut on any wall and in any language. */
  function leaveWhole(list, more, total) {
    const items = [...list.children];
    const end = () => list.getBoundingClientRect().bottom - 2;
    const over = () => items.findIndex((item) => item.getBoundingClientRect().bottom > end());
    more.hidden = true;
    for (const roomy of ["true", "false", "tight"]) {
      list.dataset.roomy = roomy;
      if (over() < 0 && items.length === total) return items.length;
    }
    more.hidden = false;
    let fits = over();
    if (fits < 0) fits = items.length;
    for (const item of items.slice(Math.max(1, fits))) item.remove();
    return Math.max(1, fits);
  }

  /* Another size, other letters that came late: what fits is asked again. */
  let room = "";
  const watch = new ResizeObserver(([{ target }]) => {
    const now = `${target.clientWidth}x${target.clientHeight}`;
    if (now === room) return;
    room = now;
    if (T.repaintAlerts) T.repaintAlerts();
  });

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

  /* Below those that ask, as far as there is room: what somebody looks after, then what may become an alert. */
  function below(list, answered, pending) {
    const [mine, box] = [byId("alerts-answered"), byId("alerts-pending")];
    if (!mine || !box) return;
    const last = list.lastElementChild;
    const used = last && !last.classList.contains("empty") ? last.getBoundingClientRect().bottom : list.getBoundingClientRect().top + (answered.length ? 8 : 16) * rem();
    const taken = (node) => (node.hidden ? 0 : node.offsetHeight);
    let free = (list.getBoundingClientRect().bottom + taken(mine) + taken(box) - used) / rem();
    const roomy = list.dataset.roomy === "true";
    const told = roomy ? answered.slice(0, Math.max(0, Math.floor((free - 4) / ANSWERED_REM))) : [];
    fillAnswered(mine, answered, told);
    free -= told.length ? told.length * ANSWERED_REM + 4 : 0;
    const shown = roomy && told.length === answered.length ? pending.slice(0, Math.max(0, Math.min(Math.floor(free / 2.8) - 2, 12))) : [];
    fillBox(box, shown, [pending.length, shown.map((alert) => [alert.id, alert.what])], () => [T.element("h3", {}, T.word("pending_head", { n: pending.length })),
      ...shown.map((alert) => T.element("button", { type: "button", "data-site": alert.target_id, onclick: () => T.showAlert(alert) }, T.element("b", {}, T.alertWhere(alert)), T.element("span", {}, alert.what)))]);
  }

  /* Where there is no room for rows, one line tells who looks after what. */
  function fillAnswered(box, answered, told) {
    const rest = answered.length - told.length;
    fillBox(box, answered, [answered.length, told.map(T.answerKey), told.length || T.answerKey(answered[0] || {})], () => [
      T.element("h3", {}, T.element("b", {}, `${T.word("answered")} ${answered.length}`), told.length
        ? T.element("span", {}, rest ? T.word("more_n", { n: rest }) : "")
        : T.element("span", { "data-answer": answered[0].id, "data-named": "true" }, T.answerLine(answered[0]))),
      ...told.map(T.answeredItem)]);
  }

  function fillBox(box, shown, of, build) {
    box.hidden = !shown.length;
    if (box.hidden) return;
    const signature = JSON.stringify(of);
    if (box.dataset.shown === signature) return;
    box.dataset.shown = signature;
    T.keepFocus(box, () => box.replaceChildren(...build()));
  }

  /* What a row shows of an alert, besides what ticks. */
  T.answerKey = (alert) => [alert.id, alert.what, alert.advice, alert.held, alert.severity, alert.state, alert.asked_at, alert.until, alert.note, alert.sent_at, alert.arrived_at, alert.flapping, alert.group];

  function head(state, open, answered, pending) {
    const hidden = T.hiddenAlerts(state).length;
    const rest = [[T.word("answered"), answered.length], [T.word("pending_n"), pending.length], [T.word("hidden_n"), hidden], [T.word("today_n"), state.today.alerts]];
    return [[T.word("unanswered"), open.length], ...rest.filter(([, n]) => n)].map(([word, n]) => `${word} ${T.format.count(n)}`).join(" · ");
  }

  /* `fill` is the panels' own: it builds a list again only where what it shows has changed. */
  T.fillAlerts = function (fill, state, scrolls, heard) {
    const list = byId("alerts");
    const more = byId("alerts-more");
    if (!list || !byId("alerts-head")) return;
    if (list !== seen) {
      watch.disconnect();
      watch.observe(list.parentElement);
      seen = list;
    }
    const open = T.firing(state);
    const answered = T.answered(state);
    const entries = T.entries(open, state);
    const pending = [...state.alerts.values()].filter((alert) => alert.state === "pending" && !alert.hidden_by);
    byId("alerts-head").textContent = head(state, open, answered, pending);
    const numbers = new Map();
    const numbered = ({ alert, group, alerts }, at) => {
      for (const one of alerts) if (!numbers.has(one.target_id)) numbers.set(one.target_id, String(at + 1));
      return group ? T.groupItem(group, alerts, at + 1) : T.alertItem(alert, at + 1);
    };
    const size = `${list.parentElement.clientWidth}x${list.parentElement.parentElement.clientHeight} ${room}`;
    const laid = entries.slice(0, scrolls ? SCROLLED : MOST);
    const signature = JSON.stringify([heard, size, T.noticesTake(), scrolls, pending.length > 0, T.mayAnswer(), laid.map((one) => one.alerts.map(T.answerKey)), open.length, answered.length > 0, scrolls && answered.map(T.answerKey)]);
    let again = false;
    fill("alerts", signature, () => {
      again = true;
      const rows = laid.length ? laid.map(numbered) : [heard ? T.element("div.empty.calm", {}, T.word(answered.length ? "all_answered" : "no_alerts")) : T.element("div.empty", {}, T.word("cannot_judge"))];
      return scrolls && answered.length ? [...rows, T.element("h3.answered-head", {}, `${T.word("answered")} ${answered.length}`), ...answered.slice(0, SCROLLED).map(T.answeredItem)] : rows;
    });
    if (again) {
      T.stopwatches(); /* they take room of the words beside them */
      if (scrolls || !open.length) {
        list.dataset.roomy = "true";
        more.hidden = true;
      } else {
        if (byId("side")) byId("side").dataset.load = "heavy";
        if (byId("alerts-pending")) byId("alerts-pending").hidden = true;
        if (byId("alerts-answered")) fillAnswered(byId("alerts-answered"), answered, []);
        const shown = leaveWhole(list, more, entries.length);
        const rest = entries.slice(shown).flatMap((one) => one.alerts);
        /* Where its room is what makes all fit, it keeps that and says nothing. */
        more.replaceChildren(rest.length ? T.word("more_n", { n: rest.length }) : "", ...["critical", "warning", "notice"]
          .map((severity) => [severity, rest.filter((alert) => alert.severity === severity).length])
          .filter(([, n]) => n).map(([severity, n]) => T.element("span.chip." + severity, {}, n + " " + T.word(severity))));
      }
      lighten(list, open.length, answered.length);
      arrive(list, new Set(open.map((alert) => alert.id)), new Map(entries.filter((one) => one.group).map((one) => ["group:" + one.group.id, one.alerts])));
      const kept = new Set([...list.querySelectorAll(".alert")].flatMap((item) => {
        const entry = item.dataset.group && entries.find((one) => one.group && one.group.id === item.dataset.group);
        return entry ? entry.alerts.map((alert) => alert.target_id) : [item.dataset.site];
      }));
      T.alertNumbers = new Map([...numbers].filter(([id]) => kept.has(id)));
      if (T.markAlarms) T.markAlarms();
    }
    if (!scrolls) below(list, answered, pending);
  };

  /* Few alerts: the slowest sites get some of the room. */
  function lighten(list, open, answered) {
    const side = byId("side");
    if (!side) return;
    const bottom = () => Math.max(...[...list.children].map((item) => item.getBoundingClientRect().bottom));
    const room = open || answered ? list.getBoundingClientRect().bottom - bottom() : Infinity;
    const free = room - answered * ANSWERED_REM * rem(); /* they come first */
    side.dataset.load = list.dataset.roomy === "true" && free > LIGHT_REM * rem() ? "light" : "heavy";
    /* There they say more, and must still fit. */
    if (open && side.dataset.load === "light" && bottom() > list.getBoundingClientRect().bottom - 2) side.dataset.load = "heavy";
  }

  /* Those that were not there when the page last looked. */
  function arrive(list, ids, groups) {
    if (place === list && known) {
      const isNew = (id) => (groups.has(id) ? groups.get(id).some((alert) => !known.has(alert.id)) : !known.has(id));
      const fresh = [...list.querySelectorAll(".alert")].filter((item) => isNew(item.dataset.alert));
      for (const item of fresh) item.classList.add("fresh");
      if (fresh.length && T.pointOut) T.pointOut(fresh[0]);
    }
    [place, known] = [list, T.state.at ? ids : null];
  }
})();
