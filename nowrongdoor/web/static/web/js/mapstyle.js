// How the map looks: its layers in the colors of the page's theme, and the signs of units and people.
const SIZE = 44; // pixels of a sign, at twice the size that it is shown
const LEVELS = ["E", "4", "3B", "3A", "2", "1", ""];
const FONT = ["Inter Variable"];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark";

export function layers() {
  const dark = isDark();
  const road = dark ? "#3a4946" : "#ffffff";
  const casing = dark ? "#0f1615" : "#bcc7c3";
  const freeway = dark ? "#6b5a35" : "#f0dba8";
  const water = dark ? "#1f3b4d" : "#c3dcec";
  const halo = { "text-color": color("ink-2"), "text-halo-color": color("section"), "text-halo-width": 1.5 };
  return [
    { id: "ground", type: "background", paint: { "background-color": color("section") } },
    line("river", ["river"], water, [9, 3, 14, 14]),
    { id: "zones", type: "line", source: "zones", paint: { "line-color": color("line-3"), "line-width": 1, "line-opacity": 0.45 } },
    line("rail", ["rail"], color("line-3"), [9, 1, 14, 2], { "line-dasharray": [5, 3] }),
    line("casing", ["arterial", "street", "freeway"], casing, [9, 3, 14, 11]),
    line("street", ["street", "arterial"], road, [9, 1.6, 14, 8]),
    line("freeway", ["freeway"], freeway, [9, 3, 14, 11]),
    text("zone-names", "names", { "text-size": 12, "text-transform": "uppercase", "text-letter-spacing": 0.06, "text-max-width": 8 }, { ...halo, "text-color": color("ink-3") }),
    text("street-names", "streets", { "symbol-placement": "line", "text-size": 11, "symbol-spacing": 300 }, halo),
    { id: "ring", type: "circle", source: "people", filter: ["==", ["get", "opens"], ""], paint: { "circle-radius": 20, "circle-color": "transparent", "circle-stroke-width": 3, "circle-stroke-color": color("focus") } },
    signs("units", ["concat", "unit-", ["get", "look"]], {
      "text-field": ["get", "name"], "text-font": FONT, "text-size": 11.5, "text-optional": true,
      "text-anchor": "left", "text-offset": [1.1, 0],
    }),
    signs("people", ["concat", "level-", ["get", "level"]], {}),
  ];
}

function line(id, kinds, paint, [low, thin, high, thick], more = {}) {
  const width = ["interpolate", ["exponential", 1.5], ["zoom"], low, thin, high, thick];
  return {
    id, type: "line", source: "streets", filter: ["in", ["get", "kind"], ["literal", kinds]],
    layout: { "line-cap": more["line-dasharray"] ? "butt" : "round", "line-join": "round" },
    paint: { "line-color": paint, "line-width": width, ...more },
  };
}

function text(id, source, layout, paint) {
  return { id, type: "symbol", source, layout: { "text-field": ["get", "name"], "text-font": FONT, ...layout }, paint };
}

// A sign hides none: all are shown, and a name only where there is room for it.
function signs(id, image, layout) {
  return {
    id, type: "symbol", source: id,
    layout: { "icon-image": image, "icon-allow-overlap": true, "icon-ignore-placement": false, ...layout },
    paint: { "text-color": color("ink"), "text-halo-color": color("page"), "text-halo-width": 2 },
  };
}

const SHAPES = {
  free: (pen) => pen.arc(22, 22, 13, 0, 2 * Math.PI),
  assigned: (pen) => corners(pen, [22, 6], [38, 22], [22, 38], [6, 22]),
  moving: (pen) => corners(pen, [22, 7], [38, 36], [6, 36]),
  there: (pen) => pen.rect(9, 9, 26, 26),
  unknown: (pen) => pen.arc(22, 22, 13, 0, 2 * Math.PI),
  out: (pen) => pen.arc(22, 22, 11, 0, 2 * Math.PI),
};
const COLORS = { free: "unit-available", assigned: "unit-dispatched", moving: "unit-enroute", there: "unit-onscene", unknown: "unit-unknown", out: "unit-unknown" };
const UNKNOWN = new Set(["unknown", "out"]);

function corners(pen, ...points) {
  for (const [n, point] of points.entries()) pen[n ? "lineTo" : "moveTo"](...point);
  pen.closePath();
}

export function* icons() {
  for (const [look, shape] of Object.entries(SHAPES)) yield [`unit-${look}`, drawn((pen) => unit(pen, look, shape))];
  for (const level of LEVELS) yield [`level-${level}`, drawn((pen) => person(pen, level))];
}

function drawn(draw) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  draw(pen);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

// What nobody knows is hollow, and dashed around.
function unit(pen, look, shape) {
  pen.beginPath();
  shape(pen);
  pen.lineWidth = 4;
  pen.strokeStyle = UNKNOWN.has(look) ? color(COLORS[look]) : color("page");
  pen.fillStyle = UNKNOWN.has(look) ? color("page") : color(COLORS[look]);
  if (UNKNOWN.has(look)) pen.setLineDash([6, 4]);
  pen.fill();
  pen.stroke();
}

// A call: the block of its level, with a tip that points at the place.
function person(pen, level) {
  const name = level ? `level-${(level === "E" ? "4" : level).toLowerCase()}` : "unit-unknown";
  const on = level ? color(`${name}-on`) : color("unit-on");
  pen.beginPath();
  pen.roundRect(2, 2, 40, 32, 7);
  pen.moveTo(14, 33);
  pen.lineTo(22, 43);
  pen.lineTo(30, 33);
  pen.fillStyle = color(name);
  pen.strokeStyle = color("page");
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
  pen.fillStyle = on;
  pen.font = "700 22px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(level || "?", 22, 19);
}
