// Reads the page aloud, sentence by sentence, and marks the one that is being read. What is read is what stands there.
const button = document.getElementById("listen");
const listened = document.getElementById("listened");
const bar = document.getElementById("listened-bar");
const sentences = [...document.querySelectorAll("[data-say]")];
const voice = window.speechSynthesis;
let at = 0; // the sentence that is read, or will be next
let reading = false;

function show(word) {
  button.setAttribute("aria-pressed", String(reading));
  button.querySelector("span").textContent = button.dataset[word];
  listened.textContent = at ? listened.dataset.of.replace("{n}", at).replace("{all}", sentences.length) : "";
  bar.setAttribute("width", (100 * at) / sentences.length);
}

function mark(sentence) {
  for (const each of document.querySelectorAll(".said")) each.classList.remove("said");
  sentence?.classList.add("said");
  sentence?.scrollIntoView({ block: "center" });
}

function next() {
  if (!reading) return;
  if (at === sentences.length) return stop();
  const sentence = sentences[at];
  const said = new SpeechSynthesisUtterance(sentence.textContent);
  said.lang = document.documentElement.lang === "es" ? "es-US" : "en-US";
  said.rate = 0.9;
  said.addEventListener("end", () => reading && sentence === sentences[at] && ((at += 1), next()));
  mark(sentence);
  show("pause");
  voice.speak(said);
}

function pause() {
  reading = false;
  voice.cancel();
  show("goOn");
}

function stop() {
  reading = false;
  at = 0;
  mark(null);
  show("read");
}

if (button && !(voice && window.SpeechSynthesisUtterance)) {
  button.disabled = true;
  listened.textContent = listened.dataset.absent;
} else if (button) {
  button.addEventListener("click", () => {
    if (reading) return pause();
    reading = true;
    next();
  });
  window.addEventListener("pagehide", () => voice.cancel());
}
if (document.getElementById("prints")) window.print();
