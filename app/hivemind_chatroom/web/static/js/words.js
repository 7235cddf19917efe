/** Every sentence that the scripts say; those that are always there stand in the templates. */

/** @import { Audience, Delivery, HubState } from "./contract" */

/** A line of one's own on its way to the assistant; an answered one is marked so. */
export const DELIVERY = Object.freeze(
  /** @type {Record<Delivery, string>} */ ({
    queued: "Waiting for the assistant",
    sending: "Asking the assistant",
    sent: "Asked, waiting for the answer",
    answered: "",
    unmatched: "The assistant has no answer to this.",
    refused: "The assistant isn't allowed to answer this.",
    unanswered: "No answer yet. The assistant may be busy.",
    unconfirmed: "The assistant went away meanwhile. It may have heard this or not.",
    expired: "The assistant was away too long and was not asked this.",
  }),
);

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** @param {number} ms how long a line has been waiting */
export function waited(ms) {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < MINUTE_S) return `· ${seconds} s`;
  if (seconds < HOUR_S) return `· ${Math.floor(seconds / MINUTE_S)} min`;
  return `· ${Math.floor(seconds / HOUR_S)} h`;
}

export const SENDING = "Sending…";
export const SENT = "Sent";
export const ANSWERED = "Answered";
export const NOT_SENT = "Not sent.";
export const NOT_SENT_YET = "Not sent yet. It goes out when the connection is back.";
export const ASK_AGAIN_FAILED = "Not asked again: the room doesn't answer.";
export const DELETE_FOR_ALL = "Delete this for everyone?";
export const DELETE_PRIVATE = "Delete this?";
export const NOT_DELETED = "Not deleted.";
export const YOU = "You";

/** @param {number} seconds */
export function slower(seconds) {
  return `A little slower, please. Sending in ${seconds} s.`;
}

/** What the composer invites to, by whom it speaks to. */
export const INVITATION = Object.freeze(
  /** @type {Record<Audience, string>} */ ({
    everyone: "Say or ask something…",
    assistant: "Ask the assistant; only you see it…",
    people: "Say something to the people…",
  }),
);

/** @param {number} left letters that still fit, below zero those that don't */
export function room(left) {
  if (left >= 0) return `${left} left`;
  return left === -1 ? "Too long by 1 letter" : `Too long by ${-left} letters`;
}

/** @param {number} count */
export function newMessages(count) {
  return count === 1 ? "1 new message" : `${count} new messages`;
}

/** @param {number} count */
export function peopleHere(count) {
  return count === 1 ? "1 person here" : `${count} people here`;
}

export const AWAY = "away";
export const LANGUAGE_KEPT = "Saved.";

/** The hub's state in a word or two, beside the dot. */
export const HUB_WORD = Object.freeze(
  /** @type {Record<HubState, string>} */ ({
    off: "No assistant here",
    unconfigured: "Assistant not set up",
    connecting: "Connecting…",
    connected: "Connected",
    unreachable: "Assistant away",
    refused: "Assistant not connected",
    not_allowed: "Assistant not allowed",
    no_assistant: "No answer",
  }),
);

export const HUB_WORD_BUILTIN = "Built-in assistant";
export const RECONNECTING = "Reconnecting…";
export const HUB_BACK = "The assistant is back.";

/**
 * What people are told about the hub's state; nothing where the dot says enough.
 *
 * @type {Readonly<Record<HubState, (since: string) => string>>}
 */
export const HUB_BANNER = Object.freeze({
  off: () => "",
  connecting: () => "",
  connected: () => "",
  unconfigured: () => "The assistant isn't set up yet. You can chat with each other.",
  unreachable: (since) =>
    `The assistant has been away since ${since}. You can still chat with each other.`,
  refused: () => "The assistant doesn't let this room in yet. You can still chat with each other.",
  not_allowed: () => "The assistant isn't allowed to answer this room yet.",
  no_assistant: () => "The assistant's hub is there, but nothing behind it answers.",
});

/** What the host should know, by the reason's code; those with a colon go with a command. */
export const HUB_REASON = Object.freeze(
  /** @type {Record<string, string>} */ ({
    "hub.unreachable": "The hub can't be reached. Is its computer on, and on the same network?",
    "hub.lost": "The connection to the hub broke. The room tries again by itself.",
    "hub.not_hivemind":
      "Something answers at the hub's address, but it is no HiveMind hub. The usual port is 5678.",
    "hub.tls": "The hub doesn't speak TLS there. Try ws:// instead of wss:// in its address.",
    "hub.version": "The hub is too old for the encryption that this room needs. Update it.",
    "hub.key": "The hub doesn't know this room's access key. Compare it with the hub's list:",
    "hub.password": "The key is right, the password is not. Compare it with the hub's list:",
    "hub.weak_password": "The password is too easy to guess. Make a new one on the hub:",
    "hub.pin":
      "The hub knows another computer by this access key. To forget it, run on the hub (hivemind-core list-clients shows the id):",
    "hub.new_key": "Another hub answers at this address. If yours was set up anew, run here:",
    "hub.denied": "Run this on the hub:",
    "hub.no_agent": "The hub is up, but nothing behind it answers. Is OVOS running?",
    "hub.built_in": "The built-in assistant did not start. The room's log says why.",
    "identity.missing":
      "No identity is set up on this computer. Set one with hivemind-client set-identity.",
    "identity.broken":
      "The identity file on this computer can't be used. Restore it, or move it away and set a new one with hivemind-client set-identity.",
  }),
);

export const MEDIA_BAD = "This can't be played here.";
export const OPEN_LINK = "Open link";
export const NO_CONNECTION = "The room doesn't answer. Try again in a moment.";
