/** Why the reader may not write; fetched with floor.js, when that first happens. */

import { t } from "./translate.js";

export const PAUSED = t("The host paused the room.");
export const REMOVED = t("The host removed you from the room.");
export const MUTED = t("You can read, not write, until the host changes that.");

/** @param {string} time */
export function muted(time) {
  return t("You can read, not write, until {time}.", { time });
}
