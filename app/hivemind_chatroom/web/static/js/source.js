/** One event stream that comes back by itself. It knows of no page, so a worker can hold it too. */

/** @import { RoomEvent } from "./contract" */

/** What the room tells; the order is that of docs/http-api.md. */
const NAMES = /** @type {const} */ ([
  "message",
  "update",
  "removed",
  "members",
  "hub",
  "thinking",
  "room",
  "you",
  "device_code",
  "reset",
]);

/** Between these two, by chance: a whole household doesn't knock at once after a restart. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 3_000;

/** On a network that swallows everything, a browser would wait for minutes. */
const OPEN_DEADLINE_MS = 10_000;

/** A stream that was quiet for so long may be dead and not know it. */
const UNDOUBTED_MS = 15_000;

/**
 * @typedef {object} SourceListener
 * @property {(event: RoomEvent) => void} heard
 * @property {() => void} opened what it tells first is how things stand
 * @property {() => void} failed it broke, or a try to open it came to nothing
 */

export class Source {
  #listener;
  /** @type {EventSource | null} */
  #source = null;
  /** The newest message that came, from which the stream goes on. */
  #after = 0;
  /** Of which history its number is: a restore begins another one. */
  #history = "";
  #isWanted = false;
  #isOpen = false;
  /** Milliseconds on the clock of the day: other clocks stand still while a computer sleeps. */
  #heardAt = 0;
  #timer = 0;

  /** @param {SourceListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** The room is listened to at this moment, as far as anybody can tell. */
  get isOpen() {
    return this.#isOpen;
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
  }

  /** The network is back or somebody looks: tries at once, unless the stream is surely alive. */
  wake() {
    const quietMs = Date.now() - this.#heardAt;
    // A clock that was set back can't tell.
    const isAlive = this.#isOpen && quietMs >= 0 && quietMs < UNDOUBTED_MS;
    if (this.#isWanted && !isAlive) this.#connect();
  }

  /** The network is said to be gone; a room on this very computer is there all the same. */
  doubt() {
    if (this.#isWanted) this.#connect();
  }

  /** Somebody looks again after the stream may have been closed. */
  resume() {
    if (this.#isWanted) this.wake();
    else this.open();
  }

  #connect() {
    this.#disconnect();
    const source = new EventSource(`/api/events?after=${this.#after}&history=${this.#history}`);
    this.#source = source;
    this.#timer = setTimeout(() => this.#failed(), OPEN_DEADLINE_MS);
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed();
    for (const name of NAMES) source.addEventListener(name, (event) => this.#heard(name, event));
  }

  #disconnect() {
    this.#source?.close();
    this.#source = null;
    this.#isOpen = false;
    clearTimeout(this.#timer);
  }

  #opened() {
    clearTimeout(this.#timer);
    this.#isOpen = true;
    this.#heardAt = Date.now();
    this.#listener.opened();
  }

  /**
   * @param {typeof NAMES[number]} name
   * @param {MessageEvent<string>} event
   */
  #heard(name, event) {
    this.#heardAt = Date.now();
    if (event.lastEventId) this.#after = Number(event.lastEventId);
    const data = JSON.parse(event.data);
    if (name === "room") this.#history = data.history;
    this.#listener.heard({ name, data });
  }

  /** Browsers differ in when they give up, so the next try is always ours. */
  #failed() {
    this.#disconnect();
    const wait = RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS);
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#listener.failed();
  }
}
