// The readiness indicator and the tiles.

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const MIB = 1024 * 1024;

function tile(name, value, isAlarm) {
  const element = document.createElement("div");
  element.className = isAlarm ? "tile alarm" : "tile";
  const figure = document.createElement("b");
  figure.textContent = value;
  const label = document.createElement("span");
  label.textContent = name;
  element.append(figure, label);
  return element;
}

/** The label wraps on narrow screens; the figure does not. */
function memoryTile({ used, reserved, limit }) {
  const mebibytes = (bytes) => `${number.format(Math.round(bytes / MIB))} MiB`;
  const parts = ["model memory"];
  if (reserved !== used) {
    parts.push(`reserved ${mebibytes(reserved)}`);
  }
  if (limit !== undefined) {
    parts.push(`limit ${mebibytes(limit)}`);
  }
  return tile(parts.join(", "), mebibytes(used));
}

export function showStatus(status) {
  const state = document.getElementById("state");
  state.className = status.ready ? "ready" : "missing";
  const element = document.getElementById("state-text");
  const text = status.ready ? "ready" : status.missing;
  // Screen readers announce every change of the text.
  if (element.textContent !== text) {
    element.textContent = text;
  }
  if (status.pairs === undefined) {
    return;
  }
  const tiles = status.alarms.map((alarm) => tile("alarm", alarm, true));
  tiles.push(
    tile("pairs trained on", number.format(status.pairs)),
    tile("pairs per second", number.format(status.pairsPerSecond)));
  for (const [topic, lag] of Object.entries(status.lag)) {
    tiles.push(tile(`lag: ${topic}`, number.format(lag)));
  }
  tiles.push(
    tile("pairs in queue", number.format(status.queue)),
    tile("translations", number.format(status.translations)),
    tile("dead letters", number.format(status.deadLetters)),
    memoryTile(status.deviceMemory),
    tile("heap", `${number.format(status.heapBytes / MIB)} MiB`),
    tile("model idle", `${number.format(100 * status.idle)} %`));
  document.getElementById("tiles").replaceChildren(...tiles);
}
