// The frame of every page: theme, sound, printing, idle lock.
const themeButton = document.getElementById("theme");
const soundButton = document.getElementById("sound");
const dark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

function nameTheme() {
  themeButton.textContent = isDark() ? themeButton.dataset.light : themeButton.dataset.dark;
}

themeButton?.addEventListener("click", () => {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
  nameTheme();
});
if (themeButton) nameTheme();

const SOUNDS = ["urgent", "all", "off"];

function soundNow() {
  return localStorage.getItem("sound") ?? SOUNDS[0];
}

function nameSound() {
  soundButton.textContent = soundButton.dataset[soundNow()];
}

soundButton?.addEventListener("click", () => {
  localStorage.setItem("sound", SOUNDS[(SOUNDS.indexOf(soundNow()) + 1) % SOUNDS.length]);
  nameSound();
});
if (soundButton) nameSound();

// On a phone the bar at the bottom opens to all screens; the menu of the profile closes where somebody goes on elsewhere.
const profile = document.querySelector(".profile");
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
  if (profile?.open && !profile.contains(event.target)) profile.open = false;
  const more = event.target.closest?.("#more");
  if (!more) return;
  const opened = more.closest(".rail").classList.toggle("opened");
  more.setAttribute("aria-expanded", String(opened));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && profile?.open) profile.open = false;
});

// A text area grows with what is in it, also where the browser does not do that by itself.
function grow() {
  for (const area of document.querySelectorAll("textarea")) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
}
if (!CSS.supports("field-sizing", "content")) {
  for (const kind of ["input", "nwd:drawn", "htmx:afterSwap"]) addEventListener(kind, grow, true);
  grow();
}

// An idle desk locks: whoever acts in one of its tabs is at it. The server refuses while somebody is held; then it
// is asked again later. Unlocked, each tab is back on its page, with what was typed there (drafts.js).
const idleMs = Number(document.body.dataset.idleS || 0) * 1000;
let lastActed = 0;

function acted() {
  if (Date.now() - lastActed < 1000) return;
  lastActed = Date.now();
  localStorage.setItem("acted", String(lastActed));
}
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, acted, true);
acted();

async function lockIfIdle() {
  if (Date.now() - Math.max(lastActed, Number(localStorage.getItem("acted"))) < idleMs) return;
  acted();
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const answer = await fetch(document.body.dataset.lock, { method: "POST", headers });
  if (answer.ok) location.reload();
}
if (idleMs) setInterval(() => lockIfIdle().catch(() => {}), 5000);
