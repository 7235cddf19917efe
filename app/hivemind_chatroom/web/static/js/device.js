/** Another device of the reader's own: what is to be typed there. */

import { find } from "./markup.js";
import { NO_CONNECTION } from "./words.js";

/** @import { Api } from "./api.js" */

export class OtherDevice {
  #details;
  #code;
  #api;

  /**
   * @param {ParentNode} root
   * @param {Api} api
   */
  constructor(root, api) {
    this.#details = find(root, "#other-device", HTMLDetailsElement);
    this.#code = find(this.#details, "[role=status]", HTMLElement);
    this.#api = api;
    this.#details.addEventListener("toggle", () => void this.#show());
  }

  /** Shows nothing any more. */
  close() {
    this.#details.open = false;
  }

  /** Shows the code while it is asked for; nobody who passes by later shall read it. */
  async #show() {
    this.#code.textContent = "";
    if (!this.#details.open) return;
    const answer = await this.#api.inviteDevice();
    this.#code.textContent = answer.ok
      ? answer.value.code.replace(/...$/, "\u00a0$&")
      : answer.refusal.message || NO_CONNECTION;
  }
}
