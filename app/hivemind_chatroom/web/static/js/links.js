/** People's words: plain text in which web addresses are links. */

const ADDRESS = /https?:\/\/[^\s<>"]+/giu;
const NOT_ITS_END = /[.,;:!?'’”»…]+$/u;

/**
 * Turns text into nodes; nothing in it is ever markup.
 *
 * @param {string} text
 * @returns {(string | HTMLAnchorElement)[]}
 */
export function linked(text) {
  /** @type {(string | HTMLAnchorElement)[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutItsEnd(match[0]);
    const anchor = link(address, address);
    if (!anchor.host) continue; // it can't be parsed
    nodes.push(text.slice(end, match.index), anchor);
    end = match.index + address.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/**
 * Makes a link that tells the other side nothing and gets no hold of this page.
 *
 * @param {string} address http or https
 * @param {string} text
 * @returns {HTMLAnchorElement}
 */
export function link(address, text) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = text;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  return anchor;
}

/**
 * Gives a sentence its full stop back, and the bracket that was opened before the address.
 *
 * @param {string} found
 * @returns {string}
 */
function withoutItsEnd(found) {
  const address = found.replace(NOT_ITS_END, "");
  const closesOthers = address.endsWith(")") && !address.includes("(");
  return closesOthers ? withoutItsEnd(address.slice(0, -1)) : address;
}
