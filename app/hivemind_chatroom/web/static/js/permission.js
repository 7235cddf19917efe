/** What the host has decided about the reader; the word for it is fetched when there is one. */

/** @import { Api } from "./api.js" */
/** @import { Decided } from "./contract" */
/** @import { Floor } from "./floor.js" */

export class Permission {
  #view;
  #api;
  /** @type {Decided} */
  #decided = { state: "free", until: null, paused: false };
  /** @type {Floor | undefined} */
  #floor;

  /**
   * @param {HTMLElement} view
   * @param {Api} api
   */
  constructor(view, api) {
    this.#view = view;
    this.#api = api;
  }

  /** The host has put the reader out. */
  get isRemoved() {
    return this.#decided.state === "removed";
  }

  /**
   * Takes in what is new, and shows it.
   *
   * @param {Partial<Decided>} news
   */
  async decide(news) {
    const { state, paused } = Object.assign(this.#decided, news);
    if (state === "free" && !paused && !this.#floor) return;
    // Should it not come, the next stream asks again; meanwhile the room refuses.
    const module = await import("./floor.js").catch(() => null);
    if (module) this.#floor ??= new module.Floor(this.#view, this.#api);
    this.#floor?.show(this.#decided);
  }
}
