/* What the table on a county's page needs inside AG Grid. */
(function () {
  "use strict";
  const WORSE = Object.fromEntries(["normal", "closed", "busy", "no_data", "offline", "congested"].map((status, i) => [status, i]));
  const T = () => window.threeline;
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  let names = null;
  const COMPARED = {
    status: (a, b) => WORSE[a] - WORSE[b],
    name(a, b) {
      names = names || new Intl.Collator(document.documentElement.lang, { numeric: true });
      return names.compare(a, b);
    },
  };
  const plainly = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  /* The grid would ask for both values anew at each comparison, which with ten thousand rows was most of what a filter
     took. So its columns leave the rows as they stand, and here they are put in order, all of them, by their own
     values. What is not known comes last in either direction. */
  functions.threelineAsTheyStand = () => 0;
  functions.threelineOrder = ({ api, nodes }) => {
    const sorts = T().sortedColumns(api).map(({ colId, sort }) => ({ field: colId, compare: COMPARED[colId] || plainly, way: sort === "desc" ? -1 : 1 }));
    if (!sorts.length) return;
    nodes.sort(({ data: a }, { data: b }) => {
      for (let at = 0; at < sorts.length; at += 1) {
        const { field, compare, way } = sorts[at];
        const one = a[field] ?? null;
        const other = b[field] ?? null;
        if (one === other) continue;
        if (one === null || other === null) return one === null ? 1 : -1;
        const found = compare(one, other);
        if (found) return found * way;
      }
      return 0;
    });
  };

  const digits = new Intl.NumberFormat("en-US");
  functions.threelineNumber = (params) => (params.value === null || params.value === undefined ? "—" : digits.format(params.value));
  functions.threelineAge = (params) => (params.value ? T().age(T().now() - params.value) : T().word("never"));

  /* Wait and queue by the profile's thresholds, staff by what is required: a class, which also has its own weight. */
  functions.threelineLevel = (params) => {
    const view = T().view();
    const { field } = params.colDef;
    const limits = view && { wait_min: ["busy_wait_min", "congested_wait_min"], queue_m: ["busy_queue_m", "congested_queue_m"] }[field];
    const known = typeof params.value === "number";
    if (known && limits) {
      const [busy, congested] = limits.map((name) => view.thresholds[name]);
      return params.value >= congested ? "num level-congested" : params.value >= busy ? "num level-busy" : "num";
    }
    return known && field === "staff_on_duty" && params.value < params.data.staff_required ? "num level-short" : "num";
  };

  const create = (...parts) => window.React.createElement(...parts);
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const dot = (status) => create("i", { className: "dot", "data-status": status });
  const alarm = (row) => (row.alarm ? create("i", { className: "row-alarm " + row.alarm, role: "img", "aria-label": T().word("unanswered"), title: T().word("unanswered") }, "!") : null);

  components.StatusCell = (props) => create("span", { className: "status-cell" }, dot(props.value), T().word(props.value || "no_data"), alarm(props.data));

  /* The marker as the map has it, and the name; on a phone also how the site is. */
  components.SiteCell = (props) => {
    const row = props.data;
    const view = T().view();
    const path = create("path", { d: T().shapePath(((view && view.shapes[row.line]) || {}).shape) });
    const shape = create("svg", { viewBox: "0 0 64 64", className: "row-shape", "data-status": row.status || "no_data", "aria-hidden": "true" }, path);
    const age = row.observed_at ? T().age(T().now() - row.observed_at) : T().word("never");
    const second = create("span", { className: "row-second" }, dot(row.status), create("span", {}, T().word(row.status || "no_data"), " · ", age), alarm(row));
    return create("span", { className: "row-site" }, shape, create("span", { className: "row-words" }, create("span", { className: "row-name" }, props.value), second));
  };

  components.CompareCell = (props) =>
    create("span", { className: "compare-box", role: "checkbox", "aria-checked": String(Boolean(props.value)), "aria-label": T().word("compare_this", { name: props.data.name }) });
})();
