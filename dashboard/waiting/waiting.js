/* Asks for the server every few seconds, and opens the board when it is there. */
(function () {
  "use strict";
  const TRY_MS = 3000;
  const query = new URLSearchParams(location.search);
  let last = {};
  try {
    last = JSON.parse(localStorage.getItem("threeline.last") || "{}");
  } catch {
    /* It goes without. */
  }
  const lang = (query.get("lang") || last.lang || "zh-CN").startsWith("en") ? "en" : "zh-CN";
  document.documentElement.lang = lang;
  document.documentElement.classList.toggle("kiosk", query.get("kiosk") === "1");
  for (const part of document.querySelectorAll("section")) {
    part.hidden = part.lang !== lang;
    if (last.title) part.querySelector(".title").textContent = last.title;
    const line = part.querySelector(".last");
    line.hidden = !last.at;
    line.textContent = line.dataset.say.replace("{time}", last.at);
  }
  if (last.title) document.title = last.title;

  const later = (ms, fn) => setTimeout(fn, ms * (0.6 + 0.8 * Math.random()));
  async function look() {
    const answer = await fetch("/api/health", { cache: "no-store", signal: AbortSignal.timeout(8000) }).catch(() => null);
    const body = answer && answer.ok ? await answer.json().catch(() => null) : null;
    if (!body || body.status !== "ok") return later(TRY_MS, look);
    /* Not all screens of a room in the same moment. */
    return later(1500, () => {
      later(4 * TRY_MS, look);
      if (location.pathname === "/waiting") location.replace("/");
      else location.reload();
    });
  }
  later(TRY_MS, look);
  window.addEventListener("online", look);
})();
