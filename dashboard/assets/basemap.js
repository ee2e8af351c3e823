/* The basemap under everything: raster or vector tiles that the board serves from one file.
   Without it, and until it is there, the profile's own counties, roads and waters are the map. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SOURCE = "tl-basemap";
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  /* Read when the basemap is added: the theme may have changed since. */
  const INK = new Proxy({}, { get: (_, name) => css({ stream: "--water", major: "--road", edge: "--land-edge", label: "--place-far" }[name] || "--tile-" + name) });
  /* Names that the two common schemas (OpenMapTiles, Protomaps) and many others give their layers. */
  const KINDS = [
    [/label|name|place|poi|number|address/, "label"],
    [/water|ocean|sea|lake|river|stream/, "water"],
    [/building/, "building"],
    [/bound|admin|border/, "edge"],
    [/rail/, "rail"],
    [/road|street|highway|transport|path/, "road"],
    [/park|wood|forest|green|cover|natural|grass/, "park"],
    [/use|urban|built|earth|land/, "built"],
  ];
  const kindOf = (name) => (KINDS.find(([pattern]) => pattern.test(name.toLowerCase())) || [null, "other"])[1];
  const of = (type) => ["==", ["geometry-type"], type];
  const wide = (low, high) => ["interpolate", ["exponential", 1.5], ["zoom"], 6, low * T.scale(), 16, high * T.scale()];
  const MAJOR = ["in", ["to-string", ["coalesce", ["get", "class"], ["get", "kind"], ["get", "highway"], ""]],
    ["literal", ["motorway", "trunk", "primary", "highway", "major_road"]]];

  function parts(name) {
    const kind = kindOf(name);
    const layer = (type, filter, paint) => ({ id: `${SOURCE}-${name}-${type}`, type, source: SOURCE, "source-layer": name, filter, paint });
    const fill = (colour) => layer("fill", of("Polygon"), { "fill-color": colour, "fill-antialias": false });
    const line = (colour, width, more) => layer("line", of("LineString"), { "line-color": colour, "line-width": width, ...more });
    switch (kind) {
      case "water": return [fill(INK.water), line(INK.stream, wide(0.6, 3))];
      case "building": return [{ ...fill(INK.building), minzoom: 13 }];
      case "edge": return [line(INK.edge, wide(0.6, 2), { "line-dasharray": [3, 2] })];
      case "rail": return [line(INK.rail, wide(0.6, 2), { "line-dasharray": [4, 2] })];
      case "road": return [line(["case", MAJOR, INK.major, INK.road], ["interpolate", ["exponential", 1.5], ["zoom"],
        6, ["case", MAJOR, 0.9 * T.scale(), 0.3 * T.scale()], 16, ["case", MAJOR, 7 * T.scale(), 3.5 * T.scale()]])];
      case "label": return [labels(name)];
      case "park": return [fill(INK.park), line(INK.park, 1)];
      case "built": return [fill(INK.built)];
      default: return [fill(INK.built), line(INK.road, wide(0.4, 2))];
    }
  }

  function labels(name) {
    const words = ["coalesce", ["get", "name:zh-Hans"], ["get", "name:zh"], ["get", "name"], ""];
    return {
      id: `${SOURCE}-${name}-names`, type: "symbol", source: SOURCE, "source-layer": name, filter: of("Point"),
      layout: { "text-field": words, "text-font": ["Noto Sans CJK SC Regular"], "text-size": 11.5 * T.scale(), "text-max-width": 9 },
      paint: { "text-color": INK.label, "text-halo-color": INK.ground, "text-halo-width": 1.4 * T.scale() },
    };
  }

  function layersOf(told) {
    if (told.type === "raster") {
      /* Thin over the dark ground a bright map takes the ground's tone and leaves the light to the sites. */
      const dim = told.dim && T.themeNow() !== "light" ? { "raster-opacity": 0.3 * told.opacity, "raster-saturation": -0.35, "raster-contrast": 0.3 } : {};
      return [{ id: SOURCE, type: "raster", source: SOURCE, paint: { "raster-opacity": told.opacity, "raster-fade-duration": 0, ...dim } }];
    }
    const ORDER = ["built", "park", "other", "water", "building", "rail", "road", "edge", "label"];
    const names = told.vector_layers.map((layer) => layer.id);
    const sorted = names.sort((a, b) => ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b)));
    return sorted.flatMap(parts);
  }

  /* Raises nothing: a basemap that cannot be had is said in the map's footer, and the map stays. */
  T.addBasemap = async function (map, view, still) {
    if (!view.basemap || map.getSource(SOURCE)) return;
    const answer = await fetch("/api/v1/basemap?" + new URLSearchParams({ lang: view.lang })).catch(() => null);
    if (!still()) return;
    if (!answer || !answer.ok) {
      T.basemapFailed(view, answer ? (await answer.json().catch(() => ({}))).detail : "");
      return;
    }
    const told = await answer.json();
    if (!still() || map.getSource(SOURCE)) return;
    /* Workers fetch vector tiles, and to them an address without a host is nothing. */
    const tiles = told.tiles.map((path) => location.origin + path);
    map.addSource(SOURCE, { type: told.type, tiles, minzoom: told.minzoom, maxzoom: told.maxzoom, bounds: told.bounds,
      ...(told.type === "raster" ? { tileSize: told.tile_size } : {}) });
    const under = ["land", "roads", "border", "tl-gaps-glow"].find((id) => map.getLayer(id));
    for (const layer of layersOf(told)) map.addLayer(layer, layer.type === "symbol" ? undefined : under);
    const credit = document.getElementById("basemap-credit");
    if (credit) credit.textContent = told.attribution ? " · " + told.attribution : "";
    T.map.basemap = told.type;
  };

  T.basemapFailed = function (view, detail) {
    const credit = document.getElementById("basemap-credit");
    if (!credit) return;
    credit.textContent = " · " + view.words.basemap_failed + (detail ? " " + detail : "");
    credit.classList.add("failed");
    T.map.basemap = "failed";
  };

  T.dropBasemap = function (map) {
    for (const layer of map.getStyle().layers) if (layer.source === SOURCE) map.removeLayer(layer.id);
    if (map.getSource(SOURCE)) map.removeSource(SOURCE);
  };
})();
