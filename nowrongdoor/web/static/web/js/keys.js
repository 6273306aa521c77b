// The keyboard: one key for each action of a page, and of the row that has the focus. On a call's page bare keys only
// answer: what acts there is found in the command bar (Ctrl K), and the next step is Ctrl Enter.
const dialog = document.getElementById("keys");
const list = document.getElementById("keys-list");
const command = document.getElementById("command");
const bare = document.getElementById("keys-bare");
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const rows = () => [...document.querySelectorAll("[data-key-row]:not([hidden])")];
const current = () => document.activeElement?.closest("[data-key-row]");
const onCall = () => Boolean(document.querySelector("[data-only-answers]"));
const off = () => localStorage.getItem("keys") === "off";

function press(element) {
  if (element.matches(TYPING)) {
    element.focus();
    if (element.type === "search") element.select(); // what was looked for last is typed over
    return;
  }
  element.click();
  const details = element.closest("details");
  if (element.matches("summary") && details?.open) details.querySelector("select, input:not([type=hidden])")?.focus();
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

// Without a chosen row, the first press only chooses the first row that can do it; the second acts.
// So does a key that only rows of another list have; another row of the same list is never taken instead.
function actOnRow(key) {
  const name = `[data-row-key="${CSS.escape(key)}"]`;
  const row = current();
  const found = row?.querySelector(name);
  if (found) return press(found), true;
  const first = rows().find((each) => each.parentElement !== row?.parentElement && each.querySelector(name));
  first?.focus();
  return Boolean(first);
}

// What can be done here, by its words and its key: the page's own acts, those of the chosen row, the screens.
function* actions() {
  const seen = new Set();
  for (const each of document.querySelectorAll("main [data-key], .rail [data-key]")) yield [each.dataset.key, each];
  for (const each of (current() ?? document).querySelectorAll("[data-row-key]")) {
    if (seen.has(each.dataset.rowKey)) continue;
    seen.add(each.dataset.rowKey);
    yield [each.dataset.rowKey, each];
  }
}

// The same act where the page that was drawn since has it; nothing is done by what is no longer there.
function still(element) {
  if (element.isConnected) return element;
  const { key, rowKey } = element.dataset;
  const name = key ? `main [data-key="${CSS.escape(key)}"]` : `[data-row-key="${CSS.escape(rowKey)}"]`;
  return (key ? document : current() ?? document).querySelector(name) ?? element;
}

function entry([key, element]) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const label = element.dataset.keyLabel ?? element.textContent.trim().replace(/\s+/g, " ");
  button.append(label, Object.assign(document.createElement("kbd"), { textContent: key }));
  button.addEventListener("click", () => {
    dialog.close();
    press(still(element)); // the page may have been drawn again while the bar was open
  });
  item.dataset.finds = `${key}\n${label.toLowerCase()}`;
  item.append(button);
  return item;
}

function openBar() {
  list.replaceChildren(...[...actions()].map(entry));
  command.value = "";
  bare.checked = !off();
  dialog.showModal();
  command.focus();
}

// A key by itself finds its own action first; anything else finds by words.
function filter() {
  const typed = command.value.trim();
  for (const item of list.children) {
    const [key, label] = item.dataset.finds.split("\n");
    const exact = key === typed;
    item.hidden = Boolean(typed) && !exact && !label.includes(typed.toLowerCase());
    if (exact) list.prepend(item);
  }
}

command?.addEventListener("input", filter);
command?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  [...list.children].find((item) => !item.hidden)?.querySelector("button").click();
});
bare?.addEventListener("change", () => localStorage.setItem("keys", bare.checked ? "on" : "off"));

// The one next step of a page: what a call's head says, or else its filled button that can be seen.
const STEPS = ["#follows .next .first", "#follows .now .first", "#follows [data-copy].first"];
const PRIMARY = [...STEPS, "#follows .first", "main .first"];
const step = () => document.querySelector("#follows [data-does]");

function primary() {
  if (step()) return step();
  const found = (onCall() ? STEPS : PRIMARY).map((each) => [...document.querySelectorAll(each)].find((one) => one.checkVisibility()));
  return found.find(Boolean);
}

// What was just answered may change the next step: it is done once the page says which it is, and only if it is still
// the one that was read.
const WAITS_MS = 5000; // and what was pressed is not done any more
let wanted = null;
function doStep() {
  const read = primary()?.textContent;
  if (document.body.dataset.asking) wanted = { read, until: performance.now() + WAITS_MS };
  else primary()?.click();
}
addEventListener("nwd:drawn", (event) => {
  if (wanted === null || event.detail || document.body.dataset.asking) return;
  const { read, until } = wanted;
  wanted = null;
  if (performance.now() < until && primary()?.textContent === read) primary().click();
  else document.getElementById("notice").textContent = document.getElementById("words").dataset.stepChanged;
});
// The button of a step does what the act's own button on the page does.
document.addEventListener("click", (event) => {
  const key = event.target.closest?.("[data-does]")?.dataset.does;
  const found = key && document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
  if (found) press(found);
});

function combined(event) {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) return openBar(), true;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
  const form = event.target.matches?.("textarea") && event.target.form;
  if (form) form.requestSubmit();
  else doStep();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (dialog?.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (combined(event)) event.preventDefault();
    return;
  }
  if (event.key === "Escape") {
    const details = document.activeElement?.closest("details[open]");
    const row = current();
    if (details) details.open = false;
    if (row) row.focus();
    else document.activeElement?.blur();
    return;
  }
  if (event.target.matches?.(TYPING)) return;
  if (act(event)) event.preventDefault();
});

function act(event) {
  const { key } = event;
  if (key === "?") return openBar(), true;
  if (key === "/" && !document.querySelector('[data-key="/"]')) return openBar(), true;
  if (key.startsWith("Arrow") && event.target.matches?.("input")) return false; // a choice among radios
  if (key === "ArrowDown" || (key === "j" && rows().length)) return move(1);
  if (key === "ArrowUp" || (key === "k" && rows().length)) return move(-1);
  if (key === "Enter" && document.activeElement?.matches("[data-key-row]")) {
    document.activeElement.querySelector("[data-row-open]")?.click();
    return true;
  }
  if (key.length !== 1 || key === " " || off() || onCall()) return false;
  if (actOnRow(key)) return true;
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (found) press(found);
  return Boolean(found);
}
