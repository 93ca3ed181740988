// The probe sheets, with a slider over the steps.
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

  /** @param newest step of the newest sheet, 0 if there is none; the list is fetched only if it has changed */
  async update(newest) {
    if (newest === this.newest) {
      return;
    }
    const probes = await getJson("/v1/probes");
    const followsNewest = Number(this.slider.value) >= this.steps.length - 1;
    const selected = this.steps[Number(this.slider.value)] ?? 0;
    this.newest = newest;
    this.steps = probes.steps;
    document.getElementById("probes").hidden = this.steps.length === 0;
    document.getElementById("no-probes").hidden = this.steps.length > 0;
    this.showColumns(["A", "B", ...Array.from({ length: probes.samples }, (none, i) => `sample ${i + 1}`)]);
    this.slider.max = this.steps.length - 1;
    // The selected sheet may have been removed; then the next one is selected.
    const index = this.steps.findIndex((step) => step >= selected);
    this.slider.value = followsNewest || index < 0 ? this.steps.length - 1 : index;
    this.show();
  }

  showColumns(names) {
    document.getElementById("probe-columns").replaceChildren(...names.map((name) => {
      const label = document.createElement("span");
      label.textContent = name;
      return label;
    }));
  }

  show() {
    const step = this.steps[Number(this.slider.value)];
    if (step !== undefined) {
      // The parameter bypasses the cache: after a crash the same step is probed again.
      this.sheet.src = `/v1/probes/${step}?newest=${this.newest}`;
      this.sheet.alt = `Probe after step ${step}: one row per input, with A, B and the samples`;
      this.text.textContent = `step ${step}`;
    }
  }
}
