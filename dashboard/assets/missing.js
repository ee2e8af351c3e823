/* A page whose county or site the profile has no longer: it comes back by itself when they exist again. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const ASK_MS = 3000;
  let asking = null; /* the page that is being asked for */

  async function look() {
    const place = document.querySelector("[data-missing]");
    if (!place) return;
    if (place !== asking) {
      asking = place;
      /* Nothing of the page before is live any more. */
      T.releaseMap();
      T.keepNew(null);
    }
    const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
    const told = answer && answer.ok ? await answer.json().catch(() => null) : null;
    if (!place.isConnected || !told || !told.profile || told.profile.tag === place.dataset.missing) return;
    const { set_props } = window.dash_clientside;
    const { pathname, search, hash, href } = location;
    set_props("page", { children: null });
    set_props("location", { pathname, search, hash, href });
  }
  setInterval(look, ASK_MS);
})();
