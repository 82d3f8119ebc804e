/* Loads a library once for a page, from this portal's own address, and only when a preview needs it. */
this.anshan = this.anshan || {};
(function (anshan) {
  var loading = {};

  anshan.script = function (address) {
    loading[address] = loading[address] || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return loading[address];
  };

  anshan.style = function (address) {
    loading[address] = loading[address] || new Promise(function (done) {
      var link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      link.onload = link.onerror = done;
      document.head.appendChild(link);
    });
    return loading[address];
  };

  anshan.data = function (element) {
    return JSON.parse(element.querySelector('script[type="application/json"]').textContent);
  };

  /* A preview in a closed tab has no size yet: draw when it comes into sight. */
  anshan.whenSeen = function (element, draw) {
    var watcher = new IntersectionObserver(function (entries) {
      if (entries.some(function (entry) { return entry.isIntersecting; })) {
        watcher.disconnect();
        draw();
      }
    });
    watcher.observe(element);
  };

  anshan.openTable = function (element) {
    var details = element.parentNode.querySelector("details.anshan-rows");
    if (details) details.open = true;
  };
})(this.anshan);
