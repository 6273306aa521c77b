// The keyboard: one key for each action of a page, and of the row that has the focus.
const dialog = document.getElementById("keys");
const list = document.getElementById("keys-list");
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const rows = () => [...document.querySelectorAll("[data-key-row]:not([hidden])")];
const current = () => document.activeElement?.closest("[data-key-row]");

function press(element) {
  if (element.matches(TYPING)) return element.focus();
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

function showKeys() {
  const found = new Map();
  for (const each of document.querySelectorAll("[data-key], [data-row-key]")) {
    found.set(each.dataset.key ?? each.dataset.rowKey, each.dataset.keyLabel ?? each.textContent.trim());
  }
  list.replaceChildren(...[...found].flatMap(([key, label]) => {
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    dd.textContent = label;
    return [dt, dd];
  }));
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && event.target.matches?.("textarea")) return event.target.form?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
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
  if (key === "?") return showKeys(), true;
  if (key.startsWith("Arrow") && event.target.matches?.("input")) return false; // a choice among radios
  if (key === "ArrowDown" || (key === "j" && rows().length)) return move(1);
  if (key === "ArrowUp" || (key === "k" && rows().length)) return move(-1);
  if (key === "Enter" && document.activeElement?.matches("[data-key-row]")) {
    document.activeElement.querySelector("[data-row-open]")?.click();
    return true;
  }
  if (key.length !== 1 || key === " ") return false;
  if (actOnRow(key)) return true;
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (found) press(found);
  return Boolean(found);
}
