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

/** The room tells its moments in whole seconds: an age is as much too long at worst. */
const AGE_ERROR_MS = 1_000;

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
  /** Up to this number, messages are from before the stream was opened. */
  #missedId = 0;

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
  }

  /**
   * Takes in from where on the stream tells what happens now: what it tells of before was missed.
   *
   * @param {number} newestId the room's highest number when the stream was opened
   */
  catchUpTo(newestId) {
    this.#missedId = newestId;
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
    if (this.#isAway || (this.#isJustBack && id <= this.#missedId)) return true;
    // A page that slept, and not its stream, hears of them only after its reader is back.
    return this.#ageOf(sent_at) - AGE_ERROR_MS > performance.now() - this.#backAt;
  }
}
