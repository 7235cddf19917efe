/** F6 leads the keyboard from one region of the room to the next, Shift+F6 back. */

/** In the order of reading; a region that nobody sees is left out. */
const REGIONS = [".top", "#people", "#search", "#preferences", "#scroller", "#composer"];

const CONTROLS = "button, input, select, textarea";

/** @param {HTMLElement} view */
export function walkRegions(view) {
  view.addEventListener("keydown", (event) => {
    if (event.key !== "F6") return;
    event.preventDefault();
    const regions = [...view.querySelectorAll(REGIONS.join())].filter(isShown);
    const here = regions.findIndex((region) => region.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    const next = here < 0 ? 0 : here + step;
    controlOf(regions.at(next % regions.length)).focus();
  });
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
