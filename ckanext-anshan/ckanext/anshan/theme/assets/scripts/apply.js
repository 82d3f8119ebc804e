/* The application form saves itself as one types. Without this script each button of the form saves all the same. */
(function () {
  "use strict";
  var form = document.getElementById("apply");
  if (!form) return;
  var WAIT = 1500, AGAIN = 10000;
  var state = document.querySelector("[data-state]");
  var timer, saving = null, dirty = false, leaving = false;

  function say(text, bad) {
    state.textContent = text;
    state.classList.toggle("late", !!bad);
  }
  function typed() {
    var data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach(function (one) { data.delete(one.name); });
    data.delete("partner");
    data.set("go", "stay");
    return data;
  }
  function send(more) {
    return fetch(form.action, Object.assign({method: "POST", headers: {"Accept": "application/json"}, body: typed()}, more));
  }
  function save() {
    clearTimeout(timer);
    if (saving) return saving.then(function () { return dirty ? save() : true; });
    dirty = false;
    say(form.dataset.saving);
    saving = send().then(function (answer) {
      var kind = answer.headers.get("Content-Type") || "";
      if (answer.redirected || kind.indexOf("json") < 0) throw new Error("login");
      return answer.json().then(function (body) {
        if (!answer.ok) { say(body.error, true); return false; }
        show(body);
        return true;
      });
    }).catch(function (error) {
      dirty = true;
      say(error.message === "login" ? form.dataset.login : form.dataset.unsaved, true);
      timer = setTimeout(save, AGAIN);
      return false;
    }).then(function (done) { saving = null; return done; });
    return saving;
  }
  function show(body) {
    say(form.dataset.saved.replace("{time}", body.saved));
    Object.keys(body.parts).forEach(function (name) {
      var part = document.querySelector("[data-part=" + name + "]");
      if (part && part.innerHTML !== body.parts[name] && !part.contains(document.activeElement)) part.innerHTML = body.parts[name];
    });
  }
  function touch(event) {
    if (event.target.type === "file" || event.target.name === "partner") return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }
  function count() {
    form.querySelectorAll("[data-count]").forEach(function (told) {
      var chosen = told.parentElement.querySelectorAll("[name$='/columns']:checked").length;
      var text = told.dataset.count.replace("{chosen}", chosen).replace("{all}", told.dataset.all);
      if (told.textContent !== text) told.textContent = text;
    });
  }
  form.addEventListener("input", touch);
  form.addEventListener("change", function (event) { touch(event); count(); });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState !== "hidden" || !dirty || leaving) return;
    dirty = false;
    send({keepalive: true}).catch(function () { dirty = true; });
  });
  form.addEventListener("submit", function () { leaving = true; clearTimeout(timer); });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) { if (dirty && !leaving) event.preventDefault(); });
})();
