/* What the table shows, as a file: its rows as they are filtered and sorted, with when they are from and what they are. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/; /* as in dashboard/exporting/spreadsheet.py */
  const LEFT_OUT = ["compared"];
  T.actions = T.actions || {};

  const safe = (value) => (typeof value === "string" && FORMULA.test(value) ? "'" + value : value);
  const quoted = (value) => `"${String(value).replace(/"/g, '""')}"`;

  /* The day and time in the profile's zone, for the first line and the file's name. */
  function stamp(seconds) {
    const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: T.view().zone, dateStyle: "short", timeStyle: "medium" }).format(new Date(seconds * 1000));
    return { text: parts, file: parts.replace(/[-: ]/g, "").slice(0, 12) };
  }

  function cell({ column, node, value }) {
    const id = column.getColId();
    if (value === null || value === undefined) return "";
    if (id === "status") return T.word(value);
    if (id === "observed_at") return stamp(value).text;
    return safe(value);
  }

  T.tableCsv = function () {
    const grid = T.tableGrid();
    if (!grid) return null;
    const { state } = T;
    const at = stamp(state.at);
    const head = [T.view().title, T.word("data_as_of", { time: at.text }), T.word("n_sites", { n: grid.getDisplayedRowCount() })];
    if (state.simulated) head.push(T.word("simulated_note"));
    const columns = grid.getColumns().map((column) => column.getColId()).filter((id) => !LEFT_OUT.includes(id));
    const body = grid.getDataAsCsv({ columnKeys: columns, processCellCallback: cell, suppressQuotes: false });
    return { name: `${T.view().title.split(" · ")[0]}-${at.file}${state.simulated ? "-SIMULATED" : ""}.csv`, text: head.map(quoted).join(",") + "\r\n" + body };
  };

  T.actions["export-shown"] = function () {
    const made = T.tableCsv();
    if (!made) return;
    /* Excel and WPS take UTF-8 without its mark for GBK. */
    const link = T.element("a", { href: URL.createObjectURL(new Blob(["\ufeff", made.text], { type: "text/csv;charset=utf-8" })), download: made.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
})();
