// Anxin 安心: the pad on which a person signs. Without it a typed name does the same; nothing here decides anything.
(function () {
  "use strict";
  var pad = document.querySelector("[data-pad]"), form = document.getElementById("signing");
  if (!pad || !form || !window.PointerEvent) return;
  var drawing = pad.querySelector(":scope > svg"), field = form.elements.strokes, strokes = [], present = null, points = 0;
  pad.hidden = false;

  function at(event) {
    var box = drawing.getBoundingClientRect();
    var bound = function (value, most) { return Math.max(0, Math.min(most, Math.round(value))); };
    return [bound((event.clientX - box.left) / box.width * 1000, 1000), bound((event.clientY - box.top) / box.height * 500, 500)];
  }

  function shape(stroke) {
    return "M" + stroke.map(function (point) { return point.join(" "); }).join("L");
  }

  pad.addEventListener("pointerdown", function (event) {
    if (event.target.closest("button") || strokes.length >= 100 || points >= 2500) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    var line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    drawing.appendChild(line);
    present = { points: [at(event)], line: line };
    strokes.push(present.points);
  });

  pad.addEventListener("pointermove", function (event) {
    if (!present || points >= 2500) return;
    var point = at(event), last = present.points[present.points.length - 1];
    if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < 6) return;
    present.points.push(point);
    points += 1;
    present.line.setAttribute("d", shape(present.points));
  });

  ["pointerup", "pointercancel"].forEach(function (name) {
    pad.addEventListener(name, function () {
      present = null;
      field.value = JSON.stringify(strokes);
    });
  });

  pad.querySelector("[data-pad-clear]").addEventListener("click", function () {
    strokes.length = points = 0;
    field.value = "";
    while (drawing.firstChild) drawing.removeChild(drawing.firstChild);
  });
})();
