// The live board: rows come and go as things happen; the dot says how old the picture is.
import * as acts from "./acts.js";
import { now } from "./times.js";
import * as view from "./view.js";

const live = document.getElementById("live");
const STALE_MS = Number(document.body.dataset.staleS) * 1000;
const AGAIN_MS = 2000;
const FETCH_MS = 10_000;
const TOAST_MS = 12_000;
const WAITS_MS = 2000; // and a page is asked for again: never older than 3 s
const LEFT_OF_MOST = 0.95;
const EVENTS = ["row", "gone", "fresh", "units", "shared", "tone", "bye", "beat"];
const PLACED = new Set(["row", "gone"]);
const AT_ONCE = new Set(["tone", "bye"]);
let pictureAt = performance.now(); // everything that happened until then is on this screen
let drawn = seqOf(); // the position at which what is on this page was drawn
let held = null; // what was told while the whole board is asked for again: it may be newer than the answer
let behind = false; // the server did not answer when it was asked for what is new

function board() {
  return document.querySelector("table[data-board]");
}

function seqOf() {
  return Number(document.querySelector("[data-live-seq]")?.dataset.liveSeq ?? 0);
}

// One stream for all tabs of this desk (stream.js); where a browser has no shared worker, one a tab.
function connect() {
  const { liveUrl, live: name, stream, member, position } = document.body.dataset;
  const url = `${new URL(liveUrl, location)}?board=${name}`;
  if (!window.SharedWorker) return listen(url);
  const desk = [member, position, document.documentElement.lang, name].join(" ");
  const { port } = new SharedWorker(stream, { name: desk });
  port.onmessage = ({ data }) => receive(data.event, data.data);
  port.postMessage({ join: url, after: drawn });
  addEventListener("pagehide", () => port.postMessage({ leave: true }));
}

function listen(url) {
  const source = new EventSource(`${url}&after=${drawn}`);
  for (const event of EVENTS) source.addEventListener(event, (got) => receive(event, got.data));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    react.lost();
    setTimeout(() => listen(url), AGAIN_MS);
  };
}

// A row says its own position; the event's id says up to where everything was told, and is the stream's alone.
// Whatever else is said, a tone or a sign of life, is for whoever looks now.
function receive(event, data) {
  if (held && !AT_ONCE.has(event)) return void held.push([event, data]);
  const said = JSON.parse(data);
  if (PLACED.has(event) && said.seq <= drawn) return; // the page was drawn after that
  react[event](said);
  if (!AT_ONCE.has(event) && event !== "beat") dispatchEvent(new Event("nwd:moved"));
  show();
}

const react = {
  row(data) {
    put(data);
    follow(data.key);
  },
  gone(data) {
    remove(data.key);
    follow(data.key);
  },
  fresh() {
    refresh();
    follow();
  },
  units: () => follow("all"),
  shared: () => follow("shared"),
  tone: sound,
  // The stream was refused. Where this page would be too (locked, signed out), go where it leads.
  async lost() {
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (page?.type === "opaqueredirect") location.reload();
  },
  bye: () => location.assign(`${document.body.dataset.signedOut}?next=${encodeURIComponent(location.pathname)}`),
  beat(data) {
    if (data.lag_ms >= 0 && !behind) pictureAt = performance.now() - data.lag_ms;
    dispatchEvent(new CustomEvent("nwd:beat", { detail: data }));
  },
};

