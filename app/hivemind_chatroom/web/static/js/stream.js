/** What happens in the room, as it happens: by the stream of all tabs, or by one of its own. */

import { canShare, SharedSource } from "./shared.js";

/** @import { CodeEnd, HubStatus, Members, Message, RoomEvent } from "./contract" */
/** @import { RoomNews, Ruling, Thinking } from "./contract" */
/** @import { Source } from "./source.js" */

/** What listens didn't come; it is asked for again so much later. */
const FETCH_AGAIN_MS = 2_000;

/** A short gap is nobody's business. */
const LOST_AFTER_MS = 2_000;

/**
 * Who looks away for longer gives the connection back: browsers open six to one room, and with as
 * many streams nothing else would come through.
 */
const HIDDEN_MAX_MS = 10_000;

/**
 * @typedef {object} Listener
 * @property {(message: Message) => void} message
 * @property {(message: Message) => void} update a message's delivery moved on
 * @property {(removed: { ids: number[] }) => void} removed these are no messages any more
 * @property {(members: Members) => void} members
 * @property {(status: HubStatus) => void} hub
 * @property {(thinking: Thinking) => void} thinking
 * @property {(news: RoomNews) => void} room
 * @property {(ruling: Ruling) => void} you
 * @property {(ended: { state: CodeEnd }) => void} device_code
 * @property {() => void} reset what is shown doesn't continue into what comes: the log has it all
 * @property {() => void} opened what it tells first is how things stand
 * @property {() => void} lost for longer than a moment
 * @property {() => void} failed a try to open it came to nothing
 */

export class Stream {
  #listener;
  /** @type {SharedSource | null} the stream of all tabs, where this browser has one */
  #shared = null;
  /** @type {Source | null} the stream of this tab, where it has to have one */
  #own = null;
  #after = 0;
  /** The log was read later than this number was given, be its message seen by the reader or not. */
  #newest = 0;
  #isWanted = false;
  #lostTimer = 0;
  #hiddenTimer = 0;

  /**
   * @param {Listener} listener
   * @param {string} memberId
   */
  constructor(listener, memberId) {
    this.#listener = listener;
    if (canShare()) {
      this.#shared = new SharedSource(this.#ear(), memberId, () => {
        if (this.#shared) void this.#listenAlone();
      });
    } else {
      void this.#listenAlone();
    }
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
    window.addEventListener("online", () => this.#source?.wake());
    window.addEventListener("offline", () => this.#own?.doubt());
    window.addEventListener("pagehide", () => this.#source?.close());
    window.addEventListener("pageshow", (event) => this.#shown(event));
  }

  /**
   * Listens from here on, and comes back by itself.
   *
   * @param {number} after the newest message of the log, read just now
   */
  open(after) {
    this.#after = Math.max(after, this.#newest);
    this.#isWanted = true;
    this.#source?.open(this.#after);
    this.#restIfHidden();
  }

  /** Listens no more, until somebody opens it anew. */
  close() {
    this.#isWanted = false;
    this.#source?.close();
    this.#found();
  }

  /** @returns {import("./source.js").SourceListener} */
  #ear() {
    return {
      heard: (event) => this.#heard(event),
      opened: () => this.#opened(),
      failed: () => this.#failed(),
    };
  }

  /** The worker can't start in this browser. What only the worker has elsewhere is fetched. */
  async #listenAlone() {
    this.#shared = null;
    try {
      const { Source } = await import("./source.js");
      this.#own ??= new Source(this.#ear());
    } catch {
      this.#failed();
      setTimeout(() => void this.#listenAlone(), FETCH_AGAIN_MS);
      return;
    }
    if (this.#isWanted) this.#own.open(this.#after);
    this.#restIfHidden();
  }

  get #source() {
    return this.#own ?? this.#shared;
  }

  /** @param {RoomEvent} event */
  #heard({ name, data }) {
    if (name === "reset") this.#newest = data.newest;
    /** @type {(data: any) => void} */ (this.#listener[name])(data);
  }

  #opened() {
    this.#found();
    this.#listener.opened();
  }

  #failed() {
    this.#lostTimer ||= setTimeout(() => this.#listener.lost(), LOST_AFTER_MS);
    this.#listener.failed();
  }

  #found() {
    clearTimeout(this.#lostTimer);
    this.#lostTimer = 0;
  }

  #visibilityChanged() {
    this.#restIfHidden();
    if (!document.hidden) this.#lookedAt();
  }

  /** The stream that all tabs share stays; it is the only one. */
  #restIfHidden() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = setTimeout(() => this.#own?.close(), HIDDEN_MAX_MS);
  }

  #lookedAt() {
    if (this.#isWanted && this.#own) this.#own.resume();
    else this.#source?.wake();
  }

  /** @param {PageTransitionEvent} event */
  #shown(event) {
    // The browser kept the page while others were looked at; its stream it did not keep.
    if (event.persisted && this.#isWanted) this.#listener.reset();
  }
}
