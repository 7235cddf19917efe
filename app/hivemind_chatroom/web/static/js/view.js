/** How the page looks and sounds on this device; kept in the browser through reloads. */

import { keep, kept } from "./keep.js";

const VIEW_KEY = "view";

export class View {
  /** Large and with little on it, for small children and for grandparents. */
  isSimple = false;
  /** Answers are read aloud as they come. */
  readsAloud = false;

  constructor() {
    const view = kept("browser", VIEW_KEY);
    this.isSimple = view?.isSimple === true;
    this.readsAloud = view?.readsAloud === true;
    this.#show();
  }

  /**
   * Looks and sounds otherwise from now on.
   *
   * @param {boolean} isSimple
   * @param {boolean} readsAloud
   */
  change(isSimple, readsAloud) {
    this.isSimple = isSimple;
    this.readsAloud = readsAloud;
    this.#show();
    keep("browser", VIEW_KEY, { isSimple, readsAloud });
  }

  #show() {
    document.documentElement.classList.toggle("simple", this.isSimple);
  }
}
