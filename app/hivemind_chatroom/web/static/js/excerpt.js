/** Which part of the log is on the page: more of it is read as the reader comes near to an end. */

/** @import { Api } from "./api.js" */
/** @import { Answer, Part, Refusal } from "./contract" */
/** @import { Messages } from "./messages.js" */
/** @import { Scroller } from "./scroller.js" */

/** Messages read at once; the API gives no more. */
const PAGE = 100;

/** More is read when no more than this is left to scroll. */
const READ_ON_PX = 800;

export class Excerpt {
  #api;
  #messages;
  #scroller;
  #isReading = false;

  /**
   * @param {Api} api
   * @param {Messages} messages
   * @param {Scroller} scroller
   * @param {() => void} readAnew shows the newest part, and goes on from it
   */
  constructor(api, messages, scroller, readAnew) {
    this.#api = api;
    this.#messages = messages;
    this.#scroller = scroller;
    messages.onEarlier = () => void this.#readOn("earlier");
    scroller.listen({
      moved: () => void this.#readWhereNear(),
      newest: () => {
        messages.letGo();
        readAnew();
      },
    });
  }

  /**
   * Shows the newest part of the log, or the part that the reader is at.
   *
   * @returns {Promise<Answer<number>>} the log's newest message
   */
  async read() {
    const newest = await this.#api.messages({ limit: PAGE });
    if (!newest.ok) return newest;
    const { messages, more } = newest.value;
    const place = this.#messages.place;
    if (more && place !== null && place < (messages[0]?.id ?? 0)) {
      const part = await this.#around(place);
      if (!part.ok) return part;
      this.#messages.fill(part.value);
    } else {
      this.#messages.fill({ messages, hasEarlier: more, hasLater: false });
    }
    return { ok: true, value: messages.at(-1)?.id ?? 0 };
  }

  /**
   * Shows a message among its neighbours.
   *
   * @param {number} id
   * @returns {Promise<Refusal | null>}
   */
  async show(id) {
    if (!this.#messages.lines.find(id)) {
      const part = await this.#around(id);
      if (!part.ok) return part.refusal;
      this.#messages.fill(part.value);
    }
    this.#messages.lines.point(id);
    return null;
  }

  /**
   * @param {number} id
   * @returns {Promise<Answer<Part>>}
   */
  async #around(id) {
    const heard = this.#messages.newestId;
    const [upper, lower] = await Promise.all([
      this.#api.messages({ before: id + 1, limit: PAGE }),
      this.#api.messages({ after: id, limit: PAGE }),
    ]);
    if (!upper.ok) return upper;
    if (!lower.ok) return lower;
    const part = {
      messages: [...upper.value.messages, ...lower.value.messages],
      hasEarlier: upper.value.more,
      // What came while it was read may be in it, or not.
      hasLater: lower.value.more || this.#messages.newestId !== heard,
    };
    return { ok: true, value: part };
  }

  async #readWhereNear() {
    if (this.#messages.hasEarlier && this.#scroller.above < READ_ON_PX) {
      await this.#readOn("earlier");
    } else if (this.#messages.hasLater && this.#scroller.below < READ_ON_PX) {
      await this.#readOn("later");
    }
  }

  /** @param {"earlier" | "later"} side */
  async #readOn(side) {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      if (side === "earlier") await this.#readEarlier();
      else await this.#readLater();
    } finally {
      this.#isReading = false;
    }
  }

  async #readEarlier() {
    const before = this.#messages.lines.firstId;
    const page = await this.#api.messages({ before, limit: PAGE });
    // Another part of the log may be on the page by now.
    if (!page.ok || this.#messages.lines.firstId !== before) return;
    this.#messages.addEarlier(page.value.messages, page.value.more);
  }

  async #readLater() {
    const after = this.#messages.lines.lastId;
    const heard = this.#messages.newestId;
    const page = await this.#api.messages({ after, limit: PAGE });
    if (!page.ok || this.#messages.lines.lastId !== after) return;
    const hasLater = page.value.more || this.#messages.newestId !== heard;
    this.#messages.addLater(page.value.messages, hasLater);
  }
}
