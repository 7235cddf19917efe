/** Why the reader may not write; fetched when that first happens. */

import { when } from "./clock.js";
import { find, write } from "./markup.js";
import { MUTED, muted, PAUSED, REMOVED } from "./words-floor.js";

/** @import { Api } from "./api.js" */
/** @import { Decided, Ruling } from "./contract" */

/** Its age is the time of day in the room, which is told in whole seconds. */
const EPOCH = "1970-01-01T00:00:00Z";
const CLOCK_MS = 1_000;

/** A longer timer would ring at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** @type {Ruling} */
const FREE = { state: "free", until: null };

export class Floor {
  #api;
  #note;
  #field;
  #log;
  #others;
  #timer = 0;

  /**
   * @param {HTMLElement} view
   * @param {Api} api
   */
  constructor(view, api) {
    this.#api = api;
    const form = find(view, "#composer", HTMLFormElement);
    this.#log = find(view, "#scroller", HTMLElement);
    this.#field = find(form, "textarea", HTMLTextAreaElement);
    this.#others = [find(view, "#chips", HTMLElement), ...form.querySelectorAll("form > *")];
    this.#note = document.createElement("p");
    this.#note.className = "floor";
    this.#note.setAttribute("role", "alert");
    form.prepend(this.#note);
  }

  /**
   * Lets the reader write, or says why not where they would.
   *
   * @param {Decided} decided
   */
  show(decided) {
    clearTimeout(this.#timer);
    const leftMs = decided.until ? this.#leftUntil(decided.until) : TIMER_MAX_MS;
    if (leftMs < TIMER_MAX_MS) {
      this.#timer = setTimeout(() => this.show({ ...decided, ...FREE }), leftMs);
    }
    this.#say(wordsFor(decided));
  }

  /** @param {string} moment */
  #leftUntil(moment) {
    return Date.parse(moment) - this.#api.ageOf(EPOCH) + CLOCK_MS;
  }

  /** @param {string} words */
  #say(words) {
    const isClosed = words !== "";
    const parts = [this.#field, ...this.#others];
    // Else the keyboard would be nowhere.
    if (isClosed && parts.some((each) => each.contains(document.activeElement))) {
      this.#log.focus({ preventScroll: true });
    }
    write(this.#note, words);
    this.#note.hidden = !isClosed;
    this.#field.disabled = isClosed;
    for (const each of this.#others) each.toggleAttribute("hidden", isClosed);
  }
}

/** @param {Decided} decided */
function wordsFor({ state, until, paused }) {
  if (state === "removed") return REMOVED;
  if (state === "muted") return until ? muted(when(until)) : MUTED;
  return paused ? PAUSED : "";
}
