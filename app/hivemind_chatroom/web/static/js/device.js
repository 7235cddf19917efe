/** Another device of the reader's own: what is to be typed there. */

import { find } from "./markup.js";
import { NO_CONNECTION } from "./words.js";
import { CODE_USED, CODE_VOID } from "./words-settings.js";

/** @import { Api } from "./api.js" */
/** @import { CodeEnd } from "./contract" */

export class OtherDevice {
  #details;
  #code;
  #api;
  #timer = 0;

  /**
   * @param {ParentNode} root
   * @param {Api} api
   */
  constructor(root, api) {
    this.#details = find(root, "#other-device", HTMLDetailsElement);
    this.#code = find(this.#details, "[role=status]", HTMLElement);
    this.#api = api;
    this.#details.addEventListener("toggle", () => void this.#show());
    // It has no height when the panel around it was closed.
    new IntersectionObserver(([entry]) => {
      if (!entry?.boundingClientRect.height) this.close();
    }).observe(this.#details);
  }

  /** Shows nothing any more. */
  close() {
    this.#details.open = false;
  }

  /** @param {CodeEnd} why the code is of no more use */
  end(why) {
    if (this.#code.textContent) this.#code.textContent = why === "used" ? CODE_USED : CODE_VOID;
  }

  /** Shows the code while it is asked for; nobody who passes by later shall read it. */
  async #show() {
    clearTimeout(this.#timer);
    this.#code.textContent = "";
    if (!this.#details.open) return;
    const answer = await this.#api.inviteDevice();
    if (!this.#details.open) return;
    if (answer.ok) this.#timer = setTimeout(() => this.close(), answer.value.expires_in_s * 1_000);
    this.#code.textContent = answer.ok
      ? answer.value.code.replace(/...$/, "\u00a0$&")
      : answer.refusal.message || NO_CONNECTION;
  }
}
