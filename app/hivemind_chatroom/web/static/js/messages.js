/** A part of the log on the page: numbered lines in their order, then those still on their way. */

import { Ages } from "./ages.js";
import { Line } from "./line.js";
import { find } from "./markup.js";
import { Unread } from "./unread.js";

/** @import { Delivery, Message, Part } from "./contract" */
/** @import { Reader, Written } from "./line.js" */
/** @import { Scroller } from "./scroller.js" */

/** A phone has to draw them all; the others are read when the reader comes near. */
const LINES_MAX = 300;

/** Screen readers hear of a change a moment later; by then it must still be marked as quiet. */
const QUIET_MS = 500;

export class Messages {
  /** Somebody asks for what is above. @type {(() => void) | null} */
  onEarlier = null;
  /** There are older messages than those on the page. */
  hasEarlier = false;
  /** There are newer messages than those on the page. */
  hasLater = false;
  /** The highest number heard of, on the page or not. */
  newestId = 0;
  #log;
  #earlier;
  #reader;
  #scroller;
  #unread;
  /** @type {Line[]} numbered ones in order, then those on their way in the order of writing */
  #lines = [];
  /** @type {Map<number, Delivery | null>} news of a line may come before the line itself */
  #deliveries = new Map();
  #ages = new Ages();
  #isLetGo = false;
  #quietTimer = 0;

  /**
   * @param {ParentNode} root
   * @param {Reader} reader
   * @param {Scroller} scroller
   */
  constructor(root, reader, scroller) {
    this.#log = find(root, "#log", HTMLElement);
    this.#earlier = find(root, "#earlier", HTMLButtonElement);
    this.#reader = reader;
    this.#scroller = scroller;
    this.#unread = new Unread(reader.id, reader.ageOf);
    this.#earlier.onclick = () => this.onEarlier?.();
  }

  /** The oldest message on the page. */
  get firstId() {
    return this.#lines[0]?.id ?? 1;
  }

