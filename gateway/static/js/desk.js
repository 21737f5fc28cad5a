// Anxin 安心: the keyboard and the printer of the pages at a desk. Every page works without it; nothing here decides anything.
(function () {
  "use strict";
  var TYPING = /^(INPUT|TEXTAREA|SELECT)$/;

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  function step(by) {
    var links = Array.prototype.slice.call(document.querySelectorAll(".row-link"));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))].focus();
  }

  // "/" and letters: what carries data-key is focused when one types into it, and pressed otherwise. Never while typing; Escape leaves a field.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (TYPING.test(event.target.tagName) && event.target.type !== "radio") {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
    if (!/^[a-z\/]$/.test(key)) return;
    var found = document.querySelector('[data-key="' + key + '"]');
    if (!found || found.hidden) return;
    event.preventDefault();
    if (TYPING.test(found.tagName)) { found.focus(); found.select(); } else { found.click(); }
  });
})();
