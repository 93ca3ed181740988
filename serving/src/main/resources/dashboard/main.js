// Connects the parts of the page to the stream of events. Everything else is fetched when an event reports a change.
import { Charts } from "./charts.js";
import { showStatus } from "./status.js";
import { Probes } from "./probes.js";
import { Translate } from "./translate.js";
import { Checkpoints } from "./checkpoints.js";
import { DeadLetters } from "./deadletters.js";
import { getJson } from "./api.js";
import { nowrap } from "./dom.js";

const RETRY_MILLIS = 3000;
const charts = new Charts();
const probes = new Probes();
const deadLetters = new DeadLetters();
const translate = new Translate();
const checkpoints = new Checkpoints(() => showModel());

async function showModel() {
  const model = await getJson("/v1/model");
  translate.configure(model);
  document.getElementById("model-text").replaceChildren(
    `preset ${model.preset}, ${model.width}×${model.height}, `,
    device(model.device),
    ", ",
    nowrap(`serving: ${model.serving === "live" ? "live model" : model.serving}`));
}

/** The device, which can be a long text; the reason why it is used is a tooltip. */
function device(text) {
  const [name, reason] = text.split(", because ");
  const element = document.createElement("span");
  element.textContent = `device ${name}`;
  element.title = reason ? `because ${reason}` : "";
  return element;
}

/** Fetches what has changed since the last event. If a request fails, the next event tries again. */
async function refresh(status) {
  await Promise.all([probes.update(status.probe), deadLetters.update(status.deadLetters)]);
  const model = `${status.checkpoints} ${status.serving}`;
  if (model !== shownModel) {
    await showModel();
    await checkpoints.refresh();
    shownModel = model;
  }
}

let shownModel = "";
let refreshing = false;

function connect() {
  const events = new EventSource("/v1/events");
  events.addEventListener("history", (event) => charts.reset(JSON.parse(event.data)));
  events.addEventListener("status", async (event) => {
    const status = JSON.parse(event.data);
    showStatus(status);
    charts.append(status.points);
    if (!refreshing && status.ready) {
      refreshing = true;
      await refresh(status).catch((error) => console.info("refresh failed, the next event tries again:", error.message));
      refreshing = false;
    }
  });
  events.addEventListener("error", () => {
    showStatus({ ready: false, missing: "no answer from Tandem; reconnecting" });
    shownModel = "";
    // The browser reconnects by itself, except after a response that is not an event stream. That can mean that the
    // login is no longer valid, and only another request shows the status.
    if (events.readyState === EventSource.CLOSED) {
      showModel().catch((error) => console.info("no model:", error.message));
      setTimeout(connect, RETRY_MILLIS);
    }
  });
}

connect();
