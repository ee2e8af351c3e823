/* How true the picture is: live, cut off and since when, old, refused, signed out. It stands in the bar in words and
   on the body as `data-link`, for the colours, on every page that has a picture; cut off for longer, over the page. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SOON_S = 8; /* so long a link may be away before it is said over the page, too */
  const byId = (id) => document.getElementById(id);
  const begun = performance.now();

  const put = (node, text) => node && node.textContent !== text && (node.textContent = text);
  const set = (node, name, value) => node && node.dataset[name] !== value && (node.dataset[name] = value);
  const stopped = () => (T.state.at ? T.clock(T.state.at) : "—");

  /* Age of the newest reading, seconds; null where there is none, or no time to tell it by. */
  const age = () => (T.state.data_at && T.timed() ? Math.max(0, T.now() - T.state.data_at) : null);

  /* One of ok, old, replay, connecting, lost, refused, signed_out. */
  function truth(view) {
    const { link, state } = T;
    if (link.state !== "ok") return link.state;
    if (state.replay) return "replay";
    const seconds = age();
    return seconds === null || seconds > (state.late_after || view.no_data_after_s) ? "old" : "ok";
  }

  function inWords(name) {
    if (name === "refused") return T.link.detail;
    if (name === "lost") return T.word("link_lost_long", { time: stopped() });
    if (name === "connecting") return T.word(performance.now() - begun < SOON_S * 1000 ? "connecting" : "unreachable");
    if (name === "old") return T.word(T.state.data_at ? "data_old" : "no_data");
    return T.word({ ok: "link_ok", replay: "replay", signed_out: "signed_out" }[name]);
  }

  function agesInWords(name) {
    const { state } = T;
    /* A past picture may be of another year, or of a time before the first report. */
    if (name === "replay") return state.data_at ? T.word("data_as_of", { time: T.dateTime(state.at) }) : `${T.word("no_data")} · ${T.dateTime(state.at)}`;
    /* Without the time no age can be told, but the moment can. */
    if (!T.timed()) return state.data_at ? T.word("data_as_of", { time: T.dayTime(state.data_at) }) : "—";
    return T.word("data_age") + " " + T.age(age()) + current();
  }

  /* The newest site's age says nothing of the others: how many are heard stands beside it. */
  function current() {
    const lines = Object.values(T.state.lines);
    const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
    return lines.length ? ` · ${sum("online")}/${sum("sites")} ${T.word("online")}` : "";
  }

  /* Whoever follows the address of a past picture can go on to what is now, on the same page. */
  function toLive(wanted) {
    const way = byId("to-live");
    if (!way) return;
    const query = new URLSearchParams(location.search);
    way.hidden = !wanted || !query.has("at");
    query.delete("at");
    const address = location.pathname + (query.size ? "?" + query : "");
    if (way.getAttribute("href") !== address) way.setAttribute("href", address);
  }

  T.showTruth = function (view) {
    const name = truth(view);
    const away = !["ok", "old", "replay"].includes(name);
    put(byId("clock"), T.timed() ? T.clock(T.now()) : "--:--:--");
    put(byId("today"), T.timed() ? T.day(T.now()) : "");
    put(byId("link"), inWords(name));
    set(byId("link"), "state", name === "replay" ? "ok" : name);
    put(byId("data-age"), agesInWords(name));
    set(document.body, "link", name === "replay" ? "ok" : name);
    const mode = name === "replay" || name === "connecting" ? name : away ? "lost" : "live";
    /* A refusal has its reason beside it; the link is well. */
    put(byId("mode"), T.word(name === "refused" ? "not_shown" : mode === "lost" ? "link_lost" : mode));
    set(byId("mode"), "mode", mode);
    toLive(["replay", "refused"].includes(name));
    over(away ? name : "");
  };

  /* ---- over the page: who comes in sees at once that what stands here is not now ------------------- */

  let note = null;
  let line = null;

  function over(name) {
    const seconds = T.state.at ? T.now() - T.state.at : 0;
    const shown = name && (seconds > SOON_S || !T.timed() || name === "refused" || name === "signed_out") && T.state.at;
    if (!shown) {
      if (note) note.hidden = true;
      return;
    }
    if (!note || !note.isConnected) {
      line = T.element("span", {});
      note = T.element("div.away", {}, T.element("b", {}), line, T.element("small", {}, T.word("trying")));
      document.body.append(note);
    }
    note.hidden = false;
    put(note.firstChild, name === "refused" ? T.link.detail : T.word(name === "signed_out" ? "signed_out" : "link_lost"));
    put(note.lastChild, T.word("trying"));
    /* The bar has told it to a reader's voice, which does not count seconds. */
    const lasting = T.timed() ? " · " + T.word("away_for", { time: T.lasting(seconds) }) : "";
    put(line, T.word("picture_of", { time: T.dayTimeSeconds(T.state.at) }) + lasting);
  }
})();
