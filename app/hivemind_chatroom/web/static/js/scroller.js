/** The window onto the log: the newest line stays in view unless the reader went up to read. */

import { find } from "./markup.js";
import { newMessages } from "./words.js";

/** So near to the end counts as at the end. */
const NEAR_PX = 64;

export class Scroller {
  #view;
  #news;
  #newsWord;
  #isAtEnd = true;
  #unseen = 0;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#view = find(root, "#scroller", HTMLElement);
    this.#news = find(root, "#news", HTMLButtonElement);
    this.#newsWord = find(this.#news, "span", HTMLElement);
    this.#view.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#news.addEventListener("click", () => this.toEnd());
    // The keyboard of a phone, a growing composer, a late player: each changes what fits.
    const resized = new ResizeObserver(() => this.#isAtEnd && this.toEnd());
    resized.observe(this.#view);
    resized.observe(find(this.#view, ".scroller-content", HTMLElement));
  }

  /** The reader sees the newest line. */
  get isAtEnd() {
    return this.#isAtEnd;
  }

  /** Shows the newest line. */
  toEnd() {
    this.#isAtEnd = true;
    this.#view.scrollTop = this.#view.scrollHeight;
    this.#countUnseen(0);
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
  }

  /** Takes the keyboard where it was when what had it is gone. */
  focus() {
    this.#view.focus({ preventScroll: true });
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#view;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#isAtEnd) this.#countUnseen(0);
  }

  /** @param {number} count */
  #countUnseen(count) {
    this.#unseen = count;
    this.#news.hidden = count === 0;
    this.#newsWord.textContent = newMessages(count);
  }
}
