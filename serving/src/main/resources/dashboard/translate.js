// The form that translates the input image. One request runs at a time. Of those made meanwhile only the last is sent.
import { send } from "./api.js";
import { nowrap } from "./dom.js";
import { Drawing } from "./drawing.js";

const MAX_LATENT = 3;
const MAX_RANDOM_SEED = 1e9;

export class Translate {
  constructor() {
    this.drawing = new Drawing();
    this.form = document.getElementById("translate");
    this.samples = document.getElementById("samples");
    this.seed = document.getElementById("seed");
    this.style = document.getElementById("style");
    this.text = document.getElementById("translate-text");
    this.sliders = document.getElementById("latent-manual");
    this.inProgress = false;
    this.pending = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.translate();
    });
    document.getElementById("new-seed").addEventListener("click", () => {
      this.seed.value = Math.floor(Math.random() * MAX_RANDOM_SEED);
      this.translate();
    });
    this.style.addEventListener("change", () => {
      document.getElementById("style-text").textContent = this.style.files[0]?.name ?? "";
    });
    for (const source of this.form.elements.latent) {
      source.addEventListener("change", () => this.showLatentSource());
    }
  }

  /** Offers what the model supports: its image size, number of samples and latent, and styles. */
  configure(model) {
    this.drawing.setSize(model.width, model.height);
    this.samples.max = model.maxSamples;
    const [random, manual, style] = this.form.elements.latent;
    manual.disabled = model.latent === 0;
    style.disabled = !model.takesStyles;
    if (this.sliders.children.length !== model.latent) {
      this.sliders.replaceChildren(...Array.from({ length: model.latent }, (none, i) => this.slider(i)));
    }
    if (document.querySelector("input[name=latent]:checked").disabled) {
      random.checked = true;
    }
    this.showLatentSource();
  }

  slider(index) {
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = `z${index + 1}`;
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: -MAX_LATENT, max: MAX_LATENT, step: 0.05, value: 0 });
    const value = document.createElement("output");
    value.textContent = "0.00";
    input.addEventListener("input", () => {
      value.textContent = Number(input.value).toFixed(2);
      this.translate();
    });
    label.append(name, input, value);
    return label;
  }

  latentSource() {
    return this.form.elements.latent.value;
  }

  showLatentSource() {
    for (const source of ["random", "manual", "style"]) {
      document.getElementById(`latent-${source}`).hidden = source !== this.latentSource();
    }
    this.samples.disabled = this.latentSource() !== "random";
  }

  async translate() {
    if (this.inProgress) {
      this.pending = true;
      return;
    }
    this.inProgress = true;
    try {
      const start = performance.now();
      const response = await send("POST", "/v1/translations", await this.request());
      this.show(response);
      this.showSummary(response, performance.now() - start);
    } catch (error) {
      this.text.className = "error";
      this.text.textContent = error.message;
    }
    this.inProgress = false;
    if (this.pending) {
      this.pending = false;
      this.translate();
    }
  }

  async request() {
    const form = new FormData();
    form.append("image", await this.drawing.image());
    if (this.latentSource() === "style") {
      if (this.style.files.length === 0) {
        throw new Error("choose an image for the style");
      }
      form.append("style", this.style.files[0]);
    } else if (this.latentSource() === "manual") {
      const values = [...this.sliders.querySelectorAll("input")].map((input) => input.value);
      form.append("latent", values.join(","));
    } else {
      form.append("samples", this.samples.value);
      form.append("seed", this.seed.value.trim());
    }
    return form;
  }

  show(response) {
    document.getElementById("results").replaceChildren(...response.translations.map((translation) => {
      const figure = document.createElement("figure");
      const link = document.createElement("a");
      link.href = `data:image/png;base64,${translation.png}`;
      link.download = `translation-${translation.sample}.png`;
      const image = document.createElement("img");
      image.src = link.href;
      image.alt = `translation ${translation.sample}`;
      link.append(image);
      const caption = document.createElement("figcaption");
      caption.textContent = (translation.latent ?? []).map((value) => (Math.round(value * 10) / 10 + 0).toFixed(1)).join(" ");
      figure.append(link, caption);
      return figure;
    }));
  }

  showSummary(response, millis) {
    const count = response.translations.length;
    this.text.className = "muted";
    this.text.replaceChildren(
      `${count} ${count === 1 ? "translation" : "translations"} in ${Math.round(millis)} ms, `,
      nowrap(response.seed ? `${response.model},` : response.model));
    if (response.seed) {
      this.text.append(" ", nowrap(`seed ${response.seed}`));
    }
  }
}
