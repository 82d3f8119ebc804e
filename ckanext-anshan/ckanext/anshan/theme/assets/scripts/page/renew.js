/* A part of a page that goes on renews itself; once it is over the whole page does. Without scripts the page reloads. */
(function () {
  "use strict";
  var SECONDS = 2, part = document.querySelector("[data-renew]");
  if (!part) return;

  function put(text) {
    var found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-renew]");
    if (!found) { over(); return; }
    if (found.innerHTML !== part.innerHTML) part.innerHTML = found.innerHTML;
    wait();
  }

  /* Whoever is typing loses nothing: they are told, and reload the page themselves. */
  function typed() {
    return Array.prototype.some.call(document.querySelectorAll("main textarea, main input"), function (field) {
      return field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
    });
  }

  function over() {
    if (!part.dataset.over || (part.dataset.stays === undefined && !typed())) { location.reload(); return; }
    part.textContent = part.dataset.over;
    part.setAttribute("role", "status");
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
