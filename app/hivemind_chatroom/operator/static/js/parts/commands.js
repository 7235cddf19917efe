/** What is typed into a terminal on the hub's computer. */

/** The two topics that questions travel by: a hub knows the one or the other. */
const ALLOWED = "--allow recognizer_loop:utterance --allow ovos.utterance.handle";

/** What stands in a command for our number, as long as the hub has not told it. */
export const NUMBER_UNKNOWN = "<id>";

/** Lists the keys that a hub knows, with their numbers and passwords. */
export const LIST_CLIENTS = "hivemind-core list-clients";

/** Lists the addresses of a computer with Linux, on which hubs run. */
export const OWN_ADDRESSES = "hostname -I";

/**
 * Returns what has the hub make a key and a password for this room.
 *
 * @param {string} room its name
 */
export function addClient(room) {
  return `hivemind-core add-client --name ${quoted(room)} ${ALLOWED}`;
}

/** @param {string} name for a shell */
function quoted(name) {
  return `"${name.replace(/["$`\\]/g, "")}"`;
}
