/* What the board says about itself, such as an edit of its profile that it refused: rows above the alerts. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  /* Notices of faults in the profile's files, which only some can mend. */
  const NOT_LOADED = ["profile-refused", "profile-unreadable"];
  const RANK = { critical: 0, warning: 1, notice: 2 };
  let shown = "";
  let place = null;

  function row(notice) {
    const plain = NOT_LOADED.includes(notice.id) && !T.view().mends;
    const { what: headline, details } = plain ? { what: T.word("profile_not_loaded"), details: [] } : notice;
    return T.element("div.note." + notice.severity, { "data-notice": notice.id, title: [headline, ...details].join("\n") },
      T.element("span.note-head", {}, T.element("em." + notice.severity, {}, T.word(notice.severity)),
        T.element("time", {}, T.word("since", { time: T.moment(notice.since) })), T.element("b", {}, headline)),
      ...details.map((line) => T.element("span.note-line", {}, line)));
  }

  T.showNotices = function () {
    const now = document.getElementById("notices");
    if (!now) return;
    const notices = [...(T.state.notices || [])].sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.since - b.since);
    const text = JSON.stringify(notices);
    /* Told once: a reader's voice is not disturbed by what stands there already. */
    if (now === place && text === shown) return;
    [place, shown] = [now, text];
    now.replaceChildren(...notices.map(row));
    now.hidden = !notices.length;
  };

  /* Rem that they take of the panel, for the alerts below them. */
  T.noticesTake = () => {
    const now = document.getElementById("notices");
    return now && !now.hidden ? now.offsetHeight / parseFloat(getComputedStyle(document.documentElement).fontSize) : 0;
  };

  T.listen((what) => {
    if (what.notices || what.whole) T.showNotices();
  });
})();
