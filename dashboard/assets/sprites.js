/* Marker shapes as signed distance fields: one white icon per shape, coloured by feature-state. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SIZE = 64; /* the box that outlines are drawn in */
  const PIXELS = 32; /* the icon made of it */
  const EDGE = 191; /* MapLibre takes alpha 0.75 as the outline, */
  const SLOPE = 32; /* and eight pixels of distance as the whole of it: halos are measured by this */

  const regular = (corners, radius, turn) =>
    Array.from({ length: corners }, (_, i) => {
      const angle = turn + (2 * Math.PI * i) / corners;
      return [SIZE / 2 + radius * Math.sin(angle), SIZE / 2 - radius * Math.cos(angle)];
    });

  const star = () =>
    Array.from({ length: 10 }, (_, i) => {
      const radius = i % 2 ? 11 : 25;
      const angle = (Math.PI * i) / 5;
      return [SIZE / 2 + radius * Math.sin(angle), SIZE / 2 - radius * Math.cos(angle)];
    });

  const OUTLINES = {
    triangle: () => regular(3, 25, 0).map(([x, y]) => [x, y + 5]),
    diamond: () => regular(4, 25, 0),
    square: () => regular(4, 27, Math.PI / 4),
    hexagon: () => regular(6, 24, 0),
    circle: () => regular(40, 22, 0),
    star,
  };

  function distance(px, py, outline) {
    let nearest = Infinity;
    let inside = false;
    for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
      const [ax, ay] = outline[j];
      const [bx, by] = outline[i];
      const along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
      const t = Math.max(0, Math.min(1, along));
      nearest = Math.min(nearest, Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)));
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside ? -nearest : nearest;
  }

  /* {name: {width, height, data}} for map.addImage(name, image, {sdf: true}). */
  T.sprites = function () {
    const images = {};
    for (const [name, shape] of Object.entries(OUTLINES)) {
      const outline = shape();
      const data = new Uint8ClampedArray(PIXELS * PIXELS * 4).fill(255);
      const step = SIZE / PIXELS;
      for (let y = 0; y < PIXELS; y += 1) {
        for (let x = 0; x < PIXELS; x += 1) {
          const away = distance((x + 0.5) * step, (y + 0.5) * step, outline) / step;
          data[4 * (y * PIXELS + x) + 3] = Math.max(0, Math.min(255, EDGE - away * SLOPE));
        }
      }
      images[name] = { width: PIXELS, height: PIXELS, data };
    }
    return images;
  };

  /* The same shape as an SVG path in a 64 x 64 box, for legends and lists. */
  T.shapePath = (name) =>
    "M" + (OUTLINES[name] || OUTLINES.circle)().map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join("L") + "Z";
})();
