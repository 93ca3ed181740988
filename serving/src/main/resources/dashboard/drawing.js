// The input image: drawn, uploaded or dropped.

const SHORT_SIDE = 256;
const HINT = "Draw, upload or drop an image.";

export class Drawing {
  constructor() {
    this.canvas = document.getElementById("drawing");
    this.context = this.canvas.getContext("2d");
    this.pen = document.getElementById("pen");
    this.text = document.getElementById("input-text");
    this.file = null;
    this.clear();
    this.listenForDrawing();
    this.listenForFiles();
  }

  /** Gives the canvas the aspect ratio of the model. */
  setSize(width, height) {
    const scale = SHORT_SIDE / Math.min(width, height);
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
      this.clear();
    }
  }

  /** The uploaded file, unchanged, or the drawing as PNG. */
  image() {
    return this.file ? Promise.resolve(this.file) : new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }

  clear() {
    this.file = null;
    this.context.fillStyle = "#fff";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.text.textContent = HINT;
  }

  async load(file) {
    try {
      const image = await createImageBitmap(file);
      this.clear();
      this.context.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
      this.text.textContent = `${file.name}, ${image.width}×${image.height}`;
      image.close();
    } catch {
      this.clear();
      this.text.textContent = `${file.name} (no preview in this browser; the file is sent unchanged)`;
    }
    this.file = file;
  }

  listenForDrawing() {
    const position = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) * this.canvas.width) / box.width,
        ((event.clientY - box.top) * this.canvas.height) / box.height,
      ];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.file = null;
      this.text.textContent = "Your drawing.";
      this.context.lineWidth = Number(this.pen.value);
      this.context.lineCap = "round";
      this.context.lineJoin = "round";
      this.context.strokeStyle = "#000";
      this.context.beginPath();
      this.context.moveTo(...position(event));
      this.context.lineTo(...position(event));
      this.context.stroke();
      this.isDrawing = true;
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.isDrawing) {
        this.context.lineTo(...position(event));
        this.context.stroke();
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, () => (this.isDrawing = false));
    }
  }

  listenForFiles() {
    this.canvas.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.canvas.classList.add("drop-target");
    });
    this.canvas.addEventListener("dragleave", () => this.canvas.classList.remove("drop-target"));
    this.canvas.addEventListener("drop", (event) => {
      event.preventDefault();
      this.canvas.classList.remove("drop-target");
      if (event.dataTransfer.files.length > 0) {
        this.load(event.dataTransfer.files[0]);
      }
    });
    document.getElementById("clear").addEventListener("click", () => this.clear());
    document.getElementById("upload").addEventListener("change", (event) => {
      if (event.target.files.length > 0) {
        this.load(event.target.files[0]);
        // Without this, choosing the same file again would not be a change.
        event.target.value = "";
      }
    });
  }
}
