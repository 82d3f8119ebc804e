/* Completion for every search box (input[name=q] in a .search-form), as an ARIA combobox with a listbox.
   Works by delegation, so that boxes which htmx puts in later are served too; without it the box is a plain box. */
(function () {
  "use strict";
  var WAIT = 150, ID = "search-completions";
  var timer, asked = 0;

  function box(node) {
    return node && node.matches && node.matches("form.search-form input[name=q], #field-sitewide-search") ? node : null;
  }

  function list(input) {
    var found = document.getElementById(ID);
    if (found && found.anshanInput === input) return found;
    if (found) found.remove();
    found = document.createElement("ul");
    found.id = ID;
    found.className = "search-completions";
    found.setAttribute("role", "listbox");
    found.setAttribute("aria-label", input.getAttribute("aria-label") || "");
    found.anshanInput = input;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", ID);
    input.insertAdjacentElement("afterend", found);
    return found;
  }

  function close(input) {
    var found = document.getElementById(ID);
    if (found) found.remove();
    if (input) {
      input.setAttribute("aria-expanded", "false");
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

  function show(input, items) {
    if (!items.length || document.activeElement !== input) return close(input);
    var found = list(input);
    found.replaceChildren.apply(found, items.map(option));
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function ask(input) {
    var mine = ++asked, q = input.value.trim();
    if (!q || q.indexOf(":") >= 0) return close(input);
    fetch(address() + "?q=" + encodeURIComponent(q), {credentials: "omit"})
      .then(function (answer) { return answer.ok ? answer.json() : {completions: []}; })
      .then(function (answer) { if (mine === asked) show(input, answer.completions); })
      .catch(function () { close(input); });
  }

  function address() {
    var root = document.querySelector("meta[name=site-root]");
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
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(input);
    }
  }, true);
  document.addEventListener("mousedown", function (event) {
    var row = event.target.closest && event.target.closest("#" + ID + " [role=option]");
    if (!row) return;
    event.preventDefault();
    window.location.assign(row.dataset.url);
  });
  document.addEventListener("focusout", function (event) {
    var input = box(event.target);
    if (input) setTimeout(function () { if (document.activeElement !== input) close(input); }, 200);
  });
})();
