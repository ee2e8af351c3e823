/* What a page does for itself over months: it loads again when the server's version changed, or when it cannot get
   well otherwise; it draws its map again after the graphics gave up; it goes to the login when its login ended. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SPREAD_MS = 45000; /* so that the screens of a prefecture do not all load at once */
  const HEALTH_MS = 10000;
  const HANDS_MS = 15000; /* nobody's work is interrupted: so long after the last key or touch */
  const LEFT_MS = 600000; /* a half-typed word that nobody comes back to */
  const VERSION_S = 3600;
  const REST_S = [0, 60, 300, 900, 3600]; /* between one cure by loading again and the next */
  const LOOK_MS = 10000;
  const BLANK_LOOKS = 3;
  const MAP_LOOKS = 12;
  const MEMORY = 0.85; /* of what a tab may have */
  const MINE = document.querySelector('meta[name="threeline-version"]')?.content || "";

  let touched = -HANDS_MS;
  for (const name of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    window.addEventListener(name, () => (touched = performance.now()), { passive: true, capture: true });
  }

  /* Whether somebody is at work on this page. */
  T.busy = function () {
    const since = performance.now() - touched;
    const { activeElement: at } = document;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(at?.tagName || "") && Boolean(at.value);
    return since < HANDS_MS || ((typing || Boolean(document.querySelector("dialog[open]"))) && since < LEFT_MS);
  };

  /* ---- what outlives a reload: when this tab did what --------------------------------------------- */

  const recall = (name) => JSON.parse(sessionStorage.getItem("threeline." + name) || "[]");
  const note = (name, entries) => sessionStorage.setItem("threeline." + name, JSON.stringify(entries.slice(-20)));
  const clock = () => Date.now() / 1000;

  /* Whether something may be done now, and was noted: never where it could not be remembered, for then it might be
     done again and again. `allowed` looks at what was done before: [{what, at}]. */
  function once(name, what, allowed) {
    try {
      const before = recall(name);
      if (!allowed(before)) return false;
      note(name, [...before, { what, at: clock() }]);
      return recall(name).length > 0;
    } catch {
      return false;
    }
  }
  const since = (entry) => Math.abs(clock() - entry.at); /* its clock may have been set meanwhile */

  async function healthy(version) {
    const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
    const body = answer && answer.ok ? await answer.json().catch(() => null) : null;
    return Boolean(body && body.status === "ok" && (!version || body.version === version));
  }

  function load() {
    if (T.map?.instance && T.map.ready) T.keepAddress();
    location.reload();
  }

  /* ---- another version of the server --------------------------------------------------------------- */

  let due = 0;
  async function renew() {
    due = 0;
    const { version } = T.state;
    if (!version || version === MINE) return;
    const again = (milliseconds) => (due = due || setTimeout(renew, milliseconds));
    if (T.busy()) return again(5000);
    if (T.link.state !== "ok" || !(await healthy(version))) return again(HEALTH_MS);
    /* Once for a version: a page that comes back as it was, from a cache or another server, stays. */
    if (once("versions", version, (before) => !before.some((entry) => entry.what === version && since(entry) < VERSION_S))) load();
  }

  T.listen((what) => {
    if (what.whole && MINE && T.state.version && T.state.version !== MINE && !due) due = setTimeout(renew, Math.random() * SPREAD_MS);
  });

  /* ---- what only another load cures ----------------------------------------------------------------- */

  async function revive(why) {
    if (T.busy() || !(await healthy(""))) return;
    const rested = (before) => {
      const lately = before.filter((entry) => since(entry) < 6 * 3600);
      return !lately.length || since(lately.at(-1)) > REST_S[Math.min(lately.length, REST_S.length - 1)];
    };
    if (!once("revived", why, rested)) return;
    console.warn("threeline: this page is loaded again:", why);
    load();
  }

  let blank = 0;
  let mapless = 0;
  setInterval(() => {
    const stands = document.querySelector("#page > :not(.opening), main");
    blank = stands ? 0 : blank + 1;
    mapless = document.documentElement.dataset.map === "failed" ? mapless + 1 : 0;
    const { usedJSHeapSize: used, jsHeapSizeLimit: most } = performance.memory || {};
    if (blank >= BLANK_LOOKS) revive("the page is blank");
    else if (T.missing) revive(`a file is missing: ${T.missing}`);
    else if (mapless >= MAP_LOOKS) revive("the map cannot be drawn");
    else if (used > MEMORY * most) revive("memory runs out");
  }, LOOK_MS);

  /* ---- the map, after the graphics gave up ------------------------------------------------------------ */

  const ofMap = (event) => event.target instanceof HTMLCanvasElement && event.target.closest("#map");
  document.addEventListener("webglcontextlost", (event) => {
    if (!ofMap(event)) return;
    T.releaseMap();
    document.documentElement.dataset.map = "failed";
  }, true);
  document.addEventListener("webglcontextrestored", (event) => {
    /* After the map's own listeners: it draws its own style first. */
    if (ofMap(event)) setTimeout(() => T.drawMap());
  }, true);

  /* ---- the end of a login --------------------------------------------------------------------------- */

  const rarely = (name) => once(name, "", (before) => !before.some((entry) => since(entry) < 60));

  /* People go to the login. A display's key stands in its address: asked for with it, the server lets it in again or
     answers with the page that says its link was withdrawn, which goes on trying. */
  T.signedOut = async function (view) {
    const answer = view?.kiosk ? await fetch(location.href, { cache: "no-store", redirect: "manual" }).catch(() => null) : null;
    if (view?.kiosk ? answer && !answer.ok : true) if (rarely("signed_out")) location.reload();
  };

  /* ---- while the server is away, a page that is opened ------------------------------------------------ */

  T.listen((what) => {
    if (!what.whole || T.state.replay) return;
    try {
      localStorage.setItem("threeline.last", JSON.stringify({ title: document.title, lang: document.documentElement.lang, at: T.dayTimeSeconds(T.state.at) }));
    } catch {
      /* It goes without. */
    }
    /* Where browsers allow it: on this machine, or by https. */
    navigator.serviceWorker?.register("/worker.js").catch((error) => console.warn("threeline: no worker", error.message));
  });
})();
