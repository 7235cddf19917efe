/** Suggestions above the composer: what one can ask, and what one says to an answer. */

import { find } from "./markup.js";

export class Chips {
  #chips;

  /**
   * @param {ParentNode} root
   * @param {(text: string) => void} onChosen
   */
  constructor(root, onChosen) {
    this.#chips = find(root, "#chips", HTMLElement);
    for (const chip of this.#chips.querySelectorAll("button")) {
      chip.addEventListener("click", () => onChosen(chip.textContent));
    }
  }

  /**
   * Shows what goes with the talk.
   *
   * @param {boolean} hasSpoken the reader has
   */
  show(hasSpoken) {
    this.#chips.classList.toggle("goes-on", hasSpoken);
  }
}
