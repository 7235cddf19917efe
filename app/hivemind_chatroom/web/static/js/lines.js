/** The lines on the page: numbered ones in their order, then those that are still on their way. */

/** @import { Line } from "./line.js" */

/** Screen readers hear of a change a moment later; by then it must still be marked as quiet. */
const UNHEARD_MS = 500;

export class Lines {
  #log;
  #beginsAnew;
  /** @type {Line[]} */
  #all = [];
  #quietTimer = 0;

  /**
   * @param {HTMLElement} log
   * @param {(line: Line) => boolean} beginsAnew a line has something between it and the one above
   */
  constructor(log, beginsAnew) {
    this.#log = log;
    this.#beginsAnew = beginsAnew;
  }

  /** @type {readonly Line[]} */
  get all() {
    return this.#all;
  }

  get numbered() {
    return this.#all.filter(({ id }) => id !== null);
  }

  /** The oldest message on the page. */
  get firstId() {
    return this.#all[0]?.id ?? 1;
  }

  /** The newest message on the page. */
  get lastId() {
    return this.numbered.at(-1)?.id ?? 0;
  }

  /** The reader has written something that is on the page. */
  get hasOwn() {
    return this.#all.some((line) => line.isMine);
  }

  /** @param {number} id */
  find(id) {
    return this.#all.find((line) => line.id === id);
  }

  /**
   * Returns the line that this browser has written under a mark, on its way or arrived.
   *
   * @param {string} clientId
   */
  written(clientId) {
    return this.#all.find((line) => line.clientId === clientId);
  }

  /**
   * Puts a line where its number belongs; one that stands there already isn't touched, since
   * whoever listens would hear it twice.
   *
   * @param {Line} line
   */
  place(line) {
    const from = this.#all.indexOf(line);
    if (from >= 0) this.#all.splice(from, 1);
    let index = this.#all.length;
    while (rank(this.#all[index - 1]) > rank(line)) index -= 1;
    const below = this.#all[index];
    this.#all.splice(index, 0, line);
    const standsThere = line.element.parentNode === this.#log;
    if (!standsThere || line.element.nextElementSibling !== (below?.element ?? null)) {
      this.#log.insertBefore(line.element, below?.element ?? null);
    }
    this.#join(line, this.#all[index - 1]);
    this.#join(below, line);
  }

  /**
   * Takes a line away.
   *
   * @param {Line} line
   */
  remove(line) {
    const index = this.#all.indexOf(line);
    if (index < 0) return;
    this.#all.splice(index, 1);
    line.element.remove();
    this.#join(this.#all[index], this.#all[index - 1]);
  }

  /**
   * Brings a message into view, and the keyboard to it.
   *
   * @param {number} id
   */
  point(id) {
    const element = this.find(id)?.element;
    if (!element) return;
    for (const other of this.#log.querySelectorAll(".found")) other.classList.remove("found");
    element.classList.add("found");
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  }

  /** Hints at the assistant's question to the reader, until the reader has said something. */
  showQuestion() {
    const last = this.#all.filter((line) => line.isMine || line.asksReader).at(-1);
    for (const line of this.#all) line.showWaitsForReader(line === last && line.asksReader);
  }

  /**
   * Changes lines without anybody being told.
   *
   * @param {() => void} change
   */
  quietly(change) {
    this.#log.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#log.setAttribute("aria-live", "polite"), UNHEARD_MS);
  }

  /**
   * @param {Line | undefined} line
   * @param {Line | undefined} above
   */
  #join(line, above) {
    line?.joinTo(this.#beginsAnew(line) ? undefined : above);
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
