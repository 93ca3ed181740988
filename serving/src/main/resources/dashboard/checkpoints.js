// The list of checkpoints: which translates, and which are kept.
import { getJson, send } from "./api.js";

const number = new Intl.NumberFormat("en");

export class Checkpoints {
  /** @param changed told when another one translates */
  constructor(changed) {
    this.changed = changed;
    this.body = document.querySelector("#checkpoints tbody");
    this.text = document.getElementById("checkpoints-text");
  }

  async refresh() {
    this.show(await getJson("/v1/checkpoints"));
  }

  show(list) {
    const live = { name: "live", serving: list.serving === "live", live: true };
    this.body.replaceChildren(...[live, ...list.checkpoints].map((checkpoint) => this.row(checkpoint)));
  }

  row(checkpoint) {
    const row = document.createElement("tr");
    row.className = checkpoint.serving ? "serving" : "";
    const cells = checkpoint.live
      ? ["the weights that learn", "", "", "", ""]
      : [
          checkpoint.name,
          number.format(checkpoint.step),
          number.format(checkpoint.pairs),
          new Date(checkpoint.written).toLocaleString(),
          `${(checkpoint.bytes / 1048576).toFixed(1)} MiB`,
        ];
    for (const text of cells) {
      row.insertCell().textContent = text;
    }
    const actions = row.insertCell();
    if (checkpoint.serving) {
      actions.append("translates ");
    } else {
      const body = JSON.stringify({ checkpoint: checkpoint.name });
      actions.append(this.button("translate with it", () => send("PUT", "/v1/serving", body)));
    }
    if (!checkpoint.live) {
      const path = `/v1/checkpoints/${encodeURIComponent(checkpoint.name)}/pin`;
      actions.append(checkpoint.pinned
        ? this.button("unpin", () => send("DELETE", path))
        : this.button("pin", () => send("PUT", path)));
    }
    return row;
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
        this.changed();
      } catch (failure) {
        button.disabled = false;
        this.fail(failure);
      }
    });
    return button;
  }

  fail(failure) {
    this.text.className = "wrong";
    this.text.textContent = failure.message;
  }
}
