// What of a board is shown, and in which order. Kept in this tab, and by name in this browser, as a cipher (kept.js):
// never sent, so no address and no log of the server says what somebody looks for. What is urgent is not hidden silently.
import * as kept from "./kept.js";
import { now } from "./times.js";

const bar = () => document.getElementById("filters");
const { member } = document.body.dataset;
const PLAIN = { by: "level", down: true, mine: true, level: "", zone: "", type: "", owner: "", ownerName: "", overdue: false };
const LEVELS = ["E", "4", "3B", "3A", "2", "1", "X", "none", "hidden"];
const words = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const cell = (row, name) => row.querySelector(`.l-${name}`)?.textContent.replace(/\s+/g, " ").trim() ?? "";
const moment = (row, name) => Date.parse(row.querySelector(`time[data-${name}]`)?.dateTime ?? "");

// By what a column puts its rows in order. `down`: the order of its first press, from the most; `null` stands last.
const COLUMNS = {
  level: { down: true, of: (row) => row.dataset.sort, less: true },
  number: { of: (row) => cell(row, "number") },
  type: { of: (row) => row.dataset.type },
  place: { of: (row) => row.querySelector(".l-place bdi")?.textContent || row.dataset.zone || null },
  owner: { of: (row) => row.querySelector(".l-owner strong")?.textContent || row.dataset.program },
  since: { down: true, of: (row) => moment(row, "age"), less: true },
  to: { of: (row) => cell(row, "to") || null },
  due: { of: dueOf },
  units: { of: (row) => cell(row, "units") || null },
};
const FITS = {
  level: (row) => row.dataset.level === view.level,
  zone: (row) => row.dataset.zone === view.zone,
  type: (row) => row.dataset.type === view.type,
  owner: (row) => ownersOf(row).includes(view.owner),
  overdue: late,
};
let view = PLAIN;
let revealed = false; // what is urgent is shown, whatever the filters say
let keys = new WeakMap(); // by what each row stands where it stands
const known = { zone: new Map(), type: new Map(), owner: new Map() };
let more = false; // something else can be chosen

const table = () => document.querySelector("table[data-board]");
const body = () => table().tBodies[0];
const filtered = () => Object.keys(FITS).filter((name) => view[name]);

// When the next thing of a row is due; null where nothing is.
function dueOf(row) {
  return moment(row, "due") || null;
}

function late(row) {
  const due = keyOf(row).due;
  return due !== null && due < now();
}

function ownersOf(row) {
  const { holderMember, program } = row.dataset;
  const mine = holderMember && holderMember === member ? ["me"] : [];
  return [...mine, `program ${program}`, `member ${holderMember}`];
}

function keyOf(row) {
  if (!keys.has(row)) {
    const first = [row.dataset.duress ? 0 : 1, view.mine && ownersOf(row)[0] === "me" ? 0 : 1];
    keys.set(row, { first, by: COLUMNS[view.by].of(row), due: dueOf(row), sort: row.dataset.sort });
  }
  return keys.get(row);
}

function differ(one, two) {
  return typeof one === "number" ? one - two : view.by === "level" ? (one < two ? -1 : Number(one > two)) : words.compare(one, two);
}

// A team in danger first, then mine, then by the column; of equals, as the server has them.
function compare(one, two) {
  const [a, b] = [keyOf(one), keyOf(two)];
  const pinned = a.first[0] - b.first[0] || a.first[1] - b.first[1];
  if (pinned) return pinned;
  if ((a.by === null) !== (b.by === null)) return a.by === null ? 1 : -1;
  const way = Boolean(COLUMNS[view.by].less) === view.down ? 1 : -1;
  return (a.by === null ? 0 : way * differ(a.by, b.by)) || (a.sort < b.sort ? -1 : Number(a.sort > b.sort));
}

export function samePlace(old, row) {
  return compare(old, row) === 0;
}

export function insert(rows, row) {
  const all = [...rows.rows];
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(all[middle], row) > 0) high = middle;
    else low = middle + 1;
  }
  rows.insertBefore(row, all[low] ?? null);
}

const inTab = (row) => row.dataset.shows.split(" ").includes(table().dataset.show);
const urgent = (row) => Boolean(row.dataset.urgent) || late(row);

function fits(row) {
  return (inTab(row) && filtered().every((name) => FITS[name](row))) || (revealed && urgent(row));
}

export function dress(row) {
  row.hidden = !fits(row);
  if (bar()) learn(row);
}

// What can be chosen is what has been on this board since it was opened.
function learn(row) {
  const { zone, type, program, holderMember } = row.dataset;
  const name = holderMember && row.querySelector(".l-owner strong")?.textContent;
  const said = [["zone", zone, zone], ["type", type, type], ["owner", `program ${program}`, program]];
  if (name) said.push(["owner", `member ${holderMember}`, name]);
  for (const [filter, value, text] of said) {
    if (!value || known[filter].has(value)) continue;
    known[filter].set(value, text);
    more = true;
  }
}

function offer() {
  more = false;
  const sorted = (pairs) => pairs.sort(([, a], [, b]) => words.compare(a, b));
  const owners = (kind) => sorted([...known.owner].filter(([value]) => value.startsWith(kind)));
  choose("level", LEVELS.map((each) => [each, bar().dataset[each] ?? each]));
  choose("zone", sorted([...known.zone]));
  choose("type", sorted([...known.type]));
  choose("owner", [...owners("program "), ...owners("member ")]);
}

// What is chosen stays in the list, also where no row has it now.
function choose(name, pairs) {
  const select = bar().querySelector(`select[data-filter=${name}]`);
  const chosen = view[name];
  for (const each of [...select.options].filter((one) => one.dataset.learned)) each.remove();
  const there = pairs.some(([value]) => value === chosen) || ["", "me"].includes(chosen);
  for (const [value, text] of there ? pairs : [...pairs, [chosen, name === "owner" ? view.ownerName : chosen]]) {
    const option = new Option(text, value);
    option.dataset.learned = "yes";
    select.append(option);
  }
  select.value = chosen;
}

