/** Unsent lines outlive a reload of their tab; nothing else is kept in the browser. */

/** @import { Draft } from "./contract" */

const KEY = "unsent";

/** @param {readonly Draft[]} drafts */
export function keepUnsent(drafts) {
  try {
    if (drafts.length > 0) sessionStorage.setItem(KEY, JSON.stringify(drafts));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing keeps these not either; they are on the page.
  }
}

/** @returns {Draft[]} */
export function keptUnsent() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}
