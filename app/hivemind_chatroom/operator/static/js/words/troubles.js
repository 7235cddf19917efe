/** What is wrong with the hub, and what now: by the codes of the checks and of the hub's state. */

import { addClient, LIST_CLIENTS, NUMBER_UNKNOWN } from "../parts/commands.js";
import { t } from "../translate.js";

/**
 * @typedef {object} Trouble
 * @property {string} code such as `hub.key`
 * @property {string} address `host:port`, or empty
 * @property {string} command what to run on the hub, or empty
 */

/**
 * Something to run on the hub, and what it is for.
 *
 * @typedef {object} Remedy
 * @property {string} words
 * @property {string} command
 */

/** What the hub does not let us send, out of the command that allows it. */
const REFUSED_TOPIC = /allow-msg (\S+)/;

/**
 * Returns the trouble in a few words.
 *
 * @param {string} code
 * @returns {string} empty for one that has no name of its own
 */
export function troubleName(code) {
  switch (code) {
    case "hub.unreachable":
      return t("Hub not reached");
    case "hub.name":
      return t("No computer of this name");
    case "hub.not_hivemind":
      return t("Not a HiveMind hub");
    case "hub.silent":
      return t("It says nothing");
    case "hub.tls":
      return t("No secure connection");
    case "hub.scheme":
      return t("The other kind of address is wanted");
    case "hub.version":
      return t("The hub's version is too old");
    case "hub.weak_password":
      return t("Password too easy to guess");
    case "hub.pin":
      return t("Set up before under another key");
    case "hub.key_changed":
      return t("Another hub than before");
    case "storage_full":
      return t("No room on the disk");
    default:
      return "";
  }
}

/**
 * Returns what is wrong, in sentences.
 *
 * @param {Trouble} trouble
 * @returns {string}
 */
export function troubleText(trouble) {
  return reachText(trouble) || secretText(trouble) || assistantText(trouble) || otherText(trouble);
}

/**
 * Returns what to run on the hub about it, in this order.
 *
 * @param {Trouble} trouble
 * @param {string} room its name
 * @returns {Remedy[]}
 */
export function remediesOf({ code, command }, room) {
  switch (code) {
    case "hub.key":
      return [
        { words: t("The hub lists those that it knows:"), command: LIST_CLIENTS },
        { words: t("Or add a new one:"), command: addClient(room) },
      ];
    case "hub.password":
      return [{ words: t("The hub lists the password beside the key:"), command: LIST_CLIENTS }];
    case "hub.weak_password":
      return [{ words: t("Make a new one on the hub:"), command: addClient(room) }];
    case "hub.pin":
    case "hub.denied":
      return numbered(command);
    default:
      return [];
  }
}

/**
 * @param {string} command in which our number on the hub may be missing
 * @returns {Remedy[]}
 */
function numbered(command) {
  if (!command) return [];
  if (!command.includes(NUMBER_UNKNOWN)) {
    return [{ words: t("Run this on the hub, then try again:"), command }];
  }
  return [
    { words: t("Find the number of this room in the hub's list:"), command: LIST_CLIENTS },
    {
      words: t("Run this on the hub with that number instead of {id}, then try again:", {
        id: NUMBER_UNKNOWN,
      }),
      command,
    },
  ];
}

/** @param {Trouble} trouble what keeps us from the hub */
function reachText({ code, address }) {
  const where = address || t("its address");
  switch (code) {
    case "hub.unreachable":
      return t(
        "I can't reach the assistant at {where}. Is that computer on and on the same network?",
        { where },
      );
    case "hub.lost":
      return t("The connection to the assistant broke. I'll keep trying.");
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
        { where },
      );
    case "hub.tls":
      return t(
        "No secure connection to the hub comes about. Try ws:// instead of wss:// in its address.",
      );
    case "hub.scheme":
      return t("The hub wants the other kind of address: wss:// instead of ws://, or the reverse.");
    case "hub.version":
      return t("This hub speaks an older version, without the encryption needed. Update the hub.");
    default:
      return "";
  }
}

/** @param {Trouble} trouble what keeps the hub from us */
function secretText({ code }) {
  switch (code) {
    case "hub.key":
      return t("The hub does not know this access key.");
    case "hub.password":
      return t("The key is right but the password is not. Paste it again, no spaces at the ends.");
    case "hub.weak_password":
      return t("This password is too easy to guess; new hubs refuse it.");
    case "hub.pin":
      return t("This computer was set up before under another key.");
    case "hub.key_changed":
      return t(
        "Another hub answers at this address than before. If you have set it up anew, trust its new key.",
      );
    default:
      return "";
  }
}

/** @param {Trouble} trouble what keeps the assistant from answering */
function assistantText({ code, command }) {
  switch (code) {
    case "hub.denied": {
      const topic = REFUSED_TOPIC.exec(command)?.[1];
      return topic
        ? t("The hub refuses {topic} from us.", { topic })
        : t("The hub lets this room in, but not ask.");
    }
    case "hub.no_agent":
      return t("The hub is up, but nothing behind it answered. Is OVOS running there?");
    case "hub.built_in":
      return t("The built-in assistant did not start. The log says why.");
    default:
      return "";
  }
}

/** @param {Trouble} trouble */
function otherText({ code }) {
  switch (code) {
    case "storage_full":
      return t("The disk is full. Make room on it, then try again.");
    case "identity.missing":
      return t("No hub is set up yet. The room works; only the assistant is missing.");
    case "identity.broken":
      return t("What was saved about the hub can't be read. Set the assistant up again.");
    default:
      return t("The assistant can't be used. The log says why.");
  }
}
