/** One line of the room on the page: a message, or one of the reader's own on its way. */

import { dayAndTime, when } from "./clock.js";
import { linked } from "./links.js";
import { markedUp } from "./markdown.js";
import { copy, find, write } from "./markup.js";
import { isWaiting, Outcome } from "./outcome.js";
import { initial } from "./people.js";
import { player } from "./player.js";
import { ANSWERED, NO_CONNECTION, SENDING, SENT } from "./words.js";

/** @import { Delivery, Message } from "./contract" */
/** @import { Options } from "./options.js" */
/** @import { Reader } from "./reader.js" */

/**
 * What the reader wrote, before the room has numbered it.
 *
 * @typedef {object} Written
 * @property {string} clientId
 * @property {string} text
 * @property {boolean} isPrivate
 * @property {number} writtenAt milliseconds since 1970
 */

export class Line {
  /** @type {number | null} null until the room has numbered it */
  id = null;
  /** @type {string | null} the mark of this browser, for a line that it sent */
  clientId = null;
  /** The assistant asked the reader something back. */
  asksReader = false;
  element = copy("line-template");
  #reader;
  #text = find(this.element, ".text", HTMLElement);
  #time = find(this.element, "time", HTMLTimeElement);
  #mark = find(this.element, ".mark", HTMLElement);
  #aloud = find(this.element, ".aloud", HTMLButtonElement);
  #outcome;
  /** @type {Options | undefined} for a message of the reader's own, when they want any */
  #options;
  /** @type {Delivery | null | undefined} undefined as long as something else is said of it */
  #delivery;
  /** What it says, as it was written. */
  #said = "";

  /** @param {Reader} reader */
  constructor(reader) {
    this.#reader = reader;
    this.#outcome = new Outcome(this.element, () => reader.askAgain(this.id ?? 0));
  }

  /**
   * Shows what the reader has just written.
   *
   * @param {Written} written
   */
  showWritten(written) {
    this.clientId = written.clientId;
    this.#sign("person", this.#reader, written.isPrivate);
    this.#say(written.text, this.#reader.lang);
    this.#setTime(new Date(written.writtenAt).toISOString());
    this.showSending();
  }

  /** Marks the line as on its way to the room. */
  showSending() {
    this.#setMark("sending", SENDING);
    this.#outcome.show("", "quiet");
  }

