// The dispatch board's map: zones, streets, people and units, drawn by MapLibre where the browser has WebGL.
// Where it has none, the picture that is on the page stays. The lists beside it say the same and do everything.
import { icons, layers } from "./mapstyle.js";

const TICK_MS = 5000;
const SOON_MS = 300;
const FETCH_MS = 10_000;
const NONE = "00000000-0000-0000-0000-000000000000";
const MOVES = ["people", "units"];
const FEW_TILES = 9; // what moves is laid out anew in each tile: in few, and right to 10 m
const FINE = 14;
const EMPTY = { type: "FeatureCollection", features: [] };
const part = document.getElementById("map");
const around = part?.parentElement.classList;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let map = null;
let first = null; // the bounds that are shown first
let asked = null; // the frame that is on its way
let soon = null;
const shown = {}; // what each source was given last: what stands still costs nothing

function hasWebGL() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

async function json(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
  return answer.ok && !answer.redirected ? answer.json() : null;
}

async function begin() {
  const [engine, lines] = await Promise.all([import(part.dataset.engine), json(part.dataset.lines)]);
  if (!lines) return;
  engine.setWorkerUrl(part.dataset.worker);
  around.add("drawing"); // it has its size, and the picture stands over it until it is there
  first = lines.first;
  map = new engine.Map({
    container: part.querySelector(".canvas"),
    style: { version: 8, sources: sources(lines), layers: layers() },
    bounds: first,
    fitBoundsOptions: { padding: 20 },
    minZoom: 7,
    maxZoom: 17,
    fadeDuration: 0,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    reduceMotion: still.matches,
  });
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", part.dataset.words);
  map.on("error", ({ error }) => console.error(error));
  await map.once("load");
  for (const [name, image] of icons()) map.addImage(name, image, { pixelRatio: 2 });
  around.add("drawn");
  map.on("webglcontextlost", () => around.remove("drawn")); // the picture stands there again
  map.on("webglcontextrestored", () => around.add("drawn"));
  listen();
  await tick();
  map.on("movestart", () => (part.dataset.map = "moves"));
  map.on("idle", () => (part.dataset.map = "drawn"));
}

function sources(lines) {
  const found = Object.entries({ zones: lines.zones, names: lines.names, streets: lines.streets, people: EMPTY, units: EMPTY });
  return Object.fromEntries(found.map(([name, data]) => [name, { type: "geojson", data, maxzoom: MOVES.includes(name) ? FEW_TILES : FINE }]));
}

// Where everybody is now. One answer is waited for at a time: an older one must not come after a newer one.
async function tick() {
  if (asked || document.visibilityState === "hidden") return;
  asked = json(part.dataset.frame).catch(() => null);
  const frame = await asked;
  asked = null;
  if (frame) show(frame);
}

function show(frame) {
  for (const name of MOVES) {
    const now = JSON.stringify(frame[name]);
    if (shown[name] !== now) map.getSource(name).setData(frame[name]);
    shown[name] = now;
  }
}

function tickSoon() {
  clearTimeout(soon);
  soon = setTimeout(tick, SOON_MS);
}

function listen() {
  setInterval(tick, TICK_MS);
  addEventListener("nwd:drawn", tickSoon);
  document.addEventListener("visibilitychange", tick);
  const themed = new MutationObserver(dress);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  for (const kind of ["focusin", "mouseover"]) document.addEventListener(kind, ringRow);
  map.on("click", "people", ({ features }) => open(features[0].properties.opens));
  for (const kind of ["mouseenter", "mouseleave"]) {
    map.on(kind, "people", () => map.getCanvas().classList.toggle("on-a-call", kind === "mouseenter"));
  }
  for (const button of part.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
}

// Another theme: the same lines in other colors.
function dress() {
  for (const layer of layers()) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name, value);
  }
  for (const [name, image] of icons()) map.updateImage(name, image);
}

function zoom(by) {
  const how = { animate: !still.matches };
  if (by > 0) map.zoomIn(how);
  else if (by < 0) map.zoomOut(how);
  else map.fitBounds(first, { padding: 20, ...how });
}

// The request whose row has the focus or the pointer has a ring on the map.
function ringRow({ target }) {
  const row = target.closest?.("tr[data-key-row]");
  if (row) map.setFilter("ring", ["==", ["get", "opens"], row.dataset.keyRow]);
}

function open(id) {
  location.assign(part.dataset.request.replace(NONE, id));
}

// A map below the fold, as on a phone, is not made before somebody comes near it.
if (part && hasWebGL()) {
  part.hidden = false;
  new IntersectionObserver((seen, watch) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watch.disconnect();
    begin().catch((error) => {
      console.error(error);
      part.hidden = true;
      around.remove("drawn", "drawing");
    });
  }).observe(part);
}
