/** Every sentence that the scripts say; those that are always there stand in the templates. */

import { n, t } from "./translate.js";

/** @import { Audience, Delivery, HubState } from "./contract" */

/** A line of one's own on its way to the assistant; an answered one is marked so. */
export const DELIVERY = Object.freeze(
  /** @type {Record<Delivery, string>} */ ({
    queued: t("Waiting for the assistant"),
    sending: t("Asking the assistant"),
    sent: t("Asked, waiting for the answer"),
    answered: "",
    unmatched: t("The assistant has no answer to this."),
    refused: t("The assistant isn't allowed to answer this."),
    unanswered: t("No answer yet. The assistant may be busy."),
    unconfirmed: t("The assistant went away meanwhile. It may have heard this or not."),
    expired: t("The assistant was away too long and was not asked this."),
  }),
);

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** @param {number} ms how long a line has been waiting */
export function waited(ms) {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < MINUTE_S) return t("· {seconds} s", { seconds });
  if (seconds < HOUR_S) return t("· {minutes} min", { minutes: Math.floor(seconds / MINUTE_S) });
  return t("· {hours} h", { hours: Math.floor(seconds / HOUR_S) });
}

export const SENDING = t("Sending…");
export const SENT = t("Sent");
export const ANSWERED = t("Answered");
export const NOT_SENT = t("Not sent.");
export const NOT_SENT_YET = t("Not sent yet. It goes out when the connection is back.");
export const ASK_AGAIN_FAILED = t("Not asked again: the room doesn't answer.");
export const DELETE_FOR_ALL = t("Delete this for everyone?");
export const DELETE_PRIVATE = t("Delete this?");
export const NOT_DELETED = t("Not deleted.");
export const YOU = t("You");

/** @param {number} seconds */
export function slower(seconds) {
  return t("A little slower, please. Sending in {seconds} s.", { seconds });
}

/** What the composer invites to, by whom it speaks to. */
export const INVITATION = Object.freeze(
  /** @type {Record<Audience, string>} */ ({
    everyone: t("Say or ask something…"),
    assistant: t("Ask the assistant; only you see it…"),
    people: t("Say something to the people…"),
  }),
);

/** @param {number} left letters that still fit, below zero those that don't */
export function room(left) {
  if (left >= 0) return n("{count} left", "{count} left", left);
  return n("Too long by {count} letter", "Too long by {count} letters", -left);
}

/** @param {number} count */
export function newMessages(count) {
  return n("{count} new message", "{count} new messages", count);
}

/** @param {number} count */
export function peopleHere(count) {
  return n("{count} person here", "{count} people here", count);
}

export const AWAY = t("away");
export const LANGUAGE_KEPT = t("Saved.");

/** The hub's state in a word or two, beside the dot. */
export const HUB_WORD = Object.freeze(
  /** @type {Record<HubState, string>} */ ({
    off: t("No assistant here"),
    unconfigured: t("Assistant not set up"),
    connecting: t("Connecting…"),
    connected: t("Connected"),
    unreachable: t("Assistant away"),
    refused: t("Assistant not connected"),
    not_allowed: t("Assistant not allowed"),
    no_assistant: t("No answer"),
  }),
);

export const HUB_WORD_BUILTIN = t("Built-in assistant");
export const RECONNECTING = t("Reconnecting…");
export const HUB_BACK = t("The assistant is back.");

/**
 * What people are told about the hub's state; nothing where the dot says enough.
 *
 * @type {Readonly<Record<HubState, (since: string) => string>>}
 */
export const HUB_BANNER = Object.freeze({
  off: () => "",
  connecting: () => "",
  connected: () => "",
  unconfigured: () => t("The assistant isn't set up yet. You can chat with each other."),
  unreachable: (since) =>
    t("The assistant has been away since {since}. You can still chat with each other.", { since }),
  refused: () =>
    t("The assistant doesn't let this room in yet. You can still chat with each other."),
  not_allowed: () => t("The assistant isn't allowed to answer this room yet."),
  no_assistant: () => t("The assistant's hub is there, but nothing behind it answers."),
});

/** What the host should know, by the reason's code; those with a colon go with a command. */
export const HUB_REASON = Object.freeze(
  /** @type {Record<string, string>} */ ({
    "hub.unreachable": t("The hub can't be reached. Is its computer on, and on the same network?"),
    "hub.name": t("The hub can't be reached. Is its computer on, and on the same network?"),
    "hub.silent": t("The hub can't be reached. Is its computer on, and on the same network?"),
    "hub.lost": t("The connection to the hub broke. The room tries again by itself."),
    "hub.not_hivemind": t(
      "Something answers at the hub's address, but it is no HiveMind hub. The usual port is 5678.",
    ),
    "hub.tls": t("Its address begins with the wrong one of ws:// and wss://. Try the other."),
    "hub.scheme": t("Its address begins with the wrong one of ws:// and wss://. Try the other."),
    "hub.version": t("The hub is too old for the encryption that this room needs. Update it."),
    "hub.key": t("The hub doesn't know this room's access key. Compare it with the hub's list:"),
    "hub.password": t("The key is right, the password is not. Compare it with the hub's list:"),
    "hub.weak_password": t("The password is too easy to guess. Make a new one on the hub:"),
    "hub.pin": t(
      "The hub knows another computer by this access key. To forget it, run on the hub (hivemind-core list-clients shows the id):",
    ),
    "hub.key_changed": t("Another hub answers at this address. If yours was set up anew, run here:"),
    "hub.denied": t("Run this on the hub:"),
    "hub.no_agent": t("The hub is up, but nothing behind it answers. Is OVOS running?"),
    "hub.built_in": t("The built-in assistant did not start. The room's log says why."),
    "identity.missing": t(
      "No identity is set up on this computer. Set one with hivemind-client set-identity.",
    ),
    "identity.broken": t(
      "The identity file on this computer can't be used. Restore it, or move it away and set a new one with hivemind-client set-identity.",
    ),
  }),
);

export const MEDIA_BAD = t("This can't be played here.");
export const OPEN_LINK = t("Open link");
export const NO_CONNECTION = t("The room doesn't answer. Try again in a moment.");
export const TO_NEWEST = t("To the newest message");

/** @param {number} count messages that came while the reader was away */
export function back(count) {
  return n("Back. {count} new message", "Back. {count} new messages", count);
}

/** @param {number} count messages that hold the words */
export function found(count) {
  return n("{count} message found", "{count} messages found", count);
}

export const NOTHING_FOUND = t("Nothing found.");

/** @param {string} name one that is free */
export function joinAs(name) {
  return t("I'm another one: join as {name}", { name });
}
