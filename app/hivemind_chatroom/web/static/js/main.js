/** The page of whoever is in: the room. */

import { Api } from "./api.js";
import { find } from "./markup.js";
import { Room } from "./room.js";
import { View } from "./view.js";

/** @import { Boot, Member } from "./contract" */

/** @type {Boot} */
const boot = JSON.parse(find(document, "#boot", HTMLScriptElement).text);

/**
 * Shows the room to somebody.
 *
 * @param {Member} member
 */
export function enter(member) {
  new Room(document, boot, new Api(), member, new View()).enter();
}

if (boot.member) enter(boot.member);
