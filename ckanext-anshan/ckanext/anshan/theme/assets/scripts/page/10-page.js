/* What every page does with scripts on: texts are copied, menus close, a page is read aloud. */
(function () {
  "use strict";
  var root = document.documentElement;

  function text(button) {
    var from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    return from ? from.textContent.trim() : button.dataset.copy;
  }

  function told(button) {
    var label = button.querySelector("span"), before = label.textContent;
    label.textContent = button.dataset.copied;
    label.setAttribute("role", "status");
    button.classList.add("copied");
    setTimeout(function () { label.textContent = before; button.classList.remove("copied"); }, 4000);
  }

  /* Outside HTTPS browsers have no clipboard to write to; a selection can still be copied. */
  function copied(words) {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    var field = document.createElement("textarea");
    field.value = words;
    document.body.appendChild(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    return Promise.resolve();
  }

  function closeMenus(but) {
    document.querySelectorAll("details.account[open], details.site-menu[open]").forEach(function (menu) {
      if (!menu.contains(but)) menu.open = false;
    });
  }

  function aloud(button) {
    var voice = window.speechSynthesis, label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    if (voice.speaking) { voice.cancel(); button.textContent = label; return; }
    var words = new SpeechSynthesisUtterance(document.getElementById("content").innerText);
    words.lang = root.lang;
    words.onend = function () { button.textContent = label; };
    button.textContent = button.dataset.stop;
    voice.speak(words);
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target);
    var button = event.target.closest("button[data-copy]");
    if (button) copied(text(button)).then(function () { told(button); });
    var reader = event.target.closest("[data-read-aloud]");
    if (reader && window.speechSynthesis) aloud(reader);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.account[open], details.site-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
