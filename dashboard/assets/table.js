/* The county's table: the same live values as the map, row by row, in AG Grid transactions. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const FIELDS = ["status", "wait_min", "queue_m", "persons_per_hour", "vehicles_per_hour", "lanes_open", "staff_on_duty", "staff_required", "method"];
  let grid = null;
  let turn = 0;

  function find() {
    if (!document.getElementById("sites-table")) return (grid = null);
    if (grid && !grid.isDestroyed()) return grid;
    try {
      grid = window.dash_ag_grid.getApi("sites-table");
    } catch {
      return (grid = null);
    }
    if (!grid) return null;
    grid.addEventListener("rowClicked", (event) => T.select(event.data.site_id, true));
    grid.addEventListener("cellKeyDown", (event) => {
      if (event.event.key === "Enter") T.select(event.data.site_id, true);
    });
    update(Object.keys(T.state.sites));
    return grid;
  }

  function update(ids) {
    const rows = [];
    for (const id of ids) {
      const node = grid.getRowNode(id);
      const site = T.state.sites[id];
      if (!node || !site) continue;
      const row = { ...node.data, age: site.observed_at ? T.age(T.now() - site.observed_at) : T.word("never") };
      for (const field of FIELDS) row[field] = site[field] === undefined ? null : site[field];
      if (typeof row.persons_per_hour === "number") row.persons_per_hour = Math.round(row.persons_per_hour);
      if (typeof row.vehicles_per_hour === "number") row.vehicles_per_hour = Math.round(row.vehicles_per_hour);
      row.method = row.method ? T.word(row.method === "simulated" ? "method_simulated" : row.method) : "";
      rows.push(row);
    }
    if (rows.length) grid.applyTransactionAsync({ update: rows });
  }

  T.listen((what) => {
    if (what.link) return;
    if (!find()) return;
    if (what.tick) {
      /* Ages move on by themselves: all rows, every ten seconds. */
      if ((turn += 1) % 20 === 0) update(Object.keys(T.state.sites));
    } else if (what.sites.length) update(what.sites);
  });

  T.showRow = function (id) {
    const api = find();
    const node = api && id && api.getRowNode(id);
    if (!node) return;
    api.ensureNodeVisible(node);
    node.setSelected(true, true);
  };
})();
