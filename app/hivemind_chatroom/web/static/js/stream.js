/** What happens in the room, as it happens: one event stream that comes back by itself. */

/** @import { HubStatus, Members, Message, Thinking } from "./contract" */

const KINDS = /** @type {const} */ ([
  "reset",
  "message",
  "update",
  "removed",
  "members",
  "hub",
  "thinking",
  "room",
]);

/** A short gap is nobody's business. */
const LOST_AFTER_MS = 2_000;

/** Between these two, by chance: a whole household doesn't knock at once after a restart. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 3_000;

/** A phone that slept longer may hold a dead connection and not know it. */
const STALE_AFTER_HIDDEN_MS = 15_000;

/**
 * @typedef {object} Listener
 * @property {(message: Message) => void} message
 * @property {(message: Message) => void} update a message's delivery moved on
 * @property {(removed: { ids: number[] }) => void} removed these are no messages any more
 * @property {(members: Members) => void} members
 * @property {(status: HubStatus) => void} hub
 * @property {(thinking: Thinking) => void} thinking
 * @property {(room: { name: string }) => void} room
 * @property {() => void} reset what is shown doesn't continue into what comes: all of it comes
 * @property {() => void} opened what it tells first is how things stand
 * @property {() => void} lost for longer than a moment
 * @property {() => void} failed a try to open it came to nothing
 */

export class Stream {
  #listener;
  /** @type {EventSource | null} */
  #source = null;
  /** The newest message that came, from which the stream goes on. */
  #after = 0;
  #isWanted = false;
  #lostTimer = 0;
  #retryTimer = 0;
  #hiddenAt = 0;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
    window.addEventListener("online", () => this.#reconnectNow());
  }

  /**
   * Opens the stream, or opens it anew.
   *
   * @param {number} [after] the newest message that is known already, if not from the stream
   */
  open(after = this.#after) {
    this.#after = after;
    this.#isWanted = true;
    this.#connect();
  }

  /** Closes the stream until somebody opens it anew. */
  close() {
    this.#isWanted = false;
    this.#disconnect();
    clearTimeout(this.#lostTimer);
    this.#lostTimer = 0;
  }

  #connect() {
    this.#disconnect();
    const source = new EventSource(`/api/events?after=${this.#after}`);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed();
    for (const kind of KINDS) source.addEventListener(kind, (event) => this.#heard(kind, event));
  }

  /**
   * @param {typeof KINDS[number]} kind
   * @param {MessageEvent<string>} event
   */
  #heard(kind, event) {
    if (event.lastEventId) this.#after = Number(event.lastEventId);
    this.#listener[kind](JSON.parse(event.data));
  }

  #disconnect() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#retryTimer);
  }

  #opened() {
    clearTimeout(this.#lostTimer);
    this.#lostTimer = 0;
    this.#listener.opened();
  }

  /** Browsers differ in when they give up, so the next try is always ours. */
  #failed() {
    this.#disconnect();
    this.#lostTimer ||= setTimeout(() => this.#listener.lost(), LOST_AFTER_MS);
    const wait = RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS);
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
    this.#listener.failed();
  }

  #reconnectNow() {
    if (this.#isWanted) this.#connect();
  }

  #visibilityChanged() {
    if (document.hidden) {
      this.#hiddenAt = Date.now();
    } else if (Date.now() - this.#hiddenAt > STALE_AFTER_HIDDEN_MS) {
      this.#reconnectNow();
    }
  }
}
