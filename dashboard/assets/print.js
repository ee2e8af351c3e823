/* The table on paper: all its rows as they are filtered and sorted, as a plain table, for the grid holds only those on
   the screen. It is there only while the page is printed. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const MOST = 2000; /* rows; what is longer is a list to export, and the sheet says so */
  const LEFT_OUT = ["compared"];

  function rowsOf(grid) {
    const nodes = [];
    for (let at = 0; at < Math.min(grid.getDisplayedRowCount(), MOST); at += 1) nodes.push(grid.getDisplayedRowAtIndex(at));
    return nodes;
  }

  const side = (column) => (column.getColDef().type === "rightAligned" ? "num" : null);

  function cell(grid, node, column) {
    const status = column.getColId() === "status" && node.data.status;
    const text = status ? T.word(status) : grid.getCellValue({ rowNode: node, colKey: column, useFormatter: true });
    return T.element("td", { class: side(column) }, status ? T.element("i.dot", { "data-status": status }) : null, text);
  }

  window.addEventListener("beforeprint", () => {
    const grid = T.tableGrid?.();
    if (!grid || document.getElementById("printed")) return;
    const columns = grid.getColumns().filter((column) => !LEFT_OUT.includes(column.getColId()));
    const more = grid.getDisplayedRowCount() > MOST;
    document.getElementById("table-count").dataset.printed = more ? " · " + T.word("printed_rows", { n: T.format.count(MOST) }) : "";
    document.querySelector(".county-table").append(T.element("table", { id: "printed" },
      T.element("thead", {}, T.element("tr", {}, ...columns.map((column) => T.element("th", { scope: "col", class: side(column) }, column.getColDef().headerName)))),
      T.element("tbody", {}, ...rowsOf(grid).map((node) => T.element("tr", {}, ...columns.map((column) => cell(grid, node, column)))))));
  });
  window.addEventListener("afterprint", () => document.getElementById("printed")?.remove());
})();
