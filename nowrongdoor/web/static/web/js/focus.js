// Whenever the page draws itself again, the focus goes back to the same control, by a rule and not by a list:
// its id, its key, or what it is and says, counted within its form or its row.
import { drawnIn, nameOf } from "./fields.js";

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
let left = null; // where the focus was, and what stood open around what is not sent yet

function says(element) {
  if (element.name) return `${element.name} ${element.matches("[type=checkbox], [type=radio], button") ? element.value : ""}`;
  return element.getAttribute("href") ?? element.textContent.trim().split(/[:\d]/)[0].replace(/\s+/g, " ");
}

function identify(element) {
  if (element.id) return `#${element.id}`;
  const form = element.form ?? element.closest("form");
  const within = [element.closest("[data-key-row]")?.dataset.keyRow, form?.method === "post" && nameOf(form)];
  return [...within, element.tagName, element.dataset.key ?? element.dataset.rowKey ?? says(element)].join(" ");
}

// Each control by its name; of several alike, the first, the second.
function controls(within) {
  const found = new Map();
  const alike = new Map();
  for (const element of within.querySelectorAll(FOCUSABLE)) {
    const name = identify(element);
    alike.set(name, (alike.get(name) ?? 0) + 1);
    found.set(`${name} ${alike.get(name)}`, element);
  }
  return found;
}

// When somebody else's act draws the page, all that is open stays open; after one's own, what is not sent yet.
function leave(event) {
  const { type } = event;
  const at = document.activeElement;
  const all = [...controls(drawnIn(event))];
  const stays = (details) => details.open && (type === "nwd:leaving" || details.querySelector("[data-says]"));
  left = {
    at: all.find(([, each]) => each === at)?.[0],
    caret: at?.selectionStart == null ? null : [at.selectionStart, at.selectionEnd],
    open: all.filter(([, each]) => each.matches("summary") && stays(each.parentElement)).map(([name]) => name),
  };
}

function comeBack(event) {
  if (!left) return;
  const { at, caret, open } = left;
  left = null;
  if (document.activeElement !== document.body && !open.length) return; // it never left, or was led to what is wrong
  const all = controls(drawnIn(event));
  for (const name of open) all.get(name)?.parentElement.setAttribute("open", "");
  if (document.activeElement !== document.body) return;
  const found = all.get(at);
  found?.focus({ preventScroll: true });
  if (caret && found?.selectionStart != null) found.setSelectionRange(...caret);
}

addEventListener("nwd:leaving", leave);
addEventListener("nwd:drawn", comeBack);
document.body.addEventListener("htmx:beforeSwap", leave);
document.body.addEventListener("htmx:afterSwap", comeBack);
