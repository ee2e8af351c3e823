/* Search, and what is like it: how words match a site, the list under the search field, what was chosen last. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const MOST = 40; /* hits that are listed */
  const KEPT = 6; /* sites chosen last */
  const RECENT = "threeline.recent";
  T.opening = T.opening || [];
  T.telling = T.telling || [];
  T.keys = T.keys || {};

  /* ---- matching ------------------------------------------------------------------------------------ */

  const plain = (text) => String(text || "").normalize("NFKC").toLowerCase();
  const prepared = new WeakMap(); /* a site to what is compared */

  function ready(site) {
    let one = prepared.get(site);
    if (!one) {
      const syllables = plain(site.pinyin).split(" ").filter(Boolean);
      const starts = new Set();
      let at = 0;
      for (const part of syllables) {
        starts.add(at);
        at += part.length;
      }
      one = {
        name: plain(site.name).replace(/\s+/g, ""), id: plain(site.id), initials: plain(site.initials).split(" "), pinyin: syllables.join(""), starts,
        county: plain(site.county_name), kind: plain(site.kind_name),
      };
      prepared.set(site, one);
    }
    return one;
  }

  /* Ten thousand names take a fifth of a second to prepare: done in the pauses before anybody types. */
  T.telling.push(() => {
    const sites = T.allSites();
    const idle = window.requestIdleCallback || ((fn) => setTimeout(fn, 50));
    let at = 0;
    const some = () => {
      if (sites !== T.allSites()) return;
      for (const end = Math.min(at + 250, sites.length); at < end; at += 1) ready(sites[at]);
      if (at < sites.length) idle(some);
    };
    idle(some);
  });

  /* How well one word fits a site, 0 best; -1 where it does not. */
  function rank(one, word) {
    if (one.name === word || one.id === word) return 0;
    if (one.name.startsWith(word)) return 1;
    if (one.initials.some((read) => read.startsWith(word))) return 2;
    if (one.pinyin.startsWith(word)) return 3;
    if (one.id.startsWith(word)) return 4;
    if (one.name.includes(word)) return 5;
    if (one.id.includes(word)) return 6;
    if (word.length > 1 && one.initials.some((read) => read.includes(word))) return 7;
    if (word.length > 1) {
      for (let at = one.pinyin.indexOf(word); at >= 0; at = one.pinyin.indexOf(word, at + 1)) if (one.starts.has(at)) return 8;
    }
    return one.county.includes(word) || one.kind.includes(word) ? 9 : -1;
  }

  T.words = (text) => plain(text).split(/\s+/).filter(Boolean);

  /* The sum of the words' ranks, or -1 where one of them does not fit. */
  T.fits = function (site, words) {
    const one = ready(site);
    let sum = 0;
    for (const word of words) {
      const fit = rank(one, word);
      if (fit < 0) return -1;
      sum += fit;
    }
    return sum;
  };

  /* Sites that fit all words of a text, best first. */
  T.findSites = function (text, most) {
    const words = T.words(text);
    if (!words.length) return [];
    const hits = [];
    for (const site of T.allSites()) {
      const fit = T.fits(site, words);
      if (fit >= 0) hits.push([fit, site.name.length, hits.length, site]);
    }
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    return hits.slice(0, most || MOST).map((hit) => hit[3]);
  };

  function findCounties(text) {
    const words = T.words(text);
    const fits = (county) => {
      const one = ready({ ...county, id: county.adcode });
      return words.every((word) => rank(one, word) >= 0 && rank(one, word) < 9);
    };
    return words.length ? (T.view().counties || []).filter((county) => county.adcode !== T.view().scope && fits(county)) : [];
  }

  /* The field is React's as well: what is emptied behind its back comes back with its next drawing. */
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  function empty(input) {
    if (!input.value) return;
    setValue.call(input, "");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* ---- a combobox: an input and the list that belongs to it ------------------------------------------- */

  /* `find(text)` gives groups [{title, rows: [{node, choose}]}]; arrows, Enter and Esc work as everywhere. */
  T.combobox = function (input, list, { find, name }) {
    if (input.dataset.combobox) return;
    let rows = [];
    let at = -1;
    const set = (attributes) => Object.entries(attributes).forEach(([key, value]) => input.setAttribute(key, value));
    set({ "data-combobox": "1", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-label": name, autocomplete: "off", spellcheck: "false" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", name);

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) point(-1);
    }

    function point(next) {
      at = next;
      rows.forEach(({ node }, i) => node.setAttribute("aria-selected", String(i === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", rows[at].node.id);
        rows[at].node.scrollIntoView({ block: "nearest" });
      }
    }

    function fill() {
      const groups = find(input.value);
      rows = [];
      const built = groups.filter((group) => group.rows.length).map((group, g) => {
        const part = T.element("div", group.title ? { role: "group", "aria-label": group.title } : {});
        if (group.title) part.append(T.element("div.search-group", { "aria-hidden": "true" }, group.title));
        for (const row of group.rows) {
          row.node.id = `${list.id}-${g}-${rows.length}`;
          row.node.setAttribute("role", "option");
          row.node.setAttribute("aria-selected", "false");
          /* Before the field loses its focus, which closes the list. */
          row.node.addEventListener("pointerdown", (event) => event.preventDefault());
          row.node.addEventListener("click", () => choose(row));
          rows.push(row);
          part.append(row.node);
        }
        return part;
      });
      const asked = Boolean(input.value.trim());
      list.replaceChildren(...(built.length ? built : asked ? [T.element("div.search-none", { role: "status" }, T.word("search_none"))] : []));
      show(Boolean(built.length) || asked);
      point(asked && rows.length ? 0 : -1);
    }

    function choose(row) {
      empty(input);
      show(false);
      row.choose();
    }

    input.addEventListener("input", fill);
    input.addEventListener("focus", fill);
    input.addEventListener("blur", () => show(false));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) fill();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (rows.length) point(at < 0 && step < 0 ? rows.length - 1 : (at + step + rows.length) % rows.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (rows[at]) choose(rows[at]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        const done = (!input.value && list.hidden) || input.id === "search";
        empty(input);
        show(false);
        if (done) input.blur();
      }
    });
  };

  /* ---- what a hit looks like --------------------------------------------------------------------------- */

  T.siteShape = function (site) {
    const status = (T.state.sites[site.id] || {}).status || "no_data";
    const shape = T.shape((T.view().shapes[site.line] || {}).shape, `var(--status-${status.replace("_", "-")})`, status === "offline");
    shape.dataset.status = status;
    return shape;
  };

  T.siteOption = (site) => {
    const status = (T.state.sites[site.id] || {}).status || "no_data";
    return T.element("div.search-hit", { "data-site": site.id }, T.siteShape(site), T.element("b", {}, site.name), T.element("span.hit-status", {}, T.word(status)), T.element("span.hit-id", {}, site.id));
  };

  /* ---- the field in the bar ------------------------------------------------------------------------------ */

  const recent = () => {
    try {
      return JSON.parse(sessionStorage.getItem(RECENT)) || [];
    } catch {
      return [];
    }
  };
  function remember(id) {
    try {
      sessionStorage.setItem(RECENT, JSON.stringify([id, ...recent().filter((other) => other !== id)].slice(0, KEPT)));
    } catch {
      /* Nothing is remembered where the browser forbids it. */
    }
  }

  const siteRow = (site) => ({
    node: T.siteOption(site),
    choose() {
      remember(site.id);
      document.getElementById("search")?.blur();
      if (T.tab() === "search") T.showTab("map");
      T.select(site.id, true);
    },
  });

  const countyRow = (county) => ({
    node: T.element("div.search-hit", { "data-county": county.adcode }, T.element("i.hit-place", {}), T.element("b", {}, county.name), T.element("span.hit-id", {}, T.word("go_to_county"))),
    choose: () => location.assign(T.countyAddress(county.adcode)),
  });

  function find(text) {
    if (!text.trim()) {
      const last = recent().map((id) => T.siteOf(id)).filter(Boolean);
      return [{ title: T.word("search_recent"), rows: last.map(siteRow) }];
    }
    const groups = [{ title: T.word("counties"), rows: findCounties(text).slice(0, 4).map(countyRow) }];
    const found = T.findSites(text);
    if (T.view().scope || (T.view().counties || []).length < 2) return [...groups, { title: groups[0].rows.length ? T.word("sites") : "", rows: found.map(siteRow) }];
    const byCounty = new Map();
    for (const site of found) byCounty.set(site.county_name, [...(byCounty.get(site.county_name) || []), site]);
    return [...groups, ...[...byCounty].map(([title, sites]) => ({ title: title || T.word("no_county"), rows: sites.map(siteRow) }))];
  }

  function openSearch() {
    const input = document.getElementById("search");
    const list = document.getElementById("search-results");
    if (input && list) T.combobox(input, list, { find, name: T.word("search") });
  }

  T.keys["/"] = function () {
    if (T.isPhone()) T.showTab("search");
    document.getElementById("search")?.focus();
  };
  T.opening.push(openSearch);
})();
