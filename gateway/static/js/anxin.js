// Anxin 安心: what pages do with script. Every page works without it; nothing here decides anything.
(function () {
  "use strict";
  var said = document.getElementById("say");

  function say(text) {
    if (said && text) said.textContent = text;
  }

  function each(selector, root, act) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  // Countdown. The phone's clock may be wrong: only the time that passes here is taken from it.
  function shown(seconds) {
    var two = function (n) { return (n < 10 ? "0" : "") + n; };
    var hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    return (hours ? hours + ":" : "") + two(minutes) + ":" + two(seconds % 60);
  }

  function count(box) {
    if (box.anxinCounting) return;
    box.anxinCounting = true;
    var began = Date.now(), whole = (Date.parse(box.dataset.until) - Date.parse(box.dataset.now)) / 1000;
    var figure = box.querySelector("b"), timer = setInterval(tick, 1000);
    function tick() {
      if (!document.contains(box)) return clearInterval(timer);
      var seconds = Math.max(0, Math.floor(whole - (Date.now() - began) / 1000));
      figure.textContent = shown(seconds);
      if (seconds < 60) box.classList.add("over");
      if (seconds > 0) return;
      clearInterval(timer);
      say(box.dataset.ended);
      if (whole > 0) setTimeout(function () { location.reload(); }, 1500);
    }
  }

  // A form is sent once. Its request id stays, so that even a second sending is answered as the first.
  function buttonsOf(form) {
    return form.querySelectorAll("button[type=submit], button:not([type])");
  }

  function free(form) {
    delete form.dataset.sent;
    each("[data-was]", form, function (button) {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
      button.lastElementChild.textContent = button.dataset.was;
      delete button.dataset.was;
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    var pressed = event.submitter;
    if (!pressed || !pressed.classList.contains("btn") || !pressed.lastElementChild) return;
    pressed.dataset.was = pressed.lastElementChild.textContent;
    pressed.setAttribute("aria-disabled", "true");
    pressed.setAttribute("aria-busy", "true");
    pressed.lastElementChild.textContent = document.body.dataset.busy;
    setTimeout(function () { free(form); }, 15000);
  });

  window.addEventListener("pageshow", function () { each("form[data-sent]", document, free); });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches && event.target.matches("form")) free(event.target);
  });

  // Live parts without htmx: ask for the same small piece that htmx would swap in. 286 means: nothing more will come.
  function live(part) {
    var timer = setInterval(function () {
      if (!document.contains(part)) return clearInterval(timer);
      if (document.hidden || !navigator.onLine) return;
      fetch(part.dataset.live, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
        if (answer.redirected) return location.reload();
        if (answer.headers.get("HX-Refresh") === "true") return location.reload();
        var moved = answer.headers.get("HX-Redirect");
        if (moved && moved.charAt(0) === "/") return location.assign(moved);
        if (answer.status === 286) clearInterval(timer);
        if (answer.ok) return answer.text().then(function (html) { part.innerHTML = html; start(part); });
      }).catch(function () { /* the next turn asks again; the offline line tells the person */ });
    }, 1000 * part.dataset.every);
  }

  // Confirmation in place: <a data-dialog="id" href="/page/that/does/the/same">.
  document.addEventListener("click", function (event) {
    var closest = event.target.closest ? event.target.closest("[data-dialog],[data-close],[data-speak],[data-copy]") : null;
    if (!closest) return;
    if (closest.dataset.dialog) {
      var box = document.getElementById(closest.dataset.dialog);
      if (!box || !box.showModal) return;
      event.preventDefault();
      box.showModal();
    } else if (closest.hasAttribute("data-close")) {
      var open = closest.closest("dialog");
      if (open && open.close) { event.preventDefault(); open.close(); }
    } else if (closest.dataset.speak) {
      speak(document.querySelector(closest.dataset.speak));
    } else if (closest.dataset.copy && navigator.clipboard) {
      navigator.clipboard.writeText(closest.dataset.copy).then(function () { say(closest.dataset.said); });
    }
  });

  function speak(part) {
    if (!part) return;
    var spoken = new SpeechSynthesisUtterance(part.innerText);
    spoken.lang = document.documentElement.lang;
    spoken.rate = 0.9;
    speechSynthesis.cancel();
    speechSynthesis.speak(spoken);
  }

  // The offline line.
  function network() {
    var line = document.getElementById("offline");
    if (line) line.hidden = navigator.onLine;
  }
  window.addEventListener("online", network);
  window.addEventListener("offline", network);

  function start(root) {
    each("[data-until]", root, count);
    if ("speechSynthesis" in window) each("[data-speak]", root, function (button) { button.hidden = false; });
    if (!window.htmx) each("[data-live]", root, live);
  }
  // An answer that came from another page than was asked (the session has ended): show that page, not a piece of it.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var came = event.detail.xhr.responseURL, asked = event.detail.pathInfo.requestPath;
    if (!came || new URL(came).pathname === new URL(asked, location.href).pathname) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
  document.addEventListener("htmx:afterSwap", function (event) { start(event.target); });
  network();
  start(document);
})();
