/** How the page looks and sounds on this device; kept in the browser through reloads. */

const KEY = "view";

export class View {
  /** Large and with little on it, for small children and for grandparents. */
  isSimple = false;
  /** Answers are read aloud as they come. */
  readsAloud = false;

  constructor() {
    try {
      const { isSimple, readsAloud } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      this.isSimple = isSimple === true;
      this.readsAloud = readsAloud === true;
    } catch {
      // Nothing may be kept in this browser, or something else is kept there.
    }
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
    try {
      localStorage.setItem(KEY, JSON.stringify({ isSimple, readsAloud }));
    } catch {
      // It lasts until the page is closed.
    }
  }

  #show() {
    document.documentElement.classList.toggle("simple", this.isSimple);
  }
}
