/** Where the reader writes. */

import { keep, kept } from "./keep.js";
import { find } from "./markup.js";
import { INVITATION, lettersLeft } from "./words.js";

/** @import { Audience } from "./contract" */

/** Characters in a message, as the room counts them: code points, not UTF-16. */
const TEXT_MAX = 1_000;

/** What is half written, and whom it is for. */
const DRAFT_KEY = "draft";

/** From here on the reader is told how much is left. */
const TOLD_FROM = 900;

export class Composer {
  #form;
  #field;
  #grower;
  #to;
  #counter;
  #send;
  #readerId;
  #onSend;

  /**
   * @param {ParentNode} root
   * @param {string} readerId
   * @param {(text: string, to: Audience) => void} onSend
   */
  constructor(root, readerId, onSend) {
    this.#form = find(root, "#composer", HTMLFormElement);
    this.#field = find(this.#form, "textarea", HTMLTextAreaElement);
    this.#grower = find(this.#form, ".grower", HTMLElement);
    this.#to = find(this.#form, "select", HTMLSelectElement);
    this.#counter = find(this.#form, ".counter", HTMLElement);
    this.#send = find(this.#form, "button", HTMLButtonElement);
    this.#readerId = readerId;
    this.#onSend = onSend;
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#field.addEventListener("input", () => this.#written());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#to.addEventListener("change", () => this.#chosen());
    const draft = kept("tab", DRAFT_KEY);
    if (draft?.readerId === readerId) {
      this.#field.value = draft.text;
      this.#to.value = draft.to;
    }
    // A browser that restores the form after "back" tells nobody.
    this.#written();
    this.#chosen();
  }

  /** Puts the cursor here, unless that would push a keyboard over the room. */
  invite() {
    if (matchMedia("(pointer: fine)").matches) this.#field.focus();
  }

  /** Whom the reader speaks to. @returns {Audience} */
  get audience() {
    return /** @type {Audience} */ (this.#to.value);
  }

  /** Takes back the choice of whom one speaks to: without an assistant there is none. */
  speakToEveryone() {
    this.#to.value = "everyone";
    this.#chosen();
  }

  get #text() {
    return this.#field.value.trim();
  }

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    if (this.#send.disabled) return;
    const text = this.#text;
    this.#field.value = "";
    this.#written();
    this.#field.focus();
    this.#onSend(text, this.audience);
  }

  #written() {
    const left = TEXT_MAX - [...this.#text].length;
    this.#fit();
    this.#keep();
    this.#send.disabled = left === TEXT_MAX || left < 0;
    this.#counter.textContent = left <= TEXT_MAX - TOLD_FROM ? lettersLeft(left) : "";
    this.#counter.classList.toggle("over", left < 0);
    this.#field.setAttribute("aria-invalid", String(left < 0));
  }

  /**
   * Sends at Enter. Enter that ends the choice of a character (Chinese, Japanese, Korean) doesn't;
   * Safari tells it only by the old key code 229.
   *
   * @param {KeyboardEvent} event
   */
  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) {
      return;
    }
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #chosen() {
    this.#keep();
    this.#field.placeholder = INVITATION[this.audience];
    this.#fit();
  }

  #keep() {
    keep("tab", DRAFT_KEY, {
      readerId: this.#readerId,
      text: this.#field.value,
      to: this.#to.value,
    });
  }

  #fit() {
    this.#grower.dataset["text"] = this.#field.value || this.#field.placeholder;
  }
}
