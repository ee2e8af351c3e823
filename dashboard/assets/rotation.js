/* A kiosk's round through the counties (`?kiosk=1&rotate=60`): each in turn with its own numbers, its lines, its alerts
   and its day, as its own picture has them; then the whole again. The whole picture stays live behind it. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const EVERY_MS = 4000; /* the county's picture is asked for anew */
  let view = null;
  let turning = 0;
  let asking = 0;
  let at = -1;

  T.focus = null; /* {adcode, name, picture} while a county is shown */

  /* What the panels show: the county's picture during its turn, the whole otherwise. */
  T.shown = () => (T.focus && T.focus.picture) || T.state;

  async function ask(county, mine) {
    const query = new URLSearchParams({ lang: view.lang, scope: county.adcode });
    const answer = await fetch("/api/v1/picture?" + query).catch(() => null);
    if (mine !== at || !answer || !answer.ok) return null;
    const message = await answer.json();
    return {
      ...message,
      lines: Object.fromEntries(message.lines.map((line) => [line.id, line])),
      alerts: new Map(message.alerts.map((alert) => [alert.id, alert])),
    };
  }

  function place(county, next) {
    const box = document.getElementById("place");
    if (!box) return;
    box.hidden = !county;
    if (county) box.replaceChildren(T.element("b", {}, county.name), T.element("span", {}, T.word("round_next", { name: next })));
  }

  async function turn() {
    const stops = view.counties;
    at += 1;
    const mine = at;
    const county = stops[at % (stops.length + 1)];
    const following = stops[(at + 1) % (stops.length + 1)];
    clearInterval(asking);
    const picture = county ? await ask(county, mine) : null;
    if (mine !== at) return;
    /* A county whose picture cannot be had is passed over: the whole stays. */
    T.focus = county && picture ? { adcode: county.adcode, name: county.name, picture } : null;
    place(T.focus && county, following ? following.name : T.word("whole"));
    if (T.map.instance) T.turnTo(T.focus ? county.bounds : null);
    for (const row of document.querySelectorAll(".county-row")) row.dataset.here = String(Boolean(T.focus) && row.dataset.county === county.adcode);
    T.tellLook();
    T.repaint();
    if (T.focus) {
      asking = setInterval(async () => {
        const newer = await ask(county, mine);
        if (!newer || !T.focus || mine !== at) return;
        T.focus.picture = newer;
        T.repaintCounty();
      }, EVERY_MS);
    }
  }

  T.rotate = function (next) {
    view = next;
    clearInterval(turning);
    clearInterval(asking);
    [at, T.focus] = [-1, null];
    if (view.kiosk && view.rotate_s && view.counties.length > 1) turning = setInterval(turn, view.rotate_s * 1000);
  };
})();
