// A signature: strokes of a finger, pen or mouse in a box of whole numbers, sent as they were drawn. Or a typed name.
const pad = document.getElementById("pad");
const drawn = document.getElementById("drawn");
const typing = document.getElementById("typing");
const typed = document.getElementById("typed");
const type = document.getElementById("type");
const pen = pad.getContext("2d");
const [drawsLabel, typesLabel] = [type.dataset.draw, type.textContent];
let strokes = drawn.value ? JSON.parse(drawn.value) : [];
let stroke = null;

function within(value, most) {
  return Math.min(most, Math.max(0, Math.round(value)));
}

function point(event) {
  const box = pad.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * pad.width;
  const y = ((event.clientY - box.top) / box.height) * pad.height;
  return [within(x, pad.width), within(y, pad.height)];
}

function draw() {
  pen.clearRect(0, 0, pad.width, pad.height);
  const style = getComputedStyle(pad);
  Object.assign(pen, { lineCap: "round", lineJoin: "round", lineWidth: 8, strokeStyle: style.color });
  for (const points of strokes) {
    pen.beginPath();
    points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    if (points.length === 1) pen.lineTo(...points[0]);
    pen.stroke();
  }
  drawn.value = strokes.length ? JSON.stringify(strokes) : "";
}

function choose(types) {
  pad.parentElement.hidden = types;
  typing.hidden = !types;
  type.setAttribute("aria-pressed", String(types));
  type.textContent = types ? drawsLabel : typesLabel;
  if (types) strokes = [];
  else typed.value = "";
  draw();
}

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  stroke = [point(event)];
  strokes.push(stroke);
  draw();
});
pad.addEventListener("pointermove", (event) => {
  if (!stroke) return;
  for (const each of event.getCoalescedEvents?.() ?? [event]) stroke.push(point(each));
  draw();
});
for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (stroke = null));
document.getElementById("clear").addEventListener("click", () => {
  strokes = [];
  typed.value = "";
  draw();
});
type.addEventListener("click", () => {
  choose(typing.hidden);
  if (!typing.hidden) typed.focus();
});
document.getElementById("pad-buttons").hidden = false;
choose(Boolean(typed.value));
