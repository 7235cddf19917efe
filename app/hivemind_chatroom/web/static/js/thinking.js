/** The hint that the assistant is at work, and that it takes longer than usual. */

import { find } from "./markup.js";

/** @import { Thinking } from "./contract" */

/** Whoever waits for so long wants to know that it goes on. */
const SLOW_MS = 8_000;

export class ThinkingHint {
  #place;
  #slowTimer = 0;
  /** @type {Set<number>} the messages it works on */
  #on = new Set();

  /** @param {ParentNode} root */
  constructor(root) {
    this.#place = find(root, "#thinking p", HTMLElement);
  }

  /**
   * Takes in that the assistant began or ended work on a message.
   *
   * @param {Thinking} thinking
   */
  show(thinking) {
    if (thinking.on) this.#on.add(thinking.message_id);
    else this.#on.delete(thinking.message_id);
    this.#draw();
  }

  /** Forgets everything: what ended while nobody listened is not told again. */
  clear() {
    this.#on.clear();
    this.#draw();
  }

  #draw() {
    const isOn = this.#on.size > 0;
    this.#place.hidden = !isOn;
    if (isOn && this.#slowTimer) return;
    clearTimeout(this.#slowTimer);
    this.#place.classList.remove("is-slow");
    this.#slowTimer = isOn ? setTimeout(() => this.#place.classList.add("is-slow"), SLOW_MS) : 0;
  }
}
