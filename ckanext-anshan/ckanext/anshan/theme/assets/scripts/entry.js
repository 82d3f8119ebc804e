/* The entry form: rows of information items, paste from a spreadsheet, drafts that save themselves. Without this script
   the form is sent and answered all the same. What the server says is shown as it says it; nothing is judged here. */
(function () {
  "use strict";
  var form = document.querySelector(".entry-form");
  if (!form) return;
  var WAIT = 1500;
  var token = document.querySelector("meta[name='" + (document.querySelector("meta[name=csrf_field_name]") || {}).content + "']");
  var state = form.querySelector("[data-state]");
  var rows = form.querySelector("[data-rows]");
  var told = form.querySelector("[data-told]");
  var timer, saving = null, dirty = false, leaving = false;

  function headers() {
    return {"Accept": "application/json", "X-CSRFToken": token ? token.content : ""};
  }
  function field(name) { return form.querySelector("input[name='" + name + "']"); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  /* Drafts */
  var here = "anshan-draft:" + (document.querySelector(".account b") || {}).textContent + ":" + field("draft_of").value;

  function say(text, bad) {
    state.textContent = text;
    state.classList.toggle("late", !!bad);
  }
  function keepHere() {
    try { localStorage.setItem(here, JSON.stringify(Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && !/csrf|^draft_/.test(pair[0]); }))); } catch (full) { /* then there is no second place */ }
  }
  function forgetHere() { try { localStorage.removeItem(here); } catch (none) { /* nothing was kept */ } }

  function save() {
    clearTimeout(timer);
    if (saving) return saving.then(function () { return dirty ? save() : true; });
    dirty = false;
    say(form.dataset.saving);
    saving = fetch(form.dataset.draft, {method: "POST", headers: headers(), body: new FormData(form)})
      .then(function (answer) {
        var kind = answer.headers.get("Content-Type") || "";
        if (answer.redirected || kind.indexOf("json") < 0) throw new Error("login");
        return answer.json().then(function (body) {
          if (answer.status === 403) throw new Error("login");
          if (!answer.ok) { say(body.error, true); keepHere(); return false; }
          forgetHere();
          show(body);
          return true;
        });
      })
      .catch(function (error) {
        dirty = true;
        keepHere();
        say(error.message === "login" ? form.dataset.login : form.dataset.unsaved, true);
        return false;
      })
      .then(function (done) { saving = null; return done; });
    return saving;
  }
  function show(body) {
    field("draft_version").value = body.version;
    say(fill(form.dataset.saved, {time: body.saved}));
    form.querySelector("[data-changed]").hidden = !body.changed;
    Object.keys(body.parts).forEach(function (name) {
      var part = form.querySelector("[data-part=" + name + "]");
      if (part && part.innerHTML !== body.parts[name] && !part.contains(document.activeElement)) part.innerHTML = body.parts[name];
    });
    form.querySelectorAll("[data-class]").forEach(function (card) {
      var reason = body.forbidden[card.dataset.class] || "";
      card.classList.toggle("forbidden", !!reason);
      card.querySelector("[data-reason]").textContent = reason;
    });
    watch();
  }
  function touch() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState !== "hidden" || !dirty || leaving) return;
    keepHere();
    fetch(form.dataset.draft, {method: "POST", headers: headers(), body: new FormData(form), keepalive: true})
      .then(function (answer) { if (answer.ok) { forgetHere(); return answer.json().then(show); } }, function () { /* kept here */ });
    dirty = false;
  });
  /* A login that has run out must not cost what was typed: the draft goes first, and where it can't the page stays. */
  form.addEventListener("submit", function (event) {
    if (leaving || !(dirty || saving)) return;
    event.preventDefault();
    var by = event.submitter;
    save().then(function (kept) {
      if (!kept && state.textContent === form.dataset.login) return;
      leaving = true;
      form.requestSubmit(by);
    });
  });
  window.addEventListener("pageshow", function () { leaving = false; });

  (function offer() {
    var kept, box = form.querySelector("[data-local]");
    try { kept = JSON.parse(localStorage.getItem(here)); } catch (none) { kept = null; }
    if (!kept || !box) return;
    box.hidden = false;
    box.querySelector("[data-local-drop]").addEventListener("click", function () { forgetHere(); box.hidden = true; });
    box.querySelector("[data-local-take]").addEventListener("click", function () { bring(kept); box.hidden = true; touch(); });
  })();
  function bring(pairs) {
    var items = pairs.map(function (pair) { return /^information_items-(\d+)-/.exec(pair[0]); }).filter(Boolean);
    var most = items.reduce(function (most, found) { return Math.max(most, +found[1] + 1); }, 0);
    while (rows.querySelectorAll("[data-row]").length < most) add();
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = false; });
    pairs.forEach(function (pair) {
      form.querySelectorAll("[name='" + CSS.escape(pair[0]) + "']").forEach(function (one) {
        if (one.type === "radio" || one.type === "checkbox") one.checked = one.checked || one.value === pair[1];
        else if (one.type !== "hidden") one.value = pair[1];
      });
    });
  }

  /* Rows of information items */
  function all() { return Array.from(rows.querySelectorAll("[data-row]")); }
  function number() {
    all().forEach(function (row, at) {
      row.querySelector("[data-at]").textContent = at + 1;
      row.querySelectorAll("[name], [id]").forEach(function (one) {
        ["name", "id", "aria-describedby"].forEach(function (what) {
          var value = one.getAttribute(what);
          if (value) one.setAttribute(what, value.replace(/(information_items-)(\d+|INDEX)(-)/, "$1" + at + "$3"));
        });
      });
    });
  }
  function add(before) {
    var row = form.querySelector("[data-template]").content.firstElementChild.cloneNode(true);
    rows.insertBefore(row, before || null);
    number();
    return row;
  }
  function cells(row) { return Array.from(row.querySelectorAll("input, select")); }
  function cell(row, name) { return row.querySelector("[name$='-" + name + "']"); }
  function blank(row) {
    return cells(row).every(function (one) { return !one.value || /-(type|sensitive)$/.test(one.name); });
  }
  function put(items, after) {
    var place = after ? after.nextElementSibling : null;
    items.forEach(function (item) {
      var row = add(place);
      Object.keys(item).forEach(function (name) {
        var one = cell(row, name);
        if (one && one.tagName === "SELECT" && !Array.from(one.options).some(function (o) { return o.value === item[name]; })) one.add(new Option("", item[name]), 0);
        if (one) one.value = item[name];
      });
    });
    all().filter(blank).forEach(function (row) { row.remove(); });
    number();
    told.textContent = fill(form.dataset.taken, {count: items.length});
    touch();
  }
  function ask(name, value, after) {
    var body = new FormData();
    body.append(name, value);
    body.append("draft_of", field("draft_of").value);
    return fetch(form.dataset.items, {method: "POST", headers: headers(), body: body})
      .then(function (answer) { return answer.json().then(function (found) {
        if (!answer.ok) { told.textContent = found.error; return false; }
        if (!found.items.length) { told.textContent = form.dataset.none; return false; }
        put(found.items, after);
        return true;
      }); })
      .catch(function () { told.textContent = form.dataset.unsaved; return false; });
  }
  function remove(row) {
    var next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    if (!all().length) next = add();
    number();
    (next.querySelector("[data-remove]") || cells(next)[0]).focus();
    touch();
  }
  function move(row, step) {
    var other = step < 0 ? row.previousElementSibling : row.nextElementSibling, focus = document.activeElement;
    if (!other || !other.matches("[data-row]")) return;
    rows.insertBefore(step < 0 ? row : other, step < 0 ? other : row);
    number();
    focus.focus();
    touch();
  }
  form.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    var row = button.closest("[data-row]");
    if (button.matches("[data-add]")) { cells(add())[0].focus(); touch(); }
    else if (button.matches("[data-remove]")) remove(row);
    else if (button.matches("[data-move]")) move(row, +button.dataset.move);
    else if (button.matches("[data-take]")) take();
    else if (button.matches("[data-phrase]")) {
      var into = document.getElementById(button.dataset.into), lang = document.documentElement.lang;
      if (into.value.indexOf(button.dataset.phrase) < 0) into.value += (into.value.trim() ? (/^zh/.test(lang) ? "；" : "; ") : "") + button.dataset.phrase;
      into.focus();
      touch();
    }
  });
  function take() {
    var box = form.querySelector("[name=items_pasted]");
    ask("text", box.value).then(function (done) { if (done) box.value = ""; });
  }
  form.addEventListener("paste", function (event) {
    var row = event.target.closest("[data-row]"), text = (event.clipboardData || {getData: function () { return ""; }}).getData("text/plain");
    if (!row || !/[\t\n]/.test(text.replace(/\s+$/, ""))) return;
    event.preventDefault();
    ask("text", text, row);
  });
  form.addEventListener("change", function (event) {
    if (!event.target.matches("[data-file]") || !event.target.files.length) return;
    ask("file", event.target.files[0]);
    event.target.value = "";
  });
  /* As in a spreadsheet: Enter goes down a row, Alt with an arrow takes the row along. */
  form.addEventListener("keydown", function (event) {
    var row = event.target.closest("[data-row]");
    if (!row || event.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      var name = event.target.name.replace(/.*-/, ""), next = row.nextElementSibling;
      cell(next && next.matches("[data-row]") ? next : add(), name).focus();
    }
  });
  rows.querySelectorAll("[data-spare]").forEach(function (row) { row.remove(); });

  /* The section that is being read, at the left. */
  function watch() {
    var now = Array.from(form.querySelectorAll("section[id^=section-]")).filter(function (one) {
      return one.getBoundingClientRect().top < window.innerHeight / 3; }).pop();
    form.querySelectorAll(".entry-nav a").forEach(function (link) {
      if (now && link.hash === "#" + now.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
  var waiting = false;
  window.addEventListener("scroll", function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; watch(); });
  }, {passive: true});
  watch();

  var errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
