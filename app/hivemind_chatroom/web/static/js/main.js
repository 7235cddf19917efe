/** Puts the page together: at the door, or straight into the room. */

import { Api } from "./api.js";
import { JoinCard } from "./join.js";
import { find } from "./markup.js";
import { Room } from "./room.js";

/** Tells the other tabs of this browser that somebody came in. */
const JOINED = "joined";

/** @import { Boot, Member } from "./contract" */

/** @type {Boot} */
const boot = JSON.parse(find(document, "#boot", HTMLScriptElement).text);
const api = new Api();
/** @param {Member} member */
const enter = (member) => new Room(document, boot, api, member).enter();

const tabs = new BroadcastChannel("hivemind-chatroom");

if (boot.member) {
  enter(boot.member);
} else {
  tabs.onmessage = () => location.reload();
  new JoinCard(document, boot, api, (member) => {
    tabs.onmessage = null;
    tabs.postMessage(JOINED);
    enter(member);
  }).ask();
}
