// What may be done with a row waits in it until the row is pointed at, tapped or has the focus: a page of 500 rows
// then has as many forms as somebody looks at, and one row that changes costs its screen a frame.
const phone = matchMedia("(max-width: 900px)"); // where they always stand in the row
const waiting = (row) => row.querySelector("template.acts");

// `row` was drawn. `shown`: what may be done is seen at once.
export function dress(row, shown) {
  const template = waiting(row);
  if (!template) return;
  if (!template.content.querySelector("form")) return template.remove();
  if (shown || phone.matches) open(row);
  else standIns(template);
}

function standIns(template) {
  for (const { dataset } of template.content.querySelectorAll("[data-row-key]")) template.before(standIn(dataset));
}

// By it the keyboard finds which row can do what.
function standIn({ rowKey, keyLabel }) {
  const item = document.createElement("i");
  Object.assign(item.dataset, { rowKey, keyLabel });
  item.hidden = true;
  return item;
}

export function open(row) {
  const template = waiting(row);
  if (!template) return false;
  for (const each of row.querySelectorAll("i[data-row-key]")) each.remove();
  const acts = document.createElement("div");
  acts.className = template.className;
  acts.append(template.content);
  template.replaceWith(acts);
  if (row.isConnected) window.htmx?.process(acts);
  return true;
}

// Where nobody looks any more, and nothing is open, typed or on its way, they wait again.
function shut(row) {
  const acts = row.querySelector("div.acts:not(.answers)");
  const used = "details[open], .unsent, [data-says], [aria-busy=true]";
  if (!acts || phone.matches || row.matches(":hover, :focus-within") || acts.querySelector(used)) return;
  const template = document.createElement("template");
  template.className = acts.className;
  template.content.append(...acts.childNodes);
  acts.replaceWith(template);
  standIns(template);
}

export const isOpen = (row) => Boolean(row.querySelector("div.acts"));

function look({ target }) {
  const row = target.closest?.("tr[data-key-row]");
  if (!row || !open(row)) return;
  for (const other of row.parentElement.querySelectorAll("tr:has(> .act > div.acts)")) if (other !== row) shut(other);
  dispatchEvent(new CustomEvent("nwd:drawn", { detail: row })); // what was typed there before
}

for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, look);
phone.addEventListener("change", () => {
  if (!phone.matches) return;
  for (const row of document.querySelectorAll("tr[data-key-row]")) open(row);
});
document.addEventListener("click", ({ target }) => {
  if (!target.matches("i[data-row-key]")) return;
  const row = target.closest("tr");
  row.focus();
  row.querySelector(`.acts [data-row-key="${CSS.escape(target.dataset.rowKey)}"]`)?.click();
});
