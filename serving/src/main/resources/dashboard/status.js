// The lamp and the tiles.

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const MIB = 1024 * 1024;

function tile(name, value, alarm) {
  const element = document.createElement("div");
  element.className = alarm ? "tile alarm" : "tile";
  const figure = document.createElement("b");
  figure.textContent = value;
  const label = document.createElement("span");
  label.textContent = name;
  element.append(figure, label);
  return element;
}

export function showStatus(status) {
  const state = document.getElementById("state");
  state.className = status.ready ? "ready" : "missing";
  const text = document.getElementById("state-text");
  const says = status.ready ? "ready" : status.missing;
  // Readers of screens say what is written anew.
  if (text.textContent !== says) {
    text.textContent = says;
  }
  if (status.pairs === undefined) {
    return;
  }
  const tiles = status.alarms.map((alarm) => tile("alarm", alarm, true));
  tiles.push(
    tile("pairs learnt", number.format(status.pairs)),
    tile("pairs a second", number.format(status.pairsPerSecond)));
  for (const [topic, lag] of Object.entries(status.lag)) {
    tiles.push(tile(`lag of ${topic}`, number.format(lag)));
  }
  tiles.push(
    tile("decoded and waiting", number.format(status.queue)),
    tile("translations", number.format(status.translations)),
    tile("dead letters", number.format(status.deadLetters)),
    tile("model, outside the heap", `${number.format(status.offHeapBytes / MIB)} MiB`),
    tile("heap", `${number.format(status.heapBytes / MIB)} MiB`),
    tile("model idle", `${number.format(100 * status.idle)} %`));
  document.getElementById("tiles").replaceChildren(...tiles);
}
