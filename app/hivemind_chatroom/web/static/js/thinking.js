/** The hint that the assistant is at work. */

import { find } from "./markup.js";

/** @import { Thinking } from "./contract" */

export class ThinkingHint {
  #place;
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
    this.#place.hidden = this.#on.size === 0;
  }
}
