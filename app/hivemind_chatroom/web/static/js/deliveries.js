/** How far lines have come on their way to an answer, and for how long they have been waiting. */

/** @import { Delivery, Message } from "./contract" */
/** @import { Line } from "./line.js" */

const TICK_MS = 1_000;

export class Deliveries {
  /** @type {Map<number, Delivery | null>} news of a line may come before the line itself */
  #news = new Map();
  /** @type {Map<Line, number>} since when, on the page's own clock, in milliseconds */
  #since = new Map();
  #timer = 0;

  /**
   * Returns a message with what is known of its way by now.
   *
   * @param {Message} message
   */
  upToDate(message) {
    const delivery = this.#news.get(message.id);
    return delivery === undefined ? message : { ...message, delivery };
  }

  /**
   * Takes in how far a message has come.
   *
   * @param {Message} message
   * @param {Line | undefined} line
   */
  take({ id, delivery }, line) {
    this.#news.set(id, delivery);
    line?.showDelivery(delivery);
    // Asked again, it waits since now.
    if (line?.isWaiting) this.watch(line, 0);
    else if (line) this.end(line);
  }

  /**
   * Counts for how long a line waits, if it does; where it is counted already the count goes on.
   *
   * @param {Line} line
   * @param {number} agoMs how long it has been waiting
   */
  watch(line, agoMs) {
    if (!line.isWaiting) return;
    if (!this.#since.has(line)) this.#since.set(line, performance.now() - agoMs);
    this.#timer ||= setInterval(() => this.#tell(), TICK_MS);
    this.#tell();
  }

  /**
   * Stops counting.
   *
   * @param {Line} line
   */
  end(line) {
    this.#since.delete(line);
    if (this.#since.size === 0) this.#rest();
  }

  /**
   * Forgets what was heard of a message.
   *
   * @param {number} id
   */
  forget(id) {
    this.#news.delete(id);
  }

  /** Forgets everything. */
  clear() {
    this.#news.clear();
    this.#since.clear();
    this.#rest();
  }

  #rest() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #tell() {
    const now = performance.now();
    for (const [line, since] of this.#since) line.showAge(now - since);
  }
}
