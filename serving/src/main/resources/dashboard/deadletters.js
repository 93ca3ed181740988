// The table of the newest dead letters.
import { getJson } from "./api.js";

export class DeadLetters {
  constructor() {
    this.count = 0;
    this.table = document.getElementById("dead-letters");
  }

  /** @param count number of all dead letters of the run; the list is fetched only if it has changed */
  async update(count) {
    if (count === this.count) {
      return;
    }
    const list = await getJson("/v1/dead-letters");
    this.count = count;
    document.getElementById("no-dead-letters").hidden = list.newest.length > 0;
    this.table.hidden = list.newest.length === 0;
    this.table.tBodies[0].replaceChildren(...list.newest.map((deadLetter) => {
      const row = document.createElement("tr");
      row.insertCell().textContent = new Date(deadLetter.at).toLocaleTimeString();
      row.insertCell().textContent = deadLetter.origin;
      row.insertCell().textContent = deadLetter.reason;
      const error = row.insertCell();
      error.className = "wide";
      error.textContent = deadLetter.error;
      return row;
    }));
  }
}
