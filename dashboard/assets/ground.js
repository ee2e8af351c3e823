/* What lies under the sites: asked for as soon as the page is there, laid into the figure's own empty sources.
   Inside the figure, Dash and Plotly would each copy every coordinate of it on the main thread. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const laid = new WeakMap(); /* map to what lies on it: attaching anew does not draw it anew */

  /* Null where the server is not there: whoever asks tries again. */
  T.askGround = async function (view) {
    const query = new URLSearchParams(view.scope ? { scope: view.scope } : {});
    const answer = await fetch("/api/v1/ground?" + query).catch(() => null);
    return answer && answer.ok ? { tag: `${answer.headers.get("ETag")}|${view.scope}`, layers: await answer.json() } : null;
  };

  T.layGround = function (map, ground) {
    if (laid.get(map) === ground.tag) return;
    for (const [name, data] of Object.entries(ground.layers)) map.getSource(name)?.setData(data);
    laid.set(map, ground.tag);
  };

  /* Where only the figure itself can be reached. */
  T.layGroundInFigure = function (plot, ground) {
    const style = structuredClone(plot.layout.map.style);
    for (const [name, data] of Object.entries(ground.layers)) if (style.sources[name]) style.sources[name].data = data;
    window.Plotly.relayout(plot, { "map.style": style });
  };
})();
