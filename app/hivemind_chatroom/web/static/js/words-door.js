/** What only the door says. */

import { n, t } from "./translate.js";

/** @param {string} name */
export function isHere(name) {
  return t("{name} is already here. Are you {name}?", { name });
}

/**
 * @param {string} name one that is taken
 * @param {string} free one that is free
 */
export function joinAs(name, free) {
  return t("I'm another {name}: join as {free}", { name, free });
}

/** @param {number} left */
export function wrongCode(left) {
  return n(
    "That's not the room's code. {count} try left.",
    "That's not the room's code. {count} tries left.",
    left,
  );
}

/** @param {number} seconds */
export function tooManyTries(seconds) {
  return t("Too many tries. Wait {seconds} s.", { seconds });
}

/** @param {number} seconds */
export function tooManyCodes(seconds) {
  return t(
    "Too many tries. Wait {seconds} s, then scan the QR on the host's screen or type its code.",
    { seconds },
  );
}

export const LINK_OLD = t("This invitation is old. Scan the new QR, or type the code.");

export const LEFT = t("You left the room on another device or tab. Join again to come back.");
export const LOST = t(
  "You are no longer in the room. You left on another device or tab, or it was started anew. Join again to go on.",
);
