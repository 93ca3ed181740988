// The newest dead letters.
import { getJson } from "./api.js";

export class Letters {
  constructor() {
    this.count = 0;
    this.table = document.getElementById("letters");
  }

  /** @param count of all so far */
  async see(count) {
    if (count === this.count) {
      return;
    }
    const letters = await getJson("/v1/dead-letters");
    this.count = count;
    document.getElementById("no-letters").hidden = letters.newest.length > 0;
    this.table.hidden = letters.newest.length === 0;
    this.table.tBodies[0].replaceChildren(...letters.newest.map((letter) => {
      const row = document.createElement("tr");
      row.insertCell().textContent = new Date(letter.at).toLocaleTimeString();
      row.insertCell().textContent = letter.origin;
      row.insertCell().textContent = letter.reason;
      const error = row.insertCell();
      error.className = "wide";
      error.textContent = letter.error;
      return row;
    }));
  }
}
