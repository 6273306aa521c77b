// A button that a pocket must not press: held for as long as its place says. A keyboard presses it at once.
let since = 0;
let timer = null;

const held = (target) => target.closest?.("[data-hold-ms] button");

document.addEventListener("pointerdown", (event) => {
  const button = held(event.target);
  if (!button) return;
  since = performance.now();
  button.classList.add("held");
  const { holdMs } = button.closest("[data-hold-ms]").dataset;
  timer = setTimeout(() => button.classList.add("ready"), Number(holdMs));
});

for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    clearTimeout(timer);
    for (const each of document.querySelectorAll(".held")) each.classList.remove("held", "ready");
  });
}

document.addEventListener("click", (event) => {
  const button = held(event.target);
  if (!button || event.detail === 0) return; // pressed by a key
  if (performance.now() - since >= Number(button.closest("[data-hold-ms]").dataset.holdMs)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("contextmenu", (event) => held(event.target) && event.preventDefault());
