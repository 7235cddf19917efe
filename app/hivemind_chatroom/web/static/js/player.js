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
  else place.append(control(media, address, place));
  return card;
}

/**
 * @param {Media} media
 * @param {URL} address
 * @param {HTMLElement} place
 */
function control(media, address, place) {
  const element = document.createElement(media.kind === "video" ? "video" : "audio");
  element.controls = true;
  element.preload = "none";
  if (element instanceof HTMLVideoElement) element.playsInline = true;
  element.setAttribute("aria-label", media.title || media.artist || media.uri);
  element.addEventListener("play", () => hush(element));
  element.addEventListener("error", () =>
    place.replaceChildren(`${MEDIA_BAD} `, link(address.href, OPEN_LINK)),
  );
  element.src = address.href;
  return element;
}

/**
 * Stops whatever else is playing.
 *
 * @param {HTMLMediaElement} playing
 */
function hush(playing) {
  for (const other of document.querySelectorAll("audio, video")) {
    if (other instanceof HTMLMediaElement && other !== playing) other.pause();
  }
}

/**
 * @param {string} uri
 * @returns {URL | null} null when it is no address that a page may open
 */
function webAddress(uri) {
  const anchor = link(uri, "");
  return ["http:", "https:"].includes(anchor.protocol) && anchor.host ? new URL(anchor.href) : null;
}
