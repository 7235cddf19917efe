/** Finding what was said: words in, the messages that hold them out, one of them chosen. */

import { when } from "./clock.js";
import { copy, find } from "./markup.js";
import { NO_CONNECTION } from "./words.js";
import { found, NOTHING_FOUND } from "./words-search.js";

/** @import { Api } from "./api.js" */
/** @import { Answer, Author, Message, Page } from "./contract" */

/** Messages shown at once. */
const PAGE = 30;

/** Whoever types on within this wants something else, in milliseconds. */
const PAUSE_MS = 250;

export class Search {
  #api;
  #field;
  #list;
  #result;
  #older;
  #onChosen;
  /** @type {Message[]} newest first */
  #found = [];
  #words = "";
  #timer = 0;

  /**
   * @param {ParentNode} root
   * @param {Api} api
   * @param {(id: number) => void} onChosen
   */
  constructor(root, api, onChosen) {
    this.#api = api;
    this.#onChosen = onChosen;
    const panel = find(root, "#search", HTMLElement);
    this.#field = find(panel, "input", HTMLInputElement);
    this.#list = find(panel, "ul", HTMLUListElement);
    this.#result = find(panel, "[role=status]", HTMLElement);
    this.#older = find(panel, ".older", HTMLButtonElement);
    this.#older.onclick = () => void this.#read(this.#found.at(-1)?.id);
    this.#field.addEventListener("input", () => this.#written());
  }

  /** Asks for words. */
  ask() {
    this.#field.focus();
    this.#field.select();
  }

  #written() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#words = this.#field.value.trim();
      void this.#read();
    }, PAUSE_MS);
  }

  /** @param {number} [before] go on from this message; from the newest when left out */
  async #read(before) {
    const words = this.#words;
    const part = { limit: PAGE, q: words, ...(before && { before }) };
    const answer = words ? await this.#api.messages(part) : null;
    if (words !== this.#words) return;
    // Whoever taps twice asks twice for the same ones.
    if (before !== undefined && before !== this.#found.at(-1)?.id) return;
    if (before === undefined) this.#found = [];
    if (answer?.ok) this.#found.push(...answer.value.messages.reverse());
    // When these didn't come, there may be older ones still.
    if (before === undefined || answer?.ok) this.#older.hidden = !answer?.ok || !answer.value.more;
    this.#list.replaceChildren(...this.#found.map((message) => this.#row(message)));
    this.#result.textContent = answer ? this.#said(answer) : "";
  }

  /** @param {Answer<Page>} answer */
  #said(answer) {
    if (!answer.ok) return answer.refusal.message || NO_CONNECTION;
    return this.#found.length ? found(this.#found.length) : NOTHING_FOUND;
  }

  /** @param {Message} message */
  #row(message) {
    const row = copy("found-template");
    const text = find(row, ".found-text", HTMLElement);
    find(row, "bdi", HTMLElement).textContent = message.author.name;
    if (message.to) find(row, ".found-names", HTMLElement).append(" ", addressee(message.to));
    find(row, "time", HTMLTimeElement).textContent = when(message.sent_at);
    find(row, "time", HTMLTimeElement).dateTime = message.sent_at;
    text.textContent = message.media?.title || message.text;
    text.lang = message.lang;
    text.dir = "auto";
    find(row, "button", HTMLButtonElement).onclick = () => this.#onChosen(message.id);
    return row;
  }
}

/**
 * Says whom the assistant has answered, as above its lines.
 *
 * @param {Author} member
 */
function addressee({ name }) {
  const to = find(copy("line-template"), ".to", HTMLElement);
  find(to, "bdi", HTMLElement).textContent = name;
  to.hidden = false;
  return to;
}
