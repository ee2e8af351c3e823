/* How the live markers look: shape says which line, colour says status, a ring says an unanswered alert,
   a fade says old data. Only paint follows feature-state; shape and size are fixed when the layers are made. */
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

  T.markerLayers = function () {
    const k = T.scale();
    const colours = T.statusColours();
    const ground = css("--ground");
    const grow = (px) => ["interpolate", ["linear"], ["zoom"], 8 + Math.log2(k), (px * k) / 25, 13 + Math.log2(k), (px * 1.7 * k) / 25];
    const symbol = {
      "icon-image": ["get", "shape"], "icon-allow-overlap": true, "icon-ignore-placement": true,
    };
    const fill = byStatus({ ...colours, offline: ground }, colours.no_data);
    const edge = byStatus({ congested: "#ffffff", offline: colours.no_data }, ground);
    const faded = ["*", byStatus({ no_data: 0.6, closed: 0.8 }, 1), ["coalesce", ["feature-state", "fresh"], 1]];
    const halo = byStatus({ offline: 2 * k, congested: 1.4 * k }, 1.2 * k);
    const severity = ["match", ["get", "alarm"], "critical", css("--severity-critical"), "warning", css("--severity-warning"), css("--severity-notice")];
    const text = { "text-font": ["Noto Sans CJK SC Bold"], "text-allow-overlap": true, "text-ignore-placement": true };
    const open = ["!=", ["get", "backed"], true];
    const exposed = ["==", ["get", "backed"], false];
    return [
      ...T.fenceLayers(),
      { id: "tl-gaps-glow", type: "line", source: "tl-gaps", filter: open, paint: { "line-color": colours.congested, "line-width": 14 * k, "line-blur": 10 * k, "line-opacity": 0.55 } },
      { id: "tl-gaps-case", type: "line", source: "tl-gaps", filter: exposed, layout: { "line-cap": "round" }, paint: { "line-color": "#ffffff", "line-width": 7.5 * k } },
      { id: "tl-gaps", type: "line", source: "tl-gaps", filter: open, layout: { "line-cap": "round" }, paint: { "line-color": colours.congested, "line-width": 4.4 * k } },
      { id: "tl-gaps-backed", type: "line", source: "tl-gaps", filter: ["==", ["get", "backed"], true], paint: { "line-color": css("--severity-warning"), "line-width": 4 * k, "line-dasharray": [1, 0.6] } },
      { id: "tl-nodes", type: "symbol", source: "tl-nodes", layout: { ...symbol, "icon-size": ["interpolate", ["linear"], ["zoom"],
          8 + Math.log2(k), ["*", ["get", "size"], k / 25], 13 + Math.log2(k), ["*", ["get", "size"], (1.7 * k) / 25]],
        "symbol-sort-key": ["get", "over"] },
        paint: { "icon-color": fill, "icon-opacity": faded, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-counts", type: "symbol", source: "tl-nodes", layout: { ...text, "text-field": ["to-string", ["get", "count"]], "text-size": ["interpolate", ["linear"], ["get", "count"], 2, 9 * k, 20, 11.5 * k], "text-offset": ["case", ["==", ["get", "shape"], "triangle"], ["literal", [0, 0.12]], ["literal", [0, 0]]] },
        paint: { "text-color": byStatus({ offline: css("--text") }, "#04101c"), "text-opacity": faded } },
      { id: "tl-gap-pins", type: "circle", source: "tl-gap-pins", paint: { "circle-radius": 8.5 * k, "circle-color": colours.congested, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.8 * k } },
      { id: "tl-gap-signs", type: "symbol", source: "tl-gap-pins", layout: { ...text, "text-field": "!", "text-size": 14 * k }, paint: { "text-color": "#1d0703" } },
      { id: "tl-exit-marks", type: "circle", source: "tl-exits", paint: { "circle-radius": 10 * k, "circle-color": ground, "circle-opacity": 0.75, "circle-stroke-color": colours.congested, "circle-stroke-width": 2.4 * k } },
      { id: "tl-exit-signs", type: "symbol", source: "tl-exits", layout: { ...text, "text-field": "×", "text-size": 20 * k }, paint: { "text-color": colours.congested } },
      { id: "tl-alarm-glow", type: "circle", source: "tl-alarms", paint: { "circle-radius": 22 * k, "circle-color": severity, "circle-blur": 1, "circle-opacity": 0.55 } },
      { id: "tl-alarm-ring", type: "circle", source: "tl-alarms", paint: { "circle-radius": ["match", ["get", "alarm"], "critical", 14 * k, 11 * k], "circle-opacity": 0, "circle-stroke-color": severity, "circle-stroke-width": ["match", ["get", "alarm"], "critical", 2.6 * k, 1.8 * k] } },
      { id: "tl-selected", type: "circle", source: "tl-alarms", paint: { "circle-radius": 19 * k, "circle-opacity": 0, "circle-stroke-color": css("--text"), "circle-stroke-width": 2 * k } },
      { id: "tl-alarms", type: "symbol", source: "tl-alarms", layout: { ...symbol, "icon-size": grow(14) },
        paint: { "icon-color": fill, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-names", type: "symbol", source: "tl-alarms",
        layout: { "text-field": ["get", "name"], "text-font": text["text-font"], "text-size": 14 * k, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1.25, "text-justify": "auto", "text-max-width": 20, "symbol-sort-key": ["get", "rank"] },
        paint: { "text-color": css("--text"), "text-halo-color": ground, "text-halo-width": 1.8 * k } },
    ];
  };

  /* What each layer shows, less what the legend has switched off. */
  T.MARKER_FILTERS = {
    "tl-nodes": ["all", ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-counts": ["all", [">", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-alarm-glow": ["all", ["==", ["get", "alarm"], "critical"]],
    "tl-alarm-ring": ["all", ["!=", ["get", "alarm"], ""]],
    "tl-selected": ["all", ["get", "selected"]],
    "tl-alarms": ["all"],
    "tl-names": ["all"],
  };
  /* Parts of the figure's own style that the legend switches. */
  T.MAP_PARTS = { fences: ["fill", "glow", "unknown", "up", "down", "breach"].map((part) => "tl-fence-" + part), roads: ["roads", "main-roads"], crossings: ["crossings", "crossing-names"],
    gaps: ["tl-gaps-glow", "tl-gaps-case", "tl-gaps", "tl-gaps-backed", "tl-gap-pins", "tl-gap-signs"],
    exits: ["exits", "tl-exit-marks", "tl-exit-signs"],
  };
})();
