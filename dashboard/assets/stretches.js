/* Whether each line holds: the stretches of border that nobody holds and the exits at which nobody stands,
   in the cards, on the strip, on the map and in a hint beside the pointer. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const byId = (id) => document.getElementById(id);
  let shapes = []; /* the stretches with their geometry, as the map draws them; the unknown ones last */

  /* ---- words ----------------------------------------------------------------------------------- */

  const far = (km) => (km < 1 ? `${Math.round(km * 1000)} m` : `${T.format.km(km)} km`);
  const place = (gap) => `${gap.county_name} K${gap.from_km.toFixed(1)}–${gap.to_km.toFixed(1)}`.trim();
  const name = (near) => near.name || T.word("another_county");
  const way = (near) => `${far(near.km)} ${T.word(near.by === "road" ? "by_road" : "by_straight")}`;
  const spare = (near) => (near.spare ? T.word("spare_n", { n: near.spare }) : "");

  function behind(gap) {
    if (gap.behind) return `${name(gap.behind)} · ${way(gap.behind)}`;
    const limit = T.holding.depth_km;
    return T.word("nobody") + (limit && gap.backed === false ? ` (${T.word("within_km", { n: limit })})` : "");
  }

  const reserve = (gap) => (gap.reserve ? [name(gap.reserve), way(gap.reserve), spare(gap.reserve)].filter(Boolean).join(" · ") : T.word("nobody"));
  const kind = (gap) => T.word(gap.backed === false ? "gap_exposed" : gap.backed ? "gap_backed" : "gap");
  const told = (gap) => `${kind(gap)} ${far(gap.km)} · ${place(gap)}\n${T.word("behind")} ${behind(gap)}\n${T.word("reserve")} ${reserve(gap)}`;

  const untold = (one) => `${T.word("border_unknown")} ${far(one.km)} · ${place(one)}\n${T.word("unknown_why")}`;

  /* Worst first: nobody behind, then the longest. */
  T.worstGaps = (line) => (T.shown().gaps || []).filter((gap) => !line || gap.line === line)
    .sort((a, b) => (b.backed === false) - (a.backed === false) || b.km - a.km);

  /* What the page says of the profile: how deep, and how many rows its lists may have. */
  T.holding = { depth_km: null, rows: 3, exits: 1 };

  function hintOf(gap) {
    const row = (word, text) => T.element("div.hint-row", {}, T.element("b", {}, T.word(word)), T.element("span", {}, text));
    return [
      T.element("div.hint-row", {}, T.element("i.gap-mark", { "data-backed": String(gap.backed) }), T.element("b", {}, `${kind(gap)} ${far(gap.km)}`), T.element("span", {}, place(gap))),
      row("behind", behind(gap)), row("reserve", reserve(gap)),
    ];
  }

  function hintOfUnknown(one) {
    return [
      T.element("div.hint-row", {}, T.element("i.gap-mark", { "data-backed": "unknown" }), T.element("b", {}, `${T.word("border_unknown")} ${far(one.km)}`), T.element("span", {}, place(one))),
      T.element("div.hint-row", {}, T.element("span", {}, T.word("unknown_why"))),
    ];
  }

  function hintOfExit(one) {
    const near = one.nearest ? `${name(one.nearest)} · ${way(one.nearest)}` : T.word("nobody");
    return [
      T.element("div.hint-row", {}, T.element("i.exit-mark", {}), T.element("b", {}, one.name), T.element("span", {}, `${one.county_name} · ${T.word("exit_open")}`)),
      T.element("div.hint-row", {}, T.element("b", {}, T.word("nearest")), T.element("span", {}, near)),
    ];
  }

  /* ---- cards ----------------------------------------------------------------------------------- */

  T.fillHolding = function (fill) {
    for (const line of Object.values(T.shown().lines)) {
      const card = byId("line-" + line.id);
      if (card) {
        card.dataset.gap = String((line.km_uncovered || 0) >= 0.05);
        card.dataset.exposed = String((line.km_exposed || 0) >= 0.05);
        card.dataset.unknown = String(line.km_uncovered === null || line.km_unknown >= 0.05);
        card.dataset.open = String(line.exits !== null && line.exits_held + line.exits_unknown < line.exits);
        card.dataset.unsure = String(line.exits_unknown > 0);
      }
      const gaps = T.worstGaps(line.id);
      const count = byId("line-count-" + line.id);
      if (count) count.textContent = summed(line, gaps);
      fill("line-gaps-" + line.id, JSON.stringify(gaps.slice(0, T.holding.rows)), () => gaps.slice(0, T.holding.rows).map(gapRow));
      const open = (T.shown().exits || []).filter((one) => one.line === line.id);
      fill("line-exits-" + line.id, JSON.stringify(open), () => {
        const shown = open.slice(0, T.holding.exits);
        const more = open.length - shown.length;
        return [...shown.map(exitRow), ...(more ? [T.element("span.quiet", {}, T.word("more_exits", { n: more }))] : [])];
      });
    }
  };

  /* How many gaps, and how much is not known; that nobody was heard at all, or that all of it is held. */
  function summed(line, gaps) {
    if (!line.km) return T.word("no_border_here");
    if (line.km_unknown && line.km_covered === null && !gaps.length) return T.word("border_unknown");
    const known = gaps.length ? T.word("gaps_n", { n: gaps.length }) : "";
    const unknown = line.km_unknown >= 0.05 ? T.word("unknown_km", { n: T.format.km(line.km_unknown) }) : "";
    return [known, unknown].filter(Boolean).join(" · ") || T.word("covered_all");
  }

  const gapRow = (gap) => T.element("button.gap-row", { type: "button", title: told(gap), "data-backed": String(gap.backed), onclick: () => T.showGap(gap) },
    T.element("i.gap-mark", { "data-backed": String(gap.backed) }),
    T.element("b", {}, far(gap.km)),
    T.element("span", {}, place(gap)),
    T.element("span.gap-reserve", {}, gap.reserve ? `${T.word("reserve")} ${far(gap.reserve.km)}` : T.word("no_reserve")));

  const exitRow = (one) => T.element("button.exit-row", { type: "button", title: one.nearest ? `${T.word("nearest")} ${name(one.nearest)} ${way(one.nearest)}` : "", onclick: () => T.showExit(one) },
    T.element("i.exit-mark", {}), T.element("span", {}, one.name));

  /* ---- the border, unrolled --------------------------------------------------------------------- */

  T.fillStrip = function (fill, length) {
    const place = (one) => ({ left: `${(100 * one.from_km) / length}%`, width: `${(100 * one.km) / length}%` });
    fill("strip-gaps", JSON.stringify([T.state.gaps, T.state.unknown]), () => [
      ...(T.state.gaps || []).map((gap) => T.element("i.strip-gap", {
        title: told(gap), "data-backed": String(gap.backed), onclick: () => T.showGap(gap), style: place(gap),
      })),
      ...(T.state.unknown || []).map((one) => T.element("i.strip-gap", { title: untold(one), "data-backed": "unknown", style: place(one) })),
    ]);
  };

  /* ---- the map ----------------------------------------------------------------------------------- */

  const collection = (features) => ({ type: "FeatureCollection", features });
  const point = (coordinates, properties, id) => ({ type: "Feature", id, properties, geometry: { type: "Point", coordinates } });
  const lineOf = (shape) => (shape.type === "LineString" ? shape.coordinates : shape.coordinates.flat());

  /* The point half way along, as the map sees it. */
  function middle(shape) {
    const line = lineOf(shape);
    const steps = line.slice(1).map(([x, y], i) => Math.hypot(x - line[i][0], y - line[i][1]));
    let left = steps.reduce((sum, step) => sum + step, 0) / 2;
    const at = Math.max(0, steps.findIndex((step) => (left -= step) <= 0));
    const share = steps[at] ? 1 + left / steps[at] : 0;
    return line[at].map((value, axis) => value + share * (line[at + 1][axis] - value));
  }

  /* The stretches come with their geometry from the API, when they change. */
  T.drawStretches = async function (map, view, current) {
    const query = new URLSearchParams(view.scope ? { scope: view.scope } : {});
    if (view.at) query.set("at", view.at);
    const answer = await fetch("/api/v1/gaps?" + query).catch(() => null);
    if (!answer || !answer.ok || !current()) return;
    const body = await answer.json();
    if (!current()) return;
    const unknown = (body.unknown || []).map((feature) => ({ ...feature, properties: { ...feature.properties, unknown: true } }));
    document.documentElement.dataset.unknown = unknown.length ? (body.features.length ? "some" : "all") : "none";
    shapes = [...body.features, ...unknown].map((feature, id) => ({ ...feature, id }));
    map.getSource("tl-gaps").setData(collection(shapes));
    const exposed = shapes.filter((feature) => feature.properties.backed === false);
    map.getSource("tl-gap-pins").setData(collection(exposed.map((feature) => point(middle(feature.geometry), {}, feature.id))));
  };

  T.drawExits = function (map) {
    map.getSource("tl-exits").setData(collection((T.state.exits || []).map((one, id) => point([one.lon, one.lat], { name: one.name }, id))));
  };

  /* What stands under the pointer, where no site does. */
  T.stretchAt = function (map, { x, y }) {
    const layers = ["tl-exit-marks", "tl-gap-pins", "tl-gaps-backed", "tl-gaps", "tl-gaps-unknown"].filter((id) => map.getLayer(id));
    const hit = map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers })[0];
    if (!hit) return null;
    const exit = hit.layer.id === "tl-exit-marks" && (T.state.exits || [])[hit.id];
    if (exit) return hintOfExit(exit);
    const found = shapes[hit.id] && shapes[hit.id].properties;
    if (!found) return null;
    return found.unknown ? hintOfUnknown(found) : hintOf(found);
  };

  function fly(bounds, rows, at) {
    const map = T.map.instance;
    if (!map) return;
    map.once("moveend", () => T.hint(rows, map.project(at)));
    map.fitBounds(bounds, { padding: 90 * T.scale(), maxZoom: 12.2 + Math.log2(T.scale()), duration: T.calm() ? 0 : 700 }, { ours: true });
  }

  T.showGap = function (gap) {
    const found = shapes.find(({ properties }) => properties.line === gap.line && properties.from_km === gap.from_km);
    if (!found) return;
    const xs = lineOf(found.geometry).map(([x]) => x);
    const ys = lineOf(found.geometry).map(([, y]) => y);
    fly([[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]], hintOf(found.properties), middle(found.geometry));
  };

  T.showExit = (one) => fly([[one.lon, one.lat], [one.lon, one.lat]], hintOfExit(one), [one.lon, one.lat]);
})();
