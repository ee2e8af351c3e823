/* Eight hours of a wall in minutes: the page's own socket is given messages as the server makes them, one for each
   second, as fast as the page takes them. Charts, rounds and the drawer ask the real server. */
(function () {
  "use strict";
  const Real = window.WebSocket;
  let seed = 1;
  const chance = () => ((seed = (seed * 1103515245 + 12345) % 2147483648), seed / 2147483648);
  const whole = (most) => Math.floor(chance() * most);
  const pick = (list) => list[whole(list.length)];
  const soak = (window.soak = { on: false, link: null, updates: 0, missed: 0, opened: 0, charts: 0, asking: 0 });

  window.WebSocket = class extends Real {
    constructor(...asked) {
      super(...asked);
      soak.link = this;
    }
    set onmessage(fn) {
      this.hear = fn;
      super.onmessage = (event) => soak.on || fn(event);
    }
    get onmessage() {
      return this.hear;
    }
  };

  const SEVERITIES = ["critical", "warning", "notice"];
  const standing = []; /* alerts that came and have not gone */
  let next = 0;
  let ids = [];
  let now = 0; /* of the newest message: what the page shows may be a little behind */
  let revision = 0;

  function report(at) {
    const wait = Math.round(-9 * Math.log(1 - chance()) * 10) / 10;
    return {
      status: wait > 30 ? "congested" : wait > 15 ? "busy" : "normal", wait_min: wait, queue_m: Math.round(wait * 12), wait_change: whole(9) - 4,
      persons_per_hour: whole(600), vehicles_per_hour: whole(200), lanes_open: 1 + whole(4), staff_on_duty: 4 + whole(9), observed_at: at,
    };
  }

  function alertOf(id, at) {
    next += 1;
    const severity = pick(SEVERITIES);
    return { id: "soak-" + next, rule: "wait", target: "site", target_id: id, name: window.threeline.siteName(id), line: "third", county: "", county_name: "",
      severity, state: "firing", started_at: at - 60, fired_at: at, value: whole(60), held: false, what: "wait " + whole(60), advice: "open a lane" };
  }

  function message() {
    const { state } = window.threeline;
    const at = (now += 1);
    const sites = {};
    for (let n = 0; n < 16; n += 1) sites[pick(ids)] = report(at);
    const told = { type: "delta", from: revision, revision: (revision += 1), at, data_at: at, sites };
    told.lines = Object.values(state.lines).map((line) => ({ ...line, persons_per_hour: whole(9000), vehicles_per_hour: whole(3000), staff_on_duty: 500 + whole(900) }));
    if (at % 7 === 0) {
      const alert = alertOf(pick(ids), at);
      standing.push(alert);
      sites[alert.target_id] = { ...sites[alert.target_id], alarm: alert.severity };
      const gone = standing.length > 12 ? standing.splice(0, 1 + whole(3)) : [];
      for (const one of gone) sites[one.target_id] = { ...sites[one.target_id], alarm: "" };
      told.alerts = { put: [alert], gone: gone.map((one) => one.id) };
    }
    if (at % 10 === 0) told.today = { ...state.today, persons: (state.today.persons || 0) + whole(100), vehicles: (state.today.vehicles || 0) + whole(30) };
    if (at % 45 === 0 && state.gaps.length) told.gaps = [...state.gaps.slice(1), state.gaps[0]];
    if (at % 600 === 0) told.notices = state.notices.length ? [] : [{ id: "soak", severity: "notice", what: "a notice", details: [], since: at }];
    return told;
  }

  const channel = new MessageChannel();
  const turns = [];
  channel.port1.onmessage = () => turns.shift()();
  const turn = () => new Promise((done) => (turns.push(done), channel.port2.postMessage(0)));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

  /* What the charts and the drawer ask of the real server, which answers one in thirty: the others get what it said
     last, for it is the page that is tried here, and the server has its own tests. */
  const { fetch } = window;
  const answered = new Map();
  window.fetch = async function (...asked) {
    if (!String(asked[0]?.url || asked[0]).includes("_dash-update-component")) return fetch.apply(this, asked);
    soak.charts += 1;
    const what = JSON.parse(asked[1].body).output;
    const known = answered.get(what);
    if (soak.on && known && soak.charts % 30) return new Response(known.body, known);
    soak.asking += 1;
    try {
      const answer = await fetch.apply(this, asked);
      if (answer.status === 200) answered.set(what, { status: 200, headers: answer.headers, body: await answer.clone().text() });
      return answer;
    } finally {
      soak.asking -= 1;
    }
  };

  /* So many updates, `apart` of them to a frame; `busy` opens the drawer every fifth minute and closes it again, and
     lets the round through the counties go on. */
  soak.run = async function (updates, apart, busy) {
    const T = window.threeline;
    ids = Object.keys(T.state.sites);
    soak.on = true;
    if (busy) T.rotate(T.view());
    await sleep(300); /* what the server sent before is on its way */
    ({ at: now, revision } = T.state);
    for (let n = 1; n <= updates; n += 1) {
      soak.link.hear({ data: JSON.stringify(message()) });
      if (n % apart === 0) await frame();
      if (n % apart === 0 || n === updates) {
        await turn();
        /* What a page that found its link lost did not take counts for nothing; it opens another by itself. */
        const missed = revision - T.state.revision;
        soak.missed += missed;
        soak.updates += (n % apart || apart) - missed;
        for (let wait = 0; missed && soak.link.readyState !== 1 && wait < 200; wait += 1) await sleep(50);
        revision = T.state.revision;
      }
      if (busy && n % 300 === 0) {
        soak.opened += 1;
        T.select(soak.opened % 2 ? pick(ids) : "");
      }
      for (let wait = 0; n % 60 === 0 && soak.asking > 2 && wait < 100; wait += 1) await sleep(10);
    }
    return soak.updates;
  };

  /* Back to the server's own picture and to the same place, so that one rest is like another. */
  soak.rest = async function () {
    const T = window.threeline;
    T.rotate({ ...T.view(), rotate_s: 0 });
    T.select(ids[0] || Object.keys(T.state.sites)[0]);
    await sleep(1500);
    T.select("");
    soak.on = false;
    standing.length = 0;
    const { revision: before } = T.state;
    T.askAnew();
    while (T.state.revision === before || T.link.state !== "ok" || soak.asking) await sleep(50);
    T.repaint();
    await sleep(1500);
  };
})();
