/** The room's API; what goes wrong comes back as a value with a code and a sentence. */

import { LANG } from "./translate.js";

/**
 * @import { Answer, Draft, Introduction, Member, Message, Page, Refusal } from "./contract"
 */

const ANSWER_DEADLINE_MS = 15_000;

/** Nobody answered: no network, no server, or too late. */
const OFFLINE = Object.freeze({ code: "offline", message: "", retryAfterS: 0 });

export class Api {
  /** How far the room's clock is ahead of this browser's, in milliseconds. */
  #aheadMs = 0;

  /**
   * Lets this browser in.
   *
   * @param {Introduction & { code?: string, device_code?: string }} introduction
   * @returns {Promise<Answer<{ member: Member }>>}
   */
  join(introduction) {
    return this.#call("POST", "/api/join", introduction);
  }

  /**
   * Tells who this browser is.
   *
   * @returns {Promise<Answer<{ member: Member }>>}
   */
  me() {
    return this.#call("GET", "/api/me");
  }

  /**
   * Changes how this browser's member is called, speaks or where it is.
   *
   * @param {Partial<Introduction>} introduction
   * @returns {Promise<Answer<{ member: Member }>>}
   */
  change(introduction) {
    return this.#call("PATCH", "/api/me", introduction);
  }

  /**
   * Returns what lets another device of the reader's own in.
   *
   * @returns {Promise<Answer<{ code: string, expires_in_s: number }>>}
   */
  inviteDevice() {
    return this.#call("POST", "/api/me/device-code", {});
  }

  /**
   * Leaves the room and frees the name.
   *
   * @returns {Promise<Answer<null>>}
   */
  leave() {
    return this.#call("DELETE", "/api/me");
  }

  /**
   * Lists who is here.
   *
   * @returns {Promise<Answer<Member[]>>}
   */
  members() {
    return this.#call("GET", "/api/members");
  }

  /**
   * Posts a line; the same client_id again is the same message.
   *
   * @param {Draft} draft
   * @returns {Promise<Answer<Message>>}
   */
  post(draft) {
    return this.#call("POST", "/api/messages", draft);
  }

  /**
   * Asks the assistant once more.
   *
   * @param {number} id
   * @returns {Promise<Answer<Message>>}
   */
  askAgain(id) {
    return this.#call("POST", `/api/messages/${id}/ask-again`, {});
  }

  /**
   * Takes a message of the reader's own out of the room.
   *
   * @param {number} id
   * @returns {Promise<Answer<null>>}
   */
  remove(id) {
    return this.#call("DELETE", `/api/messages/${id}`);
  }

  /**
   * Returns how long ago the room wrote a moment, by the room's own clock.
   *
   * @param {string} moment RFC 3339
   * @returns {number} milliseconds
   */
  ageOf(moment) {
    return Math.max(0, Date.now() + this.#aheadMs - Date.parse(moment));
  }

  /**
   * Reads a part of the log.
   *
   * @param {{ before?: number, after?: number, limit: number, q?: string }} part
   * @returns {Promise<Answer<Page>>}
   */
  messages(part) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(part)) query.set(name, String(value));
    return this.#call("GET", `/api/messages?${query}`);
  }

  /**
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<Answer<T>>}
   */
  async #call(method, path, body) {
    const headers = new Headers({ "Accept-Language": LANG });
    /** @type {RequestInit} */
    const request = { method, headers };
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      headers.set("Content-Type", "application/json");
    }
    try {
      // Not every browser that shows the page has this.
      request.signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
      const response = await fetch(path, request);
      const roomTime = Date.parse(response.headers.get("Date") ?? "");
      if (roomTime) this.#aheadMs = roomTime - Date.now();
      const value = response.status === 204 ? null : await response.json();
      return response.ok ? { ok: true, value } : { ok: false, refusal: refusalOf(response, value) };
    } catch {
      return { ok: false, refusal: OFFLINE };
    }
  }
}

/**
 * @param {Response} response
 * @param {{ error?: Partial<Refusal> } | null} body
 * @returns {Refusal}
 */
function refusalOf(response, body) {
  return {
    code: `http_${response.status}`,
    message: "",
    ...body?.error,
    retryAfterS: Number(response.headers.get("Retry-After")) || 0,
  };
}
