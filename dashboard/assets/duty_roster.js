/* Which team is on post, stands by or rests, now or at a time that is chosen, and who could go to the sites that are
   short of staff. duty.js says when to ask. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const D = T.duty;
  const STATES = ["on_post", "standby", "rest", "unknown"];
  const SHORT = 40; /* sites that are listed */
  const byId = (id) => document.getElementById(id);

  let view = null;
  let turn = 0;
  let at = ""; /* a time that was chosen, as it stands in the field; "" for now */
  let told = null;
  let failed = false;

  const rostered = () => byId("duty-page").dataset.rostered === "true";

  D.openRoster = (next) => {
    view = next;
    [at, told, failed] = ["", null, false];
    if (rostered()) byId("duty-when").replaceChildren(field(), T.element("button.action", { type: "button", "data-do": "duty-now" }, T.word("duty_now")));
    draw();
  };

  function field() {
    return T.element("input", {
      type: "datetime-local", id: "duty-at", "aria-label": byId("duty-when").previousElementSibling.textContent,
      onchange(event) {
        at = event.target.value;
        D.loadRoster();
      },
    });
  }

  /* A time by the profile's clocks, whatever the clock of this machine. */
  function zoned(text) {
    const plain = Date.parse(text + "Z");
    if (Number.isNaN(plain)) return null;
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: view.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const offset = (moment) => Date.parse(format.format(new Date(moment)).replace(" ", "T") + "Z") - moment;
    const first = plain - offset(plain);
    return (plain - offset(first)) / 1000;
  }

  D.loadRoster = async () => {
    if (!D.here() || !rostered()) return;
    const mine = ++turn;
    const asked = at ? zoned(at) : null;
    const data = await D.ask("roster", asked === null ? {} : { at: String(asked) });
    if (mine !== turn || !D.here()) return;
    failed = !data;
    if (data) told = data;
    draw();
  };

  /* ---- drawing ------------------------------------------------------------------------------------- */

  function draw() {
    const place = byId("duty-roster");
    if (!place) return;
    place.setAttribute("aria-busy", String(rostered() && !told));
    byId("duty-strength").replaceChildren(...(told ? strength() : []));
    const none = !rostered() ? "duty_no_roster" : failed ? "duty_unread" : "duty_loading";
    T.keepFocus(place, () => place.replaceChildren(...(told ? [short(), ...STATES.map(state)].filter(Boolean) : [D.empty(none)])));
  }

  const there = (name) => told.strength[name] && (name !== "unknown" || told.strength[name].teams);

  function strength() {
    return STATES.filter(there).map((name) => T.element("div.duty-tile", { "data-state": name },
      T.element("span.quiet", {}, T.word("duty_state_" + name)), T.element("b", {}, T.word("duty_people", { n: T.format.count(told.strength[name].people) })),
      T.element("small.quiet", {}, T.word("duty_teams", { n: told.strength[name].teams }))));
  }

  function short() {
    if (at && !told.short.length) return null;
    const rows = told.short.slice(0, SHORT).map((site) => T.element("li", {},
      T.element("b", {}, site.name), T.element("span.duty-short", {}, T.word("duty_lacks", { n: Math.ceil(site.staff_required - site.staff_on_duty) })),
      T.element("span", {}, site.teams.length ? site.teams.map(sends).join("、") : T.word("duty_nobody"))));
    const more = told.short.length - rows.length;
    return T.element("section.duty-group", {}, T.element("h3", {}, T.word("duty_lacking")),
      rows.length ? T.element("ul.duty-lacking", {}, ...rows) : T.element("p.quiet", {}, T.word("duty_lacking_none")),
      more > 0 ? T.element("p.quiet", {}, T.word("duty_more", { n: more })) : null);
  }

  const sends = (team) => T.word("duty_sends", { team: team.name || T.word("duty_other_county"), n: team.people, km: T.format.km(team.km) });

  function state(name) {
    const teams = told.teams.filter((team) => team.state === name);
    if (!teams.length) return null;
    return T.element("section.duty-group", { "data-state": name }, T.element("h3", {}, T.word("duty_state_" + name)), T.element("ul.duty-list", {}, ...teams.map(row)));
  }

  function row(team) {
    const until = team.until ? T.word("duty_until", { time: T.dayTime(D.seconds(team.until)), then: T.word("duty_state_" + team.then) }) : "";
    return T.element("li", {}, T.element("b", {}, team.name), T.element("span", {}, T.word("duty_people", { n: team.people })),
      T.element("small.quiet", {}, [team.site_name ? T.word("duty_base", { site: team.site_name }) : "", until].filter(Boolean).join(" · ")));
  }

  T.actions = Object.assign(T.actions || {}, {
    "duty-now"() {
      at = "";
      byId("duty-at").value = "";
      D.loadRoster();
    },
  });
})();
