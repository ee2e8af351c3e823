/* Sound on the wall (`?sound=1`): a tone for each new alert, and again until it is answered or over.
   A browser may refuse to sound before somebody touched the page: then a banner says so, and goes at the first touch. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const TONES = { critical: [880, 660, 880], warning: [520, 520], notice: [440] };
  const AGAIN_S = { critical: 20, warning: 60, notice: 180 };
  let audio = null;
  let heard = new Set();
  let last = -Infinity; /* by the uptime: a clock that is set must not silence it */

  function play(severity) {
    const start = audio.currentTime;
    TONES[severity].forEach((pitch, i) => {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, start + i * 0.22);
      gain.gain.exponentialRampToValueAtTime(0.25, start + i * 0.22 + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + i * 0.22 + 0.2);
      tone.connect(gain).connect(audio.destination);
      tone.start(start + i * 0.22);
      tone.stop(start + i * 0.22 + 0.22);
    });
    last = performance.now() / 1000;
  }

  function banner() {
    const place = document.getElementById("sound-banner");
    if (place) place.hidden = !audio || audio.state === "running";
  }

  T.useSound = function (on) {
    if (!on || audio) return;
    audio = new AudioContext();
    audio.onstatechange = banner;
    banner();
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => audio.resume());
  };

  T.listen((what) => {
    if (!audio) return;
    if (what.link) banner();
    if (!what.alerts && !what.notices && !what.tick) return;
    /* Which severities sound follows the duty level; one whose answer ran out sounds again. */
    const sounding = (T.view().duty_sounds || {})[T.state.duty_level];
    const firing = T.firing().filter((alert) => !sounding || sounding.includes(alert.severity));
    /* What the board says about itself sounds once: nobody answers it, and it may stand for days. */
    const told = [...firing, ...(T.state.notices || []).filter((notice) => notice.severity !== "notice")];
    const fresh = told.filter((one) => !heard.has(one.id));
    heard = new Set(told.map((one) => one.id));
    const worst = (alerts) => ["critical", "warning", "notice"].find((severity) => alerts.some((alert) => alert.severity === severity));
    const open = worst(firing);
    const due = worst(fresh) || (open && performance.now() / 1000 - last > AGAIN_S[open] ? open : "");
    if (!due || audio.state !== "running") return;
    play(due);
    T.sounded = { worst: due, at: last };
  });
})();
