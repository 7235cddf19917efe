/** Why the reader may not write; fetched when that first happens. */

import { when } from "./clock.js";
import { find } from "./markup.js";
import { MUTED, muted, PAUSED, REMOVED } from "./words-floor.js";

/** @import { Api } from "./api.js" */
/** @import { Composer } from "./composer.js" */
/** @import { Ruling } from "./contract" */

/** The room tells its time in whole seconds. */
const CLOCK_MS = 1_000;

/** A longer timer would ring at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export class Floor {
  #view;
  #note;
  #composer;
  #api;
  #timer = 0;

  /**
   * @param {HTMLElement} view
   * @param {Composer} composer
   * @param {Api} api
   */
  constructor(view, composer, api) {
    this.#view = view;
    this.#note = find(view, "#floor", HTMLElement);
    this.#composer = composer;
    this.#api = api;
  }

  /**
   * Lets the reader write, or says why not.
   *
   * @param {boolean} isPaused nobody may
   * @param {Ruling} ruling what the host has decided about the reader
   */
  show(isPaused, ruling) {
    clearTimeout(this.#timer);
    const leftMs = ruling.until ? this.#api.leftUntil(ruling.until) + CLOCK_MS : TIMER_MAX_MS;
    if (leftMs < TIMER_MAX_MS) {
      const free = /** @type {Ruling} */ ({ state: "free", until: null });
      this.#timer = setTimeout(() => this.show(isPaused, free), leftMs);
    }
    this.#say(wordsFor(ruling) || (isPaused ? PAUSED : ""));
  }

  /** @param {string} words */
  #say(words) {
    this.#note.textContent = words;
    this.#view.classList.toggle("reads-only", words !== "");
    this.#composer.close(words !== "");
  }
}

/** @param {Ruling} ruling */
function wordsFor({ state, until }) {
  if (state === "removed") return REMOVED;
  if (state === "muted") return until ? muted(when(until)) : MUTED;
  return "";
}
