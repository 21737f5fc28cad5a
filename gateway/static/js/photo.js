// Anxin 安心: photos of documents. A chosen photo is made smaller on the phone and sent at once; without script a button sends it.
(function () {
  "use strict";
  var LONGEST = 2000, ENOUGH = 700 * 1024;
  var words = document.getElementById("papers");
  var forms = document.querySelectorAll("form[data-photo]");
  if (!words || !forms.length || !window.FormData) return;

  function smaller(file) {
    if (file.size < ENOUGH || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) { done(blob && blob.size < file.size ? blob : file); }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }

  function send(form, photo) {
    var data = new FormData(form), ask = new XMLHttpRequest();
    data.delete("photo");
    data.delete("album");
    data.append("photo", photo, "photo.jpg");
    var frame = form.querySelector(".fr"), text = frame.querySelector("span"), before = text.textContent;
    form.setAttribute("aria-busy", "true");
    ask.upload.onprogress = function (event) {
      if (event.lengthComputable) text.textContent = words.dataset.sending + " " + Math.round(100 * event.loaded / event.total) + "%";
    };
    ask.onload = function () {
      // The page again: with this photo accepted, or with the reason beside it in the answer that came.
      if (ask.status < 400) return location.reload();
      if (ask.status >= 500) return broken(words.dataset.broken);
      var answer = new DOMParser().parseFromString(ask.responseText, "text/html");
      var reason = answer.querySelector("#" + form.id + " .err");
      broken(reason ? reason.textContent : words.dataset.broken);
    };
    ask.onerror = ask.ontimeout = function () { broken(words.dataset.broken); };
    function broken(reason) {
      form.removeAttribute("aria-busy");
      form.classList.add("bad");
      text.textContent = before;
      var said = form.querySelector(".err") || form.appendChild(document.createElement("span"));
      said.className = "err";
      said.setAttribute("role", "alert");
      said.textContent = reason;
      renew(form);
    }
    ask.open("POST", form.action);
    ask.timeout = 120000;
    ask.send(data);
  }

  // Another photo is another request: it gets an id of its own.
  function renew(form) {
    var id = window.crypto && crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random().toString(16).slice(2);
    form.elements.request_id.value = id;
    form.reset();
    form.elements.request_id.value = id;
  }

  Array.prototype.forEach.call(forms, function (form) {
    var button = form.querySelector("[data-photo-send]");
    if (button) button.hidden = true;
    form.addEventListener("change", function (event) {
      var file = event.target.files && event.target.files[0];
      if (file) smaller(file).then(function (photo) { send(form, photo); });
    });
  });
})();
