/* Before the first paint: which palette, and the shape of the canvas. Loaded in the page's head, it needs nothing.
   The address says `theme=dark` or `theme=light`; without it the wall is dark, and a desk's page as its system is. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const root = document.documentElement;
  const bright = window.matchMedia("(prefers-color-scheme: light)");
  const PLAIN = [192, 108]; /* rem across and down */

  let county = false; /* at `/` too, for a reader of one county */
  const onWall = () => location.pathname === "/" && !county;
  const asked = () => new URLSearchParams(location.search).get("theme");

  T.themeNow = () => root.dataset.theme;

  function choose() {
    const name = asked();
    root.dataset.page = onWall() ? "wall" : "desk";
    root.dataset.theme = name === "dark" || name === "light" ? name : !onWall() && bright.matches ? "light" : "dark";
  }
  choose();

  /* The shape that the profile gives, as [across, down] in pixels: that many rem, the shorter side as designed. */
  T.useCanvas = function (canvas) {
    const name = ["--across", "--down", "--wall-across", "--wall-down"];
    for (const one of name) root.style.removeProperty(one);
    if (!canvas) return;
    const shape = canvas[0] / canvas[1];
    const [across, down] = shape >= PLAIN[0] / PLAIN[1] ? [PLAIN[1] * shape, PLAIN[1]] : [PLAIN[0], PLAIN[0] / shape];
    [across, down, `${across}rem`, `${down}rem`].forEach((value, at) => root.style.setProperty(name[at], value));
  };

  /* What the charts are drawn for: the theme, and the county that a round of the wall stands at. */
  let told = "";
  T.tellLook = function () {
    const look = { theme: root.dataset.theme, scope: T.focus ? T.focus.adcode : "" };
    const text = JSON.stringify(look);
    if (text === told || !window.dash_clientside) return;
    told = text;
    window.dash_clientside.set_props("look", { data: look });
  };

  /* The base map's colours come by the dark palette's values: the same name's value in the theme that is on. */
  T.inkOf = function (view) {
    const styles = getComputedStyle(root);
    return (colour) => (view.inks && view.inks[colour] ? styles.getPropertyValue("--" + view.inks[colour]).trim() : colour);
  };

  function change() {
    const before = root.dataset.theme;
    choose();
    if (root.dataset.theme === before) return;
    T.tellLook();
    if (T.redraw) T.redraw();
  }
  bright.addEventListener("change", change);
  /* Paper is bright: what is light on dark would hardly be read on it. */
  window.addEventListener("beforeprint", () => (root.dataset.theme = "light"));
  window.addEventListener("afterprint", choose);

  T.opening = T.opening || [];
  T.opening.push((view) => {
    const before = root.dataset.theme;
    county = Boolean(view.scope);
    choose();
    T.useCanvas(onWall() ? view.canvas : null);
    told = root.dataset.theme === "dark" && before === "dark" ? JSON.stringify({ theme: "dark", scope: "" }) : "";
    T.tellLook();
  });
  const flip = () => {
    T.address({ theme: root.dataset.theme === "dark" ? "light" : "dark" });
    change();
  };
  T.keys = Object.assign(T.keys || {}, { d: flip });
  T.actions = Object.assign(T.actions || {}, { theme: flip });
})();
