// Sending: each form carries a key of its own, so that a double click or a lost answer acts once.
const keys = new WeakMap();
const words = document.getElementById("words")?.dataset ?? {};

function keyOf(form) {
  if (!keys.has(form)) keys.set(form, crypto.randomUUID());
  return keys.get(form);
}

function say(text) {
  const notice = document.getElementById("notice");
  if (notice) notice.textContent = text;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  let field = form.querySelector("input[name=idempotency_key]");
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "idempotency_key" });
    form.append(field);
  }
  field.value = keyOf(form);
});

document.body.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) event.detail.headers["Idempotency-Key"] = keyOf(form);
  say("");
});
document.body.addEventListener("htmx:beforeRequest", (event) => busy(event.detail.elt, true));
document.body.addEventListener("htmx:afterRequest", (event) => {
  busy(event.detail.elt, false);
  const { status } = event.detail.xhr;
  if (status && status < 500) keys.delete(event.detail.elt); // else it is not known whether it was done: ask with the same key
});
// Our own errors say where they stand, or draw the form again (422). Any other is a proxy's, whose server is gone.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { isError, xhr } = event.detail;
  if (!isError || xhr.status === 422 || xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  say(words.unanswered);
});
document.body.addEventListener("htmx:sendError", () => say(words.notSent));
document.body.addEventListener("htmx:timeout", () => say(words.unanswered));

function busy(form, on) {
  for (const button of form.querySelectorAll?.("button") ?? []) button.setAttribute("aria-busy", String(on));
}
