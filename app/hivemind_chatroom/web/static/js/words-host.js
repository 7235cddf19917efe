/** What is said to the host about the hub; fetched when somebody wants to know. */

import { t } from "./translate.js";

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
    "hub.key_changed": t(
      "Another hub answers at this address. If yours was set up anew, run here:",
    ),
    "hub.denied": t("Run this on the hub:"),
    "hub.no_agent": t("The hub is up, but nothing behind it answers. Is OVOS running?"),
    "hub.built_in": t("The built-in assistant did not start. The room's log says why."),
    storage_full: t("The disk of the room's computer is full, or can't be written."),
    "identity.missing": t(
      "No identity is set up on this computer. Set one with hivemind-client set-identity.",
    ),
    "identity.broken": t(
      "The identity file on this computer can't be used. Restore it, or move it away and set a new one with hivemind-client set-identity.",
    ),
  }),
);
