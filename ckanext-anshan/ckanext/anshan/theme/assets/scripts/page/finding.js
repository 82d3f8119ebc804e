/* The order of a list of datasets closes when one looks elsewhere; the sheet of choices closes with Escape. */
(function () {
  "use strict";
  function close(but) {
    document.querySelectorAll("details.order[open]").forEach(function (menu) { if (!menu.contains(but)) menu.open = false; });
  }
  document.addEventListener("click", function (event) { close(event.target); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.order[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (location.hash === "#filters" && document.querySelector(".sheet-head")) location.hash = "#results";
  });
})();
