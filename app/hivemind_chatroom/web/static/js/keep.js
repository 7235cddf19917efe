/** What a browser keeps for the page; one that keeps nothing is no trouble. */

/** Until somebody clears it, or as long as the tab is open, through reloads. */
const PLACES = Object.freeze({ browser: () => localStorage, tab: () => sessionStorage });

/**
 * Returns what was kept, or null.
 *
 * @param {keyof typeof PLACES} place
 * @param {string} key
 */
export function kept(place, key) {
  try {
    return JSON.parse(PLACES[place]().getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keeps something.
 *
 * @param {keyof typeof PLACES} place
 * @param {string} key
 * @param {unknown} value
 */
export function keep(place, key, value) {
  try {
    PLACES[place]().setItem(key, JSON.stringify(value));
  } catch {
    // It lasts until the page is closed.
  }
}

/** Forgets all of it: the reader leaves. */
export function forgetAll() {
  for (const place of Object.values(PLACES)) {
    try {
      place().clear();
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  }
}
