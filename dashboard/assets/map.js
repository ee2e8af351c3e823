/* The live markers. This file alone knows how to reach the MapLibre map behind the Plotly figure
   (`_fullLayout.map._subplot.map`, not a public name): it adds sources of its own to it and drives them by
   feature-state. Where it cannot be reached, the figure's own trace is restyled instead. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const WORST = ["closed", "normal", "busy", "no_data", "offline", "congested"];
  const RANK = Object.fromEntries(WORST.map((status, rank) => [status, rank]));
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const collection = (features) => ({ type: "FeatureCollection", features });
  const point = (lon, lat, properties, id) => ({
    type: "Feature", id, properties, geometry: { type: "Point", coordinates: [lon, lat] },
  });

  let drawn = null; /* the map being driven: see attach() */
  let ticket = 0;
  T.map = { ready: false, fallback: false, nodes: [] };

  /* Wall canvases scale everything, so markers and labels scale with the root font. */
  const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;

  function byStatus(values, otherwise) {
    const pairs = Object.entries(values).flat();
    return ["match", ["coalesce", ["feature-state", "status"], "no_data"], ...pairs, otherwise];
  }

  const statusColours = () =>
    Object.fromEntries(WORST.map((status) => [status, css("--status-" + status.replace("_", "-"))]));

  function layers() {
    const k = scale();
    const colours = statusColours();
    const ground = css("--ground");
    const grow = (px) => ["interpolate", ["linear"], ["zoom"], 8 + Math.log2(k), (px * k) / 50, 13 + Math.log2(k), (px * 1.7 * k) / 50];
    const symbol = {
      "icon-image": ["get", "shape"], "icon-allow-overlap": true, "icon-ignore-placement": true,
    };
    const fill = byStatus({ ...colours, offline: ground }, colours.no_data);
    const edge = byStatus({ congested: "#ffffff", offline: colours.no_data }, ground);
    const faded = ["*", byStatus({ no_data: 0.6, closed: 0.8 }, 1), ["coalesce", ["feature-state", "fresh"], 1]];
    const halo = byStatus({ offline: 2 * k, congested: 1.4 * k }, 1.2 * k);
    const severity = ["match", ["get", "alarm"], "critical", css("--severity-critical"), "warning", css("--severity-warning"), css("--severity-notice")];
    const text = { "text-font": ["Noto Sans CJK SC Bold"], "text-allow-overlap": true, "text-ignore-placement": true };
    return [
      { id: "tl-gaps-glow", type: "line", source: "tl-gaps", paint: { "line-color": colours.congested, "line-width": 14 * k, "line-blur": 10 * k, "line-opacity": 0.55 } },
      { id: "tl-gaps", type: "line", source: "tl-gaps", layout: { "line-cap": "round" }, paint: { "line-color": colours.congested, "line-width": 4 * k } },
      { id: "tl-nodes", type: "symbol", source: "tl-nodes", layout: { ...symbol, "icon-size": ["interpolate", ["linear"], ["zoom"],
          8 + Math.log2(k), ["*", ["get", "size"], k / 50], 13 + Math.log2(k), ["*", ["get", "size"], (1.7 * k) / 50]],
        "symbol-sort-key": ["get", "over"] },
        paint: { "icon-color": fill, "icon-opacity": faded, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-counts", type: "symbol", source: "tl-nodes", layout: { ...text, "text-field": ["to-string", ["get", "count"]], "text-size": ["interpolate", ["linear"], ["get", "count"], 2, 9 * k, 20, 11.5 * k], "text-offset": ["case", ["==", ["get", "shape"], "triangle"], ["literal", [0, 0.12]], ["literal", [0, 0]]] },
        paint: { "text-color": byStatus({ offline: css("--text") }, "#04101c"), "text-opacity": faded } },
      { id: "tl-alarm-glow", type: "circle", source: "tl-alarms", paint: { "circle-radius": 22 * k, "circle-color": severity, "circle-blur": 1, "circle-opacity": 0.55 } },
      { id: "tl-alarm-ring", type: "circle", source: "tl-alarms", paint: { "circle-radius": ["match", ["get", "alarm"], "critical", 14 * k, 11 * k], "circle-opacity": 0, "circle-stroke-color": severity, "circle-stroke-width": ["match", ["get", "alarm"], "critical", 2.6 * k, 1.8 * k] } },
      { id: "tl-selected", type: "circle", source: "tl-alarms", paint: { "circle-radius": 19 * k, "circle-opacity": 0, "circle-stroke-color": css("--text"), "circle-stroke-width": 2 * k } },
      { id: "tl-alarms", type: "symbol", source: "tl-alarms", layout: { ...symbol, "icon-size": grow(14) },
        paint: { "icon-color": fill, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-names", type: "symbol", source: "tl-alarms",
        layout: { "text-field": ["get", "name"], "text-font": text["text-font"], "text-size": 14 * k, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1.25, "text-justify": "auto", "text-max-width": 20, "symbol-sort-key": ["get", "rank"] },
        paint: { "text-color": css("--text"), "text-halo-color": ground, "text-halo-width": 1.8 * k } },
    ];
  }

  /* ---- from sites to nodes -------------------------------------------------------------------- */

  function sitesOf(features) {
    const sites = features.map((feature) => ({
      id: feature.properties.site_id, name: feature.properties.name, line: feature.properties.line,
      lon: feature.geometry.coordinates[0], lat: feature.geometry.coordinates[1],
    }));
    return { sites, index: new Map(sites.map((site, row) => [site.id, row])) };
  }

  function prepare(features, shapes) {
    const { sites, index } = sitesOf(features);
    const k = scale();
    const nodes = T.clusterTree(
      sites.map((site) => ({ ...site, group: site.line, reach: (shapes[site.line].border ? 19 : 10) * k })),
      { minZoom: 4, maxZoom: 13 },
    );
    const parents = sites.map(() => []);
    for (const node of nodes) {
      for (const member of node.members) parents[member].push(node.id);
      node.tally = new Array(WORST.length).fill(0);
      node.sent = "";
    }
    return { sites, index, nodes, parents, known: new Array(sites.length).fill(-1), fresh: new Array(sites.length).fill(1) };
  }

  const nodeFeatures = (model, shapes) =>
    model.nodes.map((node) => {
      const count = node.members.length;
      const size = count > 1 ? Math.min(24, 14 + 2 * Math.log2(count)) : shapes[node.group].border ? 12 : 13;
      return point(node.lon, node.lat, { line: node.group, shape: shapes[node.group].shape, count, size, over: -shapes[node.group].order, z0: node.z0, z1: node.z1 }, node.id);
    });

  /* The worst member speaks for a node; only a node whose word changed is touched. */
  function retell(now, touched) {
    for (const id of touched) {
      const node = now.model.nodes[id];
      let worst = WORST.length - 1;
      while (worst > 0 && !node.tally[worst]) worst -= 1;
      let fresh = 0;
      for (const member of node.members) fresh = Math.max(fresh, now.model.fresh[member]);
      const word = worst + "/" + fresh;
      if (word === node.sent) continue;
      node.sent = word;
      now.map.setFeatureState({ source: "tl-nodes", id }, { status: WORST[worst], fresh });
    }
  }

  function update(now, ids) {
    const touched = new Set();
    for (const id of ids) {
      const row = now.model.index.get(id);
      const site = T.state.sites[id];
      if (row === undefined || !site) continue;
      const rank = RANK[site.status] === undefined ? RANK.no_data : RANK[site.status];
      const before = now.model.known[row];
      if (rank === before) continue;
      now.model.known[row] = rank;
      for (const node of now.model.parents[row]) {
        if (before >= 0) now.model.nodes[node].tally[before] -= 1;
        now.model.nodes[node].tally[rank] += 1;
        touched.add(node);
      }
    }
    retell(now, touched);
  }

  /* Age fades a marker in two visible steps before silence becomes its own state. */
  function fade(now) {
    const time = T.now();
    const limit = now.view.no_data_after_s;
    const touched = new Set();
    now.model.sites.forEach((site, row) => {
      const seen = (T.state.sites[site.id] || {}).observed_at;
      const age = seen ? (time - seen) / limit : 2;
      const fresh = age < 0.75 ? 1 : age < 1 ? 0.7 : 0.55;
      if (fresh !== now.model.fresh[row]) {
        now.model.fresh[row] = fresh;
        for (const node of now.model.parents[row]) touched.add(node);
      }
    });
    retell(now, touched);
  }

  function alarms(now) {
    const selected = now.selected;
    const features = [];
    now.model.sites.forEach((site) => {
      const state = T.state.sites[site.id] || {};
      if (!state.alarm && site.id !== selected) return;
      const rank = site.id === selected ? 0 : { critical: 1, warning: 2 }[state.alarm] || 3;
      features.push(point(site.lon, site.lat, {
        site_id: site.id, line: site.line, name: rank < 2 ? site.name : "", shape: now.view.shapes[site.line].shape, alarm: state.alarm || "",
        status: state.status || "no_data", selected: site.id === selected, rank,
      }, now.model.index.get(site.id)));
    });
    const text = JSON.stringify(features);
    if (text === now.alarmsSent) return;
    now.alarmsSent = text;
    now.map.getSource("tl-alarms").setData(collection(features));
    for (const feature of features) {
      now.map.setFeatureState({ source: "tl-alarms", id: feature.id }, { status: feature.properties.status });
    }
  }

  /* What each layer shows, less what the legend has switched off. */
  const FILTERS = {
    "tl-nodes": ["all", ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-counts": ["all", [">", ["get", "count"], 1], ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]],
    "tl-alarm-glow": ["all", ["==", ["get", "alarm"], "critical"]],
    "tl-alarm-ring": ["all", ["!=", ["get", "alarm"], ""]],
    "tl-selected": ["all", ["get", "selected"]],
    "tl-alarms": ["all"],
    "tl-names": ["all"],
  };
  const PARTS = { fences: ["fence-fill", "fence-lines"], roads: ["roads"], crossings: ["crossings", "crossing-names"] };

  T.showLayers = function (hidden) {
    if (!drawn || !drawn.map) return;
    const shown = ["!", ["in", ["get", "line"], ["literal", hidden]]];
    for (const [layer, filter] of Object.entries(FILTERS)) drawn.map.setFilter(layer, [...filter, shown]);
    for (const [name, ids] of Object.entries(PARTS)) {
      for (const id of ids) if (drawn.map.getLayer(id)) drawn.map.setLayoutProperty(id, "visibility", hidden.includes(name) ? "none" : "visible");
    }
    for (const button of document.querySelectorAll("[data-layer]")) button.setAttribute("aria-pressed", String(!hidden.includes(button.dataset.layer)));
  };

  /* Where the border is not held: the stretches come with their geometry from the API, when they change. */
  async function gaps(now) {
    const query = new URLSearchParams(now.view.scope ? { scope: now.view.scope } : {});
    if (now.view.at) query.set("at", now.view.at);
    const answer = await fetch("/api/v1/gaps?" + query).catch(() => null);
    if (!answer || !answer.ok || now !== drawn) return;
    now.map.getSource("tl-gaps").setData(await answer.json());
  }

  function apply(now, what) {
    if (what.tick) {
      if (now.ticks++ % 10 === 0) fade(now);
      return;
    }
    if (what.sites.length) update(now, what.sites);
    if (what.whole) fade(now);
    if (what.whole || what.sites.length || what.alerts) alarms(now);
    if (what.gaps) gaps(now);
    T.map.revision = T.state.revision;
  }

  /* ---- attaching ------------------------------------------------------------------------------ */

  const graph = () => document.querySelector("#map .js-plotly-plot");
  const behind = (plot) => {
    const layout = plot && plot._fullLayout;
    return (layout && layout.map && layout.map._subplot && layout.map._subplot.map) || null;
  };

  async function until(test, milliseconds) {
    const end = performance.now() + milliseconds;
    for (;;) {
      const value = test();
      if (value || performance.now() > end) return value;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  T.attachMap = async function (view) {
    const mine = (ticket += 1);
    if (drawn) drawn.stop();
    drawn = null;
    T.map.ready = false;
    T.map.fallback = false;
    const query = new URLSearchParams({ lang: view.lang });
    if (view.scope) query.set("scope", view.scope);
    const [map, answer] = await Promise.all([
      until(() => behind(graph()), 15000),
      fetch("/api/v1/layers/sites?" + query).catch(() => null),
    ]);
    if (mine !== ticket) return;
    if (!answer || !answer.ok) {
      /* The server went away while the page opened: try again until it is back. */
      await new Promise((resolve) => setTimeout(resolve, 2000));
      if (mine === ticket) await T.attachMap(view);
      return;
    }
    const features = (await answer.json()).features;
    if (!map) {
      fallBack(features);
      return;
    }
    await until(() => map.isStyleLoaded(), 15000);
    if (mine !== ticket) return;
    const model = prepare(features, view.shapes);
    const now = { map, model, view, selected: view.site, alarmsSent: "", ticks: 0 };
    for (const [name, image] of Object.entries(T.sprites())) {
      if (!map.hasImage(name)) map.addImage(name, image, { sdf: true });
    }
    const sources = { "tl-gaps": [], "tl-nodes": nodeFeatures(model, view.shapes), "tl-alarms": [] };
    for (const [name, data] of Object.entries(sources)) {
      map.addSource(name, { type: "geojson", data: collection(data), maxzoom: 16, tolerance: 0, buffer: 64 });
    }
    scaleStyle(map);
    for (const layer of layers()) map.addLayer(layer);
    if (map.getLayer("county-names")) map.moveLayer("county-names", "tl-alarm-glow");
    listenToPointer(now);
    const leave = T.listen((what) => apply(now, what));
    now.stop = leave;
    drawn = now;
    const all = { whole: true, sites: Object.keys(T.state.sites), gaps: true, alerts: true };
    apply(now, all);
    map.on("moveend", (event) => keepView(now, event));
    map.on("move", () => scaleBar(map));
    T.showLayers(view.hidden || []);
    lookAt(map, view, 0);
    scaleBar(map);
    T.map.ready = true;
    T.map.instance = map;
    T.map.nodes = model.nodes;
    T.map.sites = model.sites.length;
    document.documentElement.dataset.map = "ready";
  };

  function listenToPointer(now) {
    const { map, model } = now;
    const nodeOf = (event) => map.queryRenderedFeatures(
      [[event.point.x - 5, event.point.y - 5], [event.point.x + 5, event.point.y + 5]],
      { layers: ["tl-alarms", "tl-nodes"] },
    )[0];
    map.on("click", (event) => {
      const hit = nodeOf(event);
      if (!hit) return;
      if (hit.properties.site_id) T.select(hit.properties.site_id);
      else {
        const node = model.nodes[hit.id];
        if (node.members.length === 1) T.select(model.sites[node.members[0]].id);
        else map.easeTo({ center: [node.lon, node.lat], zoom: Math.min(node.z1 + 0.2, 15), duration: T.calm() ? 0 : 500 }, { ours: true });
      }
    });
    map.on("mousemove", (event) => {
      const hit = nodeOf(event);
      map.getCanvas().style.cursor = hit ? "pointer" : "";
      T.hover && T.hover(hit ? describe(model, hit) : null, event.point);
    });
    map.on("mouseout", () => T.hover && T.hover(null));
  }

  function describe(model, hit) {
    if (hit.properties.site_id) return { sites: [hit.properties.site_id], names: [hit.properties.name] };
    const members = model.nodes[hit.id].members.map((row) => model.sites[row]);
    return { sites: members.map((site) => site.id), names: members.map((site) => site.name) };
  }

  T.highlight = function (site, fly) {
    if (!drawn || !drawn.map) return;
    drawn.selected = site;
    alarms(drawn);
    const row = drawn.model.index.get(site);
    if (fly && row !== undefined) {
      const { lon, lat } = drawn.model.sites[row];
      drawn.map.easeTo({ center: [lon, lat], zoom: Math.max(drawn.map.getZoom(), 11), duration: T.calm() ? 0 : 700 }, { ours: true });
    }
  };

  /* The address's own view, or all of the scope; a zoom in an address is that of the design canvas. */
  function lookAt(map, view, duration) {
    const ours = { ours: true };
    if (view.center) map.easeTo({ center: view.center, zoom: (view.zoom || view.home.zoom) + Math.log2(scale()), duration }, ours);
    else if (view.bounds) map.fitBounds(view.bounds, { padding: padding(map), duration }, ours);
    else map.easeTo({ center: view.home.center, zoom: view.home.zoom + Math.log2(scale()), duration }, ours);
  }

  /* Plotly puts back the figure's own view whenever it redraws. What a person or this script chose is kept:
     a move that neither of them made is undone. */
  function keepView(now, event) {
    const { map } = now;
    if (event.originalEvent || event.ours || !now.seen) {
      now.seen = { center: map.getCenter(), zoom: map.getZoom() };
      T.addressView(now.seen.center, now.seen.zoom - Math.log2(scale()));
    } else if (now.seen) {
      map.jumpTo(now.seen, { ours: true });
    }
  }

  /* The figure's own widths and letters are those of the design canvas. */
  function scaleStyle(map) {
    const k = scale();
    if (k === 1) return;
    const grow = (value) => {
      if (typeof value === "number") return value * k;
      if (!Array.isArray(value) || value[0] !== "interpolate") return value;
      return value.map((part, i) => (i < 3 ? part : i % 2 ? part + Math.log2(k) : part * k));
    };
    for (const layer of map.getStyle().layers) {
      for (const [name, value] of Object.entries(layer.paint || {})) {
        if (/-(width|blur|radius)$/.test(name)) map.setPaintProperty(layer.id, name, grow(value));
      }
      const size = (layer.layout || {})["text-size"];
      if (size !== undefined) map.setLayoutProperty(layer.id, "text-size", grow(size));
    }
  }

  function padding(map) {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const edge = Math.min(width, height) * 0.045;
    /* What is written over the map keeps its own room beside it. */
    const beside = (selector) => {
      const node = width > 700 * scale() ? document.querySelector(selector) : null;
      return node && node.offsetWidth ? node.offsetWidth + edge / 2 : 0;
    };
    const legend = document.querySelector(".legend");
    const below = width > 700 * scale() || !legend ? 0 : legend.offsetHeight + edge;
    return { top: edge, bottom: edge + below, left: edge + beside(".legend"), right: edge + beside(".counties") };
  }

  /* A round number of kilometres, true at the latitude of the map's middle. */
  function scaleBar(map) {
    const line = document.getElementById("scale-line");
    if (!line) return;
    const metresPerPixel = (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
    const most = metresPerPixel * 130 * scale();
    const power = 10 ** Math.floor(Math.log10(most));
    const round = [5, 2, 1].find((step) => step * power <= most) * power;
    line.style.width = `${round / metresPerPixel}px`;
    document.getElementById("scale-text").textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
  }

  T.resetMap = function (view) {
    if (drawn && drawn.map) lookAt(drawn.map, { ...view, center: null }, T.calm() ? 0 : 500);
  };

  T.siteName = (id) => {
    if (!drawn) return id;
    const row = drawn.model.index.get(id);
    return row === undefined ? id : drawn.model.sites[row].name;
  };
  T.allSites = () => (drawn ? drawn.model.sites : []);

  /* ---- without the map behind the figure: the figure's own trace, once per picture ------------- */

  function fallBack(features) {
    const model = sitesOf(features);
    const colours = statusColours();
    T.map.fallback = true;
    document.documentElement.dataset.map = "plain";
    const stop = T.listen((what) => {
      const plot = graph();
      if (what.tick || what.link || !plot || !window.Plotly) return;
      window.Plotly.restyle(plot, {
        visible: true,
        lon: [model.sites.map((site) => site.lon)],
        lat: [model.sites.map((site) => site.lat)],
        "marker.color": [model.sites.map((site) => colours[(T.state.sites[site.id] || {}).status || "no_data"])],
      }, [0]);
    });
    drawn = { stop, model };
  }

  T.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})();
