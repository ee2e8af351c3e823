/* The electronic fences on the map: how each is drawn follows its state and its alerts, and what stands under
   the pointer tells who is inside or near it. Their shapes and members come once; their state is live. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const SHOWN = 4; /* members named in a hint */
  let shapes = new Map(); /* fence id to its feature */
  let sent = "";

  /* Of all fences at once: there may be many fences and very many alerts. */
  const alarmed = () => new Set([...T.state.alerts.values()].filter((alert) => alert.target === "fence" && alert.state !== "pending").map((alert) => alert.target_id));
  const alertsOf = (id) => [...T.state.alerts.values()].filter((alert) => alert.target === "fence" && alert.target_id === id && alert.state !== "pending");
  const stateOf = (id) => T.state.fences[id] || { state: "unknown", observed_at: null, crossings_in: null, crossings_out: null };

  /* A breach is looked at first; then what does not work; then what nobody heard of. */
  function look(id, alarms) {
    const { state, crossings_in: came, crossings_out: went } = stateOf(id);
    return came + went > 0 && alarms.has(id) ? "breach" : state;
  }

  /* [[id, middle, severity]] of the fences with an alert, for their numbers on the map. */
  T.alarmedFences = () => [...alarmed()].filter((id) => shapes.has(id)).map((id) =>
    [id, middleOf(shapes.get(id)), alertsOf(id).some((alert) => alert.severity === "critical") ? "critical" : "warning"]);

  /* Pattern and colour both say the state: never colour alone. */
  T.fenceLayers = function () {
    const k = T.scale();
    const LOOKS = [
      ["unknown", css("--status-no-data"), [1, 3], 1.6],
      ["up", css("--accent"), [3, 2], 1.6],
      ["down", css("--severity-warning"), [0.6, 1.6], 3],
      ["breach", css("--severity-critical"), [1, 0], 3.2],
    ];
    const is = (name) => ["==", ["get", "look"], name];
    return [
      { id: "tl-fence-fill", type: "fill", source: "tl-fences", filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": ["match", ["get", "look"], "breach", css("--severity-critical"), "down", css("--severity-warning"), "up", css("--accent"), css("--status-no-data")], "fill-opacity": ["match", ["get", "look"], "breach", 0.25, 0.08] } },
      { id: "tl-fence-glow", type: "line", source: "tl-fences", filter: is("breach"), paint: { "line-color": css("--severity-critical"), "line-width": 12 * k, "line-blur": 9 * k, "line-opacity": 0.6 } },
      ...LOOKS.map(([name, colour, dash, width]) => ({ id: "tl-fence-" + name, type: "line", source: "tl-fences", filter: is(name),
        paint: { "line-color": colour, "line-width": width * k, "line-dasharray": dash, "line-opacity": name === "unknown" ? 0.7 : 0.9 } })),
    ];
  };

  T.loadFences = async function (map, view, current) {
    sent = "";
    const query = new URLSearchParams({ lang: view.lang, ...(view.scope ? { scope: view.scope } : {}) });
    const answer = await fetch("/api/v1/fences?" + query).catch(() => null);
    if (!answer || !answer.ok || !current()) return;
    const body = await answer.json();
    if (!current()) return;
    shapes = new Map(body.features.map((feature) => [feature.id, feature]));
    T.drawFences(map);
  };

  T.drawFences = function (map) {
    const alarms = alarmed();
    const features = [...shapes.values()].map((feature, id) => ({
      ...feature, id, properties: { fence_id: feature.properties.fence_id, look: look(feature.properties.fence_id, alarms) },
    }));
    const text = features.map((feature) => feature.properties.look).join();
    if (text === sent || !map.getSource("tl-fences")) return;
    sent = text;
    map.getSource("tl-fences").setData({ type: "FeatureCollection", features });
  };

  /* ---- what stands under the pointer ------------------------------------------------------------ */

  T.fenceAt = function (map, { x, y }) {
    const layers = T.fenceLayers().map((layer) => layer.id).filter((id) => map.getLayer(id));
    const hit = map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers })[0];
    return hit && shapes.has(hit.properties.fence_id) ? hintOf(hit.properties.fence_id) : null;
  };

  const row = (word, text) => T.element("div.hint-row.hint-wraps", {}, T.element("b", {}, T.word(word)), T.element("span", {}, text));

  function hintOf(id) {
    const { name, county_name: county, members } = shapes.get(id).properties;
    const { state, observed_at: at, crossings_in: came, crossings_out: went } = stateOf(id);
    const count = (value) => (value === null ? "–" : String(value));
    const rows = [
      T.element("div.hint-row", {}, T.element("i.fence-mark", { "data-look": look(id, alarmed()) }), T.element("b", {}, name), T.element("span", {}, county)),
      row("fence_state", T.word("fence_" + state) + (at ? " · " + T.age(T.now() - at) : "")),
      row("crossings_hour", `${T.word("inward")} ${count(came)} · ${T.word("outward")} ${count(went)}`),
    ];
    for (const alert of alertsOf(id)) rows.push(T.element("div.hint-row", { "data-severity": alert.severity }, T.element("b", {}, alert.what)));
    for (const [target, word] of [["site", "fence_sites"], ["device", "fence_devices"]]) {
      const mine = members.filter((member) => member.target === target);
      if (!mine.length) continue;
      const named = mine.slice(0, target === "site" ? SHOWN : 0).map((member) => member.name + (member.inside ? "" : ` ${Math.round(member.metres)} m`));
      const inside = mine.filter((member) => member.inside).length;
      rows.push(row(word, [T.word("inside_near", { inside, near: mine.length - inside }), ...named].join(" · ")));
    }
    return rows;
  }

  function boundsOf(feature) {
    const numbers = feature.geometry.coordinates.flat(Infinity);
    const xs = numbers.filter((_, at) => at % 2 === 0);
    const ys = numbers.filter((_, at) => at % 2 === 1);
    return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
  }

  function middleOf(feature) {
    const [[west, south], [east, north]] = boundsOf(feature);
    return [(west + east) / 2, (south + north) / 2];
  }
  T.fenceMiddle = (id) => (shapes.has(id) ? middleOf(shapes.get(id)) : null);

  /* From an alert in the list: the fence in the middle of the map, and what is known of it. */
  T.showFence = function (id) {
    const map = T.map.instance;
    const feature = shapes.get(id);
    if (!map || !feature) return;
    const [low, high] = boundsOf(feature);
    map.once("moveend", () => T.hint(hintOf(id), map.project(middleOf(feature))));
    map.fitBounds([low, high],
      { padding: 90 * T.scale(), maxZoom: 13 + Math.log2(T.scale()), duration: T.calm() ? 0 : 700 }, { ours: true });
  };
})();
