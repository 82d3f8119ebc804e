/* Runs the call of the console in the page and keeps its curl line up with what is typed. Without this script the
   form makes the line on the server, and a link opens the answer. */
(function () {
  "use strict";
  var form = document.getElementById("console");
  if (!form) return;
  var line = document.getElementById("curl-line"), told = document.getElementById("told");
  var box = document.getElementById("result-box"), result = document.getElementById("result");
  var token = document.getElementById("token"), reads = form.dataset.reads === "yes";
  var MOST = 200000;

  function value(field) {
    var typed = field.value.trim(), kind = field.dataset.kind;
    if (kind === "lines" && typed[0] !== "[") {
      return typed.split("\n").map(function (each) { return each.trim(); }).filter(Boolean);
    }
    if (kind === "text") return typed;
    try { return JSON.parse(typed); } catch (error) { return typed; }
  }

  function values() {
    var found = {};
    form.querySelectorAll("[data-kind]").forEach(function (field) {
      if (field.value.trim()) found[field.name] = value(field);
    });
    return found;
  }

  function said(each) { return typeof each === "string" ? each : JSON.stringify(each); }

  function pairs(given) {
    var found = [];
    Object.keys(given).forEach(function (name) {
      [].concat(given[name]).forEach(function (each) { found.push([name, said(each)]); });
    });
    return found;
  }

  function quoted(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\"'\"'") + "'";
  }

  function curl(given) {
    if (!reads) {
      return "curl " + quoted(form.dataset.address) +
        ' \\\n  -H "Authorization: $TOKEN" -H "Content-Type: application/json" \\\n  -d ' + quoted(JSON.stringify(given));
    }
    var key = token.value ? ['  -H "Authorization: $TOKEN"'] : [];
    var lines = pairs(given).map(function (pair) { return "  --data-urlencode " + quoted(pair.join("=")); });
    return ["curl -G " + quoted(form.dataset.address)].concat(key, lines).join(" \\\n");
  }

  function ask(given) {
    var options = {method: reads ? "GET" : "POST", credentials: "omit", headers: {}};
    if (token.value) options.headers.Authorization = token.value;
    if (reads) return fetch(form.dataset.path + "?" + new URLSearchParams(pairs(given)), options);
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(given);
    return fetch(form.dataset.path, options);
  }

  function size(text) {
    var bytes = new Blob([text]).size;
    return bytes < 1024 ? bytes + " B" : Math.round(bytes / 1024) + " KB";
  }

  function show(status, text, ms) {
    var pretty = text;
    try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch (error) { /* shown as it came */ }
    told.textContent = form.dataset.answered.replace("{status}", status).replace("{ms}", ms).replace("{size}", size(text)) +
      (pretty.length > MOST ? " " + form.dataset.cut : "");
    result.textContent = pretty.slice(0, MOST);
    box.hidden = false;
  }

  function run() {
    var begun = performance.now();
    told.textContent = form.dataset.running;
    ask(values()).then(function (answer) {
      return answer.text().then(function (text) {
        show(answer.status, text, Math.round(performance.now() - begun));
      });
    }).catch(function () {
      told.textContent = form.dataset.lost;
      box.hidden = true;
    });
  }

  function keepUp() { line.textContent = curl(values()); }

  keepUp(); // with what was typed before this script came, or kept by the browser
  form.addEventListener("input", keepUp);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    keepUp();
    run();
  });
})();
