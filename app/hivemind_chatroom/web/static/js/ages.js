/** How long lines have been waiting, told each second for as long as any waits. */

/** @import { Line } from "./line.js" */

const TICK_MS = 1_000;

export class Ages {
  /** @type {Map<Line, number>} since when, on the page's own clock, in milliseconds */
  #since = new Map();
  #timer = 0;

  /**
   * Counts for a line that waits; for one that is counted already the count goes on.
   *
   * @param {Line} line
   * @param {number} agoMs how long it has been waiting
   */
  begin(line, agoMs) {
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
    if (this.#since.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** Stops counting for all lines. */
  clear() {
    for (const line of [...this.#since.keys()]) this.end(line);
  }

  #tell() {
    const now = performance.now();
    for (const [line, since] of this.#since) line.showAge(now - since);
  }
}
