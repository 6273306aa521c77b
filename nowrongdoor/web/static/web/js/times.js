// Ages, deadlines and the clock, by the server's time and in the community's zone.
// It imports nothing: the keyboard answers as soon as this is here.
const words = document.getElementById("words")?.dataset ?? {};
const clock = document.getElementById("clock");
let at = Date.parse(document.body.dataset.now || new Date().toISOString());
let pace = Number(document.body.dataset.pace || 1);
let since = performance.now();

addEventListener("nwd:beat", (event) => {
  at = Date.parse(event.detail.at);
  pace = event.detail.pace;
  since = performance.now();
});

function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

// As a stopwatch shows it: 0:14, 18:40, 1:22:05. In columns, where all are read one below the other.
function digits(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 48 * 3600) return span(ms);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part) => String(part).padStart(2, "0");
  return parts[0] ? `${parts[0]}:${two(parts[1])}:${two(parts[2])}` : `${parts[1]}:${two(parts[2])}`;
}

const faces = { "": span, clock: digits };
export const now = () => at + (performance.now() - since) * pace;

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function due(element, now) {
  const left = Date.parse(element.dateTime) - now;
  const face = faces[element.dataset.due];
  setText(element, left >= 0 ? face(left) : `${face(-left)} ${words.over}`);
  element.classList.toggle("late", left < 0);
}

const face = clock && new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: clock.dataset.zone,
});

const day = clock && new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "short", year: "numeric", month: "short", day: "numeric", timeZone: clock.dataset.zone,
});

// How old the picture is, in words that stand on paper too: the clock of this browser goes on where nothing comes.
let picture = at;
let stale = false;
addEventListener("nwd:pictured", ({ detail }) => {
  picture = now() - detail.age * pace;
  stale = detail.stale;
  sayAsOf();
});

function sayAsOf() {
  const says = document.getElementById("as-of");
  if (!says || !clock) return;
  const moment = (ms) => `${day.format(ms)}, ${face.format(ms)}`;
  setText(says.querySelector("strong"), stale ? says.dataset.stale.replace("{at}", face.format(picture)) : "");
  setText(says.querySelector(".paper"), says.dataset.asOf.replace("{at}", moment(picture)));
}

// `event`: what was drawn, where that is one row (fields.js); else all of the page.
function tick(event) {
  const at = now();
  const within = event?.detail instanceof Element ? event.detail : document;
  if (clock) setText(clock, face.format(at));
  for (const each of within.querySelectorAll("time[data-age]")) {
    setText(each, faces[each.dataset.age](at - Date.parse(each.dateTime)));
  }
  for (const each of within.querySelectorAll("time[data-due]")) due(each, at);
  for (const each of within.querySelectorAll("[data-opens]")) each.disabled = at < Date.parse(each.dataset.opens);
}
setInterval(tick, 1000);
for (const kind of ["nwd:drawn", "nwd:timed"]) addEventListener(kind, tick);
tick();
sayAsOf();
