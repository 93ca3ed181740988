// The form that has a picture translated. While one request is under way the next waits, and only the last that waits is sent.
import { send } from "./api.js";
import { Drawing } from "./drawing.js";

const REACH = 3;

export class Translate {
  constructor() {
    this.drawing = new Drawing();
    this.form = document.getElementById("translate");
    this.samples = document.getElementById("samples");
    this.seed = document.getElementById("seed");
    this.style = document.getElementById("style");
    this.text = document.getElementById("translate-text");
    this.sliders = document.getElementById("latent-given");
    this.busy = false;
    this.waiting = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    document.getElementById("dice").addEventListener("click", () => {
      this.seed.value = Math.floor(Math.random() * 1e9);
      this.ask();
    });
    this.style.addEventListener("change", () => {
      document.getElementById("style-text").textContent = this.style.files[0]?.name ?? "";
    });
    for (const way of this.form.elements.latent) {
      way.addEventListener("change", () => this.choose());
    }
  }

  /** To what the model takes. */
  fit(model) {
    this.drawing.fit(model.width, model.height);
    this.samples.max = model.maxSamples;
    const [drawn, given, style] = this.form.elements.latent;
    given.disabled = model.latent === 0;
    style.disabled = !model.takesStyles;
    if (this.sliders.children.length !== model.latent) {
      this.sliders.replaceChildren(...Array.from({ length: model.latent }, (none, i) => this.slider(i)));
    }
    if (this.way() !== "drawn" && document.querySelector("input[name=latent]:checked").disabled) {
      drawn.checked = true;
    }
    this.choose();
  }

  slider(index) {
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = `z${index + 1}`;
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: -REACH, max: REACH, step: 0.05, value: 0 });
    const value = document.createElement("output");
    value.textContent = "0.00";
    input.addEventListener("input", () => {
      value.textContent = Number(input.value).toFixed(2);
      this.ask();
    });
    label.append(name, input, value);
    return label;
  }

  way() {
    return this.form.elements.latent.value;
  }

  choose() {
    for (const way of ["drawn", "given", "style"]) {
      document.getElementById(`latent-${way}`).hidden = way !== this.way();
    }
    this.samples.disabled = this.way() !== "drawn";
  }

  async ask() {
    if (this.busy) {
      this.waiting = true;
      return;
    }
    this.busy = true;
    try {
      const began = performance.now();
      const answer = await send("POST", "/v1/translations", await this.request());
      this.show(answer);
      this.text.className = "quiet";
      this.text.textContent =
        `${answer.translations.length} in ${Math.round(performance.now() - began)} ms, by ${answer.model}` +
        (answer.seed ? `, seed ${answer.seed}` : "");
    } catch (failure) {
      this.text.className = "wrong";
      this.text.textContent = failure.message;
    }
    this.busy = false;
    if (this.waiting) {
      this.waiting = false;
      this.ask();
    }
  }

  async request() {
    const form = new FormData();
    form.append("image", await this.drawing.picture());
    if (this.way() === "style") {
      if (this.style.files.length === 0) {
        throw new Error("choose a picture to take the style from");
      }
      form.append("style", this.style.files[0]);
    } else if (this.way() === "given") {
      const values = [...this.sliders.querySelectorAll("input")].map((input) => input.value);
      form.append("latent", values.join(","));
    } else {
      form.append("samples", this.samples.value);
      form.append("seed", this.seed.value.trim());
    }
    return form;
  }

  show(answer) {
    document.getElementById("results").replaceChildren(...answer.translations.map((translation) => {
      const figure = document.createElement("figure");
      const link = document.createElement("a");
      link.href = `data:image/png;base64,${translation.png}`;
      link.download = `translation-${translation.sample}.png`;
      const picture = document.createElement("img");
      picture.src = link.href;
      picture.alt = `translation ${translation.sample}`;
      link.append(picture);
      const caption = document.createElement("figcaption");
      caption.textContent = (translation.latent ?? []).map((value) => value.toFixed(1)).join(" ");
      figure.append(link, caption);
      return figure;
    }));
  }
}
