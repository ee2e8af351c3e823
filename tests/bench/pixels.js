/* For bench_pixels: a Plotly figure of the board's sites over the board's map, and rounds of changes to either. */
(function () {
  "use strict";
  const bench = window.bench;

  bench.prepare = async ({ apart, colours }) => {
    const T = window.threeline, board = T.map.instance, sites = T.allSites();
    const box = board.getContainer().getBoundingClientRect();
    const told = { board: sites.map(() => "normal"), plotly: sites.map(() => "normal") };
    const figure = () => ({
      data: [{
        type: "scattermap", mode: "markers", lon: sites.map((site) => site.lon), lat: sites.map((site) => site.lat),
        marker: { size: 12, opacity: 1, color: told.plotly.map((status) => colours[status]) },
      }],
      layout: {
        map: { style: bench.style, center: bench.center, zoom: board.getZoom() }, uirevision: "constant",
        margin: { l: 0, r: 0, t: 0, b: 0 }, width: box.width, height: box.height, showlegend: false,
      },
    });
    const message = (rows) => {
      const at = Math.floor(T.now());
      const fields = (row) => ({
        status: told.board[row], wait_min: told.board[row] === "normal" ? Math.round(Math.random() * 120) / 10 : 20,
        persons_per_hour: Math.floor(Math.random() * 400), vehicles_per_hour: Math.floor(Math.random() * 200),
        queue_m: Math.floor(Math.random() * 200), observed_at: at,
      });
      return JSON.stringify({
        type: "delta", from: T.state.revision, revision: T.state.revision, at, data_at: at,
        sites: Object.fromEntries(rows.map((row) => [sites[row].id, fields(row)])), lines: Object.values(T.state.lines),
      });
    };
    /* Packed as the server packs its frames. */
    const packed = (text) =>
      new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer();
    bench.style = document.querySelector("#map .js-plotly-plot").layout.map.style;
    bench.center = { lon: board.getCenter().lng, lat: board.getCenter().lat };
    bench.mute = true;
    /* What came before is unpacked and applied by then, so that the revision stands. */
    await new Promise((done) => setTimeout(done, 1000));
    bench.receive(message(sites.map((_, row) => row)));
    const plot = document.createElement("div");
    Object.assign(plot.style, {
      position: "fixed", left: box.left + "px", top: box.top + "px", width: box.width + "px", height: box.height + "px",
    });
    document.body.append(plot);
    const first = figure();
    await window.Plotly.newPlot(plot, first.data, first.layout, { displayModeBar: false });
    const setFeatureState = board.setFeatureState.bind(board);
    board.setFeatureState = (...what) => ((bench.touched += 1), setFeatureState(...what));
    await bench.still(bench.map(plot));
    await bench.still(board);
    const seen = new Set(board.queryRenderedFeatures({ layers: ["tl-nodes"] }).map((node) => node.id));
    bench.both = { T, board, plot, sites, told, figure, message, packed, colours, apart, turn: 0 };
    return { width: box.width, height: box.height, drawn: seen.size, nodes: T.map.nodes.length };
  };

  bench.round = async ({ side, count }) => {
    const { board, plot, sites, told, figure, message, packed, colours, apart } = bench.both;
    const plotly = side === "plotly", map = plotly ? bench.map(plot) : board, mine = told[plotly ? "plotly" : "board"];
    const watched = bench.both.turn++ % apart;
    const rows = new Set([watched]);
    while (rows.size < count) rows.add(Math.floor(Math.random() * sites.length));
    for (const row of rows) {
      const others = (row === watched ? ["normal", "busy"] : ["normal", "busy", "congested"]).filter((one) => one !== mine[row]);
      mine[row] = others[Math.floor(Math.random() * others.length)];
    }
    plot.style.zIndex = plotly ? 10000 : -1;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const frame = plotly ? null : await packed(message([...rows]));
    const next = plotly ? figure() : null;
    await bench.still(map);
    const at = [sites[watched].lon, sites[watched].lat], hex = colours[mine[watched]];
    bench.only = side === "map" ? "map" : "";
    bench.spent = {};
    bench.touched = 0;
    let looked = 0;
    const begun = performance.now();
    const settled = new Promise((done, fail) => {
      setTimeout(() => fail(new Error("not settled within a minute")), 60000);
      const look = () => {
        const idle = performance.now() - begun;
        looked += 1;
        if (!bench.near(bench.colour(map, at), hex)) return;
        map.off("idle", look);
        done({ idle, pixels: performance.now() - begun });
      };
      map.on("idle", look);
    });
    if (plotly) window.Plotly.react(plot, next.data, next.layout, { displayModeBar: false });
    else bench.receive(frame);
    const call = performance.now() - begun;
    const when = await settled;
    const result = { ...when, call, looked, spent: bench.spent, touched: bench.touched };
    bench.only = "";
    return result;
  };
})();
