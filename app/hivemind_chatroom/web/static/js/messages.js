/** The log on the page: numbered lines in their order, then those still on their way. */

import { Ages } from "./ages.js";
import { Line } from "./line.js";
import { find } from "./markup.js";

/** @import { Delivery, Message } from "./contract" */
/** @import { Reader, Written } from "./line.js" */
/** @import { Scroller } from "./scroller.js" */

/** A phone has to draw them all; older ones are a button away. */
const LINES_MAX = 300;

/** While somebody reads further up, nothing is taken from under their eyes until so many. */
const LINES_MAX_READING = 1_000;

/** Screen readers hear of a change a moment later; by then it must still be marked as quiet. */
const QUIET_MS = 500;

export class Messages {
  #log;
  #earlier;
  #reader;
  #scroller;
  /** @type {Line[]} numbered ones in order, then those on their way in the order of writing */
  #lines = [];
  /** @type {Map<number, Delivery | null>} news of a line may come before the line itself */
  #deliveries = new Map();
  #ages = new Ages();
  #quietTimer = 0;

  /**
   * @param {ParentNode} root
   * @param {Reader} reader
   * @param {Scroller} scroller
   * @param {(before: number) => void} onEarlier
   */
  constructor(root, reader, scroller, onEarlier) {
    this.#log = find(root, "#log", HTMLElement);
    this.#earlier = find(root, "#earlier", HTMLButtonElement);
    this.#reader = reader;
    this.#scroller = scroller;
    this.#earlier.onclick = () => onEarlier(this.#lines[0]?.id ?? 1);
  }

  /**
   * Tells whether a message is shown.
   *
   * @param {number} id
   */
  has(id) {
    return this.#find(id) !== undefined;
  }

  /**
   * Returns the line that this browser has written under a mark, on its way or arrived.
   *
   * @param {string} clientId
   * @returns {Line | undefined}
   */
  written(clientId) {
    return this.#lines.find((line) => line.clientId === clientId);
  }

  /** The message at which the reader reads further up, or null. */
  get idInView() {
    return this.#placeInView()?.id ?? null;
  }