function show() {
  const age = performance.now() - pictureAt;
  const stale = age > STALE_MS;
  const text = stale ? `${live.dataset.staleWord} ${Math.round(age / 1000)} s` : live.dataset.liveWord;
  if (live.textContent !== text) live.textContent = text;
  live.classList.toggle("stale", stale);
  document.body.classList.toggle("stale-board", stale);
  dispatchEvent(new CustomEvent("nwd:pictured", { detail: { age, stale } }));
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
  const focused = old && old === document.activeElement;
  if (old?.contains(document.activeElement)) dispatchEvent(new CustomEvent("nwd:leaving", { detail: old }));
  dress(row, old && acts.isOpen(old) && (old.matches(":hover, :focus-within") || old.querySelector("details[open]")));
  if (old) keep(old, row);
  if (old && view.samePlace(old, row)) old.replaceWith(row);
  else {
    old?.remove(); // its level is another, or what it is sorted by: so is its place
    view.insert(table.tBodies[0], row);
  }
  if (focused) row.focus({ preventScroll: true });
  window.htmx?.process(row);
  settle(row);
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
  const row = document.getElementById(`row-${key}`);
  row?.remove();
  const table = board();
  if (!table) return;
  settle(row);
  // Of more than a page holds: whoever comes up where others left is there before many places are empty.
  if (table.tBodies[0].rows.length < LEFT_OF_MOST * Number(table.dataset.most ?? 0)) refresh();
}

// A page about one episode, or about all of mine, draws itself again, whatever is open or typed: what is open
// stays open, what is typed is put back (drafts.js), the focus too (focus.js). So what it says is never old.
let again = null;
let wanted = null; // since when
let drawing = false; // one page is asked for at a time: an older one must not come after a newer one
let ownActs = 0; // how often somebody's own act has drawn this page
function follow(key) {
  const part = document.getElementById("follows");
  if (!part || (key && ![key, "all"].includes(part.dataset.follows))) return;
  redrawIn(100);
}

function redrawIn(ms) {
  wanted ??= performance.now();
  clearTimeout(again);
  again = setTimeout(redraw, ms);
}

const follows = () => document.getElementById("follows");

// What ends at a time that is known is told by no one: a page that says until when it is good asks again then.
function outlived() {
  const until = follows()?.querySelector("[data-good-until]")?.dataset.goodUntil;
  if (until && wanted === null && Date.parse(until) <= now()) redrawIn(0);
}

// For a moment nothing is drawn: an answer or a form is on its way, a button is held, a character is being composed;
// a list that is open would close, and is waited for, but not for long.
let composing = false;
for (const kind of ["compositionstart", "compositionend"]) addEventListener(kind, () => (composing = kind === "compositionstart"), true);

function underHand() {
  if (document.body.dataset.asking || follows().querySelector("[aria-busy=true], .held")) return true;
  const choosing = composing || (follows().contains(document.activeElement) && document.activeElement.matches("select"));
  return choosing && performance.now() - wanted < WAITS_MS;
}

async function redraw() {
  if (!follows()) return; // a form's answer stands here now
  if (drawing) return redrawIn(100);
  if (underHand()) return redrawIn(200);
  drawing = true;
  const before = ownActs;
  const page = await fetchPage(location.href);
  drawing = false;
  if (!page) return redrawIn(AGAIN_MS);
  if (!follows()) return;
  if (ownActs !== before) return redrawIn(100); // it was asked for before that act: it may not know of it
  if (underHand()) return redrawIn(200);
  wanted = null;
  keepAnswers(page);
  dispatchEvent(new Event("nwd:leaving"));
  for (const id of ["follows", "rail"]) document.getElementById(id)?.replaceWith(page.getElementById(id));
  window.htmx?.process(follows());
  drawn = seqOf();
  dispatchEvent(new Event("nwd:drawn"));
}

// The page behind an address, or nothing where the server did not answer: it is asked again, and the dot
// says how old the picture is. What may not be seen any more, or leads elsewhere (locked), takes the screen there.
async function fetchPage(url, headers = {}) {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(FETCH_MS) });
    if (answer.redirected || [403, 404].includes(answer.status)) return void location.reload();
    const text = await answer.text();
    behind = !answer.ok;
    return answer.ok ? new DOMParser().parseFromString(text, "text/html") : null;
  } catch {
    behind = true; // no network, or too late
  }
}

// Answers that are on their way, or newer than the page that was fetched, stay as they are.
function keepAnswers(page) {
  const mine = document.getElementById("screen");
  const theirs = page.getElementById("screen");
  if (!mine || !theirs) return;
  const newer = Number(mine.dataset.step) > Number(theirs.dataset.step);
  if (newer || document.body.dataset.asking) theirs.replaceWith(document.adoptNode(mine));
}