  /**
   * Shows a message.
   *
   * @param {Message} message
   */
  show(message) {
    this.id = message.id;
    this.clientId = message.client_id ?? this.clientId;
    this.asksReader = message.expects_reply && message.to?.id === this.#reader.id;
    this.#sign(message.kind, message.author, message.private);
    this.#address(message);
    if (!message.media) this.#say(message.text, message.lang, message.html);
    else if (this.#text.parentNode) this.#text.replaceWith(player(message.media));
    this.#offerReading(message);
    this.#setTime(message.sent_at);
    // What isn't asked of the assistant has no delivery.
    const isUnasked = message.kind === "person" && message.delivery === null;
    this.element.classList.toggle("unasked", isUnasked);
    this.showDelivery(message.delivery);
    if (this.isMine) this.#offerOptions(message);
  }

  /**
   * Says in words what became of a line of the reader's own.
   *
   * @param {Delivery | null} delivery
   */
  showDelivery(delivery) {
    if (delivery === this.#delivery) return;
    this.#delivery = delivery;
    if (!this.isMine) return;
    if (delivery === "answered") this.#setMark("answered", ANSWERED);
    else this.#setMark("sent", SENT);
    this.#outcome.showDelivery(delivery);
  }

  /**
   * Says for how long a line of the reader's own has been waiting for its answer.
   *
   * @param {number} ms
   */
  showAge(ms) {
    this.#outcome.showAge(ms);
  }

  /**
   * Says why a line of the reader's own has not reached the room, and what can be done.
   *
   * @param {string} words
   * @param {HTMLElement[]} choices
   */
  showTrouble(words, choices) {
    this.#setMark("failed", "");
    this.#outcome.show(words, "trouble", choices);
  }

  /**
   * Says that a line of the reader's own goes out by itself, later.
   *
   * @param {string} words
   * @param {HTMLElement[]} choices
   */
  showHeld(words, choices) {
    this.#setMark("sending", "");
    this.#outcome.show(words, "quiet", choices);
  }

  /**
   * Shows or takes away the hint that the assistant waits for the reader.
   *
   * @param {boolean} waits
   */
  showWaitsForReader(waits) {
    this.element.classList.toggle("waits", waits);
  }

  /** The reader wrote it. */
  get isMine() {
    return this.element.classList.contains("mine");
  }

  /** The reader wrote it, and the assistant is not done with it. */
  get isWaiting() {
    return this.isMine && isWaiting(this.#delivery ?? null);
  }

  /**
   * Tells whether this line goes on where the one above it stopped: same voice, same ear, and an
   * answer to the same question.
   *
   * @param {Line | undefined} above
   */
  joinTo(above) {
    const voice = this.element.dataset["voice"];
    const goesOn = above?.element.dataset["voice"] === voice && voice !== undefined;
    this.element.classList.toggle("goes-on", goesOn);
  }

  /**
   * @param {string} kind
   * @param {{ id: string, name: string }} author
   * @param {boolean} isPrivate
   */
  #sign(kind, author, isPrivate) {
    const { classList, dataset } = this.element;
    dataset["kind"] = kind;
    dataset["voice"] = `${author.id} ${isPrivate}`;
    classList.toggle("mine", author.id === this.#reader.id);
    classList.toggle("private", isPrivate);
    write(find(this.element, ".author", HTMLElement), author.name);
    write(find(this.element, ".disc-letter", HTMLElement), initial(author.name));
    dataset["color"] = String(this.#reader.colorOf(author.id) ?? "");
  }

  /** @param {Message} message */
  #address(message) {
    const to = find(this.element, ".to", HTMLElement);
    to.hidden = message.to === null;
    if (message.to === null) return;
    write(find(to, "bdi", HTMLElement), message.to.name);
    this.element.dataset["voice"] += ` ${message.to.id} ${message.in_reply_to}`;
  }

  /**
   * @param {string} text
   * @param {string} lang
   * @param {string} [html] the same, where the assistant has written Markdown
   */
  #say(text, lang, html) {
    this.#text.lang = lang;
    this.#text.dir = "auto"; // people write in other languages than they have chosen
    const said = html ?? text;
    if (said === this.#said) return; // or it would be heard again
    this.#said = said;
    this.#text.classList.toggle("marked-up", html !== undefined);
    this.#text.replaceChildren(...(html === undefined ? linked(text) : markedUp(html)));
  }

  /** @param {Message} message */
  #offerReading({ id, kind, lang }) {
    if (kind !== "assistant" && kind !== "announcement") return;
    this.#aloud.value = String(id);
    this.#aloud.dataset["lang"] = lang;
    this.#aloud.hidden = !this.#reader.speaks(lang);
  }

  /** @param {Message} message */
  #offerOptions({ id, private: isPrivate }) {
    const more = find(this.element, ".more", HTMLElement);
    const button = find(more, "button", HTMLButtonElement);
    more.hidden = false;
    button.onclick = async () => {
      try {
        const { Options } = await import("./options.js");
        this.#options ??= new Options(button, isPrivate, () => this.#reader.remove(id));
        this.#options.toggle();
      } catch {
        this.#outcome.show(NO_CONNECTION, "trouble");
      }
    };
  }

  /** @param {string} moment */
  #setTime(moment) {
    this.#time.dateTime = moment;
    write(this.#time, when(moment));
    this.#time.title = dayAndTime(moment);
  }

  /**
   * @param {"sending" | "sent" | "answered" | "failed"} state
   * @param {string} words
   */
  #setMark(state, words) {
    if (state === "sending" || state === "failed") this.#delivery = undefined;
    this.element.dataset["state"] = state;
    write(find(this.#mark, "span", HTMLElement), words);
    this.#mark.hidden = false;
  }
}
