/* The door hands out every file as a download, so that no page of a file runs here: a PDF is shown from a copy. */
this.ckan.module("anshan-pdf", function () {
  return {
    initialize: function () {
      var element = this.el[0], address = this.options.file, title = this.options.title;
      anshan.whenSeen(element, function () {
        fetch(address).then(function (answer) {
          if (!answer.ok) throw new Error(answer.statusText);
          return answer.arrayBuffer();
        }).then(function (bytes) {
          var shown = document.createElement("object");
          shown.className = "anshan-pdf";
          shown.type = "application/pdf";
          shown.setAttribute("aria-label", title);
          shown.data = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
          shown.append(element.firstElementChild.cloneNode(true));
          element.replaceChildren(shown);
        }, function () { element.dataset.failed = "yes"; });
      });
    }
  };
});