  /** The newest message on the page. */
  get lastId() {
    return this.#lines.filter(({ id }) => id !== null).at(-1)?.id ?? 0;
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

  /** The message at which the reader reads further up or left off, or null. */
  get place() {
    return this.#placeInView()?.id ?? this.#unread.lastSeenId;
  }

  /** The reader has written something that is on the page. */
  get hasOwn() {
    return this.#lines.some((line) => line.isMine);
  }

  /** The reader looks away, or hears nothing any more. */
  leave() {
    this.#unread.leave(this.newestId);
  }

  /** The reader looks again: what came meanwhile is marked. */
  comeBack() {
    this.#unread.comeBack();
  }

  /** Forgets where the reader is: they want the newest. */
  letGo() {
    this.#isLetGo = true;
  }

  /**
   * Shows a part of the log instead of all numbered lines; nothing of it is announced, and the
   * reader stays where they were, if that is in it.
   *
   * @param {Part} part
   */
  fill({ messages, hasEarlier, hasLater }) {
    const onTheirWay = this.#lines.filter((line) => line.id === null);
    const place = this.#placeInView();
    this.#isLetGo = false;
    this.#lines = [];
    this.#deliveries.clear();
    this.#ages.clear();
    this.#unread.forget();
    this.#quietly(() => {
      this.#log.replaceChildren();
      for (const line of onTheirWay) this.#place(line);
      for (const message of messages) this.#place(this.#lineOf(message));
    });
    this.#showEnds(hasEarlier, hasLater);
    this.#showQuestion();
    const again = place && this.#find(place.id);
    if (again) {
      this.#scroller.showAt(again.element, place.offset);
    } else {
      this.#scroller.toEnd();
      this.#showUnread();
    }
  }

  /**
   * Puts older messages above, and leaves what is being read where it is.
   *
   * @param {readonly Message[]} messages oldest first
   * @param {boolean} hasEarlier there are still older ones
   */
  addEarlier(messages, hasEarlier) {
    this.#quietly(() =>
      this.#scroller.steady(() => {
        for (const message of messages) this.#place(this.#lineOf(message));
        this.#showEnds(hasEarlier, this.hasLater);
      }),
    );
    const numbered = this.#lines.filter(({ id }) => id !== null);
    if (numbered.length <= LINES_MAX) return;
    for (const line of numbered.slice(LINES_MAX)) this.#drop(line);
    this.#showEnds(hasEarlier, true);
  }

  /**
   * Puts newer messages below; as many as are too many go above.
   *
   * @param {readonly Message[]} messages oldest first
   * @param {boolean} hasLater there are still newer ones
   */
  addLater(messages, hasLater) {
    this.#quietly(() => {
      for (const message of messages) this.#place(this.#lineOf(message));
    });
    this.#showEnds(this.hasEarlier, hasLater);
    this.#showQuestion();
    this.#trim();
  }

  /**
   * Brings a message into view, and the keyboard to it.
   *
   * @param {number} id
   */
  point(id) {
    const element = this.#find(id)?.element;
    if (!element) return;
    for (const other of this.#log.querySelectorAll(".found")) other.classList.remove("found");
    element.classList.add("found");
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  }

  /**
   * Shows a message, or what is new about one that is shown.
   *
   * @param {Message} message
   */
  add(message) {
    const isNew = message.id > this.newestId;
    this.newestId = Math.max(this.newestId, message.id);
    if (isNew && this.#isElsewhere) {
      this.#showEnds(this.hasEarlier, true);
      this.#scroller.came();
      return;
    }
    const line = this.#lineOf(message);
    line.element.classList.toggle("arriving", this.#unread.lastSeenId === null);
    this.#place(line);
    this.#showQuestion();
    if (this.#scroller.isAtEnd) this.#trim();
    this.#scroller.came();
    this.#showUnread();
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
    this.#scroller.toNewest();
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
    this.newestId = Math.max(this.newestId, message.id);
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
    if (line.element.contains(document.activeElement)) this.#scroller.focus();
    this.#drop(line);
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
    this.newestId = Math.max(this.newestId, message.id);
    this.#unread.take(message, line);
    return line;
  }

  /**
   * @param {Line} line
   * @param {Message} message
   */
  #watch(line, message) {
    if (line.isWaiting) this.#ages.begin(line, this.#reader.ageOf(message.sent_at));
  }

  /** What comes now has no place on the page: its neighbours aren't there, or too much is. */
  get #isElsewhere() {
    return this.hasLater || (!this.#scroller.isAtEnd && this.#lines.length >= LINES_MAX);
  }

  /**
   * @param {boolean} hasEarlier
   * @param {boolean} hasLater
   */
  #showEnds(hasEarlier, hasLater) {
    this.hasEarlier = hasEarlier;
    this.hasLater = hasLater;
    this.#earlier.hidden = !hasEarlier;
    this.#scroller.endsWithNewest(!hasLater);
  }

  /** Where the reader reads, unless that is at the end. */
  #placeInView() {
    if (this.#scroller.isAtEnd || this.#isLetGo) return null;
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
    this.#join(line, this.#lines[index - 1]);
    this.#join(below, line);
  }

  /**
   * @param {Line | undefined} line
   * @param {Line | undefined} above
   */
  #join(line, above) {
    line?.joinTo(line === this.#unread.first ? undefined : above);
  }

  /** @param {Line} line */
  #drop(line) {
    const index = this.#lines.indexOf(line);
    if (index < 0) return;
    this.#ages.end(line);
    this.#lines.splice(index, 1);
    line.element.remove();
    if (line === this.#unread.first) this.#unread.forget();
    this.#join(this.#lines[index], this.#lines[index - 1]);
  }

  /** Whoever comes back begins where they left off. */
  #showUnread() {
    const { first, lastSeenId } = this.#unread;
    if (first && lastSeenId !== null) this.#scroller.showFrom(first.element);
  }

  /** Lets go of the oldest lines when there are too many. */
  #trim() {
    const tooMany = this.#lines.length - LINES_MAX;
    if (tooMany <= 0) return;
    this.#scroller.steady(() => {
      for (const line of this.#lines.slice(0, tooMany)) {
        if (line.id !== null) this.#deliveries.delete(line.id);
        this.#drop(line);
      }
      this.#showEnds(true, this.hasLater);
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
