/** The note under a line: what became of it, for how long it has waited, and what can be done. */

import { copy, find } from "./markup.js";
import { ASK_AGAIN_FAILED, DELIVERY, waited } from "./words.js";

/** @import { Delivery, Refusal } from "./contract" */

/** An answer that comes sooner needs no word about waiting for it. */
const PATIENT_MS = 3_000;

/** @type {ReadonlySet<Delivery | null>} */
const WAITING = new Set(["queued", "sending", "sent"]);

/** @type {ReadonlySet<Delivery | null>} */
const ASKABLE = new Set(["unanswered", "unconfirmed", "expired"]);

/** @type {ReadonlySet<Delivery | null>} nobody has to do anything */
const QUIET = new Set([...WAITING, "unmatched"]);

/**
 * Tells whether something more will become of a message.
 *
 * @param {Delivery | null} delivery
 */
export function isWaiting(delivery) {
  return WAITING.has(delivery);
}

export class Outcome {
  #note;
  #text;
  #words;
  #age;
  #onAskAgain;
  #isPatient = false;

  /**
   * @param {HTMLElement} line
   * @param {() => Promise<Refusal | null>} onAskAgain
   */
  constructor(line, onAskAgain) {
    this.#note = find(line, ".outcome", HTMLElement);
    this.#text = find(this.#note, ".outcome-text", HTMLElement);
    this.#words = find(this.#note, ".outcome-words", HTMLElement);
    this.#age = find(this.#note, ".age", HTMLElement);
    this.#onAskAgain = onAskAgain;
  }

  /**
   * Says how far a message has come on its way to an answer.
   *
   * @param {Delivery | null} delivery
   */
  showDelivery(delivery) {
    const words = delivery ? DELIVERY[delivery] : "";
    const choices = ASKABLE.has(delivery) ? [this.#askAgainButton()] : [];
    this.show(words, QUIET.has(delivery) ? "quiet" : "trouble", choices);
    this.#isPatient = delivery === "sending" || delivery === "sent";
    if (this.#isPatient) this.#note.hidden = true;
  }

  /**
   * Says something with the choices that go with it; nothing hides the note.
   *
   * @param {string} words
   * @param {"quiet" | "trouble"} tone
   * @param {HTMLElement[]} [choices]
   */
  show(words, tone, choices = []) {
    this.#isPatient = false;
    this.#note.hidden = words === "";
    this.#note.dataset["tone"] = tone;
    this.#words.textContent = words;
    this.#age.textContent = "";
    this.#note.replaceChildren(this.#text, ...choices);
  }

  /**
   * Says for how long the message has been waiting.
   *
   * @param {number} ms
   */
  showAge(ms) {
    if (ms < PATIENT_MS) return;
    if (this.#isPatient) this.#note.hidden = false;
    this.#age.textContent = waited(ms);
  }

  #askAgainButton() {
    const choice = copy("ask-again-template");
    const button = find(choice, "button", HTMLButtonElement);
    button.onclick = () => void this.#askAgain(button, choice);
    return choice;
  }

  /**
   * What comes of it the stream tells; the note is then another one.
   *
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} choice
   */
  async #askAgain(button, choice) {
    button.disabled = true;
    const refusal = await this.#onAskAgain();
    button.disabled = false;
    if (refusal && choice.isConnected) {
      this.show(refusal.message || ASK_AGAIN_FAILED, "trouble", [choice]);
    }
  }
}
