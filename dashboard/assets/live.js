/* The link to the server: one socket, one state, and who wants to know.
   It keeps the newest picture, applies what changed, and knows how old it is. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const UNKNOWN_SCOPE = 4404;
  const NO_LOGIN = 4401;
  const TOO_MANY = 1013;
  const RETRY_MS = [300, 700, 1500, 3000, 5000];
  const OPENING_MS = 5000; /* a server that stands still takes connections and never answers */
  const FIRST_MS = 30000; /* a whole picture over a thin line */

  const empty = () => ({
    sites: {}, lines: {}, lineOrder: [], alerts: new Map(), groups: [], closures: [], fences: {}, gaps: [], unknown: [], exits: [], today: {}, notices: [], rounds: null,
    revision: 0, epoch: "", at: 0, data_at: null, simulated: false, duty_level: "", replay: false,
  });

  T.state = empty();
  T.link = { state: "connecting", since: 0 };
  let view = null;
  let socket = null;
  let url = "";
  let tries = 0;
  let opened = 0; /* performance.now() of the newest attempt */
  let heard = 0; /* the same of the last message of this connection; 0 before its first */
  let quiet = 3500; /* a step comes every second: three missed ones mean that the link is gone */
  let retry = 0;
  let asked = 0; /* an answer to an older question is not shown */

  /* What came is told when the messages that wait already are read, too, and then once for all of them: a tab that
     stood still for an hour has thousands, and need not draw each. */
  let coming = null;
  const soon = new MessageChannel();
  soon.port1.onmessage = () => {
    const what = coming;
    coming = null;
    if (what) T.tell({ ...what, sites: [...new Set(what.sites)] });
  };
  function came(what) {
    if (!coming) {
      coming = what;
      soon.port2.postMessage(0);
      return;
    }
    for (const name of Object.keys(what)) coming[name] = name === "sites" ? coming.sites.concat(what.sites) : coming[name] || what[name];
  }

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
    came({ whole: true, sites: Object.keys(T.state.sites), lines: true, alerts: true, gaps: true, unknown: true, exits: true, fences: true, today: true, notices: true });
  }

  function delta(message) {
    const state = T.state;
    if (message.from !== state.revision) {
      reopen();
      return;
    }
    tries = 0;
    const what = { whole: false, sites: [], lines: false, alerts: false, gaps: false, unknown: false, exits: false, fences: false, today: false, notices: false };
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
    for (const name of ["gaps", "unknown", "exits", "today", "notices", "rounds", "groups", "closures"]) {
      if (message[name]) {
        state[name] = message[name];
        what[name] = true;
      }
    }
    what.alerts = what.alerts || Boolean(message.groups);
    for (const name of ["revision", "at", "data_at", "duty_level", "simulated"]) {
      if (name in message) state[name] = message[name];
    }
    came(what);
  }

  /* One of connecting, ok, lost, refused, signed_out; `since` is by the server's clock. */
  function setLink(state, detail) {
    if (T.link.state === state && T.link.detail === detail) return;
    T.link = { state, detail, since: state === "ok" || T.link.state === "ok" ? T.now() : T.link.since };
    T.tell({ link: true, sites: [] });
  }

  function receive(text) {
    const message = JSON.parse(text);
    const first = message.type === "picture";
    if (T.slept() && !first) return wake();
    heard = performance.now();
    if (!T.heardTime(message.at, first)) return reopen();
    if (message.step_s) quiet = Math.max(3500, 2500 * message.step_s);
    setLink("ok");
    if (first) whole(message);
    else delta(message);
  }

  /* Frames come packed where the browser can unpack them: a tenth of the bytes. */
  const PACKED = typeof DecompressionStream === "function";
  const unpack = (data) =>
    typeof data === "string" ? data : new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();

  function open() {
    shut();
    const mine = new WebSocket(url);
    let turn = Promise.resolve(); /* one after the other, in the order they came */
    mine.binaryType = "arraybuffer";
    socket = mine;
    opened = performance.now();
    heard = 0;
    mine.onmessage = (event) => {
      turn = turn.then(() => unpack(event.data)).then((text) => mine === socket && receive(text))
        .catch((error) => console.warn("threeline: a message could not be read", error));
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      /* The county went with an edit of the profile. Asked for again all the same: edits are taken back. */
      if (event.code === UNKNOWN_SCOPE) setLink("refused", T.word("scope_gone"));
      else if (event.code === TOO_MANY) setLink("refused", T.word("link_full"));
      else if (event.code === NO_LOGIN) {
        setLink("signed_out");
        T.signedOut(view);
      } else if (T.link.state !== "connecting") setLink("lost");
      later();
    };
  }

  /* Not all screens of a room in the same moment. */
  function later() {
    clearTimeout(retry);
    retry = setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] * (0.6 + 0.8 * Math.random()));
    tries += 1;
  }

  function shut() {
    clearTimeout(retry);
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  function reopen() {
    shut();
    if (tries || performance.now() - opened < 1000) later();
    else {
      tries = 1;
      open();
    }
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
      setLink("refused", (await answer.json()).detail);
    } else {
      setLink("lost");
      setTimeout(() => mine === asked && replay(query, mine), 3000);
    }
  }

  /* Show another scope, or another time: everything on the page follows. */
  T.connect = async function (next) {
    shut();
    view = next;
    patience = view.no_data_after_s;
    T.state = empty();
    coming = null;
    tries = 0;
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

  /* When this connection's last message came, by performance.now(). */
  T.heardAt = () => heard;

  /* The picture anew, for whatever was drawn wrong. */
  T.askAnew = () => url && reopen();

  function wake() {
    if (!url) return;
    if (T.link.state === "ok") setLink("lost");
    tries = 0;
    reopen();
  }

  const TICK_MS = 500;
  let ticked = performance.now();
  setInterval(() => {
    const held = performance.now() - ticked;
    ticked = performance.now();
    if (T.slept()) wake();
    /* After a moment in which this page was busy with itself, what came meanwhile is read first. */
    else if (socket && (held < 3 * TICK_MS || held > OPENING_MS)) {
      const silent = performance.now() - (heard || opened);
      if (heard && silent > quiet) setLink("lost");
      const most = heard ? 2 * quiet : socket.readyState === WebSocket.OPEN ? FIRST_MS : OPENING_MS * Math.min(4, 2 ** tries);
      if (silent > most) {
        tries += heard ? 0 : 1;
        open();
      }
    }
    T.tell({ tick: true, sites: [] });
  }, TICK_MS);

  /* Somebody looks, or the network is there again: no waiting for the next try. */
  const hurry = () => {
    if (!url || document.visibilityState === "hidden") return;
    if (T.slept() || !socket || performance.now() - (heard || opened) > quiet) wake();
  };
  for (const name of ["online", "pageshow", "focus"]) window.addEventListener(name, hurry);
  for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, hurry);
})();
