/* Runs before a page's own scripts: reads pixels of the map behind a Plotly figure, hears what the board's page
   hears, and notes how long each of the board's listeners takes. It changes nothing that the page does, unless
   `bench.only` or `bench.mute` is set. */
(function () {
  "use strict";
  const now = () => performance.timeOrigin + performance.now();
  const bench = (window.bench = { spent: {}, only: "", mute: false, receive: null });

  /* ---- the map ---------------------------------------------------------------------------------- */

  bench.map = (plot) => (plot || document.querySelector("#map .js-plotly-plot"))._fullLayout.map._subplot.map;

  /* The colour at a place; only true while the map renders, when its buffer still holds what was drawn. */
  bench.colour = (map, at) => {
    const canvas = map.getCanvas();
    const gl = canvas.getContext("webgl2") || canvas.getContext("webgl");
    const { x, y } = map.project(at);
    const pixel = new Uint8Array(4);
    const k = canvas.width / canvas.clientWidth;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(Math.round(x * k), canvas.height - 1 - Math.round(y * k), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return [...pixel.slice(0, 3)];
  };
  bench.near = (pixel, hex) =>
    [1, 3, 5].every((i, channel) => Math.abs(parseInt(hex.slice(i, i + 2), 16) - pixel[channel]) <= 40);

  /* Resolves with when the marker at a place was drawn in a colour, and when the frame after that began. */
  bench.watch = (at, hex) => {
    bench.painted = new Promise((done, fail) => {
      setTimeout(() => fail(new Error("not painted within 20 s")), 20000);
      const map = bench.map();
      const look = () => {
        if (!bench.near(bench.colour(map, at), hex)) return;
        map.off("render", look);
        const drawn = now();
        requestAnimationFrame(() => done({ drawn, painted: now() }));
      };
      map.on("render", look);
    });
  };

  /* Resolves when the map has nothing left to load or to draw and its last frame is finished. */
  bench.still = async (map) => {
    while (!map.loaded() || map.isMoving()) await new Promise((resolve) => setTimeout(resolve, 16));
    await new Promise((resolve) => {
      map.once("idle", () => resolve(bench.colour(map, map.getCenter())));
      map.triggerRepaint();
    });
  };

  /* ---- the board's own script ------------------------------------------------------------------- */

  let listen = null;
  window.threeline = {};
  Object.defineProperty(window.threeline, "listen", {
    get: () => listen,
    set(real) {
      listen = (fn) => {
        const caller = new Error().stack.split("\n")[2] || "";
        const file = (/\/(\w+)\.js/.exec(caller) || [])[1] || "?";
        return real((what) => {
          if (bench.only && bench.only !== file) return;
          const begun = performance.now();
          fn(what);
          bench.spent[file] = (bench.spent[file] || 0) + performance.now() - begun;
        });
      };
    },
  });

  /* Muted, the page hears a heartbeat for every frame that comes, so that what it is told by hand stands. */
  const heartbeat = () => {
    const { revision } = window.threeline.state;
    return JSON.stringify({ type: "delta", from: revision, revision, at: Math.floor(Date.now() / 1000) });
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    set onmessage(fn) {
      bench.receive = (data) => fn({ data });
      super.onmessage = (event) => fn(bench.mute ? { data: heartbeat() } : event);
    }
  };
})();
