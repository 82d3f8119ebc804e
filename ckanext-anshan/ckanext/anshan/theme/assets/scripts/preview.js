/* Previews with scripts: a change of the view comes without a new page, charts can be explored, maps moved. Without
   this file every link and form leads to the same views. */
(function () {
  "use strict";
  var loading = {};

  function script(address) {
    loading[address] = loading[address] || new Promise(function (done, failed) {
      var element = document.createElement("script");
      element.src = address;
      element.onload = done;
      element.onerror = failed;
      document.head.appendChild(element);
    });
    return loading[address];
  }

  function style(address) {
    loading[address] = loading[address] || new Promise(function (done) {
      var element = document.createElement("link");
      element.rel = "stylesheet";
      element.href = address;
      element.onload = element.onerror = done;
      document.head.insertBefore(element, document.head.querySelector("link[rel=stylesheet]"));
    });
    return loading[address];
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  /* Changing the view */

  function preview() {
    return document.getElementById("preview");
  }

  function show(address, focused, remembered) {
    var box = preview();
    box.setAttribute("aria-busy", "true");
    return fetch(address, { headers: { Accept: "text/html" } }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text().then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("preview");
        box.replaceWith(fresh);
        if (remembered) history.pushState({ preview: true }, "", answer.url.split("#")[0] + "#preview");
        begin();
        settle(focused);
      });
    }).catch(function () { window.location.assign(address); });
  }

  /* The focus stays where the reader was, or goes to the tabs; what changed is announced. */
  function settle(focused) {
    var same = focused && document.getElementById(focused);
    (same || preview().querySelector("[aria-current], a, button") || document.body).focus({ preventScroll: true });
    var voice = document.createElement("p");
    voice.className = "vh";
    voice.setAttribute("role", "status");
    preview().appendChild(voice);
    setTimeout(function () { voice.textContent = preview().dataset.announce; }, 100);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("#preview a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.matches("[data-plain]")) return;
    if (link.pathname !== location.pathname || link.target) return;
    event.preventDefault();
    show(link.href, link.id, true);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("#preview form");
    if (!form) return;
    event.preventDefault();
    var address = new URL(form.getAttribute("action").split("#")[0], location.href);
    address.search = new URLSearchParams(new FormData(form));
    show(address.href, document.activeElement && document.activeElement.id, true);
  });

  window.addEventListener("popstate", function () {
    if (preview()) show(location.href, null, false);
  });

  /* Charts over time; bars stand beside their numbers and need no script */

  function numbers(figure) {
    return [].map.call(figure.querySelectorAll("tbody tr"), function (row) {
      return { label: row.querySelector("th").textContent.trim(), value: row.dataset.value === "" ? null : Number(row.dataset.value) };
    });
  }

  function drawChart(figure) {
    if (!figure.dataset.library) return;
    script(figure.dataset.library).then(function () {
      var rows = numbers(figure), canvas = document.createElement("canvas"), holder = document.createElement("div");
      holder.className = "chart-canvas";
      holder.appendChild(canvas);
      figure.querySelector(".chart-drawing").replaceChildren(holder);
      Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
      Chart.defaults.color = colour("tx");
      Chart.defaults.borderColor = colour("ln");
      new Chart(canvas, {
        type: "line",
        data: { labels: rows.map(function (row) { return row.label; }), datasets: [{
          label: figure.querySelector("figcaption b").textContent.trim(),
          data: rows.map(function (row) { return row.value; }),
          backgroundColor: colour("u"), borderColor: colour("u"), borderWidth: 2,
          pointRadius: rows.length > 60 ? 0 : 3, spanGaps: true
        }] },
        options: {
          animation: false, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
          plugins: { legend: { display: false } }
        }
      });
    }, function () { /* the line that was drawn without the library stays */ });
  }

  /* Maps */

  function popup(figure, told, point) {
    var box = document.createElement("div"), title = document.createElement("b"), list = document.createElement("dl");
    title.textContent = point[2] > 1 ? figure.dataset.rowsWords.replace("{count}", (told.is_estimate ? "≈ " : "") + point[2])
      : point[4][0] || figure.dataset.rowWords.replace("{number}", point[3]);
    box.append(title);
    if (point[2] === 1) told.facts.slice(1).forEach(function (name, at) {
      var term = document.createElement("dt"), words = document.createElement("dd");
      if (!point[4][at + 1]) return;
      term.textContent = name;
      words.textContent = point[4][at + 1];
      list.append(term, words);
    });
    box.append(list);
    return box;
  }

  function outline(map, districts) {
    L.geoJSON(districts, {
      interactive: false,
      style: { color: colour("ls"), weight: 1, fillColor: colour("s2"), fillOpacity: 1 },
      onEachFeature: function (feature, layer) {
        layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "district-name" });
      }
    }).addTo(map);
  }

  function points(map, figure, told) {
    var most = Math.max.apply(null, told.points.map(function (point) { return point[2]; }).concat(1));
    return L.featureGroup(told.points.map(function (point) {
      var radius = most > 1 ? 4 + 12 * Math.sqrt(point[2] / most) : 6;
      return L.circleMarker([point[1], point[0]], { radius: radius, color: colour("s1"), weight: 1, fillColor: colour("u"), fillOpacity: .75 })
        .bindPopup(function () { return popup(figure, told, point); });
    })).addTo(map);
  }

  function shapes(map, drawn) {
    return L.geoJSON(drawn, {
      style: { color: colour("u"), weight: 2, fillOpacity: .3 },
      pointToLayer: function (feature, place) { return L.circleMarker(place, { radius: 6, color: colour("s1"), weight: 1, fillColor: colour("u"), fillOpacity: .75 }); }
    }).addTo(map);
  }

  function drawMap(figure) {
    if (!figure.dataset.library) return;
    var told = fetch(figure.dataset.places).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
    Promise.all([told, script(figure.dataset.library), style(figure.dataset.style)]).then(function (found) {
      var box = figure.querySelector(".map-canvas"), label = box.querySelector("svg").getAttribute("aria-label");
      box.replaceChildren();
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", label);
      var map = L.map(box, { preferCanvas: true, attributionControl: false, scrollWheelZoom: false, zoomSnap: .25 });
      L.control.scale({ imperial: false }).addTo(map);
      var layer = found[0].shapes ? L.geoJSON(found[0].shapes) : L.featureGroup(found[0].points.map(function (point) { return L.marker([point[1], point[0]]); }));
      var bounds = layer.getBounds();
      map.fitBounds(bounds.isValid() ? bounds.pad(.1) : [[40, 122.1], [41.6, 123.7]], { maxZoom: 14 });
      outline(map, found[0].outline);
      if (found[0].shapes) shapes(map, found[0].shapes); else points(map, figure, found[0]);
    }).catch(function () {
      var note = document.createElement("p");
      note.className = "map-note";
      note.textContent = figure.dataset.failed;
      figure.append(note);
    });
  }

  /* Documents: the door hands out every file as a download, so that no page of a file runs here; a copy is shown. */

  var MOST = 30e6;

  function drawDocument(box) {
    if (Number(box.dataset.size) > MOST || navigator.pdfViewerEnabled === false) return;
    fetch(box.dataset.document).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.arrayBuffer();
    }).then(function (bytes) {
      var shown = document.createElement("iframe");
      shown.title = box.dataset.title;
      shown.src = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
      box.replaceChildren(shown);
    }).catch(function () { /* the words that were there stay */ });
  }

  /* A file in sight is looked into; one further down waits. */
  function whenSeen(element, draw) {
    var watcher = new IntersectionObserver(function (entries) {
      if (entries.some(function (entry) { return entry.isIntersecting; })) {
        watcher.disconnect();
        draw(element);
      }
    }, { rootMargin: "200px" });
    watcher.observe(element);
  }

  function begin() {
    var box = preview();
    if (!box) return;
    box.querySelectorAll("[data-chart]").forEach(function (one) { whenSeen(one, drawChart); });
    box.querySelectorAll("[data-map]").forEach(function (one) { whenSeen(one, drawMap); });
    box.querySelectorAll("[data-document]").forEach(function (one) { whenSeen(one, drawDocument); });
  }

  begin();
})();