// All rows, each where it belongs; the focus stays where it is.
export function arrange() {
  const rows = [...body().rows];
  const sorted = [...rows].sort(compare);
  const at = document.activeElement;
  if (sorted.some((row, n) => row !== rows[n])) body().append(...sorted);
  for (const row of rows) row.hidden = !fits(row);
  if (at !== document.activeElement && at?.isConnected) at.focus({ preventScroll: true });
  if (!bar()) return;
  for (const head of table().querySelectorAll("th[data-by]")) {
    if (head.dataset.by === view.by) head.setAttribute("aria-sort", view.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

// What the bar says: how many are shown, and what is urgent and is not.
export function settle() {
  let [all, shown, hidden] = [0, 0, 0];
  for (const row of body().rows) {
    all += 1;
    if (!row.hidden) shown += 1;
    else if (urgent(row)) hidden += 1;
  }
  const empty = document.getElementById("board-empty");
  if (empty) empty.hidden = shown > 0;
  if (empty && all && empty.dataset.filtered) empty.textContent = empty.dataset.filtered;
  if (!bar()) return;
  if (more) offer();
  const told = bar().querySelector("#urgent-hidden");
  const text = hidden === 1 ? told.dataset.one : told.dataset.many.replace("{count}", hidden);
  if (told.hidden !== !hidden) told.hidden = !hidden;
  if (hidden && told.querySelector("span").textContent !== text) told.querySelector("span").textContent = text;
  const count = filtered().length ? bar().dataset.shown.replace("{shown}", shown).replace("{all}", all) : "";
  const says = bar().querySelector("#filters-count");
  if (says.textContent !== count) says.textContent = count;
  bar().querySelector("#filters-clear").hidden = !filtered().length;
}

function change(wanted) {
  view = { ...view, ...wanted };
  keys = new WeakMap();
  revealed = false;
  kept.set("view", { view });
  draw();
}

function draw() {
  for (const each of bar().querySelectorAll("[data-filter]")) {
    if (each.type === "checkbox") each.checked = view[each.dataset.filter];
    each.classList.toggle("chosen", Boolean(view[each.dataset.filter]));
  }
  bar().querySelector("#mine-first").checked = view.mine;
  bar().querySelector("#sort-by").value = view.by;
  offer();
  arrange();
  settle();
}

function sortBy(by) {
  change({ by, down: view.by === by ? !view.down : Boolean(COLUMNS[by].down) });
}

function list() {
  const all = bar().querySelector("#views-list");
  const button = (textContent, name) => Object.assign(document.createElement("button"), { type: "button", textContent, name });
  all.replaceChildren(...[...kept.named.keys()].sort(words.compare).map((name) => {
    const item = document.createElement("li");
    const [use, leave] = [button(name, "use"), button(all.dataset.delete, "leave")];
    leave.setAttribute("aria-label", `${all.dataset.delete}: ${name}`);
    use.addEventListener("click", () => {
      change({ ...PLAIN, ...kept.named.get(name) });
      bar().querySelector("#views").open = false;
    });
    leave.addEventListener("click", () => {
      kept.named.delete(name);
      kept.keepNamed();
      list();
    });
    item.append(use, leave);
    return item;
  }));
}

function save() {
  const typed = bar().querySelector("#view-name");
  const name = typed.value.trim();
  if (!name) return typed.focus();
  kept.named.set(name, view);
  kept.keepNamed();
  typed.value = "";
  list();
}

function reveal() {
  revealed = true;
  arrange();
  settle();
  [...body().rows].find((row) => !row.hidden && urgent(row))?.focus();
}

function start() {
  view = { ...PLAIN, ...kept.get("view")?.view };
  if (!COLUMNS[view.by]) view = PLAIN;
  const heads = [...table().querySelectorAll("th[data-by]")];
  const options = heads.map((head) => new Option(head.querySelector("button").title, head.dataset.by));
  bar().querySelector("#sort-by").replaceChildren(...options);
  list();
  draw();
}

const PRESSED = {
  "filters-clear": () => change({ ...PLAIN, by: view.by, down: view.down, mine: view.mine }),
  "urgent-show": reveal,
  "view-save": save,
  "filters-open": (button) => button.setAttribute("aria-expanded", String(bar().classList.toggle("open"))),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("#filters button, th[data-by] button");
  if (!button) return;
  const { by } = button.parentElement.dataset;
  if (by) sortBy(by);
  else PRESSED[button.id]?.(button);
});

document.addEventListener("change", ({ target }) => {
  if (!target.closest("#filters")) return;
  const { filter } = target.dataset;
  const ownerName = filter === "owner" && target.value ? target.selectedOptions[0].text : view.ownerName;
  if (filter) change({ ownerName, [filter]: target.type === "checkbox" ? target.checked : target.value });
  if (target.id === "mine-first") change({ mine: target.checked });
  if (target.id === "sort-by") change({ by: target.value, down: Boolean(COLUMNS[target.value].down) });
});

document.addEventListener("keydown", (event) => {
  if (event.target.id === "view-name" && event.key === "Enter") save();
});

// What has become overdue meanwhile is shown where that is asked for, and not hidden silently.
function again() {
  if (!bar() || !table() || (table().dataset.show === "all" && !filtered().length)) return;
  for (const row of body().rows) {
    const hidden = !fits(row);
    if (row.hidden !== hidden) row.hidden = hidden;
  }
  settle();
}

setInterval(again, 1000);
export function begin() {
  if (bar() && table()) start();
}
