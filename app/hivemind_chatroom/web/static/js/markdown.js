/** The assistant's Markdown, which the room sends as HTML: copied element by element, never put in. */

import { link, linked } from "./links.js";

/** What is copied; the room lets nothing else pass either. */
const KNOWN = new Set("P BR HR STRONG EM S CODE PRE BLOCKQUOTE UL OL LI A".split(" "));

/** In these an address is no link: they are one, or they are meant to the letter. */
const TO_THE_LETTER = "a, code";

/** Lets the page read HTML (Trusted Types). */
const POLICY = globalThis.trustedTypes?.createPolicy("markdown", { createHTML: (html) => html });

/**
 * Turns HTML into nodes of known elements without any attributes, but for links and numbers.
 *
 * @param {string} html
 * @returns {(string | Node)[]}
 */
export function markedUp(html) {
  const trusted = /** @type {string} */ (POLICY?.createHTML(html) ?? html);
  // Read in a document of its own nothing is loaded and nothing runs.
  return copies(new DOMParser().parseFromString(trusted, "text/html").body);
}

/**
 * @param {Element} parent
 * @returns {(string | Node)[]}
 */
function copies(parent) {
  return Array.from(parent.childNodes).flatMap((node) => {
    if (node instanceof Element) return [copied(node)];
    const text = node.textContent ?? "";
    return parent.closest(TO_THE_LETTER) ? [text] : linked(text);
  });
}

/**
 * @param {Element} original
 * @returns {string | Node}
 */
function copied(original) {
  if (!KNOWN.has(original.tagName)) return original.textContent ?? "";
  const made = bare(original);
  made.append(...copies(original));
  return made;
}

/** @param {Element} original */
function bare(original) {
  if (original instanceof HTMLAnchorElement) {
    const leadsSomewhere = ["http:", "https:"].includes(original.protocol);
    return leadsSomewhere ? link(original.href, "") : document.createElement("span");
  }
  const made = document.createElement(original.tagName);
  const start = original.getAttribute("start");
  if (start !== null && made instanceof HTMLOListElement) made.start = Number(start);
  // It scrolls, and not everybody has a mouse.
  if (made instanceof HTMLPreElement) made.tabIndex = 0;
  return made;
}
