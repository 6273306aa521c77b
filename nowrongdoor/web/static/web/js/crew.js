// The crew's list: what is typed hides the names without it, except those that are ticked.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", (event) => {
  const { target } = event;
  if (!target.matches?.("[data-finds]")) return;
  const wanted = plain(target.value.trim());
  for (const each of target.closest("fieldset").querySelectorAll(".person")) {
    each.hidden = !each.querySelector("input").checked && !plain(each.textContent).includes(wanted);
  }
});
