/* Completion for every box that searches the catalogue, as an ARIA combobox with a listbox.
   Boxes that htmx puts in later are served too; without this script a box is a plain box. */
(function () {
  "use strict";
  var WAIT = 150, LONGEST = 200, ID = "search-completions";
  var BOXES = ".find[data-complete] input[type=search], form.search-form input[name=q]";
  var timer, asked = 0;

  function box(node) {
    return node && node.matches && node.matches(BOXES) ? node : null;
  }

  function prepare(input) {
    if (input.getAttribute("role") === "combobox") return;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("autocomplete", "off");
    input.maxLength = LONGEST;
  }

  function prepareAll() {
    document.querySelectorAll(BOXES).forEach(prepare);
    teller();
  }

  /* What changes is told to screen readers here; it has to be there before it is filled. */
  function teller() {
    var found = document.getElementById(ID + "-told");
    if (found) return found;
    found = document.createElement("div");
    found.id = ID + "-told";
    found.className = "visually-hidden";
    found.setAttribute("role", "status");
    return document.body.appendChild(found);
  }

  function list(input) {
    var found = document.getElementById(ID);
    if (found && found.anshanInput === input) return found;
    if (found) close(found.anshanInput);
    found = document.createElement("ul");
    found.id = ID;
    found.className = "find-list";
    found.setAttribute("role", "listbox");
    found.setAttribute("aria-label", input.getAttribute("aria-label") || input.placeholder);
    found.anshanInput = input;
    input.setAttribute("aria-controls", ID);
    (input.closest(".find") || input.parentElement).appendChild(found);
    return found;
  }

  function close(input) {
    var found = document.getElementById(ID);
    if (found) found.remove();
    teller().textContent = "";
    if (input) {
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-controls");
      input.removeAttribute("aria-activedescendant");
    }
  }

  function option(item, place) {
    var row = document.createElement("li");
    row.id = ID + "-" + place;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.className = "is-" + item.kind;
    row.dataset.url = item.url;
    row.textContent = item.text;
    return row;
  }

  function show(input, answer) {
    var items = answer.completions;
    if (!items.length || document.activeElement !== input) return close(input);
    var found = list(input);
    found.replaceChildren.apply(found, items.map(option));
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    teller().textContent = answer.told;
  }

  function ask(input) {
    var mine = ++asked, q = input.value.trim();
    if (!q || q.indexOf(":") >= 0) return close(input);
    fetch(address() + "?q=" + encodeURIComponent(q), {credentials: "omit"})
      .then(function (answer) { return answer.ok ? answer.json() : {completions: []}; })
      .then(function (answer) { if (mine === asked) show(input, answer); })
      .catch(function () { close(input); });
  }

  /* In the language of the page. */
  function address() {
    var root = document.querySelector("meta[name=locale-root]");
    return (root ? new URL(root.content).pathname : "/").replace(/\/?$/, "/") + "search/complete";
  }

  function move(input, step) {
    var rows = Array.from(document.querySelectorAll("#" + ID + " [role=option]"));
    if (!rows.length) return;
    var now = rows.findIndex(function (row) { return row.getAttribute("aria-selected") === "true"; });
    var next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : (now + step + rows.length) % rows.length;
    rows.forEach(function (row, place) { row.setAttribute("aria-selected", String(place === next)); });
    input.setAttribute("aria-activedescendant", rows[next].id);
    rows[next].scrollIntoView({block: "nearest"});
  }

  document.addEventListener("focusin", function (event) {
    var input = box(event.target);
    if (input) prepare(input);
  });
  document.addEventListener("input", function (event) {
    var input = box(event.target);
    if (!input || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT, input);
  });
  document.addEventListener("compositionend", function (event) {
    if (box(event.target)) ask(event.target);
  });
  document.addEventListener("keydown", function (event) {
    var input = box(event.target);
    if (!input || event.isComposing || !document.getElementById(ID)) return;
    var chosen = document.querySelector("#" + ID + " [aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      window.location.assign(chosen.dataset.url);
    } else if (event.key === "Enter") {
      close(input);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(input);
    }
  }, true);
  document.addEventListener("mousedown", function (event) {
    if (event.target.closest && event.target.closest("#" + ID)) event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var row = event.target.closest && event.target.closest("#" + ID + " [role=option]");
    if (row) window.location.assign(row.dataset.url);
  });
  document.addEventListener("focusout", function (event) {
    var input = box(event.target);
    if (input) setTimeout(function () { if (document.activeElement !== input) close(input); }, 200);
  });
  document.addEventListener("htmx:load", prepareAll);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepareAll);
  else prepareAll();
})();
