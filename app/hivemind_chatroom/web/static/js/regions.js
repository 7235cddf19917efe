/** F6 leads the keyboard from one region of the room to the next, Shift+F6 back. */

/** In the order of reading; a region that nobody sees is left out. */
const REGIONS = [".top", "#people", "#search", "#preferences", "#scroller", "#composer"];

const CONTROLS = "button, input, select, textarea";

/**
 * Puts the keyboard into another region.
 *
 * @param {ParentNode} view
 * @param {1 | -1} step to the next one, or back
 */
export function walkRegions(view, step) {
  const regions = [...view.querySelectorAll(REGIONS.join())].filter(isShown);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = here < 0 ? 0 : here + step;
  controlOf(regions.at(next % regions.length)).focus();
}

/** @param {Element | undefined} region */
function controlOf(region) {
  const controls = [...(region?.querySelectorAll(CONTROLS) ?? [])].filter(isShown);
  const own = region?.hasAttribute("tabindex") ? region : controls[0];
  return /** @type {HTMLElement} */ (own ?? document.body);
}

/** @param {Element} element */
function isShown(element) {
  return element.getClientRects().length > 0;
}
