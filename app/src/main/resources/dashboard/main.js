// Wires the page: one stream of events in, everything else on demand.
import { Charts } from "./charts.js";
import { showStatus } from "./status.js";
import { Probes } from "./probes.js";
import { Translate } from "./translate.js";
import { Checkpoints } from "./checkpoints.js";
import { Letters } from "./letters.js";
import { getJson } from "./api.js";

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

/** Until the model is there. */
async function whenReady() {
  try {
    await showModel();
    await checkpoints.refresh();
  } catch {
    setTimeout(whenReady, 2000);
  }
}

const events = new EventSource("/v1/events");
events.addEventListener("history", (event) => {
  charts.restart(JSON.parse(event.data));
  whenReady();
});
events.addEventListener("status", (event) => {
  const status = JSON.parse(event.data);
  showStatus(status);
  charts.add(status.points);
  probes.see(status.probe);
  letters.see(status.deadLetters);
  checkpoints.see(status.checkpoints);
});
events.addEventListener("error", () => showStatus({ ready: false, missing: "no answer from Tandem; trying again" }));
