/** What the reader wrote and the room has not acknowledged: sent one by one, in order, never twice. */

import { newClientId } from "./ids.js";
import { copy, find } from "./markup.js";
import { keepUnsent, keptUnsent } from "./unsent.js";
import { NOT_SENT, slower } from "./words.js";

/** @import { Api } from "./api.js" */
/** @import { Audience, Draft, Message, Refusal } from "./contract" */
/** @import { Line } from "./line.js" */
/** @import { Messages } from "./messages.js" */

const SECOND_MS = 1_000;

/** What became of a line that was on its way when the page was left. */
const UNKNOWN = Object.freeze({ code: "offline", message: "", retryAfterS: 0 });

/**
 * @typedef {object} Unsent
 * @property {Draft} draft
 * @property {Line} line
 * @property {boolean} isWaiting it goes out by itself; otherwise the reader decides
 */

export class Pending {
  #api;
  #messages;
  #onStranger;
  /** @type {Unsent[]} in the order of writing */
  #unsent = [];
  /** @type {Unsent | null} */
  #onItsWay = null;
  /** @type {Message[]} the reader's own that the stream brought while one was on its way */
  #held = [];

  /**
   * @param {Api} api
   * @param {Messages} messages
   * @param {() => void} onStranger the room doesn't know this browser any more
   */
  constructor(api, messages, onStranger) {
    this.#api = api;
    this.#messages = messages;
    this.#onStranger = onStranger;
    for (const draft of keptUnsent()) this.#giveUp(this.#add(draft), UNKNOWN);
  }

  /**
   * Shows a line at once and sends it when those before it have gone.
   *
   * @param {string} text
   * @param {Audience} to
   */
  send(text, to) {
    this.#add({ client_id: newClientId(), text, to });
    void this.#sendAll();
  }

  /**
   * Takes a message of the reader's own from the stream. While a line is on its way the message
   * is held: only the room's answer tells which line it is, as streams carry no client_id.
   *
   * @param {Message} message
   */
  arrived(message) {
    if (this.#onItsWay) this.#held.push(message);
    else this.#settle(message);
  }

  /** @param {Draft} draft */
  #add(draft) {
    const line = this.#messages.addWritten({
      clientId: draft.client_id,
      text: draft.text,
      isPrivate: draft.to === "assistant",
    });
    const unsent = { draft, line, isWaiting: true };
    this.#unsent.push(unsent);
    this.#keep();
    return unsent;
  }

  async #sendAll() {
    if (this.#onItsWay) return;
    for (let next = this.#next(); next; next = this.#next()) {
      this.#onItsWay = next;
      await this.#sendOne(next);
      this.#onItsWay = null;
      for (const message of this.#held.splice(0)) this.#settle(message);
    }
  }

  #next() {
    return this.#open().find((unsent) => unsent.isWaiting);
  }

  /** @param {Unsent} unsent */
  async #sendOne(unsent) {
    unsent.line.showSending();
    const answer = await this.#api.post(unsent.draft);
    if (answer.ok) {
      this.#forget(unsent);
      this.#messages.number(unsent.line, answer.value);
    } else if (answer.refusal.code === "too_fast") {
      await this.#countDown(unsent.line, answer.refusal.retryAfterS);
    } else {
      this.#giveUp(unsent, answer.refusal);
    }
  }

  /**
   * @param {Line} line
   * @param {number} seconds
   */
  async #countDown(line, seconds) {
    for (let left = Math.max(1, Math.ceil(seconds)); left > 0; left -= 1) {
      line.showTrouble(slower(left), []);
      await new Promise((resolve) => setTimeout(resolve, SECOND_MS));
    }
  }

  /**
   * @param {Unsent} unsent
   * @param {Refusal} refusal
   */
  #giveUp(unsent, refusal) {
    unsent.isWaiting = false;
    const choices = copy("unsent-template");
    find(choices, ".retry", HTMLButtonElement).onclick = () => this.#retry(unsent);
    find(choices, ".delete", HTMLButtonElement).onclick = () => this.#discard(unsent);
    unsent.line.showTrouble(`${NOT_SENT} ${refusal.message}`.trim(), [choices]);
    if (refusal.code === "not_joined") this.#onStranger();
  }

  /** @param {Unsent} unsent */
  #retry(unsent) {
    unsent.isWaiting = true;
    void this.#sendAll();
  }

  /** @param {Unsent} unsent */
  #discard(unsent) {
    this.#forget(unsent);
    this.#messages.discard(unsent.line);
  }

  /**
   * Shows a message of the reader's own; a line that seemed lost and says the same is that one.
   *
   * @param {Message} message
   */
  #settle(message) {
    const isThis = (/** @type {Unsent} */ { isWaiting, draft }) =>
      !isWaiting && draft.text === message.text;
    const lost = this.#messages.has(message.id) ? undefined : this.#open().find(isThis);
    if (lost) {
      this.#forget(lost);
      this.#messages.number(lost.line, message);
    } else {
      this.#messages.add(message);
    }
  }

  /** Leaves out those that the log has numbered meanwhile: it was read anew. */
  #open() {
    this.#unsent = this.#unsent.filter((unsent) => unsent.line.id === null);
    this.#keep();
    return this.#unsent;
  }

  /** @param {Unsent} unsent */
  #forget(unsent) {
    this.#unsent = this.#unsent.filter((other) => other !== unsent);
    this.#keep();
  }

  #keep() {
    keepUnsent(this.#unsent.map((unsent) => unsent.draft));
  }
}
