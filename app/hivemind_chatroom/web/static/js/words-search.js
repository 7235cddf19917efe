/** What only the search says. */

import { n, t } from "./translate.js";

/** @param {number} count messages that hold the words */
export function found(count) {
  return n("{count} message found", "{count} messages found", count);
}

export const NOTHING_FOUND = t("Nothing found.");
