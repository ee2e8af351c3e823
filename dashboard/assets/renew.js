/* The board shows another profile than this page was made from: the page is made anew, where it stands.
   It is asked for again as at the first visit, but without leaving: full screen and sound stay, and a screen on
   a wall never stands before a browser's own error. The address carries the view, the scrolled places are kept. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const SPREAD_MS = 4000; /* so that not all screens ask in the same moment */
  const AGAIN_MS = 15000;
  const PLACES = ["#site-drawer .site-body", "#alerts", "#slowest", "#counties", ".ag-body-viewport"];
  let view = null;
  let due = 0;
  let kept = null;

  const stale = () => Boolean(view && !view.at && !T.state.replay && T.state.profile && T.state.profile !== view.profile);
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "") && Boolean(document.activeElement.value);
  const plan = (milliseconds) => {
    clearTimeout(due);
    due = setTimeout(renew, milliseconds);
  };

  async function renew() {
    due = 0;
    if (!stale()) return;
    if (typing()) return plan(1000);
    /* Only while the server is there to give another. */
    const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) return plan(2000);
    if (T.map.instance && T.map.ready) T.keepAddress();
    kept = kept || { window: window.scrollY, places: PLACES.map((name) => [name, document.querySelector(name)?.scrollTop || 0]) };
    T.releaseMap();
    const { set_props } = window.dash_clientside;
    set_props("page", { children: null });
    /* All of the address at once: dcc.Location goes back to whatever part of it is left as it was. */
    const { pathname, search, hash, href } = location;
    set_props("location", { pathname, search, hash, href });
    plan(AGAIN_MS);
  }

  /* Lists fill after the page stands: each place is set until it takes it, or a person scrolls. */
  function scrollBack() {
    if (!kept) return;
    const wanted = kept;
    const end = performance.now() + 10000;
    kept = null;
    let mine = true;
    const leave = () => (mine = false);
    const hands = ["wheel", "pointerdown", "keydown"];
    for (const name of hands) window.addEventListener(name, leave, { once: true, passive: true });
    const step = () => {
      if (!mine || performance.now() > end) return;
      let left = Math.abs(window.scrollY - wanted.window) > 1;
      window.scrollTo(0, wanted.window);
      for (const [name, top] of wanted.places) {
        const place = document.querySelector(name);
        if (place && top) place.scrollTop = top;
        left = left || (top > 0 && Math.abs((place?.scrollTop || 0) - top) > 1);
      }
      if (left) setTimeout(step, 150);
    };
    step();
  }

  /* Called with the view of each page that opens. */
  T.keepNew = function (next) {
    view = next;
    if (!stale()) {
      clearTimeout(due);
      due = 0;
    }
    scrollBack();
  };

  T.listen((what) => {
    if (what.whole && stale() && !due) plan(Math.random() * SPREAD_MS);
  });
})();
