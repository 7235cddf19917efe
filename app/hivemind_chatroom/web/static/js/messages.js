/** A part of the log on the page, and where in it the reader is. */

import { Deliveries } from "./deliveries.js";
import { Line } from "./line.js";
import { Lines } from "./lines.js";
import { find } from "./markup.js";
import { Unread } from "./unread.js";

/** @import { Message, Part } from "./contract" */
/** @import { Written } from "./line.js" */
/** @import { Reader } from "./reader.js" */
/** @import { Scroller } from "./scroller.js" */

/** A phone has to draw them all; the others are read when the reader comes near. */
const LINES_MAX = 300;

export class Messages {
  /** Somebody asks for what is above. @type {(() => void) | null} */
  onEarlier = null;
  /** There are older messages than those on the page. */
  hasEarlier = false;
  /** There are newer messages than those on the page. */
  hasLater = false;
  /** The highest number heard of, on the page or not. */
  newestId = 0;
  lines;
  #earlier;
  #reader;
  #scroller;
  #unread;
  #deliveries = new Deliveries();
  #isLetGo = false;
  /** The log was shown: who has seen nothing yet can't have left off. */
  #isFilled = false;

  /**
   * @param {ParentNode} root
   * @param {Reader} reader
   * @param {Scroller} scroller
   */
  constructor(root, reader, scroller) {
    const log = find(root, "#log", HTMLElement);
    this.lines = new Lines(log, (line) => line === this.#unread.first);
    this.#earlier = find(root, "#earlier", HTMLButtonElement);
    this.#reader = reader;
    this.#scroller = scroller;
    this.#unread = new Unread(reader.id, reader.ageOf);
    this.#earlier.onclick = () => this.onEarlier?.();
  }

  /** The message at which the reader reads further up or left off, or null. */
  get place() {
    return this.#placeInView()?.id ?? this.#unread.lastSeenId;
  }

  /** The reader looks away, or hears nothing any more. */
  leave() {
    if (this.#isFilled) this.#unread.leave(this.newestId);
  }

  /** The reader looks again: what came meanwhile is marked. */
  comeBack() {
    this.#unread.comeBack();
  }

  /**
   * The stream was opened, and tells first what came before.
   *
   * @param {number} newestId up to which number
   */
  catchUpTo(newestId) {
    this.#unread.catchUpTo(newestId);
  }

  /** Forgets where the reader is: they want the newest. */
  letGo() {
    this.#isLetGo = true;
  }

  /**
   * Shows a part of the log instead of all numbered lines; nothing of it is announced, the reader
   * stays where they were, if that is in it, and with what they are doing there.
   *
   * @param {Part} part
   */
  fill({ messages, hasEarlier, hasLater }) {
    const wanted = new Set(messages.map(({ id }) => id));
    const place = this.#placeInView();
    this.#isLetGo = false;
    this.#isFilled = true;
    this.#deliveries.clear();
    this.#unread.forget();
    this.lines.quietly(() => {
      for (const line of this.lines.numbered) if (!wanted.has(line.id ?? 0)) this.discard(line);
      for (const message of messages) this.lines.place(this.#lineOf(message));
    });
    this.#showEnds(hasEarlier, hasLater);
    this.lines.showQuestion();
    const again = place && this.lines.find(place.id);
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
    this.lines.quietly(() =>
      this.#scroller.steady(() => {
        for (const message of messages) this.lines.place(this.#lineOf(message));
        this.#showEnds(hasEarlier, this.hasLater);
      }),
    );
    const tooMany = this.lines.numbered.slice(LINES_MAX);
    if (tooMany.length === 0) return;
    for (const line of tooMany) this.#drop(line);
    this.#showEnds(hasEarlier, true);
  }

  /**
   * Puts newer messages below; as many as are too many go above.
   *
   * @param {readonly Message[]} messages oldest first
   * @param {boolean} hasLater there are still newer ones
   */
  addLater(messages, hasLater) {
    this.lines.quietly(() => {
      for (const message of messages) this.lines.place(this.#lineOf(message));
    });
    this.#showEnds(this.hasEarlier, hasLater);
    this.lines.showQuestion();
    this.#trim();
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
    this.lines.place(line);
    this.lines.showQuestion();
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
    this.lines.place(line);
    this.lines.showQuestion();
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
    const shown = this.lines.find(message.id);
    if (shown && shown !== line) {
      this.discard(line);
      return;
    }
    this.newestId = Math.max(this.newestId, message.id);
    line.show(this.#deliveries.upToDate(message));
    this.#deliveries.watch(line, this.#reader.ageOf(message.sent_at));
    this.lines.place(line);
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
    this.#deliveries.take(message, this.lines.find(message.id));
  }

  /**
   * Takes away the lines of messages that are none any more.
   *
   * @param {readonly number[]} ids
   */
  remove(ids) {
    for (const id of ids) {
      const line = this.lines.find(id);
      if (line) this.discard(line);
      this.#deliveries.forget(id);
    }
    this.lines.showQuestion();
  }

  /**
   * Returns the line of a message: the one that is shown, the reader's own, or a new one.
   *
   * @param {Message} message
   */
  #lineOf(message) {
    const line =
      this.lines.find(message.id) ??
      (message.client_id ? this.lines.written(message.client_id) : undefined) ??
      new Line(this.#reader);
    line.show(this.#deliveries.upToDate(message));
    this.#deliveries.watch(line, this.#reader.ageOf(message.sent_at));
    this.newestId = Math.max(this.newestId, message.id);
    this.#unread.take(message, line);
    return line;
  }

  /** What comes now has no place on the page: its neighbours aren't there, or too much is. */
  get #isElsewhere() {
    return this.hasLater || (!this.#scroller.isAtEnd && this.lines.all.length >= LINES_MAX);
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
    for (const { id, element } of this.lines.all) {
      const offset = this.#scroller.offsetOf(element);
      if (id !== null && offset !== null) return { id, offset };
    }
    return null;
  }

  /** @param {Line} line */
  #drop(line) {
    this.#deliveries.end(line);
    this.lines.remove(line);
    if (line === this.#unread.first) this.#unread.forget();
  }

  /** Whoever comes back begins where they left off. */
  #showUnread() {
    const { first, lastSeenId } = this.#unread;
    if (first && lastSeenId !== null) this.#scroller.showFrom(first.element);
  }

  /** Lets go of the oldest lines when there are too many. */
  #trim() {
    const tooMany = this.lines.all.length - LINES_MAX;
    if (tooMany <= 0) return;
    this.#scroller.steady(() => {
      for (const line of this.lines.all.slice(0, tooMany)) {
        if (line.id !== null) this.#deliveries.forget(line.id);
        this.#drop(line);
      }
      this.#showEnds(true, this.hasLater);
    });
  }
}