  /**
   * Shows a part of the log instead of all numbered lines; nothing of it is announced, and the
   * reader stays where they were, if that is in it.
   *
   * @param {readonly Message[]} messages oldest first
   * @param {boolean} more there are older ones
   */
  fill(messages, more) {
    const onTheirWay = this.#lines.filter((line) => line.id === null);
    const place = this.#placeInView();
    this.#lines = [];
    this.#deliveries.clear();
    this.#ages.clear();
    this.#quietly(() => {
      this.#log.replaceChildren();
      for (const line of onTheirWay) this.#place(line);
      for (const message of messages) this.#place(this.#lineOf(message));
    });
    this.#earlier.hidden = !more;
    this.#showQuestion();
    const again = place && this.#find(place.id);
    if (again) this.#scroller.showAt(again.element, place.offset);
    else this.#scroller.toEnd();
  }

  /**
   * Puts older messages above, and leaves what is being read where it is.
   *
   * @param {readonly Message[]} messages oldest first
   * @param {boolean} more there are still older ones
   */
  addEarlier(messages, more) {
    this.#quietly(() =>
      this.#scroller.steady(() => {
        for (const message of messages) this.#place(this.#lineOf(message));
        this.#earlier.hidden = !more;
      }),
    );
  }

  /**
   * Shows a message, or what is new about one that is shown.
   *
   * @param {Message} message
   */
  add(message) {
    const line = this.#lineOf(message);
    line.element.classList.add("arriving");
    this.#place(line);
    this.#showQuestion();
    this.#trim();
    this.#scroller.came();
  }

  /**
   * Shows a line that the reader has just written.
   *
   * @param {Written} written
   * @returns {Line}
   */
  addWritten(written) {
    const line = new Line(this.#reader);
    line.showWritten(written);
    line.element.classList.add("arriving");
    this.#place(line);
    this.#showQuestion();
    this.#scroller.toEnd();
    return line;
  }

  /**
   * Gives a line of the reader's own its number.
   *
   * @param {Line} line
   * @param {Message} message
   */
  number(line, message) {
    const shown = this.#find(message.id);
    if (shown && shown !== line) {
      this.discard(line);
      return;
    }
    line.show(this.#upToDate(message));
    this.#watch(line, message);
    this.#place(line);
  }

  /**
   * Takes away a line that will not be sent.
   *
   * @param {Line} line
   */
  discard(line) {
    const index = this.#lines.indexOf(line);
    if (index < 0) return;
    this.#ages.end(line);
    this.#lines.splice(index, 1);
    if (line.element.contains(document.activeElement)) this.#scroller.focus();
    line.element.remove();
    this.#lines[index]?.joinTo(this.#lines[index - 1]);
  }

  /**
   * Shows how far a message has come on its way to an answer.
   *
   * @param {Message} message
   */
  update(message) {
    this.#deliveries.set(message.id, message.delivery);
    const line = this.#find(message.id);
    if (!line) return;
    line.showDelivery(message.delivery);
    // Asked again, it waits since now.
    if (line.isWaiting) this.#ages.begin(line, 0);
    else this.#ages.end(line);
  }

  /**
   * Takes away the lines of messages that are none any more.
   *
   * @param {readonly number[]} ids
   */
  remove(ids) {
    for (const id of ids) {
      const line = this.#find(id);
      if (line) this.discard(line);
      this.#deliveries.delete(id);
    }
    this.#showQuestion();
  }

  /**
   * Returns the line of a message: the one that is shown, the reader's own, or a new one.
   *
   * @param {Message} message
   */
  #lineOf(message) {
    const line =
      this.#find(message.id) ??
      (message.client_id ? this.written(message.client_id) : undefined) ??
      new Line(this.#reader);
    line.show(this.#upToDate(message));
    this.#watch(line, message);
    return line;
  }

  /**
   * @param {Line} line
   * @param {Message} message
   */
  #watch(line, message) {
    if (line.isWaiting) this.#ages.begin(line, this.#reader.ageOf(message.sent_at));
  }

  /** Where the reader reads, unless that is at the end. */
  #placeInView() {
    if (this.#scroller.isAtEnd) return null;
    for (const { id, element } of this.#lines) {
      const offset = this.#scroller.offsetOf(element);
      if (id !== null && offset !== null) return { id, offset };
    }
    return null;
  }

  /** @param {Message} message */
  #upToDate(message) {
    const delivery = this.#deliveries.get(message.id);
    return delivery === undefined ? message : { ...message, delivery };
  }

  /** @param {number} id */
  #find(id) {
    return this.#lines.find((line) => line.id === id);
  }

  /**
   * Puts a line where its number belongs; one that stands there already isn't touched, since
   * whoever listens would hear it twice.
   *
   * @param {Line} line
   */
  #place(line) {
    const from = this.#lines.indexOf(line);
    if (from >= 0) this.#lines.splice(from, 1);
    let index = this.#lines.length;
    while (rank(this.#lines[index - 1]) > rank(line)) index -= 1;
    const below = this.#lines[index];
    this.#lines.splice(index, 0, line);
    const standsThere = line.element.parentNode === this.#log;
    if (!standsThere || line.element.nextElementSibling !== (below?.element ?? null)) {
      this.#log.insertBefore(line.element, below?.element ?? null);
    }
    line.joinTo(this.#lines[index - 1]);
    below?.joinTo(line);
  }

  /** Lets go of the oldest lines when there are too many. */
  #trim() {
    const max = this.#scroller.isAtEnd ? LINES_MAX : LINES_MAX_READING;
    const tooMany = this.#lines.length - max;
    if (tooMany <= 0) return;
    this.#scroller.steady(() => {
      for (const line of this.#lines.splice(0, tooMany)) {
        this.#ages.end(line);
        line.element.remove();
        if (line.id !== null) this.#deliveries.delete(line.id);
      }
      this.#lines[0]?.joinTo(undefined);
      this.#earlier.hidden = false;
    });
  }

  /** Hints at the assistant's question to the reader, until the reader has said something. */
  #showQuestion() {
    const last = this.#lines.filter((line) => line.isMine || line.asksReader).at(-1);
    for (const line of this.#lines) line.showWaitsForReader(line === last && line.asksReader);
  }

  /** @param {() => void} change */
  #quietly(change) {
    this.#log.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#log.setAttribute("aria-live", "polite"), QUIET_MS);
  }
}

/**
 * Returns where a line belongs: by its number, after all of them while it has none.
 *
 * @param {Line | undefined} line
 */
function rank(line) {
  if (line === undefined) return Number.NEGATIVE_INFINITY;
  return line.id ?? Number.POSITIVE_INFINITY;
}
