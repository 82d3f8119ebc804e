/* The workbench: counts what is answered, opens forms by R, C and S, adds remarks without a reload, folds on a phone.
   Without this script each of these is a link or a button that the server answers. */
(function () {
  "use strict";
  var bench = document.querySelector(".rv-grid");
  if (!bench) return;
  var KEPT = "anshan-queue-shortcuts"; // one switch for the queue and for this page
  var phone = window.matchMedia("(max-width: 767.98px)");

  function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }

  /* The checklist */
  function items() { return all(".rv-item"); }
  function counted() {
    var open = items().filter(function (item) { return !item.querySelector(":checked"); }).length;
    all("[data-answered]").forEach(function (place) { place.textContent = items().length - open + " / " + items().length; });
    all("[data-words]").forEach(function (place) { place.textContent = place.dataset.words.replace("{number}", open); });
    all("[data-open-items], [data-open-bar]").forEach(function (place) { place.hidden = !open; });
    all("[data-ready]").forEach(function (place) { place.hidden = !!open; });
  }
  document.addEventListener("change", function (event) { if (event.target.closest(".rv-item")) counted(); });
  if (items().length) counted();

  /* Forms that open over the page */
  function sheet() { return document.querySelector(".rv-sheet:target, .rv-sheet.is-open"); }
  function open(link) {
    location.hash = link.getAttribute("href");
    var shown = document.querySelector(link.getAttribute("href"));
    var field = shown && (shown.querySelector("textarea") || shown.querySelector("h2"));
    if (field) field.focus({ preventScroll: true });
  }
  function close() {
    var shown = sheet(), link = shown && document.querySelector("a[href='#" + shown.id + "']");
    location.hash = "rv-closed";
    if (shown) shown.classList.remove("is-open");
    if (link) link.focus({ preventScroll: true });
  }
  document.addEventListener("click", function (event) {
    var act = event.target.closest("a[data-act]");
    if (act) { event.preventDefault(); open(act); }
    if (event.target.closest("[data-close]")) { event.preventDefault(); close(); }
  });

  /* Remarks */
  var rows = document.querySelector("[data-remarks]");
  function chosen(select, value) {
    if (!all("option", select).some(function (option) { return option.value === value; })) {
      select.add(new Option(value.slice(value.indexOf(":") + 1), value));
    }
    select.value = value;
  }
  function empty() {
    return all("fieldset", rows).find(function (row) { return !row.querySelector("textarea").value.trim(); });
  }
  function another() {
    var at = rows.children.length + 1, row = rows.lastElementChild.cloneNode(true);
    row.querySelector("legend").textContent = rows.dataset.legend.replace("{number}", at);
    all("[id]", row).forEach(function (field) { field.id = field.id.replace(/\d+$/, at); });
    all("[for]", row).forEach(function (label) { label.htmlFor = label.htmlFor.replace(/\d+$/, at); });
    all("textarea, input", row).forEach(function (field) { field.value = ""; field.defaultValue = ""; });
    row.querySelector("select").value = "";
    rows.appendChild(row);
    return row;
  }
  function written(button) {
    var row = empty() || another();
    chosen(row.querySelector("select"), button.dataset.where);
    row.querySelector("textarea").value = button.dataset.text;
    open(document.querySelector("a[href='#act-return']"));
    row.querySelector("textarea").focus();
  }
  document.addEventListener("click", function (event) {
    var button = rows && event.target.closest("button[name=more]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.text) written(button);
    else another().querySelector("select").focus();
  });

  /* Keys: none acts alone, none in a field, and they can be switched off */
  function are() { try { return localStorage.getItem(KEPT) !== "off"; } catch (none) { return true; } }
  function told() {
    all("[data-shortcuts]").forEach(function (button) { button.setAttribute("aria-pressed", are()); });
    document.body.classList.toggle("rv-no-keys", !are());
  }
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-shortcuts]")) return;
    try { localStorage.setItem(KEPT, are() ? "off" : "on"); } catch (none) { /* then they stay as they are */ }
    told();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && sheet()) { close(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !are()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.key.length !== 1) return;
    var link = document.querySelector("a[data-letter='" + CSS.escape(event.key.toUpperCase()) + "']");
    if (link) { event.preventDefault(); open(link); }
  });
  told();

  /* On a phone all but findings and checklist is folded */
  function folded() { all("[data-fold]").forEach(function (part) { part.open = !phone.matches; }); }
  phone.addEventListener("change", folded);
  if (phone.matches) folded();
})();
