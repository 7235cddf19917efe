/** Puts the page together: at the door, or straight into the room. */

import { Api } from "./api.js";
import { JoinCard } from "./join.js";
import { find } from "./markup.js";
import { View } from "./view.js";

/** @import { Boot, Member } from "./contract" */

/** Tells the other tabs of this browser that somebody came in. */
const JOINED = "joined";

/** @type {Boot} */
const boot = JSON.parse(find(document, "#boot", HTMLScriptElement).text);
const api = new Api();
const view = new View();
const tabs = new BroadcastChannel("hivemind-chatroom");

/** Whoever is at the door need not fetch the room to see the door. */
const fetchRoom = () => import("./room.js");

/** @param {Member} member */
async function enter(member) {
  const { Room } = await fetchRoom();
  new Room(document, boot, api, member, view).enter();
}

function knock() {
  const door = find(document, "#join", HTMLElement);
  const card = new JoinCard(document, boot, api, (member) => {
    tabs.onmessage = null;
    tabs.postMessage(JOINED);
    // The room knows this browser now: the page that comes leads straight in.
    enter(member).catch(() => location.reload());
  });
  tabs.onmessage = () => location.reload();
  door.addEventListener("input", () => void fetchRoom(), { once: true });
  card.ask();
}

if (boot.member) void enter(boot.member);
else knock();
