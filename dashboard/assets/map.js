/* The live markers. This file alone knows how to reach the MapLibre map behind the Plotly figure
   (`_fullLayout.map._subplot.map`, not a public name): it adds sources of its own to it and drives them by
   feature-state. Where it cannot be reached, the figure's own trace is restyled instead. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const collection = (features) => ({ type: "FeatureCollection", features });
  const point = (lon, lat, properties, id) => ({
    type: "Feature", id, properties, geometry: { type: "Point", coordinates: [lon, lat] },
  });

  let known = { sites: [], index: new Map() }; /* the sites of the scope, as soon as they are told */
  let drawn = null; /* the map being driven: see attach() */
  let ticket = 0;
  T.map = { ready: false, fallback: false, nodes: [] };

  /* ---- from sites to nodes -------------------------------------------------------------------- */

  function sitesOf(features) {
    const sites = features.map((feature) => ({
      ...feature.properties, id: feature.properties.site_id, initials: feature.properties.initials || "",
      lon: feature.geometry.coordinates[0], lat: feature.geometry.coordinates[1],
    }));
    return { sites, index: new Map(sites.map((site, row) => [site.id, row])) };
  }

  function prepare({ sites, index }, shapes) {
    const k = T.scale();
    const nodes = T.clusterTree(
      sites.map((site) => ({ ...site, group: site.line, reach: (shapes[site.line].border ? 34 : 29) * k })),
      { minZoom: 4, maxZoom: 13 },
    );
    const parents = sites.map(() => []);
    for (const node of nodes) {
      for (const member of node.members) parents[member].push(node.id);
      node.tally = new Array(T.STATUSES.length).fill(0);
      node.sent = "";
    }
    return { sites, index, nodes, parents, known: new Array(sites.length).fill(-1), fresh: new Array(sites.length).fill(1) };
  }

  const nodeFeatures = (model, shapes) =>
    model.nodes.map((node) => {
      const count = node.members.length;
      const triangle = shapes[node.group].shape === "triangle";
      const size = count > 1 ? Math.min(36, (triangle ? 25 : 20) + 2.2 * Math.log2(count)) : shapes[node.group].border ? 14 : 15;
      return point(node.lon, node.lat, { line: node.group, shape: shapes[node.group].shape, count, size, over: -shapes[node.group].order, z0: node.z0, z1: node.z1 }, node.id);
    });

  /* The worst member speaks for a node; only a node whose word changed is touched. */
  function retell(now, touched) {
    for (const id of touched) {
      const node = now.model.nodes[id];
      /* Of whom nothing is told yet, or the address is wrong, nothing is claimed. */
      const tally = node.tally.some(Boolean) ? node.tally : T.STATUSES.map((status) => Number(status === "no_data"));
      let worst = T.STATUSES.length - 1;
      while (worst > 0 && !tally[worst]) worst -= 1;
      let fresh = 0;
      for (const member of node.members) fresh = Math.max(fresh, now.model.fresh[member]);
      const most = node.members.length > 1 ? tally.indexOf(Math.max(...tally)) : worst;
      const word = worst + "/" + most + "/" + fresh;
      if (word === node.sent) continue;
      node.sent = word;
      now.map.setFeatureState({ source: "tl-nodes", id }, { status: T.STATUSES[worst], most: T.STATUSES[most], fresh });
    }
  }

  function update(now, ids) {
    const touched = new Set();
    const changed = [];
    for (const id of ids) {
      const row = now.model.index.get(id);
      const site = T.state.sites[id];
      if (row === undefined || !site) continue;
      const rank = Math.max(0, T.STATUSES.indexOf(site.status || "no_data"));
      const before = now.model.known[row];
      if (rank === before) continue;
      now.model.known[row] = rank;
      if (before >= 0) changed.push([now.model.sites[row].lon, now.model.sites[row].lat, T.STATUSES[rank]]);
      for (const node of now.model.parents[row]) {
        if (before >= 0) now.model.nodes[node].tally[before] -= 1;
        now.model.nodes[node].tally[rank] += 1;
        touched.add(node);
      }
    }
    retell(now, touched);
    if (T.pulseChanged) T.pulseChanged(changed);
  }

  /* Age fades a marker in two visible steps before silence becomes its own state. */
  function fade(now) {
    const time = T.now();
    const touched = new Set();
    now.model.sites.forEach((site, row) => {
      const state = T.state.sites[site.id] || {};
      /* A site out of service is closed, however long it has been silent. */
      const age = state.in_service === false ? 0 : state.observed_at ? (time - state.observed_at) / T.lateAfter(state) : 2;
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
    const numbers = T.alertNumbers || new Map();
    const { clientWidth: width } = now.map.getContainer();
    /* A name stands on the side where the panel has room for it. */
    const sideOf = (site) => (now.map.project([site.lon, site.lat]).x + (site.name.length * 17.5 + 40) * T.scale() > width ? "left" : "right");
    const features = [];
    now.model.sites.forEach((site) => {
      const state = T.state.sites[site.id] || {};
      if (!state.alarm && site.id !== selected) return;
      const rank = site.id === selected ? 0 : { critical: 1, warning: 2 }[state.alarm] || 3;
      features.push(point(site.lon, site.lat, {
        site_id: site.id, line: site.line, name: rank < 2 ? site.name : "", shape: now.view.shapes[site.line].shape, alarm: state.alarm || "",
        status: state.status || "no_data", selected: site.id === selected, rank, side: rank < 2 ? sideOf(site) : "", site: true, no: state.alarm ? numbers.get(site.id) || "" : "",
      }, now.model.index.get(site.id)));
    });
    for (const [id, [lon, lat], severity] of T.alarmedFences ? T.alarmedFences() : []) {
      features.push(point(lon, lat, { line: "", name: "", shape: "circle", alarm: severity, status: "no_data", selected: false, rank: 4, site: false, no: numbers.get(id) || "" }, 1e6 + features.length));
    }
    const text = JSON.stringify(features);
    if (text === now.alarmsSent) return;
    now.alarmsSent = text;
    now.map.getSource("tl-alarms").setData(collection(features));
    for (const feature of features) {
      now.map.setFeatureState({ source: "tl-alarms", id: feature.id }, { status: feature.properties.status });
    }
  }

  T.showLayers = function (hidden) {
    if (!drawn || !drawn.map) return;
    const shown = ["!", ["in", ["get", "line"], ["literal", hidden]]];
    for (const [layer, filter] of Object.entries(T.MARKER_FILTERS)) drawn.map.setFilter(layer, [...filter, shown]);
    for (const [name, ids] of Object.entries(T.MAP_PARTS)) {
      for (const id of ids) if (drawn.map.getLayer(id)) drawn.map.setLayoutProperty(id, "visibility", hidden.includes(name) ? "none" : "visible");
    }
    for (const button of document.querySelectorAll("[data-layer]")) button.setAttribute("aria-pressed", String(!hidden.includes(button.dataset.layer)));
  };

  /* The list has numbered its rows anew. */
  T.markAlarms = () => drawn && drawn.map && alarms(drawn);

  function apply(now, what) {
    if (what.tick) {
      if (now.ticks++ % 10 === 0) {
        fade(now);
        T.drawClosures(now.map);
      }
      return;
    }
    if (what.sites.length) update(now, what.sites);
    if (what.whole) fade(now);
    if (what.whole || what.sites.length || what.alerts) alarms(now);
    if (what.gaps || what.unknown) T.drawStretches(now.map, now.view, () => now === drawn);
    if (what.whole || what.exits) T.drawExits(now.map);
    if (what.whole || what.closures) T.drawClosures(now.map);
    if (what.whole || what.fences || what.alerts) T.drawFences(now.map);
    T.map.revision = T.state.revision;
  }

  /* ---- attaching ------------------------------------------------------------------------------ */

  const SOURCES = ["tl-fences", "tl-gaps", "tl-gap-pins", "tl-exits", "tl-nodes", "tl-closures", "tl-alarms"];
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

  /* Take back what was added: the same map is attached to again when the screen changes its size. */
  function detach(now) {
    now.stop();
    if (!now.map || behind(graph()) !== now.map) return;
    for (const [name, handler] of now.handlers) now.map.off(name, handler);
    for (const layer of T.markerLayers()) if (now.map.getLayer(layer.id)) now.map.removeLayer(layer.id);
    for (const name of SOURCES) if (now.map.getSource(name)) now.map.removeSource(name);
    T.dropBasemap(now.map);
  }

  /* The page goes, or its map is attached to anew: nothing reaches for what is drawn any more. */
  T.releaseMap = function () {
    ticket += 1;
    if (drawn) detach(drawn);
    drawn = null;
    T.map.ready = false;
  };

  T.attachMap = async function (view) {
    T.releaseMap();
    const mine = ticket;
    T.map.fallback = false;
    const query = new URLSearchParams({ lang: view.lang });
    if (view.scope) query.set("scope", view.scope);
    const [answer, ground] = await Promise.all([fetch("/api/v1/layers/sites?" + query).catch(() => null), T.askGround(view)]);
    if (mine !== ticket) return;
    if (!answer || !answer.ok || !ground) {
      /* The server went away while the page opened: try again until it is back. */
      await new Promise((resolve) => setTimeout(resolve, 2000));
      if (mine === ticket) await T.attachMap(view);
      return;
    }
    known = sitesOf((await answer.json()).features);
    T.repaint();
    T.tellSites();
    if (!document.getElementById("map")) return; /* a page without a map: its sites are known all the same */
    const map = await until(() => behind(graph()), 15000);
    if (mine !== ticket) return;
    if (!map) {
      fallBack(ground);
      return;
    }
    await until(() => map.isStyleLoaded(), 15000);
    if (mine !== ticket) return;
    T.layGround(map, ground);
    const model = prepare(known, view.shapes);
    const now = { map, model, view, selected: view.site, alarmsSent: "", ticks: 0, handlers: [] };
    for (const [name, image] of Object.entries(T.sprites())) {
      if (!map.hasImage(name)) map.addImage(name, image, { sdf: true, pixelRatio: T.SPRITE_RATIO });
    }
    for (const name of SOURCES) {
      const data = collection(name === "tl-nodes" ? nodeFeatures(model, view.shapes) : []);
      map.addSource(name, { type: "geojson", data, maxzoom: 16, tolerance: 0, buffer: 64 });
    }
    T.scaleStyle(map, T.inkOf(view));
    for (const layer of T.markerLayers()) map.addLayer(layer);
    if (map.getLayer("county-names")) map.moveLayer("county-names", "tl-alarm-glow");
    listenToPointer(now);
    const leave = T.listen((what) => apply(now, what));
    now.stop = leave;
    drawn = now;
    const all = { whole: true, sites: Object.keys(T.state.sites), gaps: true, alerts: true };
    apply(now, all);
    follow(now, "moveend", (event) => {
      T.keepView(now, event);
      alarms(now);
    });
    follow(now, "move", () => {
      T.scaleBar(map);
      T.mapMoved();
    });
    follow(now, "movestart", () => T.endPulses());
    T.showLayers(view.hidden || []);
    T.lookAt(map, view, 0);
    T.scaleBar(map);
    T.loadFences(map, view, () => now === drawn);
    T.addBasemap(map, view, () => now === drawn);
    T.map.ready = true;
    T.map.instance = map;
    T.map.nodes = model.nodes;
    T.map.sites = model.sites.length;
    document.documentElement.dataset.map = "ready";
  };

  function follow(now, name, handler) {
    now.map.on(name, handler);
    now.handlers.push([name, handler]);
  }

  function listenToPointer(now) {
    const { map, model } = now;
    const nodeOf = (event) => map.queryRenderedFeatures(
      [[event.point.x - 5, event.point.y - 5], [event.point.x + 5, event.point.y + 5]],
      { layers: ["tl-alarms", "tl-nodes"] },
    )[0];
    const under = ({ point }) => T.stretchAt(map, point) || T.fenceAt(map, point);
    follow(now, "click", (event) => {
      const hit = nodeOf(event);
      if (!hit) T.hint(under(event), event.point);
      else if (hit.properties.site_id) T.select(hit.properties.site_id);
      else {
        const node = model.nodes[hit.id];
        if (node.members.length === 1) T.select(model.sites[node.members[0]].id);
        else map.easeTo({ center: [node.lon, node.lat], zoom: Math.min(node.z1 + 0.2, 15), duration: T.calm() ? 0 : 500 }, { ours: true });
      }
    });
    follow(now, "mousemove", (event) => {
      const hit = nodeOf(event);
      const stretch = hit ? null : under(event);
      map.getCanvas().style.cursor = hit || stretch ? "pointer" : "";
      if (stretch) T.hint(stretch, event.point);
      else T.hover(hit ? describe(model, hit) : null, event.point);
      T.markRows(hit ? describe(model, hit).sites : []);
    });
    follow(now, "mouseout", () => {
      T.hover(null);
      T.markRows([]);
    });
    follow(now, "movestart", (event) => (event.ours || event.originalEvent) && T.hover(null));
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
      const { map } = drawn;
      const zoom = Math.max(map.getZoom(), 11);
      T.glide(map, (duration) => map.easeTo({ center: [lon, lat], zoom, offset: T.clearOf ? T.clearOf() : [0, 0], duration }, { ours: true }), T.calm() ? 0 : 700);
    }
  };

  /* A round of the wall: a county's bounds, or the whole. */
  T.turnTo = function (bounds) {
    if (drawn && drawn.map) T.lookAt(drawn.map, { ...drawn.view, center: null, whole: true, bounds: bounds || drawn.view.bounds }, T.calm() ? 0 : 1200);
  };

  T.resetMap = function (view) {
    if (drawn && drawn.map) T.lookAt(drawn.map, { ...view, center: null, whole: true }, T.calm() ? 0 : 500);
  };

  T.countyOf = (id) => (known.index.has(id) ? known.sites[known.index.get(id)].county : "");
  T.siteName = (id) => (known.index.has(id) ? known.sites[known.index.get(id)].name : id);
  T.siteOf = (id) => known.sites[known.index.get(id)];
  T.allSites = () => known.sites;

  /* ---- without the map behind the figure: the figure's own trace, once per picture ------------- */

  function fallBack(ground) {
    const model = known;
    const colours = T.statusColours();
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
    if (graph() && window.Plotly) T.layGroundInFigure(graph(), ground);
    drawn = { stop, model };
  }

  T.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})();
