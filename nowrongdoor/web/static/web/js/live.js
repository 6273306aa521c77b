// The live board: rows come and go as things happen; the dot says how old the picture is.
const live = document.getElementById("live");
const words = document.getElementById("words")?.dataset ?? {};
const STALE_MS = 3000;
const AGAIN_MS = 2000;
let heardAt = performance.now();
let lag = 0;
let source = null;
let seq = Number(board()?.dataset.liveSeq ?? document.body.dataset.liveSeq ?? 0);

function board() {
  return document.querySelector("table[data-board]");
}

function connect() {
  const url = new URL(document.body.dataset.liveUrl, location);
  url.search = new URLSearchParams({ board: document.body.dataset.live, after: seq });
  source = new EventSource(url);
  const on = (name, react) => source.addEventListener(name, (event) => {
    heardAt = performance.now();
    if (event.lastEventId) seq = Number(event.lastEventId);
    react(JSON.parse(event.data));
    show();
  });
  on("row", put);
  on("gone", (data) => remove(data.key));
  on("fresh", refresh);
  on("tone", sound);
  on("bye", () => { source.close(); location.assign(document.body.dataset.signedOut); });
  on("beat", (data) => {
    lag = data.lag_ms;
    dispatchEvent(new CustomEvent("nwd:beat", { detail: data }));
  });
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
  };
}

function show() {
  const age = Math.max(performance.now() - heardAt, lag);
  const stale = age > STALE_MS || lag < 0;
  const text = stale ? `${live.dataset.staleWord} ${Math.round(age / 1000)} s` : live.dataset.liveWord;
  if (live.textContent !== text) live.textContent = text;
  live.classList.toggle("stale", stale);
  document.body.classList.toggle("stale-board", stale);
}

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

function put(data) {
  const table = board();
  if (!table || table.dataset.board !== data.board) return;
  const row = element(data.html);
  const old = document.getElementById(row.id);
  if (old) {
    keep(old, row);
    const focused = old === document.activeElement;
    old.replaceWith(row);
    if (focused) row.focus();
  } else {
    const body = table.tBodies[0];
    body.insertBefore(row, [...body.rows].find((each) => each.dataset.sort > data.sort) ?? null);
  }
  dress(row);
  settle();
}

// What somebody has opened and is choosing in a row stays open and chosen.
function keep(old, row) {
  for (const open of old.querySelectorAll("details[open]")) {
    const key = open.querySelector("summary").dataset.rowKey;
    const same = row.querySelector(`summary[data-row-key="${key}"]`)?.parentElement;
    if (same) same.replaceWith(open);
  }
}

function remove(key) {
  document.getElementById(`row-${key}`)?.remove();
  settle();
}

async function refresh() {
  const table = board();
  if (!table) return;
  const answer = await fetch(table.dataset.refresh, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const fresh = element(`<div>${await answer.text()}</div>`);
  table.replaceWith(fresh.querySelector("table"));
  [...board().tBodies[0].rows].forEach(dress);
  settle();
}

// A row is drawn once for many: which are mine, and which this view shows, is said here.
function dress(row) {
  row.classList.toggle("mine", row.dataset.holderMember === document.body.dataset.member && row.dataset.holderMember !== "");
  row.hidden = !row.dataset.shows.split(" ").includes(board().dataset.show);
  window.htmx?.process(row);
}

function settle() {
  const rows = [...board().tBodies[0].rows];
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = rows.filter((row) => row.dataset.shows.split(" ").includes(count.dataset.count)).length;
  }
  const empty = document.getElementById("board-empty");
  if (empty) empty.hidden = rows.some((row) => !row.hidden);
  dispatchEvent(new Event("nwd:drawn"));
}

function sound(data) {
  const told = document.getElementById("tones");
  told.textContent = "";
  told.textContent = told.dataset[data.kind.split(".")[1]] ?? "";
  if (localStorage.getItem("sound") !== "on") return;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = data.tier === "interrupt" ? 880 : 523;
  volume.gain.value = 0.15;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + (data.tier === "interrupt" ? 0.6 : 0.2));
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  const row = document.getElementById(event.detail.target.id);
  if (!row?.matches("tr[data-key-row]")) return;
  dress(row);
  settle();
  row.focus();
});

if (live && document.body.dataset.live) {
  if (board()) [...board().tBodies[0].rows].forEach(dress);
  connect();
  setInterval(show, 500);
}
