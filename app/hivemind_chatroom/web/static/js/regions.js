/** F6 leads the keyboard from one region of the room to the next, Shift+F6 back. */

/** In the order of reading; one that nobody sees, or that has nothing for a keyboard, is left out. */
const REGIONS = [".top", "#people", "#search", "#preferences", "#scroller", "#composer"];

const CONTROLS = ":is(button, input, select, textarea):enabled";

/**
 * Puts the keyboard into another region.
 *
 * @param {ParentNode} view
 * @param {1 | -1} step to the next one, or back
 */
export function walkRegions(view, step) {
  const regions = [...view.querySelectorAll(REGIONS.join())].filter(entryOf);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = here < 0 ? 0 : here + step;
  const region = regions.at(next % regions.length);
  if (region) entryOf(region)?.focus();
}

/** @param {Element} region */
function entryOf(region) {
  const own = region.hasAttribute("tabindex") ? [region] : region.querySelectorAll(CONTROLS);
  return /** @type {HTMLElement | undefined} */ ([...own].find(isShown));
}

/** @param {Element} element */
function isShown(element) {
  return element.getClientRects().length > 0;
}
