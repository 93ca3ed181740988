// The picture to translate: drawn, uploaded or dropped.

export class Drawing {
  constructor() {
    this.canvas = document.getElementById("drawing");
    this.context = this.canvas.getContext("2d");
    this.pen = document.getElementById("pen");
    this.text = document.getElementById("input-text");
    this.file = null;
    this.clear();
    this.listen();
  }

  /** To the model's proportions. */
  fit(width, height) {
    const larger = 256 / Math.min(width, height);
    const [w, h] = [Math.round(width * larger), Math.round(height * larger)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
      this.clear();
    }
  }

  /** The file as it was uploaded, or the drawing as PNG. */
  picture() {
    return this.file ? Promise.resolve(this.file) : new Promise((done) => this.canvas.toBlob(done, "image/png"));
  }

  clear() {
    this.file = null;
    this.context.fillStyle = "#fff";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.text.textContent = "Draw, upload, or drop a picture.";
  }

  async take(file) {
    try {
      const picture = await createImageBitmap(file);
      this.clear();
      this.context.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
      this.text.textContent = `${file.name}, ${picture.width}×${picture.height}`;
      picture.close();
    } catch {
      this.clear();
      this.text.textContent = `${file.name} (this browser cannot show it; it is sent as it is)`;
    }
    this.file = file;
  }

  listen() {
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) * this.canvas.width) / box.width,
        ((event.clientY - box.top) * this.canvas.height) / box.height,
      ];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.file = null;
      this.text.textContent = "A drawing.";
      this.context.lineWidth = Number(this.pen.value);
      this.context.lineCap = "round";
      this.context.lineJoin = "round";
      this.context.strokeStyle = "#000";
      this.context.beginPath();
      this.context.moveTo(...place(event));
      this.context.lineTo(...place(event));
      this.context.stroke();
      this.down = true;
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.down) {
        this.context.lineTo(...place(event));
        this.context.stroke();
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, () => (this.down = false));
    }
    this.canvas.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.canvas.classList.add("over");
    });
    this.canvas.addEventListener("dragleave", () => this.canvas.classList.remove("over"));
    this.canvas.addEventListener("drop", (event) => {
      event.preventDefault();
      this.canvas.classList.remove("over");
      if (event.dataTransfer.files.length > 0) {
        this.take(event.dataTransfer.files[0]);
      }
    });
    document.getElementById("clear").addEventListener("click", () => this.clear());
    document.getElementById("upload").addEventListener("change", (event) => {
      if (event.target.files.length > 0) {
        this.take(event.target.files[0]);
        // The same file may be chosen again.
        event.target.value = "";
      }
    });
  }
}
