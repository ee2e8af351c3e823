/* The table of sites: the same sites and values as the map, row by row, in AG Grid. It is filled and heard here;
   sort and filters stand in the address, and whoever goes through it by keys takes the drawer along. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const FIELDS = ["status", "wait_min", "queue_m", "persons_per_hour", "vehicles_per_hour", "lanes_open", "staff_on_duty", "staff_required", "observed_at", "alarm"];
  const ROUNDED = ["persons_per_hour", "vehicles_per_hour"];
  const WORST_FIRST = "status:desc,wait_min:desc";
  const SMALL = ["name", "wait_min", "queue_m"]; /* the columns that a phone has room for */
  const SMALL_PX = { wait_min: 78, queue_m: 78 };
  const ROW = 34;
  const TALL_ROW = 60;
  let grid = null; /* the grid that is being driven */
  let filled = null; /* the sites it was filled with */
  let model = {}; /* the filters of its columns, as the address or a hand set them last */
  let restoring = false;
  let small = null;
  let turn = 0;
  T.telling = T.telling || [];
  T.opening = T.opening || [];
  T.selecting = T.selecting || [];
  T.keys = T.keys || {};

  const narrow = () => window.matchMedia("(max-width: 700px)").matches;

  /* ---- finding the grid --------------------------------------------------------------------------- */

  function find() {
    const place = document.getElementById("sites-table");
    if (!place) return (grid = null);
    if (grid && !grid.isDestroyed()) return grid;
    try {
      grid = window.dash_ag_grid.getApi("sites-table");
    } catch {
      grid = null;
    }
    if (!grid || grid.isDestroyed()) return (grid = null);
    filled = small = null;
    hear(grid);
    return grid;
  }

  function hear(api) {
    api.setGridOption("isExternalFilterPresent", T.filtering);
    api.setGridOption("doesExternalFilterPass", (node) => T.passes(node.data));
    api.addEventListener("sortChanged", keepSort);
    api.addEventListener("filterChanged", ({ source }) => {
      if (source === "api" && restored(api)) return;
      keepFilter();
      count();
    });
    api.addEventListener("modelUpdated", count);
    fromAddress(api);
    shape(api);
    fill();
  }

  /* The grid is there some moments after the page: asked for until then, so that no first click is lost. */
  let waiting = 0;
  function await_() {
    clearTimeout(waiting);
    if (document.getElementById("sites-table") && !find()) waiting = setTimeout(await_, 60);
  }

  /* ---- rows ----------------------------------------------------------------------------------------- */

  function live(row, site) {
    for (const field of FIELDS) row[field] = site[field] === undefined ? null : site[field];
    for (const field of ROUNDED) if (typeof row[field] === "number") row[field] = Math.round(row[field]);
    row.method_name = site.method ? T.word(site.method === "simulated" ? "method_simulated" : site.method) : "";
    return row;
  }

  function fill() {
    const sites = T.allSites();
    /* Without a picture nothing is known of them, and nothing is claimed. */
    if (!grid || filled === sites || !sites.length || !(T.state.revision || T.state.replay)) return;
    const compared = new Set(T.compared());
    const names = lineNames();
    grid.setGridOption("rowData", sites.map((site) => live({
      site_id: site.id, name: site.name, line: site.line, line_name: names[site.line] || site.line, kind_name: site.kind_name, county_name: site.county_name,
      lanes_total: site.lanes_total, compared: compared.has(site.id),
    }, T.state.sites[site.id] || {})));
    filled = sites;
    T.showRow(T.selected());
    count();
  }

  const lineNames = () => Object.fromEntries([...document.querySelectorAll("[data-filter=line]")].map((chip) => [chip.dataset.value, chip.querySelector(".chip-name").textContent]));

  function update(ids) {
    const rows = [];
    for (const id of ids) {
      const node = grid.getRowNode(id);
      if (node && T.state.sites[id]) rows.push(live({ ...node.data }, T.state.sites[id]));
    }
    if (rows.length) grid.applyTransactionAsync({ update: rows });
  }

  T.listen((what) => {
    if (what.link || !find()) return;
    fit();
    if (!filled) fill();
    else if (what.tick) {
      /* Ages move on by themselves; only what is on the screen is written again. */
      if ((turn += 1) % 20 === 0) grid.refreshCells({ columns: ["observed_at", "name"], force: true });
    } else if (what.sites.length) update(what.sites);
  });
  T.telling.push(() => {
    const sites = T.allSites();
    const same = filled && sites.length === filled.length && sites.every((site, i) => site.id === filled[i].id && site.name === filled[i].name);
    /* The map asks for its sites again when the screen changes; the rows stay where they are the same. */
    if (same) filled = sites;
    else if (find()) {
      filled = null;
      fill();
    }
  });

  function count() {
    const place = document.getElementById("table-count");
    if (!place || !grid || !filled) return;
    const shown = grid.getDisplayedRowCount();
    const text = shown === filled.length ? T.word("n_sites", { n: T.format.count(shown) }) : T.word("n_of_sites", { n: T.format.count(shown), of: T.format.count(filled.length) });
    if (place.textContent !== text) place.textContent = text;
    const clear = document.querySelector("[data-do=clear-filters]");
    if (clear) clear.hidden = !T.filtering() && !grid.isColumnFilterPresent();
  }

  /* ---- the address ------------------------------------------------------------------------------------ */

  T.sortedColumns = (api) => api.getColumnState().filter((column) => column.sort).sort((a, b) => a.sortIndex - b.sortIndex);

  function keepSort() {
    const sort = T.sortedColumns(grid).map((column) => `${column.colId}:${column.sort}`).join(",");
    T.address({ sort: sort === WORST_FIRST ? "" : sort || "none" });
  }

  /* With the first change of its columns, minutes later perhaps, dash-ag-grid hands a grid the filters once more that
     it was made with, and so takes away those set since. Nobody asked for that: they are put back, once, lest a filter
     be fought for that the grid refuses. */
  function restored(api) {
    const now = api.getFilterModel();
    restoring = !restoring && Object.keys(model).some((colId) => !now[colId]);
    if (restoring) api.setFilterModel(model);
    return restoring;
  }

  function keepFilter() {
    model = grid.getFilterModel();
    T.address({ filter: Object.keys(model).length ? JSON.stringify(model) : "" });
  }

  function fromAddress(api) {
    const wanted = (T.asked("sort") || WORST_FIRST).split(",").map((part) => part.split(":"));
    const known = new Set(api.getColumns().map((column) => column.getColId()));
    api.applyColumnState({
      defaultState: { sort: null },
      state: wanted.filter(([colId, sort]) => known.has(colId) && ["asc", "desc"].includes(sort)).map(([colId, sort], sortIndex) => ({ colId, sort, sortIndex })),
    });
    model = {};
    try {
      const asked = JSON.parse(T.asked("filter").slice(0, 2000) || "{}");
      model = Object.fromEntries(Object.entries(asked).filter(([colId]) => known.has(colId)));
      api.setFilterModel(model);
    } catch {
      /* A filter that cannot be read filters nothing. */
    }
  }

  T.refilter = function () {
    if (find()) grid.onFilterChanged();
  };
  T.clearColumnFilters = function () {
    model = {};
    if (find()) grid.setFilterModel(null);
  };

  /* ---- the size it has ---------------------------------------------------------------------------------- */

  function shape(api) {
    small = narrow();
    const columns = api.getColumns().map((column) => column.getColId());
    document.getElementById("sites-table").dataset.small = String(small);
    api.setGridOption("rowHeight", small ? TALL_ROW : ROW);
    api.setGridOption("headerHeight", small ? 44 : undefined);
    api.setColumnsVisible(columns, !small);
    api.setColumnsVisible(SMALL, true);
    const state = (colId) => ({
      colId, pinned: !small && ["compared", "name"].includes(colId) ? "left" : null, flex: small && colId === "name" ? 1 : null,
      ...(small && SMALL_PX[colId] ? { width: SMALL_PX[colId] } : {}),
    });
    api.applyColumnState({ state: columns.map(state) });
    api.resetRowHeights();
  }

  function fit() {
    if (small !== narrow()) shape(grid);
  }
  window.addEventListener("resize", () => grid && !grid.isDestroyed() && setTimeout(() => shape(grid), 150));

  /* ---- selection, and going through the rows -------------------------------------------------------------- */

  T.showRow = function (id) {
    const api = find();
    const node = api && id ? api.getRowNode(id) : null;
    if (!node) {
      if (api) api.deselectAll();
      return;
    }
    if (node.displayed !== false) api.ensureNodeVisible(node);
    node.setSelected(true, true);
  };
  T.selecting.push(T.showRow);

  const focused = () => {
    const cell = grid.getFocusedCell();
    const row = cell && grid.getDisplayedRowAtIndex(cell.rowIndex);
    return row && row.data ? { id: row.data.site_id, column: cell.column.getColId() } : null;
  };

  /* The grid's own events come some time after what they tell of: a click would undo the key that came after it. */
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("#sites-table .ag-cell");
    const id = cell && cell.closest(".ag-row").getAttribute("row-id");
    if (!id) return;
    if (cell.getAttribute("col-id") === "compared") T.toggleCompared(id);
    else T.select(id, true);
  });

  /* Before the grid and the page take a key for themselves: the grid's own events come only later. */
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("#sites-table .ag-cell") || event.ctrlKey || event.metaKey || event.altKey || !find()) return;
    const at = focused();
    if (!at) return;
    if (["Enter", " ", "c"].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "c" || at.column === "compared") T.toggleCompared(at.id);
      else T.select(at.id, "sight");
    } else if (T.selected() && ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key)) {
      /* The grid moves its focus after this; an open drawer goes along. */
      setTimeout(() => grid && focused() && T.select(focused().id, "sight"));
    }
  }, true);

  /* The next or the last site in the order of the table, as it is filtered and sorted. */
  T.step = function (by) {
    if (!find() || !grid.getDisplayedRowCount()) return;
    const node = grid.getRowNode(T.selected());
    const from = node && node.displayed !== false && node.rowIndex !== null ? node.rowIndex : by > 0 ? -1 : grid.getDisplayedRowCount();
    const row = grid.getDisplayedRowAtIndex(Math.max(0, Math.min(grid.getDisplayedRowCount() - 1, from + by)));
    if (row && row.data) T.select(row.data.site_id, "sight");
  };
  T.keys.j = () => T.step(1);
  T.keys.k = () => T.step(-1);
  T.actions = Object.assign(T.actions || {}, { "next-site": () => T.step(1), "last-site": () => T.step(-1) });

  T.markCompared = function (ids) {
    if (!find() || !filled) return;
    const wanted = new Set(ids);
    const rows = [];
    grid.forEachNode((node) => {
      if (node.data.compared !== wanted.has(node.data.site_id)) rows.push({ ...node.data, compared: wanted.has(node.data.site_id) });
    });
    if (rows.length) grid.applyTransaction({ update: rows });
  };

  T.tableGrid = find;
  T.opening.push(() => {
    filled = null;
    if (grid && !grid.isDestroyed() && find()) fromAddress(grid);
    await_();
  });
})();
