/* Completion for the box that searches the catalogue, as an ARIA combobox with a listbox. Without it a box is a plain box. */
(function () {
  "use strict";
  var WAIT = 150, ID = "search-completions", KEYS = [["↑", "↓"], ["Enter"], ["Esc"]];
  var timer, asked = 0;

  function box(node) {
    return node && node.matches && node.matches(".find[data-complete] input[type=search]") ? node : null;
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function icon(input, name) {
    var sprite = input.closest(".find").querySelector("use").getAttribute("href").split("#")[0];
    var holder = element("span", "ic-of");
    holder.innerHTML = '<svg class="ic" aria-hidden="true"><use></use></svg>';
    holder.querySelector("use").setAttribute("href", sprite + "#" + name);
    return holder.firstChild;
  }

  function prepare(input) {
    if (input.getAttribute("role") === "combobox") return;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
  }

  /* What changes is told to screen readers here; it has to be there before it is filled. */
  function teller() {
    var found = document.getElementById(ID + "-told");
    if (found) return found;
    found = element("div", "vh");
    found.id = ID + "-told";
    found.setAttribute("role", "status");
    return document.body.appendChild(found);
  }

  function close(input) {
    var found = document.getElementById(ID);
    if (found) found.parentElement.remove();
    teller().textContent = "";
    if (!input) return;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
  }

  function opened(input) {
    close(input);
    var whole = element("div", "find-list"), list = element("ul");
    list.id = ID;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels && input.labels.length ? input.labels[0].textContent : input.placeholder);
    whole.append(list, hint(input));
    input.setAttribute("aria-controls", ID);
    input.setAttribute("aria-expanded", "true");
    input.closest(".find").appendChild(whole);
    return list;
  }

  function hint(input) {
    var data = input.closest(".find").dataset, words = (data.keys || "").split("|");
    var line = element("p", "hint"), keys = element("span", "find-keys");
    line.setAttribute("aria-hidden", "true");
    KEYS.forEach(function (names, at) {
      if (!words[at]) return;
      names.forEach(function (name) { keys.appendChild(element("kbd", "", name)); });
      keys.append(" " + words[at] + " ");
    });
    line.append(keys, element("span", "", data.hint));
    return line;
  }

  /* The text with what was typed in bold. */
  function emphasized(text, typed) {
    var span = element("span", "text"), at = text.toLowerCase().indexOf(typed.toLowerCase());
    if (at < 0 || !typed) { span.textContent = text; return span; }
    span.append(text.slice(0, at), element("b", "", text.slice(at, at + typed.length)), text.slice(at + typed.length));
    return span;
  }

  function option(input, item, place) {
    var row = element("li");
    row.id = ID + "-" + place;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.dataset.url = item.url;
    var text = emphasized(item.text, input.value.trim());
    text.prepend(item.before);
    row.append(icon(input, item.icon), text);
    if (item.badge) {
      var badge = element("span", "badge-class " + item.badge.letter);
      badge.append(icon(input, item.badge.icon), item.badge.label);
      row.append(" ", badge);
    }
    if (item.told) row.append(" ", element("span", "kind", item.told));
    return row;
  }

  function show(input, answer) {
    if (!answer.completions.length || document.activeElement !== input) return close(input);
    var list = opened(input);
    answer.completions.forEach(function (item, place) { list.appendChild(option(input, item, place)); });
    teller().textContent = answer.told;
  }

  function ask(input) {
    var mine = ++asked, q = input.value.trim();
    if (!q || q.indexOf(":") >= 0) return close(input);
    fetch(input.closest(".find").dataset.complete + "?q=" + encodeURIComponent(q), {credentials: "omit"})
      .then(function (answer) { return answer.ok ? answer.json() : {completions: []}; })
      .then(function (answer) { if (mine === asked) show(input, answer); })
      .catch(function () { close(input); });
  }

  function move(input, step) {
    var rows = Array.from(document.querySelectorAll("#" + ID + " [role=option]"));
    var now = rows.findIndex(function (row) { return row.getAttribute("aria-selected") === "true"; });
    var next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : (now + step + rows.length) % rows.length;
    rows.forEach(function (row, place) { row.setAttribute("aria-selected", String(place === next)); });
    input.setAttribute("aria-activedescendant", rows[next].id);
    rows[next].scrollIntoView({block: "nearest"});
  }

  function press(event) {
    var input = box(event.target);
    if (!input || event.isComposing || !document.getElementById(ID)) return;
    var chosen = document.querySelector("#" + ID + " [aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(input, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && chosen) window.location.assign(chosen.dataset.url);
    else if (event.key === "Escape") close(input);
    else { if (event.key === "Enter") close(input); return; }
    event.preventDefault();
  }

  document.addEventListener("focusin", function (event) { if (box(event.target)) prepare(event.target); });
  document.addEventListener("input", function (event) {
    var input = box(event.target);
    if (!input || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT, input);
  });
  document.addEventListener("compositionend", function (event) { if (box(event.target)) ask(event.target); });
  document.addEventListener("keydown", press, true);
  document.addEventListener("mousedown", function (event) {
    if (event.target.closest && event.target.closest(".find-list")) event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var row = event.target.closest && event.target.closest("#" + ID + " [role=option]");
    if (row) window.location.assign(row.dataset.url);
  });
  document.addEventListener("focusout", function (event) {
    var input = box(event.target);
    if (input) setTimeout(function () { if (document.activeElement !== input) close(input); }, 200);
  });

  document.querySelectorAll(".find[data-complete] input[type=search]").forEach(prepare);
  teller();
})();
