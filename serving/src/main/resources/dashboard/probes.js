// The sheet of probes, and the way back through time.
import { getJson } from "./api.js";

export class Probes {
  constructor() {
    this.newest = 0;
    this.steps = [];
    this.slider = document.getElementById("probe-step");
    this.sheet = document.getElementById("probe-sheet");
    this.text = document.getElementById("probe-text");
    this.slider.addEventListener("input", () => this.show());
  }

  /** @param step of the newest sheet; 0: there is none */
  async see(step) {
    if (step === this.newest) {
      return;
    }
    const probes = await getJson("/v1/probes");
    const atEnd = Number(this.slider.value) >= this.steps.length - 1;
    const chosen = this.steps[Number(this.slider.value)] ?? 0;
    this.newest = step;
    this.steps = probes.steps;
    document.getElementById("probes").hidden = this.steps.length === 0;
    document.getElementById("no-probes").hidden = this.steps.length > 0;
    this.name(["A", "B", ...Array.from({ length: probes.samples }, (none, i) => `sample ${i + 1}`)]);
    this.slider.max = this.steps.length - 1;
    // Sheets go as they become too many: the one that was looked at, or the next after it.
    const same = this.steps.findIndex((each) => each >= chosen);
    this.slider.value = atEnd || same < 0 ? this.steps.length - 1 : same;
    this.show();
  }

  name(columns) {
    document.getElementById("probe-columns").replaceChildren(...columns.map((column) => {
      const label = document.createElement("span");
      label.textContent = column;
      return label;
    }));
  }

  show() {
    const step = this.steps[Number(this.slider.value)];
    if (step !== undefined) {
      // A step that was lost in a crash is probed again.
      this.sheet.src = `/v1/probes/${step}?newest=${this.newest}`;
      this.sheet.alt = `Translations of the probes after step ${step}: a row for each, with A, B and the samples`;
      this.text.textContent = `step ${step}`;
    }
  }
}