async function refresh() {
  if (!board()) return;
  held ??= [];
  const page = await fetchPage(board().dataset.refresh, { "HX-Request": "true" });
  if (!page) return void setTimeout(refresh, AGAIN_MS);
  board().replaceWith(page.querySelector("table"));
  drawn = seqOf();
  dressAll();
  settle();
  const told = held;
  held = null;
  for (const each of told) receive(...each);
}

// A row is drawn once for many: which are mine, and which this view shows, is said here. `shown`: with what may be done.
function dress(row, shown = row.contains(document.activeElement)) {
  const { holderMember, offerMember } = row.dataset;
  row.classList.toggle("mine", holderMember === document.body.dataset.member && holderMember !== "");
  const waiting = row.querySelector("template.acts");
  const answer = (waiting?.content ?? row).querySelector("[data-answer]");
  if (answer) {
    answer.hidden = offerMember && offerMember !== document.body.dataset.member && !document.body.dataset.supervises;
    answer.parentElement?.classList.toggle("answers", !answer.hidden);
    waiting?.classList.toggle("answers", !answer.hidden);
  }
  acts.dress(row, shown || (answer && !answer.hidden));
  view.dress(row);
}

function dressAll() {
  for (const row of board().tBodies[0].rows) dress(row);
  view.begin();
  window.htmx?.process(board());
}

// `row`: the one that was drawn; without it, all were. Each row is looked at once, and no more of the page is searched.
function settle(row) {
  const counts = {};
  let relieved = 0;
  for (const each of board().tBodies[0].rows) {
    for (const name of each.getAttribute("data-shows").split(" ")) counts[name] = (counts[name] ?? 0) + 1;
    if (each.dataset.relief && each.dataset.offerMember === document.body.dataset.member) relieved += 1;
  }
  for (const count of document.querySelector(".tabs")?.querySelectorAll("[data-count]") ?? []) {
    count.textContent = counts[count.dataset.count] ?? 0;
  }
  const waits = document.getElementById("rail")?.querySelector('[data-waits="r"]');
  if (waits) waits.textContent = relieved || "";
  view.settle();
  dispatchEvent(new CustomEvent("nwd:drawn", { detail: row }));
}

// Offers, silence and refusals sound by default; everything, or nothing, where somebody chose so.
function sound(data) {
  toast(data.kind);
  dispatchEvent(new CustomEvent("nwd:tone", { detail: data }));
  const chosen = localStorage.getItem("sound") ?? "urgent";
  if (chosen === "off" || (chosen === "urgent" && data.tier !== "interrupt")) return;
  if (data.tier === "interrupt") beep(880, 0, 0.6);
  else beep(523, 0, 0.2);
}

let audio = null;
function beep(hertz, after, seconds) {
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.value = 0.15;
  tone.connect(volume).connect(audio.destination);
  tone.start(audio.currentTime + after);
  tone.stop(audio.currentTime + after + seconds);
}

// Two tones, like nothing else here, also where all else is muted; *Silence here* ends them on this screen.
addEventListener("nwd:siren", () => {
  beep(1175, 0, 0.35);
  beep(784, 0.4, 0.35);
});

// What sounds is said in words that can be seen, for whoever does not hear it.
let toasted = null;
function toast(kind) {
  const told = document.getElementById("tones");
  told.textContent = "";
  told.textContent = told.dataset[kind] ?? "";
  clearTimeout(toasted);
  toasted = setTimeout(() => (told.textContent = ""), TOAST_MS);
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  ownActs += 1;
  if (event.detail.target.id === "main" && board()) dressAll();
  const row = document.getElementById(event.detail.target.id);
  if (!row?.matches("tr[data-key-row]")) return;
  if (board()?.contains(row)) {
    dress(row);
    settle(row);
  }
  row.focus();
});

if (live && document.body.dataset.live) {
  if (board()) dressAll();
  connect();
  addEventListener("beforeprint", show);
  setInterval(show, 500);
  setInterval(outlived, 250);
}
