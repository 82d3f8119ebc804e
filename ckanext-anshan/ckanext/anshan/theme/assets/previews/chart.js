/* Draws the rows in the page as lines or bars; the reader chooses the columns. */
this.ckan.module("anshan-chart", function () {
  var COLOURS = ["#1f6fb2", "#c2571a", "#2e7d4f", "#8a4fa3", "#b8860b", "#b3324b", "#3b7f8c", "#5f6b76"];
  var MOST_BARS = 40;

  function distinct(records, name) {
    return Array.from(new Set(records.map(function (record) { return record[name]; })));
  }

  function points(records, choice, labels) {
    var found = {};
    records.forEach(function (record) { found[record[choice.label]] = record[choice.value]; });
    return labels.map(function (label) { return label in found ? found[label] : null; });
  }

  function line(records, choice, labels, name, at) {
    var colour = COLOURS[at % COLOURS.length];
    return {
      label: String(name),
      data: points(records, choice, labels),
      borderColor: colour,
      backgroundColor: choice.kind === "line" ? colour + "33" : colour,
      borderWidth: 2,
      pointRadius: labels.length > 60 ? 0 : 3,
      spanGaps: true
    };
  }

  function lines(records, choice, labels) {
    if (!choice.group) return [line(records, choice, labels, choice.value, 0)];
    return distinct(records, choice.group).slice(0, COLOURS.length).map(function (name, at) {
      var own = records.filter(function (record) { return record[choice.group] === name; });
      return line(own, choice, labels, name, at);
    });
  }

  return {
    initialize: function () {
      var self = this;
      this.records = anshan.data(this.el[0]).records;
      this.el.find("select").on("change", function () { self.draw(); });
      anshan.whenSeen(this.el[0], function () {
        anshan.script(self.options.library).then(function () { self.draw(); }, function () { anshan.openTable(self.el[0]); });
      });
    },

    choice: function () {
      var chosen = {};
      this.el.find("select").each(function () { chosen[this.dataset.choice] = this.value; });
      return chosen;
    },

    draw: function () {
      var choice = this.choice();
      var all = distinct(this.records, choice.label);
      var labels = choice.kind === "bar" ? all.slice(0, MOST_BARS) : all;
      this.note(labels.length, all.length);
      if (this.chart) this.chart.destroy();
      this.chart = new Chart(this.el.find("canvas")[0], {
        type: choice.kind,
        data: { labels: labels, datasets: lines(this.records, choice, labels) },
        options: {
          maintainAspectRatio: false,
          animation: false,
          interaction: { mode: "index", intersect: false },
          plugins: { legend: { display: Boolean(choice.group) } },
          scales: { y: { beginAtZero: choice.kind === "bar", title: { display: true, text: choice.value } } }
        }
      });
    },

    note: function (shown, all) {
      var note = this.el.find(".anshan-chart-note")[0];
      note.hidden = shown === all;
      note.textContent = note.dataset.text.replace("{shown}", shown).replace("{all}", all);
    }
  };
});
