/** What the reader wrote and the room has not acknowledged: sent one by one, in order, never twice. */

import { newClientId } from "./ids.js";
import { copy, find } from "./markup.js";
import { Unsent } from "./unsent.js";
import { NOT_SENT, NOT_SENT_YET, slower, TOO_OLD } from "./words.js";

/** @import { Api } from "./api.js" */
/** @import { Audience, Draft, Message } from "./contract" */
/** @import { Line } from "./line.js" */
/** @import { Messages } from "./messages.js" */

const SECOND_MS = 1_000;

/** The room is there and yet didn't take a line: it is sent again so much later. */
const SEND_AGAIN_MS = 5_000;

/**
 * What was written longer ago and would be asked of the assistant waits for a word of the reader:
 * nobody wants the oven turned on twenty minutes late. Messages to people never get too old.
 */
const ASKED_LATE_MAX_MS = 120_000;

/** Refusals of no answer, or of a server in trouble: the same posting may work later. */
const MAY_WORK_LATER = /^(offline|internal|http_5..)$/;

/**
 * @typedef {object} Waiting
 * @property {Draft} draft
 * @property {Line} line
 * @property {number} writtenAt milliseconds since 1970
 * @property {boolean} isDue it goes out by itself, in its turn
 * @property {boolean} isHeld it becomes due later, by itself
 */

export class Pending {
  #api;
  #messages;
  #onStranger;
  #unsent;
  /** @type {Waiting[]} in the order of writing */
  #waiting = [];
  /** @type {Waiting | null} */
  #onItsWay = null;
  /** @type {Message[]} the reader's own that the stream brought while one was on its way */
  #held = [];
  #isConnected = true;
  #timer = 0;
  /** How often the connection came back. */
  #resumptions = 0;

