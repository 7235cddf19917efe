/** Something to play: what it is, and a player that waits to be asked. */

import { link } from "./links.js";
import { copy, find } from "./markup.js";
import { MEDIA_BAD, OPEN_LINK } from "./words.js";

/** @import { Media } from "./contract" */

/**
 * Makes the card of something to play.
 *
 * @param {Media} media
 * @returns {HTMLElement}
 */
export function player(media) {
  const card = copy("player-template");
  const address = webAddress(media.uri);
  find(card, ".player-title", HTMLElement).textContent = media.title || media.uri;
  find(card, ".player-artist", HTMLElement).textContent = media.artist;
  const place = find(card, ".player-place", HTMLElement);
  if (address === null) place.textContent = MEDIA_BAD;
  else void fill(place, media, address);
  return card;
}

/**
 * Puts in the control, which is fetched when there is first something to play; or the way out.
 *
 * @param {HTMLElement} place
 * @param {Media} media
 * @param {URL} address
 */
async function fill(place, media, address) {
  const module = await import("./control.js").catch(() => null);
  place.append(module ? module.control(media, address, place) : link(address.href, OPEN_LINK));
}

/**
 * @param {string} uri
 * @returns {URL | null} null when it is no address that a page may open
 */
function webAddress(uri) {
  try {
    // The built-in assistant's tunes are the room's own files.
    const address = new URL(/^\/static\//.test(uri) ? location.origin + uri : uri);
    return ["http:", "https:"].includes(address.protocol) ? address : null;
  } catch {
    return null; // it can't be parsed, or is relative: it would be an address of ours
  }
}
