// Sending: each form carries a key of its own, so that a double click or a lost answer acts once. What got no
// answer keeps its key: text goes again by itself with it; whatever moves or sends somebody waits to be pressed.
import { addressOf, dirty, drawnIn, savesItself, typedIn, words } from "./fields.js";
import * as kept from "./kept.js";

const AGAIN_MS = 3000;
const asked = new WeakMap(); // what a form asked last, and by which key

function say(text) {
  const notice = document.getElementById("notice");
  if (notice) notice.textContent = text;
}

// What a form asks, without what each drawing makes anew.
function question(form, data = new FormData(form)) {
  const typed = [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  return JSON.stringify([addressOf(form), ...typed.map(String).sort()]);
}

const keptKey = (said) => kept.get(`sent ${said}`)?.key;

// The same question has the same key until it is answered, also on a form that was drawn again.
function keyFor(form, said) {
  const before = asked.get(form);
  const key = keptKey(said) ?? (before?.said === said ? before.key : crypto.randomUUID());
  asked.set(form, { said, key });
  return key;
}

function fail(form) {
  const { said, key } = asked.get(form);
  kept.set(`sent ${said}`, { key });
  markFailed();
}

function settle(form) {
  const said = asked.get(form)?.said;
  asked.delete(form);
  kept.drop(`sent ${said}`);
  form.querySelector(":scope > .unsent")?.remove();
}

// What a form would ask: by itself, or by any of its buttons that say something.
function* questions(form) {
  yield question(form);
  for (const { name, value } of form.querySelectorAll("button[name]")) {
    const data = new FormData(form);
    data.append(name, value);
    yield question(form, data);
  }
}

// A form that was sent in vain says so, however often it is drawn again.
function markFailed(event) {
  for (const form of drawnIn(event).querySelectorAll("form[method=post]:not([data-again])")) {
    const said = [...questions(form)].find(keptKey);
    if (said && !form.querySelector(":scope > .unsent")) form.append(inVain(form, said));
  }
}

function inVain(form, said) {
  const note = Object.assign(document.createElement("p"), { className: "unsent", textContent: `${words.asks} ` });
  const leave = Object.assign(document.createElement("button"), { type: "button", textContent: words.leave });
  leave.addEventListener("click", () => {
    kept.drop(`sent ${said}`);
    form.dispatchEvent(new Event("nwd:left", { bubbles: true }));
    note.remove();
  });
  note.append(leave);
  return note;
}

function tryAgain() {
  for (const form of document.querySelectorAll("form[data-again]")) {
    const waits = navigator.onLine && keptKey(question(form)) && !form.querySelector("[aria-busy=true]");
    if (waits) window.htmx.trigger(form, "submit");
  }
}

// A form of a whole page is sent like every other: refused where it stands, and led on where it was done.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post" || form.hasAttribute("hx-post") || !window.htmx) return;
  event.preventDefault();
  if (form.querySelector("[aria-busy=true]")) return; // pressed twice
  const values = submitter?.name ? { [submitter.name]: submitter.value } : {};
  window.htmx.ajax("POST", addressOf(form), { source: form, target: "#main", swap: "outerHTML", values }).catch(() => {});
});

document.body.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData, headers } = event.detail;
  const form = elt.closest("form");
  if (!form) return;
  if (savesItself(form) && !typedIn(form).some(dirty)) return event.preventDefault(); // it is saved already
  say("");
  headers["Idempotency-Key"] = keyFor(form, question(form, formData));
  if (form.hasAttribute("hx-post")) return;
  delete headers["HX-Request"];
  headers["HX-Boosted"] = "true";
});
document.body.addEventListener("htmx:beforeRequest", ({ detail }) => busy(detail.elt, true));
document.body.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const form = elt.closest("form");
  const answered = xhr.status && xhr.status < 500;
  if (!xhr.getResponseHeader("HX-Redirect")) busy(elt, false); // else the page is being left
  if (form && asked.has(form)) (answered ? settle : fail)(form);
});
// Our own errors say where they stand, or draw the form again (422). Any other is a proxy's, whose server is gone.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { isError, xhr, elt } = detail;
  if (isError && xhr.status !== 422 && !xhr.getResponseHeader("HX-Retarget")) {
    detail.shouldSwap = false;
    return unheard(elt, words.unanswered);
  }
  if (/^\s*<!doctype/i.test(detail.serverResponse)) middleOf(detail);
});

// A whole page in answer to a form: what stands in its middle, and the style that it brings.
function middleOf(detail) {
  detail.selectOverride = "#main";
  const page = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${link.getAttribute("href")}"]`)) document.head.append(document.adoptNode(link));
  }
}

const unheard = (elt, otherwise) => say(elt.closest("[data-again]") ? words.goesAgain : otherwise);
document.body.addEventListener("htmx:sendError", ({ detail }) => unheard(detail.elt, words.notSent));
document.body.addEventListener("htmx:timeout", ({ detail }) => unheard(detail.elt, words.unanswered));
addEventListener("nwd:drawn", markFailed);
document.body.addEventListener("htmx:afterSwap", markFailed);
addEventListener("online", tryAgain);
setInterval(tryAgain, AGAIN_MS);
markFailed();

function busy(form, on) {
  for (const button of form.querySelectorAll?.("button") ?? []) button.setAttribute("aria-busy", String(on));
}
