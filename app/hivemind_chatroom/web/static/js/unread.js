/** Where the reader left off: a word above the first message that came while nobody looked. */

import { keep, kept } from "./keep.js";
import { copy } from "./markup.js";
import { back } from "./words.js";

/** @import { Message } from "./contract" */
/** @import { Line } from "./line.js" */

/** Where readers of this browser left off. */
const SEEN_KEY = "seen";

/** Who comes back for less than this has not read what came, in milliseconds. */
const GLANCE_MS = 3_000;

/**
 * What was missed comes at one go when the reader is back. An age doesn't tell it alone: the room's
 * clock has whole seconds.
 */
const BURST_MS = 100;

export class Unread {
  /** The line under the word. @type {Line | null} */
  first = null;
  #word = copy("unread-template");
  #readerId;
  #ageOf;
  #seenId = Number.POSITIVE_INFINITY;
  #count = 0;
  #isAway = false;
  #backAt = Number.NEGATIVE_INFINITY;
  /** When the reader came back, or the last that they missed came. */
  #missedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {string} readerId
   * @param {(moment: string) => number} ageOf milliseconds since a moment of the room's
   */
  constructor(readerId, ageOf) {
    this.#readerId = readerId;
    this.#ageOf = ageOf;
    // A phone that has thrown the page away loads it anew when its reader is back.
    const seen = kept("browser", SEEN_KEY);
    if (seen?.readerId !== readerId) return;
    this.#isAway = true;
    this.#seenId = seen.seenId;
  }

  /** The last message before the reader went, as long as they have not seen what came then. */
  get lastSeenId() {
    return this.#isAway || this.#isJustBack ? this.#seenId : null;
  }

  /**
   * The reader looks away, or hears nothing any more.
   *
   * @param {number} newestId the last message that they could see
   */
  leave(newestId) {
    if (this.#isAway) return;
    this.#isAway = true;
    if (this.#isJustBack) return;
    this.forget();
    this.#seenId = newestId;
    keep("browser", SEEN_KEY, { readerId: this.#readerId, seenId: newestId });
  }

  /** The reader looks again. */
  comeBack() {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#backAt = performance.now();
    this.#missedAt = this.#backAt;
  }

  /**
   * Takes in a line that is shown, and puts the word above it when it is the first of the new ones.
   *
   * @param {Message} message
   * @param {Line} line
   */
  take(message, line) {
    if (!this.#isNew(message)) return;
    this.#count += 1;
    if (!this.first || message.id < (this.first.id ?? 0)) {
      this.first = line;
      line.element.prepend(this.#word);
    }
    this.#word.textContent = back(this.#count);
  }

  /** Takes the word away: it has been read, or its line is gone. */
  forget() {
    this.first = null;
    this.#count = 0;
    this.#word.remove();
  }

  get #isJustBack() {
    return performance.now() - this.#backAt < GLANCE_MS;
  }

  /** @param {Message} message */
  #isNew({ id, author, sent_at }) {
    if (id <= this.#seenId || author.id === this.#readerId) return false;
    // A phone that slept hears of them only after its reader is back.
    const now = performance.now();
    const isMissed = now - this.#missedAt < BURST_MS || this.#ageOf(sent_at) > now - this.#backAt;
    if (isMissed) this.#missedAt = now;
    return this.#isAway || isMissed;
  }
}
