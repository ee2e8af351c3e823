/* What moves: a number that rolls in, a ring where a marker's status changed. Cheap, short, and not at all for whoever
   asked for calm or does not look. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const RINGS = 8; /* at once; used again and again, so nothing is left behind */
  const ROLL = { duration: 260, easing: "cubic-bezier(0.2, 0.7, 0.3, 1)" };

  T.still = () => document.hidden || T.calm();

  const numberOf = (text) => Number(text.replace(/[^\d.-]/g, ""));

  /* The new number is there from the first moment; it comes from above when it is more, from below when less. */
  T.roll = function (node, before, after) {
    if (T.still() || !before || before === "—" || !node.animate) return;
    const from = numberOf(after) > numberOf(before) ? "-0.16em" : "0.16em";
    node.animate([{ transform: `translateY(${from})` }, { transform: "none" }], ROLL);
  };

  const rings = [];
  let turn = 0;

  function ring() {
    const panel = document.querySelector(".map-panel");
    if (!panel) return null;
    if (rings.length < RINGS || !rings[turn % RINGS].isConnected) {
      const made = T.element("i.pulse", { "aria-hidden": "true" });
      made.addEventListener("animationend", () => made.classList.remove("on", "thrice"));
      panel.append(made);
      rings[turn % RINGS] = made;
    }
    return rings[turn++ % RINGS];
  }

  /* [lon, lat]; a severity or a status names the colour. */
  T.pulse = function (where, what, thrice) {
    const map = T.map.instance;
    if (T.still() || !T.map.ready || !map) return;
    const { x, y } = map.project(where);
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    if (x < 0 || y < 0 || x > width || y > height) return;
    const one = ring();
    if (!one || one.classList.contains("on")) return;
    one.style.setProperty("--pulse", `var(--${/critical|warning|notice/.test(what) ? "severity" : "status"}-${what.replace("_", "-")})`);
    Object.assign(one.style, { left: `${x}px`, top: `${y}px` });
    one.classList.toggle("thrice", Boolean(thrice));
    one.classList.add("on");
  };

  /* Sites whose status changed since the last message: [[lon, lat, status]]. */
  T.pulseChanged = function (changed) {
    if (changed.length > RINGS) return; /* half the wall at once says nothing */
    for (const [lon, lat, status] of changed) T.pulse([lon, lat], status);
  };

  T.endPulses = () => rings.forEach((one) => one.classList.remove("on", "thrice"));
})();
