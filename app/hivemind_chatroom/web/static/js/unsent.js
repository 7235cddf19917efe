/**
 * The reader's unsent lines, kept in the browser through reloads, closed tabs and crashes.
 *
 * Each line belongs to one tab, which sends it; the tab says every few seconds that it is still
 * there. What belongs to nobody any more another tab takes over. Two that take it at the same time
 * see it a moment later, and should both send it nevertheless, the `client_id` makes it one message.
 */

import { newClientId } from "./ids.js";

/** @import { Draft } from "./contract" */

const PREFIX = "unsent ";

/** A tab that has not said for so long that it is there is not. */
const LEASE_MS = 10_000;
const RENEW_MS = 4_000;

/** So long after a claim all tabs see who made the last one. */
const CLAIM_MS = 100;

/** A tab that is reloaded takes its lines back sooner than others take them. */
const RELEASED_MS = 2_000;

/**
 * @typedef {object} Kept
 * @property {Draft} draft
 * @property {number} writtenAt milliseconds since 1970
 * @property {string} tab the one that sends it
 * @property {number} until it is that tab's, in milliseconds since 1970
 */

export class Unsent {
  #tab = newClientId();
  #prefix;
  /** @type {Set<string>} the lines of this tab */
  #mine = new Set();
  #renewal = 0;
  #look = 0;
  #onFree;
  #onLost;

  /**
   * @param {string} memberId
   * @param {() => void} onFree lines may be free that were another tab's
   * @param {(clientId: string) => void} onLost a line was sent, deleted or taken by another tab
   */
  constructor(memberId, onFree, onLost) {
    this.#prefix = `${PREFIX}${memberId} `;
    this.#onFree = onFree;
    this.#onLost = onLost;
    this.#sweep();
    window.addEventListener("pagehide", () => this.#release());
    window.addEventListener("pageshow", (event) => event.persisted && onFree());
    window.addEventListener("storage", (event) => this.#changedElsewhere(event));
  }

  /**
   * Keeps a line that this tab is to send.
   *
   * @param {Draft} draft
   * @param {number} writtenAt milliseconds since 1970
   */
  keep(draft, writtenAt) {
    this.#mine.add(draft.client_id);
    this.#write({ draft, writtenAt, tab: this.#tab, until: Date.now() + LEASE_MS });
    this.#renewal ||= setInterval(() => this.#renew(), RENEW_MS);
  }

  /**
   * Forgets a line: it was sent, or shall not be.
   *
   * @param {string} clientId
   */
  forget(clientId) {
    if (!this.#mine.delete(clientId)) return;
    remove(this.#prefix + clientId);
    this.#rest();
  }

  /**
   * Takes the lines that belong to no tab.
   *
   * @returns {Promise<Kept[]>} in the order of writing
   */
  async adopt() {
    const others = this.#all().filter(({ draft }) => !this.#mine.has(draft.client_id));
    const claimed = others.filter(isFree);
    if (claimed.length < others.length) this.#lookAgain(LEASE_MS + CLAIM_MS);
    if (claimed.length === 0) return [];
    for (const kept of claimed) {
      this.#write({ ...kept, tab: this.#tab, until: Date.now() + LEASE_MS });
    }
    await new Promise((resolve) => setTimeout(resolve, CLAIM_MS));
    const won = this.#all().filter(
      ({ draft, tab }) => tab === this.#tab && !this.#mine.has(draft.client_id),
    );
    for (const { draft, writtenAt } of won) this.keep(draft, writtenAt);
    return won.sort((one, other) => one.writtenAt - other.writtenAt);
  }

  /** @param {StorageEvent} event another tab kept, renewed, released, took or forgot a line */
  #changedElsewhere({ key, newValue }) {
    if (!key?.startsWith(this.#prefix)) return;
    const clientId = key.slice(this.#prefix.length);
    const kept = parsed(newValue);
    if (this.#mine.has(clientId) && kept?.tab !== this.#tab) this.#lose(clientId);
    if (kept) this.#lookAgain(kept.until === 0 ? RELEASED_MS : LEASE_MS + CLAIM_MS);
  }

  /** @param {number} waitMs each sign of life of the other tab puts it off */
  #lookAgain(waitMs) {
    clearTimeout(this.#look);
    this.#look = setTimeout(this.#onFree, waitMs);
  }

  #renew() {
    for (const kept of this.#all()) {
      if (kept.tab === this.#tab) this.#write({ ...kept, until: Date.now() + LEASE_MS });
    }
  }

  /** The page goes: whoever is left, or comes, may have its lines at once. */
  #release() {
    for (const kept of this.#all()) {
      if (this.#mine.has(kept.draft.client_id)) this.#write({ ...kept, tab: "", until: 0 });
    }
    this.#mine.clear();
    this.#rest();
  }

  /** @param {string} clientId */
  #lose(clientId) {
    this.#mine.delete(clientId);
    this.#rest();
    this.#onLost(clientId);
  }

  #rest() {
    if (this.#mine.size > 0) return;
    clearInterval(this.#renewal);
    this.#renewal = 0;
  }

  /** Takes away what earlier members of this browser left: nobody can send it as them. */
  #sweep() {
    for (const key of keys()) {
      if (key.startsWith(PREFIX) && !key.startsWith(this.#prefix)) remove(key);
    }
  }

  /** @returns {Kept[]} */
  #all() {
    return keys()
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => parsed(localStorage.getItem(key)))
      .filter((kept) => kept !== null);
  }

  /** @param {Kept} kept */
  #write(kept) {
    try {
      localStorage.setItem(this.#prefix + kept.draft.client_id, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing keeps these not either; they are on the page.
    }
  }
}

/** @param {Kept} kept */
function isFree({ until }) {
  // A clock that was set back must not keep a line for years.
  const left = until - Date.now();
  return left <= 0 || left > LEASE_MS;
}

/** @returns {string[]} */
function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** @param {string} key */
function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/**
 * @param {string | null} value
 * @returns {Kept | null}
 */
function parsed(value) {
  try {
    const kept = JSON.parse(value ?? "null");
    // Another program at this address, or another version of this one, may have written it.
    return typeof kept?.draft?.client_id === "string" ? kept : null;
  } catch {
    return null;
  }
}
