/* Planned closures on the map: a hatched ring around each site that is closed on purpose, fainter where it is to be. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const AHEAD_S = 86400; /* what begins later is not drawn yet */
  let sent = "";

  T.closureLayer = () => {
    const k = T.scale();
    return { id: "tl-closures", type: "symbol", source: "tl-closures",
      layout: { "icon-image": "hatch", "icon-size": 1.2 * k, "icon-allow-overlap": true, "icon-ignore-placement": true },
      paint: { "icon-color": css("--quiet"), "icon-halo-color": css("--ground"), "icon-halo-width": 1.2 * k, "icon-opacity": ["case", ["get", "running"], 1, 0.5] } };
  };

  const shown = () => {
    const now = T.now();
    return (T.state.closures || []).filter((one) => one.end > now && one.start - now < AHEAD_S);
  };

  T.drawClosures = function (map) {
    const now = T.now();
    const places = new Map();
    for (const one of shown()) {
      for (const id of one.sites) {
        const site = T.siteOf(id);
        if (site) places.set(id, { site, running: one.start <= now || Boolean((places.get(id) || {}).running) });
      }
    }
    document.documentElement.dataset.closures = String(places.size);
    const features = [...places.values()].map(({ site, running }, id) => ({
      type: "Feature", id, properties: { site_id: site.id, line: site.line, running }, geometry: { type: "Point", coordinates: [site.lon, site.lat] },
    }));
    const text = JSON.stringify(features);
    const source = map.getSource("tl-closures");
    if (!source || (text === sent && source.threelineDrawn)) return;
    sent = text;
    source.threelineDrawn = true;
    source.setData({ type: "FeatureCollection", features });
  };

  /* From a site to silencing or closing it, for who may. */
  T.linkToSilence = (id) => {
    const { lang, may, kiosk, at } = T.view();
    if (kiosk || at || !may.includes("operate")) return "";
    return T.element("a.action", { href: "/silences?" + new URLSearchParams({ lang, sites: id }) }, T.word("silence_here"));
  };

  /* What is to be said of a site: until when it is closed, or from when on, and why. */
  T.closuresOf = (id) =>
    shown().filter((one) => one.sites.includes(id)).map((one) => {
      const running = one.start <= T.now();
      const text = T.word(running ? "closure_on_map" : "closure_to_come", { time: T.dayTime(running ? one.end : one.start) });
      return one.reason ? `${text} · ${one.reason}` : text;
    });
})();
