/* How the scope stands, above everything: how many sites are in which state, which lines are short, what is open. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  let due = 0;

  const write = (node, text) => {
    if (node && node.textContent !== text) node.textContent = text;
  };

  function tell() {
    due = 0;
    if (!document.querySelector(".summary") || !(T.state.revision || T.state.replay)) return;
    const tally = Object.fromEntries(T.STATUSES.map((status) => [status, 0]));
    let attention = 0;
    for (const site of Object.values(T.state.sites)) {
      tally[site.status || "no_data"] += 1;
      if (T.needsAttention(site)) attention += 1;
    }
    for (const node of document.querySelectorAll("[data-count]")) {
      const [kind, value] = node.dataset.count.split(":");
      const n = kind === "attention" ? attention : tally[value];
      write(node, T.format.count(n));
      node.parentElement.dataset.none = String(n === 0);
    }
    for (const line of Object.values(T.state.lines)) {
      const staff = byId("summary-staff-" + line.id);
      if (staff) staff.dataset.short = String(line.staff_required !== null && line.staff_on_duty !== null && line.staff_on_duty < line.staff_required);
    }
    let firing = 0;
    let critical = false;
    for (const alert of T.firing()) {
      firing += 1;
      critical = critical || alert.severity === "critical";
    }
    for (const id of ["side-alerts-count", "pane-alerts-count"]) {
      const node = byId(id);
      write(node, firing ? String(firing) : "");
      if (node) node.dataset.critical = String(critical);
    }
    write(byId("side-gaps-count"), T.state.gaps.length + T.state.exits.length ? String(T.state.gaps.length + T.state.exits.length) : "");
  }

  /* For several messages at once it is counted once, after what is seen first. */
  T.listen((what) => {
    if (due || what.tick || what.link) return;
    due = setTimeout(tell, 30);
  });
  T.opening = T.opening || [];
  T.opening.push(() => {
    due = due || setTimeout(tell, 30);
  });
})();
