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
    unmatched: t("The assistant doesn't know that one. Try: What can I ask?"),
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
export const NOT_SENT_YET = t("Not sent yet. It will go out by itself.");
export const TOO_OLD = t("Not sent. It has waited too long to go out by itself.");
export const ASK_AGAIN_FAILED = t("Not asked again: the room doesn't answer.");
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
export function lettersLeft(left) {
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

export const MEDIA_BAD = t("This can't be played here.");
export const OPEN_LINK = t("Open link");
export const NO_CONNECTION = t("The room doesn't answer. Try again in a moment.");
export const TO_NEWEST = t("To the newest message");

/** @param {number} count messages that came while the reader was away */
export function back(count) {
  return n("Back. {count} new message", "Back. {count} new messages", count);
}
