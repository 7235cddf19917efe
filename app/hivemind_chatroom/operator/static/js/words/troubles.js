/** What is wrong with the hub, and what now: by the codes of the checks and of the hub's state. */

import { t } from "../translate.js";

/**
 * @typedef {object} Trouble
 * @property {string} code such as `hub.key`
 * @property {string} address `host:port`, or empty
 * @property {string} command what to run on the hub, or empty
 * @property {string} [text] what the program says of it
 */

/**
 * Returns sentences; where there is a command, they end by asking to run it.
 *
 * @param {Trouble} trouble
 * @returns {string}
 */
export function troubleText(trouble) {
  return reachText(trouble) || secretText(trouble) || assistantText(trouble) || otherText(trouble);
}

/** @param {Trouble} trouble what keeps us from the hub */
function reachText({ code, address }) {
  const where = address || t("its address");
  switch (code) {
    case "hub.unreachable":
      return t(
        "The assistant can't be reached at {where}. Is that computer on, and on the same network?",
        { where },
      );
    case "hub.lost":
      return t("The connection to the assistant broke. The room tries again by itself.");
    case "hub.name":
      return t("No computer is called {where}. Look for a slip, or use its number address.", {
        where,
      });
    case "hub.not_hivemind":
      return t(
        "Something answers at {where}, but it is not a HiveMind hub. The usual port is 5678.",
        { where },
      );
    case "hub.silent":
      return t(
        "Something at {where} takes the call and says nothing. Is the port right? Else start the hub anew.",
        {
          where,
        },
      );
    case "hub.tls":
      return t(
        "No secure connection to the hub comes about. Try ws:// instead of wss:// in its address.",
      );
    case "hub.scheme":
      return t("The hub wants the other kind of address: wss:// instead of ws://, or the reverse.");
    case "hub.version":
      return t(
        "The versions of the hub and of this program don't fit. Update the older of the two.",
      );
    default:
      return "";
  }
}

/** @param {Trouble} trouble what keeps the hub from us */
function secretText({ code }) {
  switch (code) {
    case "hub.key":
      return t("The hub doesn't know this access key. See its list, or add a new one there:");
    case "hub.password":
      return t(
        "The key is right, but the password is not. Paste it again, without spaces around it.",
      );
    case "hub.weak_password":
      return t("This password is too easy to guess; hubs refuse it. Make a new one on the hub:");
    case "hub.pin":
      return t("The hub remembers another computer by this key. Have it forget that one:");
    case "hub.key_changed":
      return t(
        "Another hub answers at this address than before. If you have set it up anew, trust its new key.",
      );
    default:
      return "";
  }
}

/** @param {Trouble} trouble what keeps the assistant from answering */
function assistantText({ code }) {
  switch (code) {
    case "hub.denied":
      return t("The hub lets this room in, but not ask. Allow it on the hub:");
    case "hub.no_agent":
      return t("The hub is up, but nothing behind it answers. Is OVOS running there?");
    case "hub.built_in":
      return t("The built-in assistant did not start. The log says why.");
    default:
      return "";
  }
}

/** @param {Trouble} trouble */
function otherText({ code, text }) {
  switch (code) {
    case "storage_full":
      return t("The disk is full. Make room on it, then try again.");
    case "identity.missing":
      return t("No hub is set up yet. The room works; only the assistant is missing.");
    case "identity.broken":
      return t("What was saved about the hub can't be read. Set the assistant up again.");
    default:
      return text || t("The assistant can't be used. The log says why.");
  }
}
