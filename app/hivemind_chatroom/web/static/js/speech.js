/** Reads answers aloud, one after the other, in the voices of this device. */

/** @import { Message } from "./contract" */
/** @import { View } from "./view.js" */

/** Ended by a mark or by its line; some voices fall silent in the middle of a long text. */
const SENTENCE = /.+?(?:[.!?…。！？؟](?=\s)|$)/gmu;

/** An answer that comes later is history: nobody wants to hear a night's talk in the morning. */
const NEWS_MS = 10_000;

export class Speech {
  #room;
  #view;
  /** @type {SpeechSynthesis | undefined} not every browser speaks */
  #synthesis = globalThis.speechSynthesis;
  /** @type {HTMLButtonElement[]} of the lines that are read; the first is being read */
  #queue = [];
  /** @type {string[]} what is left to say of the first */
  #sentences = [];
  /** @type {SpeechSynthesisUtterance | null} */
  #utterance = null;

  /**
   * @param {HTMLElement} room
   * @param {View} view
   */
  constructor(room, view) {
    this.#room = room;
    this.#view = view;
    room.addEventListener("click", (event) => this.#clicked(event));
    // Whoever says something has heard enough.
    room.addEventListener("submit", () => this.stop());
    this.#synthesis?.addEventListener("voiceschanged", () => this.#offer());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    window.addEventListener("pagehide", () => this.stop());
    this.#offer();
  }

  /**
   * Tells whether the device has a voice for a language.
   *
   * @param {string} lang BCP-47
   */
  speaks(lang) {
    return this.#voiceFor(lang) !== undefined;
  }

  /**
   * Reads a message that has just come, if the reader wants that and looks at this page.
   *
   * @param {Message} message
   * @param {string} readerId
   * @param {number} ageMs since it was said
   */
  hear(message, readerId, ageMs) {
    const isForReader = message.to?.id === readerId || this.#view.isSimple;
    if (!this.#view.readsAloud || !isForReader || ageMs > NEWS_MS || document.hidden) return;
    const button = this.#room.querySelector(`.aloud[value="${message.id}"]`);
    if (button instanceof HTMLButtonElement && !button.hidden) this.#read(button);
  }

  /** Reads nothing more of what has come so far. */
  stop() {
    const isSpeaking = this.#utterance !== null;
    this.#queue = [];
    this.#sentences = [];
    this.#next();
    // All tabs of a browser have one voice; what another one says is not this one's business.
    if (isSpeaking) this.#synthesis?.cancel();
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = event.target instanceof Element && event.target.closest(".aloud, .chip");
    if (!(button instanceof HTMLButtonElement)) return;
    const isBeingRead = this.#queue[0] === button;
    this.stop();
    if (!isBeingRead && button.matches(".aloud")) this.#read(button);
  }

  /** @param {HTMLButtonElement} button */
  #read(button) {
    this.#queue.push(button);
    if (this.#utterance === null) this.#begin();
  }

  /** Begins with the line whose turn it is. */
  #begin() {
    const text = this.#queue[0]?.closest(".bubble")?.querySelector(".text");
    // As it is shown: without the signs of Markdown, and a line for each part of it.
    this.#sentences = text instanceof HTMLElement ? (text.innerText.match(SENTENCE) ?? []) : [];
    this.#next();
  }

  /** Says the next sentence, of the next line when there is none. */
  #next() {
    const sentence = this.#sentences.shift();
    this.#utterance = sentence === undefined ? null : this.#utter(sentence);
    this.#mark();
    if (this.#utterance) this.#synthesis?.speak(this.#utterance);
    else if (this.#queue.shift() && this.#queue.length) this.#begin();
  }

  /** @param {string} sentence */
  #utter(sentence) {
    const utterance = new SpeechSynthesisUtterance(sentence);
    const lang = this.#queue[0]?.dataset["lang"] ?? "";
    utterance.lang = lang;
    utterance.voice = this.#voiceFor(lang) ?? null;
    // Cancelled ones end too, after others may have begun.
    const ended = () => this.#utterance === utterance && this.#next();
    utterance.onend = ended;
    utterance.onerror = ended;
    return utterance;
  }

  /** Shows what is being read; pressed again, it stops. */
  #mark() {
    for (const button of this.#buttons()) {
      const isRead = this.#utterance !== null && button === this.#queue[0];
      button.setAttribute("aria-pressed", String(isRead));
    }
  }

  /** Offers what this device can read: its voices come and go. */
  #offer() {
    this.#room.classList.toggle("has-voices", (this.#synthesis?.getVoices().length ?? 0) > 0);
    for (const button of this.#buttons()) {
      button.hidden = !this.speaks(button.dataset["lang"] ?? "");
    }
  }

  /** @returns {NodeListOf<HTMLButtonElement>} */
  #buttons() {
    return this.#room.querySelectorAll("button.aloud[data-lang]");
  }

  /** @param {string} lang BCP-47 */
  #voiceFor(lang) {
    const voices = this.#synthesis?.getVoices() ?? [];
    // Android writes en_US.
    const tags = voices.map((voice) => voice.lang.replaceAll("_", "-").toLowerCase());
    const wanted = lang.toLowerCase();
    const language = wanted.split("-", 1)[0];
    const exact = tags.indexOf(wanted);
    const near = tags.findIndex((tag) => tag.split("-", 1)[0] === language);
    return voices[exact < 0 ? near : exact];
  }
}
