/* A part of a page that goes on renews itself; once it is over the whole page does. Without scripts the page reloads. */
(function () {
  "use strict";
  var SECONDS = 2, part = document.querySelector("[data-renew]");
  if (!part) return;

  function put(text) {
    var found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-renew]");
    if (!found) { location.reload(); return; }
    if (found.innerHTML !== part.innerHTML) part.innerHTML = found.innerHTML;
    wait();
  }

  function look() {
    fetch(location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer); })
      .then(put)
      .catch(wait);
  }

  function wait() { setTimeout(look, 1000 * SECONDS); }
  wait();
})();