  /**
   * @param {Api} api
   * @param {Messages} messages
   * @param {string} memberId
   * @param {() => void} onStranger the room doesn't know this browser any more
   */
  constructor(api, messages, memberId, onStranger) {
    this.#api = api;
    this.#messages = messages;
    this.#onStranger = onStranger;
    this.#unsent = new Unsent(
      memberId,
      () => void this.#adopt(),
      (clientId) => this.#lost(clientId),
    );
    void this.#adopt();
  }

  /**
   * Shows a line at once and sends it when those before it have gone.
   *
   * @param {string} text
   * @param {Audience} to
   * @param {string} [lang] where it isn't the reader's own
   */
  send(text, to, lang) {
    const draft = { client_id: newClientId(), text, to, ...(lang && { lang }) };
    const writtenAt = Date.now();
    this.#unsent.keep(draft, writtenAt);
    this.#add(draft, writtenAt).isDue = true;
    void this.#sendAll();
  }

  /**
   * Takes a message of the reader's own from the stream. While a line is on its way the message
   * is held: only the room's answer tells which line it is, as what all are sent has no client_id.
   *
   * @param {Message} message
   */
  arrived(message) {
    if (this.#onItsWay) this.#held.push(message);
    else void this.#settle(message);
  }

  /** The connection broke: what waits goes out when it is back. */
  interrupt() {
    this.#isConnected = false;
  }

  /** The connection is back: sends what waited for it. */
  resume() {
    this.#isConnected = true;
    this.#resumptions += 1;
    this.#sendHeld();
    void this.#adopt();
  }

  /** Takes over what no tab will send: from before a reload, or of a tab that was closed. */
  async #adopt() {
    for (const { draft, writtenAt } of await this.#unsent.adopt()) {
      // It may be on the page already: the log had it, or the browser kept the whole page.
      const shown = this.#messages.lines.written(draft.client_id);
      if (shown && shown.id !== null) this.#unsent.forget(draft.client_id);
      if (shown) continue;
      this.#takeUp(this.#add(draft, writtenAt));
    }
    void this.#sendAll();
  }

  /**
   * @param {Draft} draft
   * @param {number} writtenAt
   */
  #add(draft, writtenAt) {
    const line = this.#messages.addWritten({
      clientId: draft.client_id,
      text: draft.text,
      isPrivate: draft.to === "assistant",
      writtenAt,
    });
    const waiting = { draft, line, writtenAt, isDue: false, isHeld: false };
    this.#waiting.push(waiting);
    return waiting;
  }

  async #sendAll() {
    if (this.#onItsWay) return;
    for (let next = this.#next(); next; next = this.#next()) {
      this.#onItsWay = next;
      try {
        await this.#sendOne(next);
      } finally {
        this.#onItsWay = null;
        for (const message of this.#held.splice(0)) void this.#settle(message);
      }
    }
  }

  #next() {
    return this.#open().find((waiting) => waiting.isDue);
  }

  /** @param {Waiting} waiting */
  async #sendOne(waiting) {
    // What is tried again and again isn't said to be anything else each time.
    if (!waiting.isHeld) waiting.line.showSending();
    const resumptions = this.#resumptions;
    const answer = await this.#api.post(waiting.draft);
    if (answer.ok) {
      this.#forget(waiting);
      this.#messages.number(waiting.line, answer.value);
    } else if (answer.refusal.code === "too_fast") {
      waiting.isHeld = false;
      await this.#countDown(waiting.line, answer.refusal.retryAfterS);
    } else if (MAY_WORK_LATER.test(answer.refusal.code)) {
      // The connection may have broken under it, and been back before that was known.
      waiting.isDue = resumptions !== this.#resumptions;
      this.#hold(waiting);
    } else {
      this.#giveUp(waiting, `${NOT_SENT} ${answer.refusal.message}`.trim());
      if (answer.refusal.code === "not_joined") this.#onStranger();
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

  #sendHeld() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    for (const each of this.#open()) if (each.isHeld) this.#takeUp(each);
    void this.#sendAll();
  }

  /** @param {Waiting} waiting */
  #takeUp(waiting) {
    if (this.#isConnected && isStillWanted(waiting)) waiting.isDue = true;
    else this.#hold(waiting);
  }

  /**
   * Keeps a line back that goes out by itself later, unless it has become too old for that.
   *
   * @param {Waiting} waiting
   */
  #hold(waiting) {
    if (!isStillWanted(waiting)) {
      this.#giveUp(waiting, TOO_OLD);
      return;
    }
    if (!waiting.isHeld) {
      waiting.isHeld = true;
      waiting.line.showHeld(NOT_SENT_YET, [this.#choices(waiting)]);
    }
    this.#timer ||= setTimeout(() => this.#sendHeld(), SEND_AGAIN_MS);
  }

  /**
   * Leaves it to the reader what becomes of a line.
   *
   * @param {Waiting} waiting
   * @param {string} words
   */
  #giveUp(waiting, words) {
    waiting.isDue = false;
    waiting.isHeld = false;
    waiting.line.showTrouble(words, [this.#choices(waiting)]);
  }

  /** @param {Waiting} waiting */
  #choices(waiting) {
    const choices = copy("unsent-template");
    const retry = find(choices, ".retry", HTMLButtonElement);
    retry.onclick = () => this.#retry(waiting);
    retry.hidden = waiting.isHeld;
    find(choices, ".delete", HTMLButtonElement).onclick = () => this.#discard(waiting);
    return choices;
  }

  /** @param {Waiting} waiting */
  #retry(waiting) {
    waiting.isDue = true;
    void this.#sendAll();
  }

  /** @param {Waiting} waiting */
  #discard(waiting) {
    this.#forget(waiting);
    this.#messages.discard(waiting.line);
  }

  /**
   * Shows a message of the reader's own. When a line seemed lost that says the same, the log tells
   * whether it is that one: it knows the marks, which streams don't carry.
   *
   * @param {Message} message
   */
  async #settle(message) {
    const mayBe = (/** @type {Waiting} */ { draft }) => draft.text === message.text;
    if (this.#messages.lines.find(message.id) || !this.#open().some(mayBe)) {
      this.#messages.add(message);
      return;
    }
    const page = await this.#api.messages({ after: message.id - 1, limit: 1 });
    const found = page.ok ? page.value.messages.find(({ id }) => id === message.id) : undefined;
    this.#messages.add({ ...found, ...message });
    this.#open();
  }

  /** Leaves out those that the log has numbered meanwhile. */
  #open() {
    for (const waiting of this.#waiting) if (waiting.line.id !== null) this.#forget(waiting);
    return this.#waiting;
  }

  /** @param {Waiting} waiting */
  #forget(waiting) {
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    this.#unsent.forget(waiting.draft.client_id);
  }

  /** @param {string} clientId another tab has sent it, deleted it, or sends it now */
  #lost(clientId) {
    const lost = this.#waiting.find(({ draft }) => draft.client_id === clientId);
    if (!lost) return;
    this.#waiting = this.#waiting.filter((other) => other !== lost);
    if (lost.line.id === null) this.#messages.discard(lost.line);
  }
}

/**
 * Tells whether a line may still go out by itself.
 *
 * @param {Waiting} waiting
 */
function isStillWanted({ draft, writtenAt }) {
  const age = Date.now() - writtenAt;
  return draft.to === "people" || (age >= 0 && age < ASKED_LATE_MAX_MS);
}
