/** The window onto the log: the newest line stays in view unless the reader went up to read. */

import { find } from "./markup.js";
import { newMessages, TO_NEWEST } from "./words.js";

/** So near to the end counts as at the end. */
const NEAR_PX = 64;

/** What stays free above a line that the window begins with. */
const GAP_PX = 8;

/**
 * @typedef {object} ScrollListener
 * @property {() => void} moved the reader, or what they read, is elsewhere in the window now
 * @property {() => void} newest the reader wants to see the newest line
 */

export class Scroller {
  #view;
  #news;
  #newsWord;
  /** @type {ScrollListener | null} */
  #listener = null;
  #isAtEnd = true;
  #isWhole = true;
  #unseen = 0;
  #height = 0;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#view = find(root, "#scroller", HTMLElement);
    this.#news = find(root, "#news", HTMLButtonElement);
    this.#newsWord = find(this.#news, "span", HTMLElement);
    this.#view.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#news.addEventListener("click", () => this.toNewest());
    // The keyboard of a phone, a growing composer, a late player: each changes what fits.
    const resized = new ResizeObserver(() => {
      this.#height = this.#view.clientHeight;
      if (this.#isAtEnd) this.toEnd();
    });
    resized.observe(this.#view);
    resized.observe(find(this.#view, ".scroller-content", HTMLElement));
  }

  /** @param {ScrollListener} listener */
  listen(listener) {
    this.#listener = listener;
  }

  /** The reader sees the newest line. */
  get isAtEnd() {
    return this.#isAtEnd;
  }

  /** How much of the log is above what is seen, in pixels. */
  get above() {
    return this.#view.scrollTop;
  }

  /** How much of the log is below what is seen, in pixels. */
  get below() {
    return this.#view.scrollHeight - this.#view.scrollTop - this.#view.clientHeight;
  }

  /**
   * Says whether the window's last line is the log's.
   *
   * @param {boolean} isWhole
   */
  endsWithNewest(isWhole) {
    this.#isWhole = isWhole;
    this.#look();
  }

  /** Shows the last line that is there. */
  toEnd() {
    this.#view.scrollTop = this.#view.scrollHeight;
    this.#look();
  }

  /** Has the newest line shown, wherever it is. */
  toNewest() {
    if (this.#isWhole) this.toEnd();
    else this.#listener?.newest();
  }

  /** A line came: shows it, or says that it is there. */
  came() {
    if (this.#isAtEnd) this.toEnd();
    else this.#countUnseen(this.#unseen + 1);
  }

  /**
   * Changes what is above the reader's eyes and leaves everything below where it was.
   *
   * @param {() => void} change
   */
  steady(change) {
    const fromEnd = this.#view.scrollHeight - this.#view.scrollTop;
    change();
    this.#view.scrollTop = this.#view.scrollHeight - fromEnd;
  }

  /**
   * Returns where a line begins below the upper edge, in pixels; null when it is above it.
   *
   * @param {HTMLElement} element
   */
  offsetOf(element) {
    const edge = this.#view.getBoundingClientRect().top;
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > edge ? top - edge : null;
  }

  /**
   * Shows a line where `offsetOf` found it.
   *
   * @param {HTMLElement} element
   * @param {number} offset
   */
  showAt(element, offset) {
    const edge = this.#view.getBoundingClientRect().top;
    this.#view.scrollTop += element.getBoundingClientRect().top - edge - offset;
    this.#look();
  }

  /**
   * Shows a line from its beginning, unless it is in view from there already.
   *
   * @param {HTMLElement} element
   */
  showFrom(element) {
    const offset = this.offsetOf(element);
    if (offset === null || offset < 0) this.showAt(element, GAP_PX);
  }

  /** Takes the keyboard where it was when what had it is gone. */
  focus() {
    this.#view.focus({ preventScroll: true });
  }

  #scrolled() {
    // A banner that comes in the same moment hasn't moved the reader from the end: `resized` is next.
    if (this.#isAtEnd && this.#height !== this.#view.clientHeight) return;
    this.#look();
    this.#listener?.moved();
  }

  #look() {
    this.#isAtEnd = this.#isWhole && this.below < NEAR_PX;
    this.#countUnseen(this.#isAtEnd ? 0 : this.#unseen);
  }

  /** @param {number} count */
  #countUnseen(count) {
    this.#unseen = count;
    this.#news.hidden = this.#isAtEnd;
    this.#newsWord.textContent = count > 0 ? newMessages(count) : TO_NEWEST;
    this.#newsWord.classList.toggle("sr", count === 0);
  }
}
