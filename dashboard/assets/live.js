/* The link to the server: one socket, one state, and who wants to know.
   It keeps the newest picture, applies what changed, and knows how old it is. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const LOST_AFTER_MS = 3500; /* a step comes every second; three missed ones mean the link is gone */
  const UNKNOWN_SCOPE = 4404;
  const RETRY_MS = [300, 700, 1500, 3000, 5000];

  const empty = () => ({
    sites: {}, lines: {}, lineOrder: [], alerts: new Map(), fences: {}, gaps: [], exits: [], today: {}, notices: [],
    revision: 0, epoch: "", at: 0, data_at: null, simulated: false, duty_level: "", replay: false,
  });

  T.state = empty();
  T.link = { state: "connecting", since: Date.now() };
  const listeners = new Set();
  let socket = null;
  let url = "";
  let tries = 0;
  let heard = 0; /* performance.now() of the last message */
  let clockOffset = 0; /* server minus browser, seconds */
  let retry = 0;
  let asked = 0; /* an answer to an older question is not shown */

  /* fn({whole, sites: [ids], lines, alerts, gaps, exits, fences, today, notices, link}) */
  T.listen = (fn) => {
    listeners.add(fn);
    return () => listeners.delete(fn);
  };
  const tell = (what) => {
    for (const fn of listeners) {
      try {
        fn(what);
      } catch (error) {
        console.warn("threeline: a panel failed", error);
      }
    }
  };

  /* Seconds since 1970 by the server's clock, so that ages are right on a wall with a wrong clock. */
  T.now = () => (T.state.replay ? T.state.at : Date.now() / 1000 + clockOffset);

  /* Seconds until a site's silence is its own state: a reading speaks for its own interval (data/silence.py). */
  let patience = 600;
  T.lateAfter = (site) => Math.max(patience, 1.5 * (site.interval_s || 0));

  function whole(message) {
    T.state = Object.assign(empty(), message, {
      lines: Object.fromEntries(message.lines.map((line) => [line.id, line])),
      lineOrder: message.lines.map((line) => line.id),
      alerts: new Map(message.alerts.map((alert) => [alert.id, alert])),
      replay: Boolean(message.replay),
    });
    const limits = Object.values(T.state.sites).filter((site) => site.observed_at).map(T.lateAfter);
    /* The data as a whole is old when even the site that reports most often would be late. */
    T.state.late_after = limits.reduce((least, limit) => Math.min(least, limit), limits.length ? Infinity : patience);
    tell({ whole: true, sites: Object.keys(T.state.sites), lines: true, alerts: true, gaps: true, exits: true, fences: true, today: true, notices: true });
  }

  function delta(message) {
    const state = T.state;
    if (message.from !== state.revision) {
      reopen();
      return;
    }
    const what = { whole: false, sites: [], lines: false, alerts: false, gaps: false, exits: false, fences: false, today: false, notices: false };
    for (const [id, fields] of Object.entries(message.sites || {})) {
      Object.assign((state.sites[id] = state.sites[id] || {}), fields);
      what.sites.push(id);
    }
    for (const line of message.lines || []) {
      state.lines[line.id] = line;
      what.lines = true;
    }
    if (message.alerts) {
      for (const id of message.alerts.gone || []) state.alerts.delete(id);
      for (const alert of message.alerts.put || []) state.alerts.set(alert.id, alert);
      what.alerts = true;
    }
    if (message.fences) {
      Object.assign(state.fences, message.fences);
      what.fences = true;
    }
    for (const name of ["gaps", "exits", "today", "notices"]) {
      if (message[name]) {
        state[name] = message[name];
        what[name] = true;
      }
    }
    for (const name of ["revision", "at", "data_at", "duty_level", "simulated"]) {
      if (name in message) state[name] = message[name];
    }
    tell(what);
  }

  function setLink(name) {
    if (T.link.state === name) return;
    T.link = { state: name, since: Date.now() };
    tell({ link: true, sites: [] });
  }

  function refuse(detail) {
    T.link = { state: "refused", since: Date.now(), detail };
    tell({ link: true, sites: [] });
  }

  function receive(text) {
    const message = JSON.parse(text);
    heard = performance.now();
    const offset = message.at - Date.now() / 1000;
    /* Follow the clock slowly so that one late message does not make ages jump. */
    clockOffset = message.type === "picture" ? offset : clockOffset + (offset - clockOffset) * 0.1;
    tries = 0;
    setLink("ok");
    if (message.type === "picture") whole(message);
    else delta(message);
  }

  /* Frames come packed where the browser can unpack them: a tenth of the bytes. */
  const PACKED = typeof DecompressionStream === "function";
  const unpack = (data) =>
    typeof data === "string" ? data : new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();

  function open() {
    clearTimeout(retry);
    const mine = new WebSocket(url);
    let turn = Promise.resolve(); /* one after the other, in the order they came */
    mine.binaryType = "arraybuffer";
    socket = mine;
    mine.onmessage = (event) => {
      turn = turn.then(() => unpack(event.data)).then((text) => mine === socket && receive(text))
        .catch((error) => console.warn("threeline: a message could not be read", error));
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      /* The county went with an edit of the profile. Asked for again all the same: edits are taken back. */
      if (event.code === UNKNOWN_SCOPE) refuse(T.word("scope_gone"));
      else if (heard && T.link.state === "ok") setLink("lost");
      retry = setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    };
  }

  function shut() {
    clearTimeout(retry);
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  function reopen() {
    shut();
    open();
  }

  /* A past moment is asked for once; an address that makes no sense is said in the server's own words. */
  async function replay(query, mine) {
    const answer = await fetch("/api/v1/picture?" + query).catch(() => null);
    if (mine !== asked) return;
    if (answer && answer.ok) {
      const message = await answer.json();
      if (mine !== asked) return;
      setLink("ok");
      whole(Object.assign(message, { replay: true }));
    } else if (answer && answer.status < 500) {
      refuse((await answer.json()).detail);
    } else {
      setLink("lost");
      setTimeout(() => mine === asked && replay(query, mine), 3000);
    }
  }

  /* Show another scope, or another time: everything on the page follows. */
  T.connect = async function (view) {
    shut();
    patience = view.no_data_after_s;
    T.state = empty();
    heard = 0;
    const query = new URLSearchParams({ lang: view.lang });
    if (view.scope) query.set("scope", view.scope);
    const mine = (asked += 1);
    if (view.at) {
      url = "";
      query.set("at", view.at);
      setLink("connecting");
      await replay(query, mine);
      return;
    }
    if (PACKED) query.set("encoding", "deflate");
    url = (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/api/v1/live?" + query;
    setLink("connecting");
    open();
  };

  setInterval(() => {
    const silent = performance.now() - heard;
    if (heard && socket && silent > LOST_AFTER_MS) {
      setLink("lost");
      if (silent > 2 * LOST_AFTER_MS) {
        heard = performance.now() - LOST_AFTER_MS - 1;
        reopen();
      }
    }
    tell({ tick: true, sites: [] });
  }, 500);
  for (const name of ["online", "visibilitychange"]) {
    window.addEventListener(name, () => {
      if (url && !socket && !T.state.replay) open();
    });
  }
})();
