/* A cluster tree over fixed points: which markers stand for which sites at each whole zoom.
   Built once; afterwards only the state of its nodes changes, never their geometry. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const TILE = 512;

  const mercatorX = (lon) => lon / 360 + 0.5;
  const mercatorY = (lat) => {
    const sin = Math.sin((lat * Math.PI) / 180);
    return 0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI;
  };

  /* Merge the nodes of one level: same group, closer than `reach` (in mercator units). */
  function merge(nodes, reach) {
    const cells = new Map();
    const key = (group, cx, cy) => group + ":" + cx + ":" + cy;
    const merged = [];
    for (const node of nodes) {
      const cx = Math.floor(node.x / reach);
      const cy = Math.floor(node.y / reach);
      let best = null;
      let nearest = reach * reach;
      for (let dx = -1; dx <= 1; dx += 1) {
        for (let dy = -1; dy <= 1; dy += 1) {
          for (const other of cells.get(key(node.group, cx + dx, cy + dy)) || []) {
            const gap = (other.x - node.x) ** 2 + (other.y - node.y) ** 2;
            if (gap < nearest) [nearest, best] = [gap, other];
          }
        }
      }
      if (best) {
        best.parts.push(node);
        continue;
      }
      const seed = { x: node.x, y: node.y, group: node.group, parts: [node] };
      merged.push(seed);
      const home = key(node.group, cx, cy);
      if (!cells.has(home)) cells.set(home, []);
      cells.get(home).push(seed);
    }
    return merged;
  }

  /* points: [{id, lon, lat, group, reach}] with reach in pixels.
     Returns nodes [{id, lon, lat, group, members: [point index], z0, z1}]: drawn while z0 <= zoom < z1. */
  T.clusterTree = function (points, { minZoom, maxZoom }) {
    const done = [];
    let level = points.map((point, index) => ({
      x: mercatorX(point.lon), y: mercatorY(point.lat), group: point.group, at: index, members: [index],
      z0: maxZoom, z1: 99,
    }));
    for (let zoom = maxZoom - 1; zoom >= minZoom; zoom -= 1) {
      const next = [];
      const groups = new Map();
      for (const node of level) {
        if (!groups.has(node.group)) groups.set(node.group, []);
        groups.get(node.group).push(node);
      }
      for (const nodes of groups.values()) {
        const pixels = points[nodes[0].at].reach || 20;
        for (const seed of merge(nodes, pixels / (TILE * 2 ** (zoom + 0.5)))) {
          if (seed.parts.length === 1) {
            seed.parts[0].z0 = zoom;
            next.push(seed.parts[0]);
            continue;
          }
          done.push(...seed.parts);
          /* The middle member keeps the marker on the border or the road it stands for. */
          const parts = seed.parts.slice().sort((a, b) => a.x - b.x);
          const middle = parts[parts.length >> 1];
          next.push({
            x: middle.x, y: middle.y, group: seed.group, at: middle.at,
            members: seed.parts.flatMap((part) => part.members), z0: zoom, z1: zoom + 1,
          });
        }
      }
      level = next;
    }
    for (const node of level) node.z0 = 0;
    return done.concat(level).map((node, index) => ({
      id: index, lon: points[node.at].lon, lat: points[node.at].lat, group: node.group,
      members: node.members, z0: node.z0, z1: node.z1,
    }));
  };
})();
