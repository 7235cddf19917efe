/** The browser's own player; it waits to be asked, and one plays at a time. */

import { link } from "./links.js";
import { MEDIA_BAD, OPEN_LINK } from "./words.js";

/** @import { Media } from "./contract" */

/**
 * Makes a player.
 *
 * @param {Media} media
 * @param {URL} address
 * @param {HTMLElement} place where it stands, or the word that it can't be played
 * @returns {HTMLMediaElement}
 */
export function control(media, address, place) {
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
