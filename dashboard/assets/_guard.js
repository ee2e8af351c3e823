/* Who is told of what comes, and what becomes of those that fail. (The name puts this before every other script.)
   Nothing that fails stops the rest, and nothing asks a person to click it away: a part of the page that cannot be
   drawn says so in its own place, the picture is asked for anew, and it heals with the next one. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const HEALED_MS = 5000; /* so long without a failure */
  const ANEW_MS = 60000;
  const listeners = new Map(); /* function to the part of the page that it draws */
  const failing = new Map(); /* selector of a part to when it failed last */
  let anew = -ANEW_MS;

  /* Who wants to know what came: fn({whole, sites: [ids], lines, alerts, gaps, exits, fences, today, notices, link,
     tick}). `part` is the selector of what it draws. The answer ends it. */
  T.listen = function (fn, part) {
    listeners.set(fn, part || "");
    return () => listeners.delete(fn);
  };
  T.tell = function (what) {
    for (const [fn, part] of listeners) T.attempt(part, fn, what);
  };

  /* Run something; a failure marks the part of the page that it draws, where one is named. */
  T.attempt = function (part, fn, ...values) {
    try {
      const answer = fn(...values);
      if (failing.size && performance.now() - (failing.get(part) ?? Infinity) > HEALED_MS) heal(part);
      return answer;
    } catch (error) {
      console.warn("threeline: a part of the page failed", part, error);
      failing.set(part, performance.now());
      mark(part, T.word("part_failed"));
      if (performance.now() - anew > ANEW_MS) {
        anew = performance.now();
        setTimeout(T.askAnew, HEALED_MS);
      }
      return undefined;
    }
  };

  function heal(part) {
    failing.delete(part);
    mark(part, "");
  }

  function mark(part, word) {
    for (const node of part ? document.querySelectorAll(part) : []) {
      if (word) node.dataset.failed = word;
      else delete node.dataset.failed;
    }
  }

  /* Seen by `mend.js`: a script or style that did not come leaves a page that cannot heal without another try. */
  T.missing = "";
  window.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === "stylesheet")) T.missing = target.src || target.href;
  }, true);
  window.addEventListener("unhandledrejection", ({ reason }) => {
    if (/chunk|dynamically imported/i.test(`${reason?.name} ${reason?.message}`)) T.missing = String(reason.message);
  });
})();
