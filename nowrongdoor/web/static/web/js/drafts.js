// What is typed and not sent yet: marked, kept in this tab, and put back wherever its form is drawn again.
// A draft is shown to the member and position that typed it and to nobody else. It ends when it is sent,
// when they sign out or somebody else signs in, with the tab, or after the longest shift.
import { beganWith, beginWith, dirty, drawnIn, fillIn, nameOf, savesItself, ticked, typedIn, valueOf, wasOf, words } from "./fields.js";
import * as kept from "./kept.js";

const NEAR = 0.9; // from there on a length is said
const placeOf = (field) => `${nameOf(field.form)}\n${field.name}${ticked(field) ? `=${field.value}` : ""}`;

function keep(field) {
  if (field.form?.method !== "post" || !typedIn(field.form).includes(field)) return;
  const alike = field.type === "radio" ? typedIn(field.form).filter((each) => each.name === field.name) : [field];
  for (const each of alike) {
    const place = placeOf(each);
    if (dirty(each)) kept.set(place, { was: wasOf(each)?.value, ...kept.get(place), value: valueOf(each) });
    else kept.drop(place);
  }
  if (savesItself(field.form)) document.getElementById("saved").textContent = ""; // not any more
  mark(field);
}

// Beside the label, so that nothing moves under the hand: not sent yet. Below: how long it is, near its most.
function mark(field) {
  const box = field.closest(".field, label, td, fieldset") ?? field.form;
  const unsent = typedIn(field.form).some((each) => box.contains(each) && dirty(each));
  const most = Number(field.dataset.most ?? Infinity);
  const count = [...field.value.trim()].length;
  const length = (count > most ? words.long : words.count).replace("{count}", count).replace("{most}", most);
  box.classList.toggle("counted", count >= NEAR * most);
  box.classList.toggle("over", count > most);
  box.dataset.says = [unsent && words.unsent, count >= NEAR * most && length].filter(Boolean).join(" · ");
  if (!box.dataset.says) delete box.dataset.says;
}

// After every drawing: what was typed goes back into its field, beside what somebody else wrote there.
function restore(event) {
  for (const form of drawnIn(event).querySelectorAll("form[method=post]")) {
    for (const field of typedIn(form)) {
      const typed = kept.get(placeOf(field));
      if (typed) putBack(field, typed);
      if (typed || field.dataset.most) mark(field);
    }
  }
}

function putBack(field, typed) {
  fillIn(field, typed.value);
  if (!dirty(field)) return kept.drop(placeOf(field));
  field.dataset.putBack = ""; // nobody typed it here: leaving it is no change to a browser
  const was = wasOf(field);
  const newer = was && was.value !== typed.was;
  const told = field.closest(".field")?.querySelector(".wrote");
  if (told && !("ours" in told.dataset)) return kept.set(placeOf(field), { ...typed, was: was.value, shown: true });
  if (told) return;
  if (!newer && !typed.shown) return;
  const note = document.getElementById("wrote").content.firstElementChild.cloneNode(true);
  note.dataset.ours = "";
  note.querySelector("bdi").textContent = spoken(field) || words.nothing;
  field.before(note);
  if (newer) was.value = typed.was; // a save has not seen what is there now: the server looks again
}

function spoken(field) {
  const began = beganWith(field);
  if (ticked(field)) return began ? words.yes : "";
  return field.tagName === "SELECT" ? [...field.options].find((each) => each.value === began)?.text.trim() : began;
}

// It is with the server now. What was typed meanwhile is still to be sent, from there on.
function sent(form, data) {
  for (const field of typedIn(form)) {
    const value = ticked(field) ? data.getAll(field.name).includes(field.value) : data.get(field.name);
    if (value === null) continue;
    standAt(field, value);
    if (valueOf(field) === value) kept.drop(placeOf(field));
    else kept.set(placeOf(field), { value: valueOf(field), was: wasOf(field)?.value });
    mark(field);
  }
}

// From now on the field begins with what was sent: its form may stay, as one that saves itself does.
function standAt(field, value) {
  const was = wasOf(field);
  if (was) was.value = ticked(field) ? (value && field.value) || "" : value;
  beginWith(field, value);
  field.closest(".field")?.querySelector(".wrote")?.remove();
}

// A form that is not there any more, because another act closed it for us: what was typed in it stays in sight.
const formsIn = (event) => [...drawnIn(event).querySelectorAll("form[method=post]")];
let typedHere = [];
function before(event) {
  typedHere = formsIn(event).flatMap((form) => {
    const fields = typedIn(form).filter((each) => dirty(each) && !ticked(each) && each.tagName !== "SELECT");
    return fields.length ? [[nameOf(form), fields.map(valueOf).join("\n")]] : [];
  });
}

function leftOver(event) {
  if (!typedHere.length) return;
  const there = new Set(formsIn(event).map(nameOf));
  for (const [, text] of typedHere.filter(([name]) => !there.has(name))) {
    const note = Object.assign(document.createElement("p"), { className: "unsent", textContent: `${words.closed} ` });
    const leave = Object.assign(document.createElement("button"), { type: "button", textContent: words.leave });
    leave.addEventListener("click", () => note.remove());
    note.append(Object.assign(document.createElement("bdi"), { textContent: text }), " ", leave);
    document.getElementById("left-over").append(note);
  }
  typedHere = [];
}

addEventListener("nwd:leaving", before);
addEventListener("nwd:drawn", leftOver);
// What was put back under the hand is saved when it is left, as if it had been typed there.
document.addEventListener("input", ({ target }) => delete target.dataset?.putBack, true);
document.addEventListener("focusout", ({ target }) => {
  if (!target.form || !("putBack" in target.dataset) || !target.isConnected) return;
  delete target.dataset.putBack;
  if (savesItself(target.form) && dirty(target)) target.dispatchEvent(new Event("change", { bubbles: true }));
});
for (const kind of ["input", "change"]) document.addEventListener(kind, ({ target }) => keep(target), true);
for (const kind of ["nwd:drawn", "pageshow"]) addEventListener(kind, restore);
document.body.addEventListener("htmx:afterSwap", ({ detail: { elt, xhr } }) => {
  const from = elt.closest("form");
  const again = [...document.querySelectorAll("form[method=post]")].filter((each) => from && nameOf(each) === nameOf(from));
  for (const form of xhr.status >= 400 ? again : []) form.dataset.refused = "";
  restore();
});
document.body.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr, requestConfig } }) => {
  const form = elt.closest("form");
  if (!form || xhr.status < 200 || xhr.status >= 400) return;
  sent(form, requestConfig.formData);
  if ("signsOut" in form.dataset) kept.end();
});
document.addEventListener("nwd:left", ({ target }) => {
  for (const field of typedIn(target)) {
    kept.drop(placeOf(field));
    fillIn(field, beganWith(field));
    mark(field);
  }
});

restore();
