/** The other rooms of this network, below the card: who has come to the wrong door finds the right one. */

import { NEEDS_CODE, NOT_LISTED, OTHER_ROOMS } from "./words-rooms.js";

/** @import { SeenRoom, SeenRooms } from "./contract" */

/** Rooms that have just been started take as long to be heard of. */
const LOOK_AGAIN_MS = 3_000;

const TITLE = "rooms-title";

/**
 * Shows them while the card is there, and anew to who comes back to it.
 *
 * @param {HTMLFormElement} card
 */
export function offerRooms(card) {
  const look = () => {
    const isSeen = !document.hidden && card.getClientRects().length > 0;
    if (isSeen) showRooms(card, look).catch(() => undefined);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  look();
}

/**
 * Asks which there are; nothing is shown when there is none, or no answer.
 *
 * @param {HTMLFormElement} card
 * @param {() => void} lookAgain
 */
async function showRooms(card, lookAgain) {
  const response = await fetch("/api/rooms");
  if (!response.ok) return;
  /** @type {SeenRooms} */
  const { rooms, is_searching: isSearching } = await response.json();
  const before = card.querySelector(`[aria-labelledby=${TITLE}]`);
  const now = rooms.length > 0 ? list(rooms) : null;
  // What has not changed keeps the focus, and the press that brought somebody back.
  if (!now?.isEqualNode(before)) {
    before?.remove();
    if (now) card.append(now);
  }
  // The list hangs below the card: nothing moves under somebody's finger. Rules in the sheet would be
  // a part of every room.
  card.style.position = "relative";
  if (isSearching) setTimeout(lookAgain, LOOK_AGAIN_MS);
}

/** @param {readonly SeenRoom[]} rooms */
function list(rooms) {
  const found = document.createElement("div");
  found.role = "navigation";
  found.setAttribute("aria-labelledby", TITLE);
  const title = finePrint(OTHER_ROOMS);
  title.id = TITLE;
  found.append(title, ...rooms.map(link), finePrint(NOT_LISTED));
  const below = { position: "absolute", insetBlockStart: "100%", insetInline: "0" };
  Object.assign(found.style, below, { paddingBlockEnd: "1rem" });
  return found;
}

/** @param {SeenRoom} room */
function link({ name, url, needs_code: needsCode }) {
  const there = document.createElement("a");
  const called = document.createElement("bdi");
  there.className = "button-quiet";
  there.href = url;
  called.textContent = name;
  there.append(called, needsCode ? ` · ${NEEDS_CODE}` : "");
  return there;
}

/** @param {string} words */
function finePrint(words) {
  const line = document.createElement("p");
  line.className = "fine-print";
  line.textContent = words;
  return line;
}
