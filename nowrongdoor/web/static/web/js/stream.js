// A shared worker: one live stream for all tabs of a desk, because a browser opens six connections a host.
const EVENTS = ["row", "gone", "fresh", "units", "shared", "tone", "bye", "beat"];
const AGAIN_MS = 2000;
const ports = new Set();
let source = null;
let url = "";
let seq = 0; // up to here everything was told
let furthest = 0; // and up to here something was: several rows may share a position

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => (data.leave ? leave(port) : join(port, data));
};

function join(port, { join: wanted, after }) {
  ports.add(port);
  url = wanted;
  if (!source) {
    seq = furthest = after;
    open();
  } else if (after < furthest) {
    port.postMessage({ event: "fresh", data: "{}" }); // it missed what this stream has told
  }
}

function leave(port) {
  ports.delete(port);
  if (ports.size) return;
  source?.close();
  source = null;
}

function open() {
  source = new EventSource(`${url}&after=${seq}`);
  for (const event of EVENTS) source.addEventListener(event, tell);
  source.onerror = ({ target }) => {
    if (target.readyState !== EventSource.CLOSED) return;
    for (const port of ports) port.postMessage({ event: "lost", data: "{}" });
    setTimeout(() => target === source && open(), AGAIN_MS);
  };
}

function tell({ type, lastEventId, data }) {
  seq = Number(lastEventId) || seq; // smaller after a restore
  furthest = type === "fresh" ? seq : Math.max(furthest, seq, JSON.parse(data).seq ?? 0);
  for (const port of ports) port.postMessage({ event: type, data });
  if (type !== "bye") return;
  source.close();
  source = null;
}
