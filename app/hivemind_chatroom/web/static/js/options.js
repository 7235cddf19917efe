/** What the reader can do with a message of their own that the room has: take it back. */

import { copy, find } from "./markup.js";
import { DELETE_FOR_ALL, DELETE_PRIVATE, NOT_DELETED } from "./words-options.js";

/** @import { Refusal } from "./contract" */

export class Options {
  #button;
  #question;
  #words;
  #onRemove;

  /**
   * @param {HTMLButtonElement} button in the line
   * @param {boolean} isPrivate nobody else sees the message anyway
   * @param {() => Promise<Refusal | null>} onRemove
   */
  constructor(button, isPrivate, onRemove) {
    this.#button = button;
    this.#question = copy("remove-template");
    this.#words = find(this.#question, "span", HTMLElement);
    this.#words.textContent = isPrivate ? DELETE_PRIVATE : DELETE_FOR_ALL;
    this.#onRemove = onRemove;
    find(this.#question, ".keep", HTMLButtonElement).onclick = () => this.#close();
    find(this.#question, ".delete", HTMLButtonElement).onclick = () => void this.#remove();
    this.#question.onkeydown = (event) => event.key === "Escape" && this.#close();
  }

  /** Asks whether it shall go, or asks no more. */
  toggle() {
    if (this.#question.isConnected) this.#close();
    else this.#ask();
  }

  #ask() {
    this.#button.setAttribute("aria-expanded", "true");
    this.#button.closest(".line")?.append(this.#question);
    find(this.#question, ".keep", HTMLButtonElement).focus({ preventScroll: true });
    this.#question.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#button.setAttribute("aria-expanded", "false");
    this.#question.remove();
    this.#button.focus({ preventScroll: true });
  }

  async #remove() {
    const refusal = await this.#onRemove();
    if (refusal) this.#words.textContent = `${NOT_DELETED} ${refusal.message}`.trim();
  }
}
