// Wires the page: one stream of events in, everything else on demand.
import { Charts } from "./charts.js";
import { showStatus } from "./status.js";
import { Probes } from "./probes.js";
import { Translate } from "./translate.js";
import { Checkpoints } from "./checkpoints.js";
import { Letters } from "./letters.js";
import { getJson } from "./api.js";

const RETRY_MILLIS = 3000;
const charts = new Charts();
const probes = new Probes();
const letters = new Letters();
const translate = new Translate();
const checkpoints = new Checkpoints(() => showModel());

async function showModel() {
  const model = await getJson("/v1/model");
  translate.fit(model);
  document.getElementById("model-text").textContent =
    `preset ${model.preset}, ${model.width}×${model.height}, on ${model.device}; translating with ` +
    (model.serving === "live" ? "the weights that learn" : model.serving);
}

/** What an event says has changed; what cannot be fetched now is fetched with the next. */
async function follow(status) {
  await Promise.all([probes.see(status.probe), letters.see(status.deadLetters)]);
  const model = `${status.checkpoints} ${status.serving}`;
  if (model !== shown) {
    await showModel();
    await checkpoints.refresh();
    shown = model;
  }
}

let shown = "";
let following = false;

function listen() {
  const events = new EventSource("/v1/events");
  events.addEventListener("history", (event) => charts.restart(JSON.parse(event.data)));
  events.addEventListener("status", async (event) => {
    const status = JSON.parse(event.data);
    showStatus(status);
    charts.add(status.points);
    if (!following && status.ready) {
      following = true;
      await follow(status).catch((failure) => console.info("later:", failure.message));
      following = false;
    }
  });
  events.addEventListener("error", () => {
    showStatus({ ready: false, missing: "no answer from Tandem; trying again" });
    shown = "";
    // The browser tries again by itself, unless the answer was no stream of events.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(listen, RETRY_MILLIS);
    }
  });
}

listen();
