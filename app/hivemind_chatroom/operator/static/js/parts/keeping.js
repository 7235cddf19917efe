/** How long what is said is kept. */

import { n, t } from "../translate.js";

const WEEK = 7;
const YEAR = 365;
const TEN_YEARS = 3_650;

/** Days to choose from. */
export const KEEP_CHOICES = [1, WEEK, 30, 90, YEAR, TEN_YEARS];

/** @param {number} days */
export function keepText(days) {
  if (days === YEAR) return t("for a year");
  if (days === TEN_YEARS) return t("for ten years");
  return n("for {count} day", "for {count} days", days);
}
