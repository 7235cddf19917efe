/** The word that the page is cut off from the room, why, and after a while what may be the matter. */

import { find } from "./markup.js";

/** Long enough for a room that is started again, in milliseconds. */
const LONG_MS = 30_000;

export class Offline {
  #banner;
  #hint;
  #timer = 0;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#banner = find(root, "#offline-banner", HTMLElement);
    this.#hint = find(this.#banner, "#offline-hint", HTMLElement);
  }

  /** The room has said that its host closes it: nothing is broken. */
  expect() {
    this.#banner.classList.add("is-closed");
  }

  /** @param {boolean} isOffline */
  show(isOffline) {
    if (!isOffline) this.#banner.classList.remove("is-closed");
    if (isOffline !== this.#banner.hidden) return;
    this.#banner.hidden = !isOffline;
    this.#hint.hidden = true;
    clearTimeout(this.#timer);
    if (isOffline) this.#timer = setTimeout(() => this.#hint.removeAttribute("hidden"), LONG_MS);
  }
}
