/** What the stream has brought lately, for a tab that has read the log a moment ago. */

/** @import { RoomEvent } from "./contract" */

/** More happens in no moment. */
const EVENTS_MAX = 500;

export class Backlog {
  /** @type {RoomEvent[]} */
  #events = [];
  #from;

  /** @param {number} from the message after which the stream began */
  constructor(from) {
    this.#from = from;
  }

  /** @param {RoomEvent} event */
  add(event) {
    this.#events.push(event);
    if (this.#events.length <= EVENTS_MAX) return;
    const oldest = this.#events.shift();
    if (oldest?.name === "message") this.#from = oldest.data.id;
  }

  /** The message after which everything is here. */
  get from() {
    return this.#from;
  }

  /**
   * Tells whether every message after this one is here.
   *
   * @param {number} after
   */
  continues(after) {
    return after >= this.#from;
  }

  /**
   * Returns the messages after this one and, as they may be newer than what was read, all that
   * is known of the others.
   *
   * @param {number} after
   */
  since(after) {
    return this.#events.filter((event) => isNewsAfter(event, after));
  }
}

/**
 * Tells whether somebody who has read the log up to a message has to hear this.
 *
 * @param {RoomEvent} event
 * @param {number} after
 */
export function isNewsAfter(event, after) {
  return event.name !== "message" || event.data.id > after;
}
