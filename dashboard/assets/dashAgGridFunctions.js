/* What the table on a county's page needs inside AG Grid. */
(function () {
  "use strict";
  const order = ["normal", "closed", "busy", "no_data", "offline", "congested"];
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.threelineStatusOrder = (a, b) => order.indexOf(a) - order.indexOf(b);

  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  components.StatusCell = (props) =>
    window.React.createElement("span", { className: "status-cell" },
      window.React.createElement("i", { className: "dot", "data-status": props.value }),
      window.threeline.word(props.value));
})();
