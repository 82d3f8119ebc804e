/* Shows places on a plain grid of degrees: no tile of a foreign server is asked for. */
this.ckan.module("anshan-map", function () {
  var STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  var MOST_LINES = 12;

  function step(span) {
    return STEPS.filter(function (one) { return span / one <= MOST_LINES; }).pop() || STEPS[0];
  }

  function grid(map, layer) {
    var bounds = map.getBounds().pad(0.2);
    var by = step(Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()));
    layer.clearLayers();
    var style = { color: "#c3d0d9", weight: 1, interactive: false, pane: "grid", renderer: layer.options.renderer };
    for (var x = Math.floor(bounds.getWest() / by); x * by <= bounds.getEast(); x++) {
      L.polyline([[bounds.getSouth(), x * by], [bounds.getNorth(), x * by]], style).addTo(layer);
    }
    for (var y = Math.floor(bounds.getSouth() / by); y * by <= bounds.getNorth(); y++) {
      L.polyline([[y * by, bounds.getWest()], [y * by, bounds.getEast()]], style).addTo(layer);
    }
  }

  function entry(list, name, value) {
    var term = document.createElement("dt"), words = document.createElement("dd");
    term.textContent = name;
    words.textContent = value;
    list.append(term, words);
  }

  function popup(record) {
    var list = document.createElement("dl");
    list.className = "anshan-popup";
    Object.keys(record).forEach(function (name) {
      if (name !== "_id" && name !== "geometry" && record[name] !== null) entry(list, name, String(record[name]));
    });
    return list;
  }

  return {
    initialize: function () {
      var self = this;
      this.data = anshan.data(this.el[0]);
      anshan.whenSeen(this.el[0], function () {
        Promise.all([anshan.script(self.options.library), anshan.style(self.options.style), self.features()])
          .then(function (got) { self.draw(got[2]); }, function () { self.fail(); });
      });
    },

    features: function () {
      if (!this.options.file) return Promise.resolve(this.data.features);
      return fetch(this.options.file).then(function (answer) {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      });
    },

    draw: function (features) {
      var records = this.data.records;
      var map = L.map(this.el.find(".anshan-map-canvas")[0], { preferCanvas: true, attributionControl: false });
      L.control.scale({ imperial: false }).addTo(map);
      var layer = L.geoJSON(features, {
        style: { color: "#1f6fb2", weight: 2 },
        pointToLayer: function (feature, place) {
          return L.circleMarker(place, { radius: 6, color: "#fff", weight: 1, fillColor: "#1f6fb2", fillOpacity: 0.85 });
        },
        onEachFeature: function (feature, one) {
          var properties = feature.properties || {};
          one.bindPopup(function () { return popup(records[properties.at] || properties); });
        }
      });
      map.fitBounds(layer.getBounds().pad(0.1), { maxZoom: 16 });
      map.createPane("grid").style.zIndex = 300;  // beneath the places
      var lines = L.layerGroup([], { renderer: L.svg({ pane: "grid" }) }).addTo(map);
      layer.addTo(map);
      grid(map, lines);
      map.on("moveend", function () { grid(map, lines); });
    },

    fail: function () {
      this.el.find(".anshan-map-canvas").text(this.options.failed);
      anshan.openTable(this.el[0]);
    }
  };
});
