/* Marker shapes as distance fields, computed from their outlines at four times the size that they are drawn in:
   edges stay sharp on any wall, and colour follows feature-state. What is drawn inside a shape says its status too:
   busy has a core in a gap, congested a bright core in a bright rim, no data a core in a hollow, offline a slash
   across a hollow, closed a slash across the whole. The legend (base.css) draws the same on a circle. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SIZE = 64; /* the box that outlines are drawn in */
  const PIXELS = 128; /* the icon made of it, */
  const RATIO = 4; /* shown at a quarter of that */
  const EDGE = 191; /* MapLibre takes alpha 0.75 as the outline, */
  const SLOPE = 32; /* and eight shown pixels of distance as the whole of it: halos are measured by this */

  const MIDDLE = SIZE / 2;
  const at = (radius, angle) => [MIDDLE + radius * Math.sin(angle), MIDDLE - radius * Math.cos(angle)];
  const regular = (corners, radius, turn) => Array.from({ length: corners }, (_, i) => at(radius, turn + (2 * Math.PI * i) / corners));
  const star = (radius) => Array.from({ length: 10 }, (_, i) => at(radius * (i % 2 ? 0.44 : 1), (Math.PI * i) / 5));
  const down = (points, by) => points.map(([x, y]) => [x, y + by]);

  /* Each at a share of its size, around the point that the eye takes for its middle. */
  const OUTLINES = {
    triangle: (share) => down(regular(3, 27 * share, 0), 5),
    diamond: (share) => regular(4, 25 * share, 0),
    square: (share) => regular(4, 27 * share, Math.PI / 4),
    hexagon: (share) => regular(6, 24 * share, 0),
    circle: (share) => regular(48, 22 * share, 0),
    star: (share) => star(26 * share),
  };
  const CORE = 0.42;

  const bar = (half, thick, turn) =>
    [[-half, -thick], [half, -thick], [half, thick], [-half, thick]].map(([x, y]) => [
      MIDDLE + x * Math.cos(turn) - y * Math.sin(turn), MIDDLE + x * Math.sin(turn) + y * Math.cos(turn)]);

  /* A ring of slanted strokes: what is closed on purpose. */
  const HATCH = Array.from({ length: 12 }, (_, i) => {
    const from = (Math.PI * i) / 6;
    return [at(22, from), at(22, from + 0.2), at(31, from + 0.45), at(31, from + 0.25)];
  });

  /* Called for every pixel of every icon while the page opens, so it makes nothing and takes one root. */
  function distance(px, py, edges) {
    let nearest = Infinity;
    let inside = false;
    for (let i = 0; i < edges.length; i += 5) {
      const ax = edges[i], ay = edges[i + 1], dx = edges[i + 2], dy = edges[i + 3];
      const along = ((px - ax) * dx + (py - ay) * dy) * edges[i + 4];
      const t = along < 0 ? 0 : along > 1 ? 1 : along;
      const x = px - ax - t * dx, y = py - ay - t * dy;
      nearest = Math.min(nearest, x * x + y * y);
      if (ay > py !== ay + dy > py && px < (dx * (py - ay)) / dy + ax) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  }

  const edgesOf = (outline) => Float64Array.from(outline.flatMap(([bx, by], i) => {
    const [ax, ay] = outline.at(i - 1);
    return [ax, ay, bx - ax, by - ay, 1 / ((bx - ax) ** 2 + (by - ay) ** 2)];
  }));

  function field(...outlines) {
    const data = new Uint8ClampedArray(PIXELS * PIXELS * 4).fill(255);
    const edges = Float64Array.from(outlines.flatMap((outline) => [...edgesOf(outline)]));
    const step = SIZE / PIXELS;
    const shown = (SIZE * RATIO) / PIXELS; /* of the box in one shown pixel */
    for (let y = 0; y < PIXELS; y += 1) {
      for (let x = 0; x < PIXELS; x += 1) {
        const away = distance((x + 0.5) * step, (y + 0.5) * step, edges) / shown;
        data[4 * (y * PIXELS + x) + 3] = Math.max(0, Math.min(255, EDGE - away * SLOPE));
      }
    }
    return { width: PIXELS, height: PIXELS, data };
  }

  let made = null;

  /* {name: image} for map.addImage(name, image, {sdf: true, pixelRatio}). */
  T.sprites = function () {
    if (made) return made;
    made = { slash: field(bar(26, 3, -Math.PI / 4)), hatch: field(...HATCH) };
    for (const [name, shape] of Object.entries(OUTLINES)) {
      made[name] = field(shape(1));
      made[name + "-core"] = field(shape(CORE));
    }
    return made;
  };
  T.SPRITE_RATIO = RATIO;

  /* The same shape as an SVG path in a 64 x 64 box, for lists. */
  T.shapePath = (name) =>
    "M" + (OUTLINES[name] || OUTLINES.circle)(1).map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join("L") + "Z";
})();
