/* Quick filters of the table: status and line chips, "needs attention", words. The address carries them. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  T.opening = T.opening || [];
  T.actions = T.actions || {};
  const NONE = () => ({ status: [], line: [], attention: false, words: "" });
  let wanted = NONE();
  let words = [];

  /* A site that somebody should look at: slow, silent, alarmed, or short of staff. */
  T.needsAttention = function (site) {
    if (!site || site.in_service === false) return false;
    if (["congested", "no_data", "offline"].includes(site.status) || site.alarm) return true;
    return typeof site.staff_on_duty === "number" && typeof site.staff_required === "number" && site.staff_on_duty < site.staff_required;
  };

  T.filtering = () => Boolean(wanted.status.length || wanted.line.length || wanted.attention || words.length);

  /* Whether a row of the table is shown. */
  T.passes = function (row) {
    const site = T.state.sites[row.site_id] || {};
    if (wanted.status.length && !wanted.status.includes(site.status)) return false;
    if (wanted.line.length && !wanted.line.includes(row.line)) return false;
    if (wanted.attention && !T.needsAttention(site)) return false;
    return !words.length || T.fits(T.siteOf(row.site_id) || { ...row, id: row.site_id }, words) >= 0;
  };

  function changed(quietly) {
    words = T.words(wanted.words);
    for (const chip of document.querySelectorAll("[data-filter]")) {
      const { filter, value } = chip.dataset;
      chip.setAttribute("aria-pressed", String(filter === "attention" ? wanted.attention : wanted[filter].includes(value)));
    }
    const input = document.getElementById("filter-words");
    if (input && input.value !== wanted.words) input.value = wanted.words;
    if (!quietly) T.address({ status: wanted.status, line: wanted.line, attention: wanted.attention ? "1" : "", q: wanted.words });
    T.refilter();
  }

  T.clearFilters = function () {
    wanted = NONE();
    changed();
  };
  T.actions["clear-filters"] = () => {
    T.clearFilters();
    T.clearColumnFilters();
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-filter]");
    if (!chip || !T.view()) return;
    const { filter, value } = chip.dataset;
    if (filter === "attention") wanted.attention = !wanted.attention;
    else wanted[filter] = wanted[filter].includes(value) ? wanted[filter].filter((other) => other !== value) : [...wanted[filter], value];
    changed();
    if (T.isPhone() || T.tab() === "compare") T.showTab("list");
  });

  let typed = 0;
  function field() {
    const place = document.getElementById("table-filter");
    if (!place || place.firstChild) return;
    place.append(T.element("input", {
      id: "filter-words", type: "search", placeholder: T.word("filter_table"), "aria-label": T.word("filter_table"), autocomplete: "off", spellcheck: "false",
      oninput(event) {
        wanted.words = event.target.value;
        /* Once a frame, however quick the keys are. */
        typed = typed || requestAnimationFrame(() => {
          typed = 0;
          changed();
        });
      },
      onkeydown(event) {
        if (event.key !== "Escape" || !event.target.value) return;
        event.stopPropagation();
        event.preventDefault();
        wanted.words = "";
        changed();
      },
    }));
  }

  T.opening.push((view) => {
    field();
    wanted = {
      status: T.askedList("status").filter((status) => T.STATUSES.includes(status)),
      line: T.askedList("line").filter((line) => view.shapes[line]),
      attention: T.asked("attention") === "1",
      words: T.asked("q").slice(0, 100),
    };
    changed(true);
  });
})();
