/* What CKAN's pages say in attributes of the page, which the policy of the portal doesn't let happen. */
(function () {
  "use strict";
  function find(id) { return document.getElementById(id); }

  /* The buttons of the field for a file or a link choose a radio button, then empty, press or focus a field. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-url-check]");
    if (!button) return;
    find(button.dataset.urlCheck).checked = true;
    if (button.dataset.urlEmpty) find(button.dataset.urlEmpty).value = "";
    if (button.dataset.urlPress) find(button.dataset.urlPress).click();
    if (button.dataset.urlFocus) find(button.dataset.urlFocus).focus();
  });

  /* The differences of two versions are hidden until their button is pressed. */
  if (find("metadata_diff")) find("metadata_diff").style.display = "none";
})();
