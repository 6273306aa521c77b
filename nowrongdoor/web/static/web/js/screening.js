// Asking with one key a question. What was pressed shows at once; it is sent in order, one at a time,
// and sent again until the server has it. The server says the level, its reason and what to ask next.
const AGAIN_MS = 2000;
const ANSWERED_MS = 400;
const REST_MS = 700; // so long after the last answer the rest of the page is drawn again
let rested = null;
const waiting = [];
const typed = []; // keys pressed while the next question is not known yet
let sending = false;
let leaving = null; // the question that was just answered: the server may call for another after it

const panel = () => document.getElementById("screen");
const asks = () => [...document.querySelectorAll("#screen .ask")].filter((each) => each.checkVisibility());
const words = document.getElementById("words")?.dataset ?? {};

function open(ask) {
  return !ask.querySelector("[aria-pressed=true]");
}

function next(from) {
  const all = asks();
  const at = all.indexOf(from);
  const found = all.slice(at + 1).find(open) ?? all.find(open);
  (found ?? from)?.focus();
}

// The next question is known when the server has answered; a slow server is not waited for.
function goOn() {
  if (leaving === null) return;
  const here = document.activeElement;
  const stayed = here === document.body || here.closest("#screen .ask")?.id === leaving;
  if (stayed) next(document.getElementById(leaving)); // who went elsewhere by themselves is left there
  else typed.length = 0; // and what was meant for the next question answers no other
  leaving = null;
  while (typed.length && leaving === null) type(typed.shift(), document.activeElement.closest(".ask"));
}

function answer(ask, button) {
  for (const each of ask.querySelectorAll("[data-value]")) each.setAttribute("aria-pressed", String(each === button));
  leaving = ask.id;
  setTimeout((asked) => leaving === asked && goOn(), ANSWERED_MS, ask.id);
  send({ [ask.dataset.question]: button.dataset.value });
}

function none(button) {
  for (const ask of asks().filter((each) => each.hasAttribute("data-hard-stop") && open(each))) {
    ask.querySelector(`[data-value="${ask.dataset.benign}"]`)?.setAttribute("aria-pressed", "true");
  }
  send({ together: "yes" });
  next(button.closest(".ask"));
}

function send(given) {
  waiting.push({ given, key: crypto.randomUUID() });
  document.body.dataset.asking = "yes";
  pump();
}

async function pump() {
  if (sending || !waiting.length) return;
  sending = true;
  const { given, key } = waiting[0];
  try {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "Idempotency-Key": key };
    const sent = await fetch(panel().dataset.answer, { method: "POST", headers, body: new URLSearchParams(given) });
    if (sent.status >= 500) throw new Error(sent.status);
    waiting.shift();
    clearTimeout(rested);
    rested = setTimeout(() => waiting.length || delete document.body.dataset.asking, REST_MS);
    say("");
    draw(await sent.text(), sent.ok);
  } catch {
    say(words.notSent); // it stays at the head of the queue, with the same key
    await new Promise((wake) => setTimeout(wake, AGAIN_MS));
  }
  sending = false;
  pump();
}

function draw(html, fine) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!fine) return say(page.body.textContent.trim());
  if (waiting.length) return; // what was pressed meanwhile is newer than this picture
  const focused = document.activeElement?.closest("#screen .ask")?.id;
  document.getElementById("need")?.replaceWith(page.getElementById("need"));
  panel().replaceWith(page.getElementById("screen"));
  window.htmx?.process(panel());
  if (focused) document.getElementById(focused)?.focus();
  goOn();
}

function say(text) {
  const notice = document.getElementById("notice");
  if (notice && notice.textContent !== text) notice.textContent = text;
}

// Answers whether the key was for a question. A wrong answer key does nothing; it is never another page's.
function type(key, ask) {
  const button = ask?.querySelector(`[data-answer-key="${CSS.escape(key)}"]`);
  const all = asks();
  const at = all.indexOf(ask);
  if (key === "0" && panel().querySelector("[data-none]")) none(panel().querySelector("[data-none]"));
  else if (button) answer(ask, button);
  else if (key === "arrowdown" || key === "enter") (all[at + 1] ?? ask)?.focus();
  else if (key === "arrowup") (all[at - 1] ?? ask)?.focus();
  else return /^[ynu0-9]$/.test(key);
  return true;
}

function press(event) {
  const ask = event.target.closest?.("#screen .ask");
  if (!ask || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "enter" && event.target !== ask) return; // a button that has the focus
  if (leaving !== null && ask.id !== leaving) [leaving, typed.length] = [null, 0]; // they went to another question
  if (leaving !== null && /^[ynu0-9]$/.test(key)) typed.push(key);
  else if (!type(key, ask)) return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("keydown", press, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest("#screen .ask [data-value]");
  if (button) answer(button.closest(".ask"), button);
  const all = event.target.closest("#screen [data-none]");
  if (all) none(all);
});
// Who types a place and presses Enter goes on asking.
document.addEventListener("keydown", (event) => {
  const saves = event.target.matches?.("#follows form[hx-trigger^=change] input") && panel();
  if (event.key === "Enter" && saves && !event.ctrlKey) setTimeout(() => asks().find(open)?.focus());
});
document.addEventListener("click", (event) => {
  if (event.target.closest('[data-does="ask"]')) asks().find(open)?.focus();
});
addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());

// The remark for CAD: one key puts it where the next paste will find it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  await navigator.clipboard.writeText(text).then(() => say(button.dataset.copied), () => say(text));
});

if (panel() && document.activeElement === document.body) asks().find(open)?.focus({ preventScroll: true });
