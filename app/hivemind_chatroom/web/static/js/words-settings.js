/** What only the reader's settings say. */

import { t } from "./translate.js";

export const SAVED = t("Saved.");

/** @param {string} name one that is free, where the wanted one isn't */
export function beCalled(name) {
  return t("Call me {name}", { name });
}
