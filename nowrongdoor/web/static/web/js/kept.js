// What this tab keeps for whoever sits at it, until it is sent: one text that only their own pages can read. The key
// comes with each page of theirs and is kept nowhere, so a locked screen and whoever signs in next have a cipher.
const HEAD = "draft ";
const OLDEST_MS = 13 * 3600 * 1000; // the longest shift
const { member, seat, drafts } = document.body.dataset;
const place = `${HEAD}${member} ${seat}`;
const signedOut = new BroadcastChannel("signed-out");
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const text = (data) => btoa(Array.from(new Uint8Array(data), (each) => String.fromCharCode(each)).join(""));
const key = drafts && (await crypto.subtle?.importKey("raw", bytes(drafts), "AES-GCM", false, ["encrypt", "decrypt"]));
let writing = Promise.resolve();

async function read(cipher) {
  try {
    const [iv, data] = cipher.split(" ").map(bytes);
    const found = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    return JSON.parse(new TextDecoder().decode(found));
  } catch {
    return []; // nothing there, or nothing that this member can read
  }
}

async function cipherOf(entries) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const said = new TextEncoder().encode(JSON.stringify([...entries]));
  return `${text(iv)} ${text(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, said))}`;
}

async function write() {
  if (!all.size) return sessionStorage.removeItem(place);
  const cipher = await cipherOf(all);
  if (all.size) sessionStorage.setItem(place, cipher);
}

function save() {
  if (key) writing = writing.then(write).catch(() => {}); // no room: it stays on the page, marked
}

function forget(fits) {
  for (const each of Object.keys(sessionStorage)) if (each.startsWith(HEAD) && fits(each)) sessionStorage.removeItem(each);
}

function clear() {
  all.clear();
  forget(() => true);
}

if (member) forget((each) => !each.startsWith(`${HEAD}${member} `)); // somebody else sits here now
const young = ([, each]) => Date.now() - each.at < OLDEST_MS;
const all = new Map(key ? (await read(sessionStorage.getItem(place))).filter(young) : []);
const NAMED = `views ${member} ${seat}`;
signedOut.onmessage = clear;

export const get = (name) => all.get(name);
export function set(name, value) {
  all.set(name, { ...value, at: Date.now() });
  save();
}
export function drop(name) {
  if (all.delete(name)) save();
}
// They have signed out by themselves: in every tab.
export function end() {
  clear();
  signedOut.postMessage(null);
}
// What somebody gave a name stays in this browser after they sign out: the same cipher, that only they can read.
export const named = new Map(key ? await read(localStorage.getItem(NAMED)) : []);
export function keepNamed() {
  if (key) writing = writing.then(async () => localStorage.setItem(NAMED, await cipherOf(named))).catch(() => {});
}
