// The table of checkpoints: selects the serving checkpoint, pins and unpins.
import { getJson, send } from "./api.js";

const number = new Intl.NumberFormat("en");

const HELD_OUT_COLUMN = 3;

function score({ validation, best }) {
  return validation ? validation.nearestL1.toFixed(4) + (best ? " (best)" : "") : "";
}

export class Checkpoints {
  /** @param onChange is called after a change of the serving checkpoint or a pin */
  constructor(onChange) {
    this.onChange = onChange;
    this.body = document.querySelector("#checkpoints tbody");
    this.text = document.getElementById("checkpoints-text");
  }

  async refresh() {
    this.show(await getJson("/v1/checkpoints"));
  }

  show(list) {
    const live = { name: "live", serving: list.serving === "live", live: true };
    this.scored = list.checkpoints.some((checkpoint) => checkpoint.validation);
    document.getElementById("held-out-head").hidden = !this.scored;
    this.body.replaceChildren(...[live, ...list.checkpoints].map((checkpoint) => this.row(checkpoint)));
  }

  row(checkpoint) {
    const row = document.createElement("tr");
    row.className = checkpoint.serving ? "serving" : "";
    const cells = checkpoint.live
      ? ["live model", "", "", "", "", ""]
      : [
          checkpoint.name,
          number.format(checkpoint.step),
          number.format(checkpoint.pairs),
          score(checkpoint),
          new Date(checkpoint.written).toLocaleString(),
          `${(checkpoint.bytes / 1048576).toFixed(1)} MiB`,
        ];
    cells.forEach((text, column) => {
      if (column !== HELD_OUT_COLUMN || this.scored) {
        row.insertCell().textContent = text;
      }
    });
    row.insertCell().append(...this.actions(checkpoint));
    return row;
  }

  actions(checkpoint) {
    const body = JSON.stringify({ checkpoint: checkpoint.name });
    const actions = [
      checkpoint.serving ? "serving " : this.button("serve", () => send("PUT", "/v1/serving", body)),
    ];
    if (!checkpoint.live) {
      const path = `/v1/checkpoints/${encodeURIComponent(checkpoint.name)}/pin`;
      actions.push(checkpoint.pinned
        ? this.button("unpin", () => send("DELETE", path))
        : this.button("pin", () => send("PUT", path)));
    }
    return actions;
  }

  button(label, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      try {
        button.disabled = true;
        await action();
        this.text.textContent = "";
        await this.refresh();
        this.onChange();
      } catch (error) {
        button.disabled = false;
        this.showError(error);
      }
    });
    return button;
  }

  showError(error) {
    this.text.className = "error";
    this.text.textContent = error.message;
  }
}
