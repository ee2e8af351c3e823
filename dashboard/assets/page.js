/* A page: opening it, the address bar, selection, keys, and the kiosk. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const dash = () => window.dash_clientside;
  let view = null;
  let minute = 0;

  /* Called by Dash when a page's own view arrives. */
  function open(next) {
    if (!next) return dash().no_update;
    const again = view && view.key === next.key;
    view = next;
    T.useView(view);
    T.usePanels(view);
    T.keepNew(view);
    document.body.classList.toggle("kiosk", Boolean(view.kiosk));
    document.documentElement.lang = view.lang;
    document.title = view.title;
    measure();
    if (!again || !T.state.revision) T.connect(view);
    attach().then(() => view.site && T.highlight(view.site, !view.center));
    T.repaint();
    dash().set_props("selected", { data: view.site || null });
    T.useSound(view.sound);
    rotate();
    minute = 0;
    return view.key;
  }

  /* A map that cannot be drawn says so, and is tried again: the lists beside it stay true. */
  async function attach() {
    try {
      await T.attachMap(view);
      T.repaint();
    } catch (error) {
      console.warn("threeline: the map could not be drawn", error);
      document.documentElement.dataset.map = "failed";
      setTimeout(attach, 5000);
    }
  }

  /* ---- the address bar carries the whole view --------------------------------------------------- */

  function address(changes) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") query.delete(name);
      else query.set(name, value);
    }
    /* Commas and colons are legible in an address and allowed there. */
    const text = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
    history.replaceState(history.state, "", location.pathname + (text ? "?" + text : ""));
  }

  T.addressView = (center, zoom) => address({ c: `${center.lng.toFixed(4)},${center.lat.toFixed(4)}`, z: zoom.toFixed(2) });

  T.select = function (site, fly) {
    if (!view) return;
    view.site = site || "";
    address({ site: view.site });
    T.highlight(view.site, fly);
    dash().set_props("selected", { data: view.site || null });
    if (T.showRow) T.showRow(view.site);
  };

  /* ---- size: everything is measured in the root font, so a wall scales as a whole ---------------- */

  function measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    document.documentElement.style.setProperty("--k", String(rem / 10));
  }
  let resized = 0;
  window.addEventListener("resize", () => {
    measure();
    clearTimeout(resized);
    resized = setTimeout(() => {
      if (view) attach();
    }, 400);
  });

  /* ---- once a minute the charts are asked for again ---------------------------------------------- */

  T.listen((what) => {
    if (!view || !T.state.at || what.tick || what.link) return;
    const now = Math.floor(T.state.at / 60);
    if (now === minute) return;
    minute = now;
    if (view.site || document.querySelector("[data-charts]")) dash().set_props("minute", { data: now });
  });

  /* ---- kiosk -------------------------------------------------------------------------------------- */

  let turning = 0;
  function rotate() {
    clearInterval(turning);
    if (!view.kiosk || !view.rotate_s || !view.counties.length) return;
    let at = -1;
    turning = setInterval(() => {
      at += 1;
      const county = view.counties[at % (view.counties.length + 1)];
      const bounds = county ? county.bounds : view.bounds;
      if (T.map.instance) T.map.instance.fitBounds(bounds, { padding: 30, duration: T.calm() ? 0 : 1200 }, { ours: true });
      for (const row of document.querySelectorAll(".county-row")) row.dataset.here = String(Boolean(county) && row.dataset.county === county.adcode);
    }, view.rotate_s * 1000);
  }

  /* ---- search and keys ----------------------------------------------------------------------------- */

  function results(text) {
    const place = document.getElementById("search-results");
    const wanted = text.trim().toLowerCase();
    const hits = wanted ? T.allSites().filter((site) => [site.name, site.id, site.initials].some((text) => text.toLowerCase().includes(wanted))).slice(0, 8) : [];
    place.replaceChildren(...hits.map((site) => T.element("button.search-hit", { type: "button", onclick: () => choose(site.id) },
      T.shape(view.shapes[site.line].shape, "currentColor"), T.element("b", {}, site.name), T.element("span", {}, site.id))));
    place.hidden = !hits.length;
  }

  function choose(id) {
    const box = document.getElementById("search");
    box.value = "";
    results("");
    box.blur();
    T.select(id, true);
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "search") results(event.target.value);
  });

  document.addEventListener("keydown", (event) => {
    if (!view || view.kiosk) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape") {
      const help = document.getElementById("help");
      if (help && help.open) return;
      if (typing) {
        event.target.value = "";
        results("");
        event.target.blur();
      } else if (view.site) T.select("");
    } else if (typing) {
      if (event.key === "Enter" && event.target.id === "search") document.querySelector(".search-hit")?.click();
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search")?.focus();
    } else if (event.key === "?") document.getElementById("help")?.showModal();
    else if (event.key === "0") T.resetMap(view);
    else if (event.key === "f") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  });

  document.addEventListener("click", (event) => {
    const layer = event.target.closest("[data-layer]");
    if (layer && view) {
      const name = layer.dataset.layer;
      view.hidden = view.hidden.includes(name) ? view.hidden.filter((other) => other !== name) : [...view.hidden, name];
      T.showLayers(view.hidden);
      address({ hide: view.hidden.join(",") });
      return;
    }
    const button = event.target.closest("[data-do]");
    if (!button || !view) return;
    const todo = button.dataset.do;
    if (todo === "home") T.resetMap(view);
    else if (todo === "help") document.getElementById("help")?.showModal();
    else if (todo === "close-help") document.getElementById("help")?.close();
    else if (todo === "close-site") T.select("");
    else if (todo === "language") {
      const query = new URLSearchParams(location.search);
      query.set("lang", view.lang.startsWith("zh") ? "en" : "zh-CN");
      location.search = query.toString();
    } else if (todo === "snapshot") {
      const query = new URLSearchParams({ lang: view.lang });
      if (view.scope) query.set("scope", view.scope);
      if (view.at) query.set("at", view.at);
      window.open("/api/v1/snapshot.png?" + query, "_blank", "noopener");
    }
  });

  /* ---- a hint beside the pointer --------------------------------------------------------------------- */

  T.hover = (hit, where) => T.hint(hit ? siteRows(hit) : null, where);

  function siteRows(hit) {
    const rows = hit.sites.slice(0, 6).map((id, i) => {
      const site = T.state.sites[id] || {};
      const facts = [T.word(site.status || "no_data")];
      if (site.wait_min !== null && site.wait_min !== undefined) facts.push(`${T.word("wait")} ${T.format.whole(site.wait_min)} ${T.word("minutes")}`);
      if (site.persons_per_hour !== null && site.persons_per_hour !== undefined) facts.push(`${T.format.count(site.persons_per_hour)} ${T.word("persons_per_hour")}`);
      facts.push(site.observed_at ? T.age(T.now() - site.observed_at) : T.word("never"));
      return T.element("div.hint-row", {}, T.element("i.dot", { "data-status": site.status || "no_data" }), T.element("b", {}, T.siteName(id) || hit.names[i]), T.element("span", {}, facts.join(" · ")));
    });
    if (hit.sites.length > 6) rows.push(T.element("div.hint-row", {}, T.word("more_n", { n: hit.sites.length - 6 })));
    return rows;
  }

  T.hint = function (rows, where) {
    const hint = document.getElementById("hint");
    if (!hint) return;
    hint.hidden = !rows;
    if (!rows) return;
    hint.replaceChildren(...rows);
    const box = hint.parentElement.getBoundingClientRect();
    const right = where.x > box.width * 0.6;
    Object.assign(hint.style, { left: right ? "" : `${where.x + 16}px`, right: right ? `${box.width - where.x + 16}px` : "", top: `${Math.min(where.y + 12, box.height - hint.offsetHeight - 8)}px` });
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, { threeline: { open } });
})();
