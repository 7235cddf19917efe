/** Whether the room still knows who reads; and leaving it. */

import { forgetAll } from "./keep.js";

/** @import { Api } from "./api.js" */
/** @import { Refusal } from "./contract" */

export class Membership {
  #api;
  #memberId;
  #onRemoved;

  /**
   * @param {Api} api
   * @param {string} memberId
   * @param {() => void} onRemoved the host has put the reader out
   */
  constructor(api, memberId, onRemoved) {
    this.#api = api;
    this.#memberId = memberId;
    this.#onRemoved = onRemoved;
  }

  /**
   * Asks the room. One that was started anew may not know its members, and lets strangers read; on
   * another device the reader may have left, and in another tab come in as somebody else.
   */
  async check() {
    const answer = await this.#api.me();
    const isSame = answer.ok && answer.value.member.id === this.#memberId;
    const code = answer.ok ? "" : answer.refusal.code;
    if (code === "removed") this.#onRemoved();
    if (code === "not_joined" || (answer.ok && !isSame)) this.lose();
  }

  /**
   * The room knows this browser no more, or as somebody else: the page that comes says so.
   *
   * @param {"left" | "unknown"} lost whether the reader has left, as far as this page knows
   */
  lose(lost = "unknown") {
    // Who has left is told so, and not of the stream that ends then.
    history.replaceState(history.state ?? { lost }, "");
    location.reload();
  }

  /**
   * Has the room and this browser forget the reader.
   *
   * @returns {Promise<Refusal | null>} null when nobody is known any more
   */
  async leave() {
    const answer = await this.#api.leave();
    if (!answer.ok && answer.refusal.code !== "not_joined") return answer.refusal;
    forgetAll();
    location.assign("/");
    return null;
  }
}
