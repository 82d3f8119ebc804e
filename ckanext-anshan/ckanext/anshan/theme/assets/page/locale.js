/* CKAN asks for the words of its scripts under the page's language with only the first hyphen changed back, so that no
   module starts in a locale of three parts (zh_Hans_CN). */
(function () {
  var ask = ckan.Client.prototype.getLocaleData;
  ckan.Client.prototype.getLocaleData = function (locale) {
    arguments[0] = String(locale).replace(/-/g, "_");
    return ask.apply(this, arguments);
  };
})();
