/* The queue with scripts: what is ticked decides which button is offered, and the keyboard moves through the rows.
   Without this file the same forms and links do everything. */
(function () {
  "use strict";
  var form = document.querySelector("[data-queue]");
  var dialog = document.querySelector("[data-dialog]");
  var OFF = "anshan-queue-shortcuts";

  /* What is ticked */

  function boxes() {
    return form ? Array.from(form.querySelectorAll("input[name=id]")) : [];
  }

  function every(chosen, name) {
    return chosen.length > 0 && chosen.every(function (box) { return name in box.dataset; });
  }

  function paint(box) {
    box.closest("[data-row]").classList.toggle("picked", box.checked);
  }

  function tell() {
    var told = form.querySelector("[data-told]");
    if (!told) return;
    var chosen = boxes().filter(function (box) { return box.checked; });
    var clean = every(chosen, "signs"), anySigns = chosen.some(function (box) { return "signs" in box.dataset; });
    boxes().forEach(paint);
    form.querySelectorAll("[data-some]").forEach(function (button) { button.hidden = !chosen.length; });
    form.querySelector("[data-sign]").hidden = !clean;
    form.querySelector("[data-return]").hidden = !every(chosen, "returns");
    form.querySelector("[data-sign]").textContent = form.querySelector("[data-sign]").dataset.label.replace("{count}", chosen.length);
    form.querySelector(".rvq-bulk").classList.toggle("some", chosen.length > 0);
    var all = form.querySelector("[data-every]");
    all.checked = chosen.length > 0 && chosen.length === boxes().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
    say(told, chosen.length, clean, anySigns);
  }

  function say(told, number, clean, anySigns) {
    var words = [document.createElement("b")];
    words[0].textContent = told.dataset.chosen.replace("{count}", number);
    if (clean || anySigns) words.push(" " + (clean ? told.dataset.clean : told.dataset.mixed));
    if (!number) words = [told.dataset.none];
    told.replaceChildren.apply(told, words);
    form.querySelector("[data-said]").textContent = number ? told.textContent : "";
  }

  /* Moving with the keyboard */

  var at = null;

  function rows() {
    return form ? Array.from(form.querySelectorAll("[data-row]")) : [];
  }

  function here() {
    return document.activeElement.closest("[data-row]") || at;
  }

  function move(step) {
    var all = rows(), now = all.indexOf(here());
    var next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
    if (!next) return;
    at = next;
    next.querySelector("th a").focus();
  }

  function choose() {
    var row = here(), box = row && row.querySelector("input[name=id]");
    if (!box) return;
    box.checked = !box.checked;
    tell();
  }

  function open() {
    var row = here();
    if (row) row.querySelector("th a").click();
  }

  function search() {
    var field = document.getElementById("rvq-q");
    field.focus();
    field.select();
  }

  function keys() { dialog.showModal(); }

  var ACTS = {
    j: function () { move(1); }, k: function () { move(-1); }, x: choose, "/": search, "?": keys
  };

  function isField(element) {
    var types = ["checkbox", "radio", "button", "submit"];
    return element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
      (element.tagName === "INPUT" && types.indexOf(element.type) < 0);
  }

  /* Enter follows the link that has the focus by itself; from a tick box of a row it opens that row. */
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open || off() || isField(event.target)) return;
    var inRow = event.target.matches("[data-row] input[type=checkbox]");
    var act = event.key === "Enter" && inRow ? open : ACTS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /* Switching the shortcuts off; a browser that keeps nothing has them on */

  function off() {
    try { return localStorage.getItem(OFF) === "off"; } catch (none) { return false; }
  }

  function turn(on) {
    try { if (on) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "off"); } catch (none) { /* for this page only */ }
    show();
  }

  function show() {
    document.querySelectorAll("[data-shortcut]").forEach(function (hint) { hint.hidden = off(); });
    dialog.querySelector("[data-switch]").checked = !off();
  }

  document.addEventListener("keydown", pressed);
  dialog.querySelector("[data-switch]").addEventListener("change", function (event) { turn(event.target.checked); });
  show();
  if (!form) return;
  form.addEventListener("change", function (event) {
    if ("every" in event.target.dataset) boxes().forEach(function (box) { box.checked = event.target.checked; });
    tell();
  });
  form.querySelector("[data-keys]").addEventListener("click", keys);
  window.addEventListener("pageshow", tell); // a browser that comes back keeps what was ticked
})();
