// The alarms of this desk, on every page: drawn by the server, asked for whenever something sounds or moves.
const AGAIN_MS = 15_000;
const SOON_MS = 200;
const LOUD_MS = 2500;
const MOST_SILENCED = 20;
const url = document.body.dataset.alarms;
const layer = () => document.getElementById("alarms");
const bell = document.getElementById("bell");
const title = document.title;
let soon = null;
let asking = false;

const silenced = new Set(JSON.parse(localStorage.getItem("silenced") ?? "[]")); // numbers of deadlines, the last ones

// Under somebody's hand (a button that is being pressed) the layer is not drawn again.
async function ask() {
  if (asking) return later();
  asking = true;
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
    const page = new DOMParser().parseFromString(answer.ok && !answer.redirected ? await answer.text() : "", "text/html");
    const fresh = page.getElementById("alarms");
    if (fresh && !layer().querySelector("[aria-busy=true]")) draw(fresh);
  } catch {
    // no network: the sign in the bar says how old this picture is
  }
  asking = false;
}

function draw(fresh) {
  const at = document.activeElement?.closest("#alarms form")?.action;
  layer().replaceWith(fresh);
  window.htmx?.process(fresh);
  if (at) [...fresh.querySelectorAll("form")].find((form) => form.action === at)?.querySelector("button")?.focus({ preventScroll: true });
  show();
  dispatchEvent(new Event("nwd:timed")); // and nothing else of the page was drawn
}

function show() {
  const waiting = Number(layer().dataset.waiting);
  document.title = waiting ? `(${waiting}) ${title}` : title;
  if (bell) bell.querySelector("b").textContent = waiting || "";
  for (const each of layer().querySelectorAll("[data-silence]")) each.hidden = silenced.has(each.dataset.silence);
  remind(waiting);
}

// Where somebody allowed it and looks elsewhere, the system says that something waits, and nothing of whom.
let told = 0;
function remind(waiting) {
  if (waiting > told && document.hidden && window.Notification?.permission === "granted") {
    new Notification(bell.dataset.reminds, { tag: "nwd-alarms" });
  }
  told = waiting;
}

function later() {
  clearTimeout(soon);
  soon = setTimeout(ask, SOON_MS);
}

// A team in danger sounds until a named person acknowledges it, or somebody silences their own screen.
function loud() {
  const open = [...layer().querySelectorAll("[data-loud]")].filter((each) => !silenced.has(each.dataset.alarm));
  if (open.length) dispatchEvent(new CustomEvent("nwd:siren"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-silence]");
  if (!button) return;
  silenced.add(button.dataset.silence);
  localStorage.setItem("silenced", JSON.stringify([...silenced].slice(-MOST_SILENCED)));
  show();
});

bell?.addEventListener("click", (event) => {
  if (window.Notification?.permission === "default") Notification.requestPermission();
  if (layer().classList.contains("page")) return;
  event.preventDefault();
  const open = document.body.classList.toggle("alarms-open");
  bell.setAttribute("aria-expanded", String(open));
  if (open) layer().querySelector(".alarm-list")?.scrollTo(0, 0);
});

if (url && layer()) {
  for (const kind of ["nwd:tone", "nwd:moved"]) addEventListener(kind, later);
  document.body.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "alarms" && show());
  setInterval(ask, AGAIN_MS);
  setInterval(loud, LOUD_MS);
  ask();
}
