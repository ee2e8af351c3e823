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

  const BASE = { sites: 13, clusters: 21 };

  function layers() {
    const k = scale();
    const colours = statusColours();
    const ground = css("--ground");
    const current = ["all", ["<=", ["get", "z0"], ["zoom"]], ["<", ["zoom"], ["get", "z1"]]];
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
      { id: "tl-nodes", type: "symbol", source: "tl-nodes", filter: current,
        layout: { ...symbol, "icon-size": ["interpolate", ["linear"], ["zoom"],
          8 + Math.log2(k), ["*", ["get", "size"], k / 50], 13 + Math.log2(k), ["*", ["get", "size"], (1.7 * k) / 50]] },
        paint: { "icon-color": fill, "icon-opacity": faded, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-counts", type: "symbol", source: "tl-nodes", filter: ["all", [">", ["get", "count"], 1], ...current.slice(1)],
        layout: { ...text, "text-field": ["to-string", ["get", "count"]], "text-size": 10.5 * k, "text-offset": ["case", ["==", ["get", "shape"], "triangle"], ["literal", [0, 0.12]], ["literal", [0, 0]]] },
        paint: { "text-color": byStatus({ offline: css("--text") }, "#04101c"), "text-opacity": faded } },
      { id: "tl-alarm-glow", type: "circle", source: "tl-alarms", filter: ["==", ["get", "alarm"], "critical"],
        paint: { "circle-radius": 22 * k, "circle-color": severity, "circle-blur": 1, "circle-opacity": 0.55 } },
      { id: "tl-alarm-ring", type: "circle", source: "tl-alarms", filter: ["!=", ["get", "alarm"], ""],
        paint: { "circle-radius": ["match", ["get", "alarm"], "critical", 14 * k, 11 * k], "circle-opacity": 0, "circle-stroke-color": severity, "circle-stroke-width": ["match", ["get", "alarm"], "critical", 2.6 * k, 1.8 * k] } },
      { id: "tl-selected", type: "circle", source: "tl-alarms", filter: ["get", "selected"],
        paint: { "circle-radius": 19 * k, "circle-opacity": 0, "circle-stroke-color": css("--text"), "circle-stroke-width": 2 * k } },
      { id: "tl-alarms", type: "symbol", source: "tl-alarms", layout: { ...symbol, "icon-size": grow(14) },
        paint: { "icon-color": fill, "icon-halo-color": edge, "icon-halo-width": halo } },
      { id: "tl-names", type: "symbol", source: "tl-alarms",
        layout: { "text-field": ["get", "name"], "text-font": text["text-font"], "text-size": 14 * k, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1.25, "text-justify": "auto", "text-max-width": 20, "symbol-sort-key": ["get", "rank"] },
        paint: { "text-color": css("--text"), "text-halo-color": ground, "text-halo-width": 1.8 * k } },
    ];
  }

  /* ---- from sites to nodes -------------------------------------------------------------------- */

  function prepare(features, shapes) {
    const sites = features.map((feature) => ({
      id: feature.properties.site_id, name: feature.properties.name, line: feature.properties.line,
      lon: feature.geometry.coordinates[0], lat: feature.geometry.coordinates[1],
    }));
    const index = new Map(sites.map((site, row) => [site.id, row]));
    const k = scale();
    const nodes = T.clusterTree(
      sites.map((site) => ({ ...site, group: site.line, reach: (shapes[site.line].border ? 20 : 11) * k })),
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
      const size = count > 1 ? BASE.clusters + Math.min(6, Math.log2(count)) : shapes[node.group].border ? 12 : shapes[node.group].size || BASE.sites;
      return point(node.lon, node.lat, { shape: shapes[node.group].shape, count, size, z0: node.z0, z1: node.z1 }, node.id);
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
      const named = rank < 2 || T.map.named;
      features.push(point(site.lon, site.lat, {
        site_id: site.id, name: named ? site.name : "", shape: now.view.shapes[site.line].shape, alarm: state.alarm || "",
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

  function gaps(now) {
    now.map.getSource("tl-gaps").setData(collection((T.state.gaps || []).filter((gap) => gap.geometry).map((gap) => ({
      type: "Feature", properties: { km: gap.km }, geometry: gap.geometry,
    }))));
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
      fetch("/api/v1/layers/sites?" + query),
    ]);
    if (mine !== ticket || !answer.ok) return;
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
    for (const layer of layers()) map.addLayer(layer);
    if (map.getLayer("county-names")) map.moveLayer("county-names", "tl-alarm-glow");
    listenToPointer(now);
    const leave = T.listen((what) => apply(now, what));
    now.stop = leave;
    drawn = now;
    const all = { whole: true, sites: Object.keys(T.state.sites), gaps: true, alerts: true };
    apply(now, all);
    lookAt(map, view, 0);
    keepView(map);
    map.on("moveend", () => {
      keepView(map);
      T.addressView(map.getCenter(), map.getZoom() - Math.log2(scale()));
    });
    map.on("move", () => scaleBar(map));
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
        else map.easeTo({ center: [node.lon, node.lat], zoom: Math.min(node.z1 + 0.2, 15), duration: T.calm() ? 0 : 500 });
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
    if (!drawn) return;
    drawn.selected = site;
    alarms(drawn);
    const row = drawn.model.index.get(site);
    if (fly && row !== undefined) {
      const { lon, lat } = drawn.model.sites[row];
      drawn.map.easeTo({ center: [lon, lat], zoom: Math.max(drawn.map.getZoom(), 11), duration: T.calm() ? 0 : 700 });
    }
  };

  /* The address's own view, or all of the scope; a zoom in an address is that of the design canvas. */
  function lookAt(map, view, duration) {
    if (view.center) map.easeTo({ center: view.center, zoom: (view.zoom || view.home.zoom) + Math.log2(scale()), duration });
    else if (view.bounds) map.fitBounds(view.bounds, { padding: padding(map), duration });
    else map.easeTo({ center: view.home.center, zoom: view.home.zoom + Math.log2(scale()), duration });
  }

  /* Plotly puts back the view it remembers on every resize, and remembers only what a pointer did. */
  function keepView(map) {
    const plot = graph();
    const { lng, lat } = map.getCenter();
    const seen = { center: { lon: lng, lat }, zoom: map.getZoom() };
    for (const layout of [plot.layout, plot._fullLayout]) if (layout && layout.map) Object.assign(layout.map, seen);
  }

  function padding(map) {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const edge = Math.min(width, height) * 0.045;
    /* What is written over the map keeps its own room beside it. */
    const beside = (selector) => {
      const node = width > 700 ? document.querySelector(selector) : null;
      return node && node.offsetWidth ? node.offsetWidth + edge / 2 : 0;
    };
    return { top: edge, bottom: edge, left: edge + beside(".legend"), right: edge + beside(".counties") };
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
    if (drawn) lookAt(drawn.map, { ...view, center: null }, T.calm() ? 0 : 500);
  };

  T.siteName = (id) => {
    if (!drawn) return id;
    const row = drawn.model.index.get(id);
    return row === undefined ? id : drawn.model.sites[row].name;
  };
  T.allSites = () => (drawn ? drawn.model.sites : []);

  /* ---- without the map behind the figure: the figure's own trace, once per picture ------------- */

  function fallBack(features) {
    T.map.fallback = true;
    document.documentElement.dataset.map = "plain";
    const colours = statusColours();
    const leave = T.listen((what) => {
      const plot = graph();
      if (what.tick || what.link || !plot || !window.Plotly) return;
      const marker = features.map((feature) => colours[(T.state.sites[feature.properties.site_id] || {}).status || "no_data"]);
      window.Plotly.restyle(plot, {
        visible: true, "marker.color": [marker],
        lon: [features.map((feature) => feature.geometry.coordinates[0])],
        lat: [features.map((feature) => feature.geometry.coordinates[1])],
      }, [0]);
    });
    drawn = { stop: leave, model: { index: new Map(), sites: [] } };
  }

  T.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})();
