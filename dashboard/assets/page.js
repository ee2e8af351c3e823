/* A page: opening it, the address bar, selection, keys, and the kiosk. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const dash = () => window.dash_clientside;
  let view = null;
  let minute = 0;

  /* What a part of the page does when a page opens, when its sites are told, when a site is selected. */
  T.opening = T.opening || [];
  T.telling = T.telling || [];
  T.selecting = T.selecting || [];
  const each = (list, ...values) => {
    for (const fn of list) {
      try {
        fn(...values);
      } catch (error) {
        console.warn("threeline: a part of the page failed", error);
      }
    }
  };
  T.tellSites = () => each(T.telling, view);

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
    each(T.opening, view);
    if (!again || (!T.state.revision && T.link.state === "refused")) T.connect(view);
    attach().then(() => view.site && T.highlight(view.site, !view.center));
    T.repaint();
    each(T.selecting, view.site || "");
    T.useSound(view.sound);
    T.rotate(view);
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

  T.drawMap = () => view && attach();

  /* Another theme: the map is drawn anew in it, where it stands. */
  T.redraw = () => view && attach();

  /* ---- the address bar carries the whole view --------------------------------------------------- */

  const text = (value) => (Array.isArray(value) ? value.map(encodeURIComponent).join(",") : value === null || value === undefined ? "" : String(value));

  /* The one way to write the address: {name: value}, a list, or "" to leave it out. `path` moves to another page's. */
  T.address = function (changes, path) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      const written = text(value);
      if (written === "") query.delete(name);
      else query.set(name, written);
    }
    /* Commas and colons are legible in an address and allowed there. */
    const rest = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
    const address = (path || location.pathname) + (rest ? "?" + rest : "");
    if (address !== location.pathname + location.search) history.replaceState(history.state, "", address);
  };

  /* What the address says of a name: text, or a list. */
  T.asked = (name) => new URLSearchParams(location.search).get(name) || "";
  T.askedList = (name) => {
    const plain = (part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    };
    return T.asked(name).slice(0, 2000).split(",").filter(Boolean).map(plain);
  };

  T.addressView = (center, zoom) => T.address({ c: `${center.lng.toFixed(4)},${center.lat.toFixed(4)}`, z: zoom.toFixed(2) });

  /* `/site/X` is the address of X alone: with another site, or none, one stands on its county's page. */
  const countyPath = () => (location.pathname.startsWith("/site/") ? "/county" + (view.scope ? "/" + view.scope : "") : "");

  /* `look`: true flies there, "sight" moves the map only where the site would be out of sight. */
  T.select = function (site, look) {
    if (!view) return;
    const changed = view.site !== (site || "");
    view.site = site || "";
    if (changed) T.address({ site: view.site }, countyPath());
    T.highlight(view.site, look === true);
    if (look === "sight") T.keepInSight(view.site);
    if (changed) each(T.selecting, view.site);
  };
  T.selected = () => (view ? view.site || "" : "");
  T.view = () => view;

  T.keepInSight = function (id) {
    const map = T.map.instance;
    const site = T.siteOf(id);
    if (!map || !site || map.getBounds().contains([site.lon, site.lat])) return;
    map.easeTo({ center: [site.lon, site.lat], duration: T.calm() ? 0 : 300 }, { ours: true });
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
    document.dispatchEvent(new CustomEvent("threeline:minute"));
  });

  /* ---- keys and buttons ------------------------------------------------------------------------------ */

  const typing = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && node.type !== "checkbox";

  /* Key to what it does; a page without the part leaves it alone. */
  T.keys = Object.assign(T.keys || {}, {
    "?": () => document.getElementById("help")?.showModal(),
    0: () => T.resetMap(view),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  });

  document.addEventListener("keydown", (event) => {
    if (!view || view.kiosk || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open], .ag-popup-child")) return;
      if (typing(event.target)) event.target.blur();
      else if (view.site) T.select("");
    } else if (!typing(event.target) && !(event.ctrlKey || event.metaKey || event.altKey) && T.keys[event.key]) {
      event.preventDefault();
      T.keys[event.key](event);
    }
  });

  /* What buttons with `data-do` do; parts of the page add theirs. */
  T.actions = Object.assign(T.actions || {}, {
    home: () => T.resetMap(view),
    help: () => document.getElementById("help")?.showModal(),
    "close-help": () => document.getElementById("help")?.close(),
    "close-site": () => T.select(""),
    skip(link, event) {
      event.preventDefault();
      const main = document.querySelector("main");
      main.tabIndex = -1;
      main.focus();
    },
    language() {
      const query = new URLSearchParams(location.search);
      query.set("lang", view.lang.startsWith("zh") ? "en" : "zh-CN");
      location.search = query.toString();
    },
  });

  document.addEventListener("click", (event) => {
    const layer = event.target.closest("[data-layer]");
    if (layer && view) {
      const name = layer.dataset.layer;
      view.hidden = view.hidden.includes(name) ? view.hidden.filter((other) => other !== name) : [...view.hidden, name];
      T.showLayers(view.hidden);
      T.address({ hide: view.hidden });
      return;
    }
    const button = event.target.closest("[data-do]");
    if (button && view && T.actions[button.dataset.do]) T.actions[button.dataset.do](button, event);
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
      facts.push(...T.closuresOf(id));
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
