/* The list of alerts: how one looks, how many fit whole, which number each has on the map, what is only watched. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const RANK = { critical: 0, warning: 1, notice: 2 };
  const MOST = 40; /* rows that are ever laid out to see how many fit */
  const LIGHT_REM = 17; /* that much free room, and the list below may have some of it */
  const byId = (id) => document.getElementById(id);
  let known = null; /* ids that were shown before: what is new arrives, what was there stands */
  let place = null;
  let seen = null;

  /* Worst first, then whoever waits longest. */
  T.firing = (state) => [...(state || T.state).alerts.values()].filter((alert) => alert.state === "firing")
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.fired_at - b.fired_at);

  const where = (alert) => {
    const county = alert.county_name || "";
    /* Names often begin with their county: 镇康 … in 镇康县. */
    return !county || T.state.scope || alert.name.slice(0, 2) === county.slice(0, 2) ? alert.name : `${county} · ${alert.name}`;
  };

  /* Where it is stands above already. */
  const what = ({ what: said, name }) => (said.startsWith(name) ? said.slice(name.length).replace(/^[\s：:，,]+/, "") : said) || said;

  T.showAlert = (alert) => (alert.target === "site" ? T.select(alert.target_id, true) : T.showFence(alert.target_id));

  /* `number` is its number on the map, where it has one. */
  T.alertItem = function (alert, number) {
    const { response } = T.view();
    const steps = [["step_answer", response.answer_min], ["step_sent", response.sent_min], ["step_arrive", response.arrive_min]];
    return T.element(
      "button.alert." + alert.severity,
      { type: "button", "data-alert": alert.id, "data-fired": alert.fired_at, "data-site": alert.target_id, "data-severity": alert.severity, onclick: () => T.showAlert(alert) },
      T.element("span.alert-number", {}, typeof number === "number" ? String(number) : "!"),
      T.element("span.alert-where", {}, T.element("b", {}, where(alert)), T.element("time", {}, T.word("since", { time: T.moment(alert.fired_at) }))),
      T.element("span.alert-what", {}, what(alert)),
      T.element("span.stopwatch", { "aria-hidden": "true" }),
      T.element("span.alert-advice", {}, alert.held ? T.word("held") : alert.advice || ""),
      T.element("span.steps", {}, ...steps.map(([key, minutes]) => T.element("span.step", { "data-after": minutes * 60, title: `${minutes} ${T.word(key)}` }, String(minutes), T.element("i", {}, " " + T.word(key))))),
    );
  };

  /* Every half second: only what reads differently is written. */
  T.stopwatches = function () {
    const now = T.now();
    for (const item of document.querySelectorAll(".alert[data-fired]")) {
      const seconds = now - Number(item.dataset.fired);
      const clock = item.querySelector(".stopwatch");
      const text = "+" + T.stopwatch(seconds);
      if (clock.textContent !== text) clock.textContent = text;
      for (const step of item.querySelectorAll(".step")) {
        const missed = String(seconds > Number(step.dataset.after));
        if (step.dataset.missed !== missed) step.dataset.missed = missed;
      }
    }
  };

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

  /* What may become an alert, as far as there is room below those that are. */
  function watched(list, pending) {
    const box = byId("alerts-pending");
    if (!box) return;
    const last = list.lastElementChild;
    const used = last && !last.classList.contains("empty") ? last.getBoundingClientRect().bottom : list.getBoundingClientRect().top + 16 * rem();
    const room = Math.floor((list.getBoundingClientRect().bottom + (box.hidden ? 0 : box.offsetHeight) - used) / (2.8 * rem())) - 2;
    const shown = pending.slice(0, Math.max(0, Math.min(room, 12)));
    box.hidden = list.dataset.roomy !== "true" || !shown.length;
    if (box.hidden) return;
    const signature = JSON.stringify(shown.map((alert) => [alert.id, alert.what, pending.length]));
    if (box.dataset.shown === signature) return;
    box.dataset.shown = signature;
    box.replaceChildren(T.element("h3", {}, T.word("pending_head", { n: pending.length })),
      ...shown.map((alert) => T.element("button", { type: "button", "data-site": alert.target_id, onclick: () => T.showAlert(alert) }, T.element("b", {}, where(alert)), T.element("span", {}, alert.what))));
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
    const pending = [...state.alerts.values()].filter((alert) => alert.state === "pending");
    byId("alerts-head").textContent = `${T.word("unanswered")} ${open.length} · ${T.word("pending_n")} ${pending.length} · ${T.word("today_n")} ${T.format.count(state.today.alerts)}`;
    const numbers = new Map();
    const numbered = (alert, at) => {
      if (!numbers.has(alert.target_id)) numbers.set(alert.target_id, String(at + 1));
      return T.alertItem(alert, at + 1);
    };
    const size = `${list.parentElement.clientWidth}x${list.parentElement.parentElement.clientHeight} ${room}`;
    const signature = JSON.stringify([heard, size, T.noticesTake(), scrolls, pending.length > 0, open.slice(0, MOST).map((alert) => [alert.id, alert.what, alert.advice, alert.held, alert.severity]), open.length]);
    let again = false;
    fill("alerts", signature, () => {
      again = true;
      return open.length ? open.slice(0, scrolls ? open.length : MOST).map(numbered) : [heard ? T.element("div.empty.calm", {}, T.word("no_alerts")) : T.element("div.empty", {}, T.word("cannot_judge"))];
    });
    if (again) {
      T.stopwatches(); /* they take room of the words beside them */
      if (scrolls || !open.length) {
        list.dataset.roomy = "true";
        more.hidden = true;
      } else {
        if (byId("side")) byId("side").dataset.load = "heavy";
        const box = byId("alerts-pending");
        if (box) box.hidden = true;
        const shown = leaveWhole(list, more, open.length);
        const rest = open.slice(shown);
        more.replaceChildren(T.word("more_n", { n: rest.length }), ...["critical", "warning", "notice"]
          .map((severity) => [severity, rest.filter((alert) => alert.severity === severity).length])
          .filter(([, n]) => n).map(([severity, n]) => T.element("span.chip." + severity, {}, n + " " + T.word(severity))));
      }
      lighten(list, open.length);
      const ids = new Set(open.map((alert) => alert.id));
      arrive(list, ids);
      const kept = new Set([...list.querySelectorAll(".alert")].map((item) => item.dataset.site));
      T.alertNumbers = new Map([...numbers].filter(([id]) => kept.has(id)));
      if (T.markAlarms) T.markAlarms();
    }
    if (!scrolls) watched(list, pending);
  };

  /* Few alerts: the slowest sites get some of the room. */
  function lighten(list, open) {
    const side = byId("side");
    if (!side) return;
    const bottom = () => Math.max(...[...list.children].map((item) => item.getBoundingClientRect().bottom));
    const free = open ? list.getBoundingClientRect().bottom - bottom() : Infinity;
    side.dataset.load = list.dataset.roomy === "true" && free > LIGHT_REM * rem() ? "light" : "heavy";
    /* There they say more, and must still fit. */
    if (open && side.dataset.load === "light" && bottom() > list.getBoundingClientRect().bottom - 2) side.dataset.load = "heavy";
  }

  /* Those that were not there when the page last looked. */
  function arrive(list, ids) {
    if (place === list && known) {
      const fresh = [...list.querySelectorAll(".alert")].filter((item) => !known.has(item.dataset.alert));
      for (const item of fresh) item.classList.add("fresh");
      if (fresh.length && T.pointOut) T.pointOut(fresh[0]);
    }
    [place, known] = [list, T.state.at ? ids : null];
  }
})();
