// Forms and their fields, by names that stay the same however often they are drawn again.
export const words = document.getElementById("words")?.dataset ?? {};
// What was drawn: of many rows the one that an event names, else the page.
export const drawnIn = (event) => (event?.detail instanceof Element ? event.detail : document);
export const addressOf = (form) => form.getAttribute("hx-post") || form.getAttribute("action") || location.pathname;

// A form by where it is sent and by what its button says.
export function nameOf(form) {
  const given = [...form.querySelectorAll("input[name=given]")].map((each) => form.elements[each.value]?.value);
  return [addressOf(form), ...given].join(" ");
}

export function typedIn(form) {
  const closed = "[type=hidden], [type=password], [type=file], button, fieldset, [data-kept=no]";
  return [...form.elements].filter((each) => each.name && !each.matches(closed));
}

export const ticked = (field) => field.matches("[type=checkbox], [type=radio]");
export const valueOf = (field) => (ticked(field) ? field.checked : field.value);
export const wasOf = (field) => field.form.querySelector(`input[name="was.${CSS.escape(field.name)}"]`);
export const savesItself = (form) => form.getAttribute("hx-target") === "#saved";

// What the page said: not what is in the field now. A form that was refused was drawn with what was typed in it.
export function beganWith(field) {
  if ("refused" in field.form.dataset) {
    const was = wasOf(field)?.value ?? "";
    return ticked(field) ? was === field.value : was;
  }
  if (ticked(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value ?? "";
}

export function beginWith(field, value) {
  if (ticked(field)) field.defaultChecked = value;
  else if (field.tagName !== "SELECT") field.defaultValue = value;
  else for (const each of field.options) each.defaultSelected = each.value === value;
}

export function fillIn(field, value) {
  if (ticked(field)) field.checked = value;
  else field.value = value;
}

export const dirty = (field) => valueOf(field) !== beganWith(field);
