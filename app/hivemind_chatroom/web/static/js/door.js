/** The page of whoever is not in yet: the card, and the room once they are. */

import { Api } from "./api.js";
import { JoinCard } from "./join.js";
import { find } from "./markup.js";
import { View } from "./view.js";

/** @import { Boot, Member } from "./contract" */

/** Tells the other tabs of this browser that somebody came in. */
const JOINED = "joined";

/** @type {Boot} */
const boot = JSON.parse(find(document, "#boot", HTMLScriptElement).text);
const door = find(document, "#join", HTMLElement);
const tabs = new BroadcastChannel("hivemind-chatroom");

/** Whoever is at the door need not fetch the room to see the door. */
const fetchRoom = () => import("./main.js");

/** @param {Member} member */
async function enter(member) {
  const room = await fetchRoom();
  room.enter(member);
}

const card = new JoinCard(document, boot, new Api(), (member) => {
  tabs.onmessage = null;
  tabs.postMessage(JOINED);
  // The room knows this browser now: the page that comes leads straight in.
  enter(member).catch(() => location.reload());
});
tabs.onmessage = () => location.reload();
// When it doesn't come, it is asked for again at the right time.
door.addEventListener("input", () => fetchRoom().catch(() => undefined), { once: true });
new View();
card.ask();
// Who looks for another room can wait until this one's door is there.
addEventListener("load", () => {
  const form = find(door, "form", HTMLFormElement);
  import("./rooms.js").then(({ offerRooms }) => offerRooms(form)).catch(() => undefined);
});
