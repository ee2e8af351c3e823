/* The site drawer: what the page knows of a site stands at once; its charts and its log follow. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  const SETTLED_MS = 140; /* whoever goes through the list quickly asks for nothing on the way */
  const KNOWN = (value) => value !== null && value !== undefined;
  T.opening = T.opening || [];
  T.selecting = T.selecting || [];
  T.telling = T.telling || [];
  let id = "";
  let settling = 0;
  let said = "";
  let alerted = "";

  /* ---- opening -------------------------------------------------------------------------------------- */

  function show(site) {
    const drawer = byId("site-drawer");
    if (!drawer) return;
    const changed = site !== id;
    const active = document.activeElement;
    const had = drawer.contains(active);
    const byKey = !id && site && active.matches(".alert:focus-visible, .slow:focus-visible, .pending :focus-visible");
    if (!id && site) opener = active;
    id = site;
    drawer.hidden = !id;
    document.documentElement.dataset.site = id ? "open" : "";
    clearTimeout(settling);
    if (!id) {
      said = "";
      if (had) back();
      window.dash_clientside.set_props("selected", { data: null });
      return;
    }
    if (changed) {
      said = alerted = "";
      T.forgetDetails();
      drawer.querySelector(".site-body").scrollTop = 0;
    }
    head();
    now();
    alerts();
    charts();
    settling = setTimeout(() => {
      window.dash_clientside.set_props("selected", { data: id });
      T.askDetails(id);
    }, changed && said ? SETTLED_MS : 0);
    /* By a key from a list, or from something in here that went with the site before. */
    if (byKey || (had && !drawer.contains(document.activeElement))) drawer.querySelector("h2")?.focus({ preventScroll: true });
  }

  /* To where it was opened from, though the list may have been made anew since. */
  let opener = null;
  function back() {
    const { alert, site } = opener?.dataset || {};
    const anew = alert ? `[data-alert="${CSS.escape(alert)}"]:not(#site-drawer *)` : site ? `:is(.slow, .pending *)[data-site="${CSS.escape(site)}"]` : "";
    const same = opener?.isConnected ? opener : anew && document.querySelector(anew);
    const cell = document.querySelector("#sites-table .ag-cell-focus");
    (same && same !== document.body && !same.closest("#sites-table") ? same : cell || document.querySelector(".maplibregl-canvas"))?.focus();
  }
  T.selecting.push(show);
  T.telling.push(() => {
    if (!id) return;
    said = "";
    head();
    now();
    charts();
  });

  /* ---- head: which site, and the ways on --------------------------------------------------------------- */

  function head() {
    const site = T.siteOf(id);
    const place = byId("site-head");
    const name = site ? site.name : id;
    const compared = T.compared().includes(id);
    const button = (todo, label, title, more) => T.element("button.action", { type: "button", "data-do": todo, title, "aria-label": title, ...more }, label);
    const facts = site ? [lineName(site.line), site.kind_name + (site.smart ? " · " + T.word("smart") : ""), site.county_name, site.id] : [id];
    const table = byId("county"); /* the rows that one goes through */
    T.keepFocus(place, () => place.replaceChildren(
      T.element("div.site-title", {},
        T.element("h2", { tabindex: "-1" }, site ? T.siteShape(site) : "", name),
        ...(table ? [button("last-site", "‹", T.word("site_before")), button("next-site", "›", T.word("site_after"))] : []),
        button("close-site", "×", T.word("close"))),
      T.element("p.quiet.site-facts", {}, facts.filter(Boolean).join(" · ")),
      ...T.closuresOf(id).map((text) => T.element("p.site-closure", {}, text)),
      T.element("div.site-actions", {},
        T.element("span", { id: "site-video" }, had_video.site === id ? videoLink(had_video.link) : ""),
        button("compare-site", T.word(compared ? "compared_remove" : "compared_add"), T.word(compared ? "compared_remove" : "compared_add"), { "aria-pressed": String(compared) }),
        button("copy-link", T.word("copy_link"), T.word("copy_link")),
        T.linkToSilence(id)),
    ));
  }
  T.redrawHead = () => id && head();

  const lineName = (line) => document.querySelector(`[data-layer="${CSS.escape(line)}"]`)?.textContent || line;
  T.lineName = lineName;

  /* The bureau's own player opens it, in a window of its own that learns nothing of this page. */
  const had_video = { site: "", link: null };
  const videoLink = (link) => (link
    ? T.element("a.action.video", { href: link, target: "_blank", rel: "noopener noreferrer" }, "▶ " + T.word("video_open"))
    : T.element("span.quiet", {}, T.word("video_none")));
  T.showVideo = function (link) {
    Object.assign(had_video, { site: id, link });
    const place = byId("site-video");
    if (place) T.keepFocus(place, () => place.replaceChildren(videoLink(link)));
  };

  T.actions = Object.assign(T.actions || {}, {
    "compare-site": () => T.toggleCompared(id),
    async "copy-link"(button) {
      const there = new URL("/site/" + encodeURIComponent(id), location.href);
      there.searchParams.set("lang", T.view().lang);
      if (T.view().at) there.searchParams.set("at", T.view().at);
      button.textContent = T.word((await T.copied(there.href)) ? "copied" : "copy_failed");
      setTimeout(() => (button.textContent = T.word("copy_link")), 1800);
    },
  });

  /* Browsers give the clipboard to pages of https only; else the old way, inside a dialog where one is open. */
  T.copied = async function (text, inside) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = T.element("textarea", { style: { position: "fixed", opacity: "0" } });
      field.value = text;
      (inside || document.body).append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };

  /* ---- now: status, age, method, numbers and what they mean ------------------------------------------------ */

  function now() {
    const place = byId("site-now");
    const site = T.state.sites[id];
    if (!place || !(T.state.revision || T.state.replay)) return;
    const age = !site ? "" : site.observed_at ? T.age(T.now() - site.observed_at) : T.word("never");
    const signature = JSON.stringify([id, site, age, T.state.simulated]);
    if (signature === said) return;
    said = signature;
    if (!site) {
      place.replaceChildren(T.element("p.site-gone", { role: "status" }, T.word("site_gone")));
      return;
    }
    const method = site.method ? T.word(site.method === "simulated" ? "method_simulated" : site.method) : "";
    const old = site.observed_at && T.now() - site.observed_at > T.lateAfter(site);
    place.replaceChildren(
      T.element("p.site-status", { id: "site-status" },
        T.element("i.dot", { "data-status": site.status }), T.element("b", {}, T.word(site.status)),
        T.element("span" + (old ? ".old" : ".quiet"), {}, age),
        method ? T.element("span.method" + (site.method === "simulated" ? ".simulated" : ""), {}, T.word("method") + " " + method) : ""),
      T.element("dl.site-numbers", {}, ...numbers(site)),
    );
  }

  function numbers(site) {
    const limits = T.view().thresholds;
    const lanes = (T.siteOf(id) || {}).lanes_total;
    const level = (value, busy, congested) => (!KNOWN(value) ? "" : value >= congested ? "congested" : value >= busy ? "busy" : "normal");
    const meaning = (value, busy, congested) => (KNOWN(value)
      ? T.word(level(value, busy, congested) === "normal" ? "below_limit" : "above_limit", { word: T.word(level(value, busy, congested)), n: level(value, busy, congested) === "congested" ? congested : busy })
      : T.word("limits_are", { busy, congested }));
    const staff = KNOWN(site.staff_on_duty) && KNOWN(site.staff_required) ? site.staff_on_duty - site.staff_required : null;
    const change = Math.round(site.wait_change || 0);
    const wait = meaning(site.wait_min, limits.busy_wait_min, limits.congested_wait_min) + (change ? ` · ${T.word("in_quarter", { n: (change > 0 ? "+" : "") + change })}` : "");
    return [
      tile("wait", T.format.whole(site.wait_min), T.word("minutes"), wait, level(site.wait_min, limits.busy_wait_min, limits.congested_wait_min)),
      tile("queue", T.format.whole(site.queue_m), T.word("metres"), meaning(site.queue_m, limits.busy_queue_m, limits.congested_queue_m), level(site.queue_m, limits.busy_queue_m, limits.congested_queue_m)),
      tile("persons_per_hour", T.format.count(site.persons_per_hour), "", ""),
      tile("vehicles_per_hour", T.format.count(site.vehicles_per_hour), "", ""),
      tile("lanes", T.format.whole(site.lanes_open), KNOWN(lanes) ? `/ ${lanes}` : "", KNOWN(site.lanes_open) && KNOWN(lanes) && lanes > site.lanes_open ? T.word("lanes_left", { n: lanes - site.lanes_open }) : ""),
      tile("staff", T.format.whole(site.staff_on_duty), KNOWN(site.staff_required) ? `/ ${T.format.whole(site.staff_required)}` : "",
        staff === null ? "" : staff < 0 ? T.word("short_n", { n: -staff }) : staff > 0 ? T.word("spare_n", { n: staff }) : T.word("just_enough"), staff < 0 ? "congested" : ""),
    ];
  }

  const tile = (key, value, unit, meaning, level) => T.element("div", { "data-level": level || "" },
    T.element("dt", {}, T.word(key)), T.element("dd", {}, value, T.element("small", {}, value === "—" ? "" : unit)), meaning ? T.element("dd.meaning", {}, meaning) : "");

  /* ---- its alerts, with their clocks ------------------------------------------------------------------------- */

  function alerts() {
    const place = byId("site-open-alerts");
    if (!place) return;
    const mine = [...T.firing(), ...T.answered()].filter((alert) => alert.target === "site" && alert.target_id === id);
    const signature = JSON.stringify([id, T.mayAnswer(), mine.map(T.answerKey)]);
    if (signature === alerted) return;
    alerted = signature;
    T.keepFocus(place, () => place.replaceChildren(...mine.map((alert) => T.alertItem(alert))));
    T.stopwatches();
  }

  /* ---- charts: the last day is drawn by the server; until it is there, their places are ------------------------- */

  function charts() {
    const place = byId("site-charts");
    if (!place) return;
    watch(place);
    const there = place.querySelector("[data-charts-of]")?.dataset.chartsOf === id;
    place.dataset.state = there ? "there" : T.allSites().length && !T.siteOf(id) ? "none" : "waiting";
  }
  const coming = new MutationObserver(() => charts());
  let watched = null;
  function watch(place) {
    if (place === watched) return;
    coming.disconnect();
    coming.observe(place, { childList: true, subtree: true });
    watched = place;
  }

  function hear(what) {
    if (!id || what.link) return;
    now();
    if (what.tick) return;
    if (what.whole || what.sites.includes(id)) {
      reshape();
      T.refreshDetails();
    }
    if (what.alerts || what.whole) alerts();
    if (what.closures || what.whole) head();
  }

  /* The link's script comes after this one. */
  let listening = false;
  T.opening.push(() => {
    if (!listening) T.listen(hear);
    listening = true;
  });

  /* The marker before the name has the colour of the site's state. */
  function reshape() {
    const site = T.siteOf(id);
    const old = document.querySelector("#site-head h2 svg");
    if (site && old && old.dataset.status !== (T.state.sites[id] || {}).status) old.replaceWith(T.siteShape(site));
  }
})();
