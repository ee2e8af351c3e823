/* How the live markers look: shape says which line, colour and what is inside say status, a ring says an unanswered
   alert and its number which one of the list, a fade says old data. A cluster is its worst member inside and what
   most of it is around. Only paint follows feature-state; shape and size are fixed when the layers are made. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  /* From best to worst: the worst member speaks for a cluster. */
  T.STATUSES = ["normal", "closed", "busy", "no_data", "offline", "congested"];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  /* Wall canvases scale everything, so markers and labels scale with the root font. */
  T.scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;

  function byStatus(values, otherwise) {
    const pairs = Object.entries(values).flat();
    return ["match", ["coalesce", ["feature-state", "status"], "no_data"], ...pairs, otherwise];
  }

  T.statusColours = () =>
    Object.fromEntries(T.STATUSES.map((status) => [status, css("--status-" + status.replace("_", "-"))]));

  /* What is drawn inside a marker of one site: see sprites.js. */
  function insides(id, source, size, faded, ground) {
    const colours = T.statusColours();
    const none = "rgba(0,0,0,0)";
    const placed = { "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": size };
    return [
      { id: id + "-cores", type: "symbol", source, layout: { ...placed, "icon-image": ["concat", ["get", "shape"], "-core"] },
        paint: { "icon-color": byStatus({ busy: colours.busy, congested: css("--rim"), no_data: colours.no_data }, none), "icon-opacity": faded,
          "icon-halo-color": byStatus({ busy: ground }, none), "icon-halo-width": byStatus({ busy: 1.7 * T.scale() }, 0) } },
      { id: id + "-slashes", type: "symbol", source, layout: { ...placed, "icon-image": "slash" },
        paint: { "icon-color": byStatus({ offline: colours.offline, closed: ground }, none), "icon-opacity": faded } },
    ];
  }

  T.markerLayers = function () {
    const k = T.scale();
    const colours = T.statusColours();
    const ground = css("--ground");
    const rim = css("--rim");
    const near = 8 + Math.log2(k);
    const grown = (size, by) => ["interpolate", ["linear"], ["zoom"], near, ["*", size, k / 25], near + 5, ["*", size, (by * k) / 25]];
    const symbol = {
      "icon-image": ["get", "shape"], "icon-allow-overlap": true, "icon-ignore-placement": true,
    };
    const many = [">", ["get", "count"], 1];
    const solid = byStatus(colours, colours.no_data);
    const hollow = byStatus({ ...colours, offline: ground, no_data: ground }, ground);
    const edge = byStatus({ congested: rim, offline: colours.offline, no_data: colours.no_data }, ground);
    const most = ["match", ["coalesce", ["feature-state", "most"], "no_data"], ...Object.entries(colours).flat(), colours.no_data];
    const faded = ["coalesce", ["feature-state", "fresh"], 1];
    const halo = byStatus({ offline: 2.2 * k, no_data: 2.2 * k, congested: 2 * k }, 1.2 * k);
    const on = Object.fromEntries(T.STATUSES.map((status) => [status, css("--on-status-" + status.replace("_", "-"))]));
    const severity = ["match", ["get", "alarm"], "critical", css("--severity-critical"), "warning", css("--severity-warning"), css("--severity-notice")];
    const onSeverity = ["match", ["get", "alarm"], "critical", css("--on-severity-critical"), "warning", css("--on-severity-warning"), css("--on-severity-notice")];
    const text = { "text-font": ["Noto Sans CJK SC Bold"], "text-allow-overlap": true, "text-ignore-placement": true };
    const unknown = ["==", ["get", "unknown"], true];
    const open = ["all", ["!=", ["get", "backed"], true], ["!", unknown]];
    const exposed = ["==", ["get", "backed"], false];
    const node = grown(["get", "size"], 1.7);
    const alarm = grown(16, 1.6);
    const critical = (yes, no) => ["match", ["get", "alarm"], "critical", yes * k, no * k];
    const names = (id, anchors) => ({ id, type: "symbol", source: "tl-alarms",
      layout: { "text-field": ["get", "name"], "text-font": text["text-font"], "text-size": 17 * k, "text-variable-anchor": anchors, "text-radial-offset": 1.7, "text-justify": "auto", "text-max-width": 30, "text-padding": 4 * k, "symbol-sort-key": ["get", "rank"] },
      paint: { "text-color": css("--text"), "text-halo-color": ground, "text-halo-width": 2 * k } });
    return [
      ...T.fenceLayers(),
      /* The bright border under it would say that it is held. */
      { id: "tl-gaps-unknown-case", type: "line", source: "tl-gaps", filter: unknown, paint: { "line-color": ground, "line-width": 6 * k } },
      { id: "tl-gaps-unknown", type: "line", source: "tl-gaps", filter: unknown, paint: { "line-color": colours.no_data, "line-width": 4 * k, "line-dasharray": [0.6, 0.9] } },
      { id: "tl-gaps-glow", type: "line", source: "tl-gaps", filter: open, paint: { "line-color": colours.congested, "line-width": 14 * k, "line-blur": 10 * k, "line-opacity": 0.55 } },
      { id: "tl-gaps-case", type: "line", source: "tl-gaps", filter: exposed, layout: { "line-cap": "round" }, paint: { "line-color": rim, "line-width": 7.5 * k } },
      { id: "tl-gaps", type: "line", source: "tl-gaps", filter: open, layout: { "line-cap": "round" }, paint: { "line-color": colours.congested, "line-width": 4.4 * k } },
      { id: "tl-gaps-backed", type: "line", source: "tl-gaps", filter: ["==", ["get", "backed"], true], paint: { "line-color": css("--severity-warning"), "line-width": 4 * k, "line-dasharray": [1, 0.6] } },
      { id: "tl-rims", type: "symbol", source: "tl-nodes", layout: { ...symbol, "icon-size": node, "symbol-sort-key": ["get", "over"] },
        paint: { "icon-color": rim, "icon-opacity": byStatus({ congested: 1 }, 0), "icon-halo-color": rim, "icon-halo-width": 5 * k } },
      { id: "tl-nodes", type: "symbol", source: "tl-nodes", layout: { ...symbol, "icon-size": node, "symbol-sort-key": ["get", "over"] },
        paint: { "icon-color": ["case", many, solid, hollow], "icon-opacity": faded,
          "icon-halo-color": ["case", many, most, edge], "icon-halo-width": ["case", many, 3.2 * k, halo] } },
      ...insides("tl-node", "tl-nodes", node, faded, ground),
      { id: "tl-counts", type: "symbol", source: "tl-nodes", layout: { ...text, "text-field": ["to-string", ["get", "count"]], "text-size": ["interpolate", ["linear"], ["get", "count"], 2, 15 * k, 40, 18 * k], "text-offset": ["case", ["==", ["get", "shape"], "triangle"], ["literal", [0, 0.16]], ["literal", [0, 0]]] },
        paint: { "text-color": byStatus(on, on.no_data), "text-opacity": faded } },
      T.closureLayer(),
      { id: "tl-gap-pins", type: "circle", source: "tl-gap-pins", paint: { "circle-radius": 10 * k, "circle-color": colours.congested, "circle-stroke-color": rim, "circle-stroke-width": 2 * k } },
      { id: "tl-gap-signs", type: "symbol", source: "tl-gap-pins", layout: { ...text, "text-field": "!", "text-size": 17 * k }, paint: { "text-color": on.congested } },
      { id: "tl-exit-marks", type: "circle", source: "tl-exits", paint: { "circle-radius": 10 * k, "circle-color": ground, "circle-opacity": 0.75, "circle-stroke-color": colours.congested, "circle-stroke-width": 2.4 * k } },
      { id: "tl-exit-signs", type: "symbol", source: "tl-exits", layout: { ...text, "text-field": "×", "text-size": 20 * k }, paint: { "text-color": colours.congested } },
      { id: "tl-alarm-glow", type: "circle", source: "tl-alarms", paint: { "circle-radius": 26 * k, "circle-color": severity, "circle-blur": 1, "circle-opacity": 0.55 } },
      { id: "tl-alarm-ring", type: "circle", source: "tl-alarms", paint: { "circle-radius": critical(16, 14), "circle-opacity": 0, "circle-stroke-color": severity, "circle-stroke-width": critical(3, 2.2) } },
      { id: "tl-selected", type: "circle", source: "tl-alarms", paint: { "circle-radius": 22 * k, "circle-opacity": 0, "circle-stroke-color": css("--text"), "circle-stroke-width": 2.4 * k } },
      { id: "tl-alarms", type: "symbol", source: "tl-alarms", layout: { ...symbol, "icon-size": alarm },
        paint: { "icon-color": hollow, "icon-halo-color": edge, "icon-halo-width": halo } },
      ...insides("tl-alarm", "tl-alarms", alarm, 1, ground),
      { id: "tl-badges", type: "circle", source: "tl-alarms", paint: { "circle-radius": 11 * k, "circle-color": severity, "circle-stroke-color": ground, "circle-stroke-width": 1.5 * k, "circle-translate": [15 * k, -15 * k] } },
      { id: "tl-badge-numbers", type: "symbol", source: "tl-alarms", layout: { ...text, "text-field": ["get", "no"], "text-size": 16 * k }, paint: { "text-color": onSeverity, "text-translate": [15 * k, -15 * k] } },
      names("tl-names", ["left", "bottom-left", "top-left"]),
      names("tl-names-left", ["right", "bottom-right", "top-right"]),
    ];
  };

  /* What each layer shows, less what the legend has switched off. */
  T.MARKER_FILTERS = {
    "tl-nodes": ["all", ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-rims": ["all", [">", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-node-cores": ["all", ["==", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-node-slashes": ["all", ["==", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-counts": ["all", [">", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-closures": ["all"],
    "tl-alarm-glow": ["all", ["==", ["get", "alarm"], "critical"]],
    "tl-alarm-ring": ["all", ["!=", ["get", "alarm"], ""]],
    "tl-selected": ["all", ["get", "selected"]],
    "tl-alarms": ["all", ["==", ["get", "site"], true]],
    "tl-alarm-cores": ["all", ["==", ["get", "site"], true]],
    "tl-alarm-slashes": ["all", ["==", ["get", "site"], true]],
    "tl-badges": ["all", ["!=", ["get", "no"], ""]],
    "tl-badge-numbers": ["all", ["!=", ["get", "no"], ""]],
    "tl-names": ["all", ["==", ["get", "side"], "right"]],
    "tl-names-left": ["all", ["==", ["get", "side"], "left"]],
  };
  /* Parts of the figure's own style that the legend switches. */
  T.MAP_PARTS = { fences: ["fill", "glow", "unknown", "up", "down", "breach"].map((part) => "tl-fence-" + part), roads: ["roads", "main-roads"], crossings: ["crossings", "crossing-names"],
    gaps: ["tl-gaps-unknown-case", "tl-gaps-unknown", "tl-gaps-glow", "tl-gaps-case", "tl-gaps", "tl-gaps-backed", "tl-gap-pins", "tl-gap-signs"],
    closures: ["tl-closures"],
    exits: ["exits", "tl-exit-marks", "tl-exit-signs"],
  };
})();
