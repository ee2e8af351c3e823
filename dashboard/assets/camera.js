/* Where the map looks: the address's view, the scope, or what a person chose; and the scale bar that follows. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const scale = () => T.scale();
  const SETTLED_MS = 400;

  /* The address's own view, or all of the scope; a zoom in an address is that of the design canvas. */
  T.lookAt = (map, view, duration) => T.glide(map, (milliseconds) => look(map, view, milliseconds), duration);

  /* A way that is broken off by a redraw of Plotly's is ended at its goal: see keepView. Where the machine is slow the
     redraw may come late, so the goal is gone to once more after the time that the way takes. */
  T.glide = function (map, go, duration) {
    const goal = (T.map.goal = { go, until: performance.now() + duration + SETTLED_MS });
    go(duration);
    if (duration) setTimeout(() => arrive(map, goal), duration + SETTLED_MS);
  };

  function arrive(map, goal) {
    if (T.map.goal !== goal || T.map.instance !== map) return;
    if (map.isMoving()) setTimeout(() => arrive(map, goal), SETTLED_MS);
    else goal.go(0);
  }

  function look(map, view, duration) {
    const ours = { ours: true };
    const { chosen } = T.map;
    if (chosen && chosen.key === view.key && !view.whole) map.easeTo({ center: chosen.center, zoom: chosen.zoom + Math.log2(scale()), duration }, ours);
    else if (view.center) map.easeTo({ center: view.center, zoom: (view.zoom || view.home.zoom) + Math.log2(scale()), duration }, ours);
    else if (view.bounds) map.fitBounds(view.bounds, { padding: padding(map), duration }, ours);
    else map.easeTo({ center: view.home.center, zoom: view.home.zoom + Math.log2(scale()), duration }, ours);
  }

  /* Plotly puts back the figure's own view whenever it redraws. What a person or this script chose is kept:
     a move that neither of them made is undone. */
  T.keepView = function (now, event) {
    const { map } = now;
    if (event.originalEvent) T.map.goal = null;
    if (event.originalEvent || event.ours || !now.seen) {
      now.seen = { center: map.getCenter(), zoom: map.getZoom() };
      const zoom = now.seen.zoom - Math.log2(scale());
      /* What a person chose outlives a change of the screen's size. */
      if (event.originalEvent) T.map.chosen = { key: now.view.key, center: now.seen.center, zoom };
      T.addressView(now.seen.center, zoom);
    } else if (T.map.goal && performance.now() < T.map.goal.until) {
      T.map.goal.go(0);
    } else if (now.seen) {
      map.jumpTo(now.seen, { ours: true });
    }
  };

  /* The address says where the map looks now. */
  T.keepAddress = function () {
    const map = T.map.instance;
    T.addressView(map.getCenter(), map.getZoom() - Math.log2(scale()));
  };

  /* The figure's own widths and letters are those of the design canvas. */
  const designed = new WeakMap(); /* map to its widths and letters as they came */

  T.scaleStyle = function (map, ink) {
    const k = scale();
    const coloured = (value) => (typeof value === "string" ? ink(value) : Array.isArray(value) ? value.map(coloured) : value);
    if (!designed.has(map)) designed.set(map, map.getStyle().layers);
    const grow = (value) => {
      if (typeof value === "number") return value * k;
      if (!Array.isArray(value) || value[0] !== "interpolate") return value;
      return value.map((part, i) => (i < 3 ? part : i % 2 ? part + Math.log2(k) : part * k));
    };
    for (const layer of designed.get(map)) {
      if (!map.getLayer(layer.id)) continue;
      for (const [name, value] of Object.entries(layer.paint || {})) {
        if (/-(width|blur|radius)$/.test(name)) map.setPaintProperty(layer.id, name, grow(value));
        else if (/-color$/.test(name)) map.setPaintProperty(layer.id, name, coloured(value));
      }
      const size = (layer.layout || {})["text-size"];
      if (size !== undefined) map.setLayoutProperty(layer.id, "text-size", grow(size));
    }
  };

  /* What is written over the map keeps its own room: nothing of the scope lies under it. */
  function padding(map) {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const edge = Math.min(width, height) * 0.035;
    const phone = window.matchMedia("(max-width: 1023px)").matches;
    const size = (selector, side) => (document.querySelector(selector) || {})[side] || 0;
    const legend = document.querySelector(".map-panel .legend");
    const beside = !phone && legend && legend.offsetWidth < width / 2 ? legend.offsetWidth + edge / 2 : 0;
    const below = phone && legend ? legend.offsetHeight + edge : size(".map-footer", "offsetHeight");
    return { top: edge, bottom: edge + below, left: edge + beside, right: edge };
  }

  /* A round number of kilometres, true at the latitude of the map's middle. */
  T.scaleBar = function (map) {
    const line = document.getElementById("scale-line");
    if (!line) return;
    const metresPerPixel = (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
    const most = metresPerPixel * 130 * scale();
    const power = 10 ** Math.floor(Math.log10(most));
    const round = [5, 2, 1].find((step) => step * power <= most) * power;
    line.style.width = `${round / metresPerPixel}px`;
    document.getElementById("scale-text").textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
  };
})();
