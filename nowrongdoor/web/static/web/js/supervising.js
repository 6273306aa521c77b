// Whom the supervisor has unticked stays unticked when the page draws itself again.
const left = new Set();

document.addEventListener("change", ({ target }) => {
  if (target.name !== "episode") return;
  if (target.checked) left.delete(target.value);
  else left.add(target.value);
});

addEventListener("nwd:drawn", () => {
  for (const box of document.querySelectorAll("input[name=episode]")) box.checked = !left.has(box.value);
});
