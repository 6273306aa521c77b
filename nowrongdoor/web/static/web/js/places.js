// Under the address that is typed: where it is. A sure one names the zone that nobody has named yet; of several,
// somebody chooses. Nothing waits for it, and what was typed stays as it is until it is chosen.
const WAIT_MS = 350;
const FETCH_MS = 5000;
const NEEDS_MOST = 3; // characters: fewer name no street
const url = document.querySelector("[data-places]")?.dataset.places;
const told = { text: null, html: "" }; // the last answer: a page that is drawn again shows it again
let waiting = null;
let ours = ""; // the zone that was named here, and by nobody

const field = () => document.querySelector("#main input[name=place]");
const zone = () => document.querySelector("#main select[name=zone_id]");

async function ask() {
  const input = field();
  const text = input?.value.trim() ?? "";
  if (text.length < NEEDS_MOST) return tell(text, "");
  if (text === told.text) return tell(text, told.html);
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const body = new URLSearchParams({ place: text });
  const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(FETCH_MS) }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  if (field()?.value.trim() === text) tell(text, html); // else an answer to what is typed now is on its way
}

function tell(text, html) {
  Object.assign(told, { text, html });
  const input = field();
  if (!input) return;
  let place = document.getElementById("place-found");
  if (!place) {
    place = Object.assign(document.createElement("div"), { id: "place-found" });
    place.setAttribute("role", "status");
    input.closest(".field").append(place);
  }
  place.innerHTML = html;
  const sure = place.querySelector("[data-sure]");
  if (!sure || !zone()) return;
  if (["", ours].includes(zone().value)) put(zone(), (ours = sure.dataset.sure));
  if ([zone().value, ""].includes(sure.dataset.sure)) sure.querySelector("button").remove();
}

function put(control, value) {
  if (!control || value === "" || control.value === value) return;
  control.value = value;
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MS);
}

if (url) {
  addEventListener("input", ({ target }) => target === field() && soon());
  addEventListener("nwd:drawn", ask);
  addEventListener("click", ({ target }) => {
    const chosen = target.closest?.("#place-found [data-zone]");
    if (!chosen) return;
    const { place, zone: id } = chosen.dataset;
    put(zone(), id);
    put(field(), place);
    ask();
    field().focus();
  });
  ask();
}
