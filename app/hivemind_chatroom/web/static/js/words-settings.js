/** What only the reader's settings say. */

import { t } from "./translate.js";

export const SAVED = t("Saved.");

export const CODE_USED = t("Your other device is in.");
export const CODE_VOID = t("Too many wrong tries. Close this and open it again for another code.");

/** @param {string} name one that is free, where the wanted one isn't */
export function beCalled(name) {
  return t("Call me {name}", { name });
}
