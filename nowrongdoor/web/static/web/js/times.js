// Ages, deadlines and the clock, by the server's time and in the community's zone.
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

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function due(element, now) {
  const left = Date.parse(element.dateTime) - now;
  setText(element, left >= 0 ? span(left) : `${span(-left)} ${words.over}`);
  element.classList.toggle("late", left < 0);
}

const face = clock && new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: clock.dataset.zone,
});

const day = clock && new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "short", year: "numeric", month: "short", day: "numeric", timeZone: clock.dataset.zone,
});

function tick() {
  const now = at + (performance.now() - since) * pace;
  if (clock) {
    setText(clock, face.format(now));
    if (clock.dataset.day !== day.format(now)) clock.dataset.day = day.format(now); // on paper
  }
  for (const each of document.querySelectorAll("time[data-age]")) setText(each, span(now - Date.parse(each.dateTime)));
  for (const each of document.querySelectorAll("time[data-due]")) due(each, now);
}
setInterval(tick, 1000);
for (const kind of ["nwd:drawn", "nwd:timed"]) addEventListener(kind, tick);
tick();
