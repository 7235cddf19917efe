/** How the room stands, live: a stream that comes back by itself. */

import { linesOf } from "./lines.js";

/** @import { Api } from "./api.js" */
/** @import { Status } from "./contract" */

const RETRY_MS = 1_000;

/** The server says something every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;

const UNAUTHORIZED = 401;
const DATA = "data:";

/**
 * What is known of the connection to the program.
 *
 * @typedef {"opening" | "open" | "lost" | "locked"} Connection
 */

/**
 * @typedef {object} LiveListener
 * @property {(status: Status) => void} heard
 * @property {(connection: Connection) => void} turned
 */

export class Live {
  #api;
  #listener;
  #isWanted = false;
  #attempt = new AbortController();
  #timer = 0;

  /**
   * @param {Api} api
   * @param {LiveListener} listener
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
  }

  start() {
    this.#isWanted = true;
    void this.#listen();
  }

  stop() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#attempt.abort();
  }

  async #listen() {
    this.#attempt = new AbortController();
    try {
      const response = await this.#api.events(this.#attempt.signal);
      if (response.status === UNAUTHORIZED) {
        this.#isWanted = false;
        this.#listener.turned("locked");
        return;
      }
      if (response.ok) await this.#read(response);
    } catch {
      // Nobody is there, or the silence was too long: what follows is the same.
    }
    if (!this.#isWanted) return;
    clearTimeout(this.#timer);
    this.#listener.turned("lost");
    this.#timer = setTimeout(() => void this.#listen(), RETRY_MS);
  }

  /** @param {Response} response */
  async #read(response) {
    this.#expectMore();
    for await (const line of linesOf(response)) {
      this.#expectMore();
      if (!line.startsWith(DATA)) continue;
      this.#listener.turned("open");
      this.#listener.heard(JSON.parse(line.slice(DATA.length)));
    }
  }

  #expectMore() {
    const attempt = this.#attempt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => attempt.abort(), SILENCE_MS);
  }
}
