/** How the hub stands, in a word or two, and whether the room has ever had anybody in it. */

import { t } from "../translate.js";

/** @import { HubState, Status } from "../contract" */

/** @typedef {"good" | "waits" | "bad" | "off"} Tone */

/**
 * @param {{ state: HubState }} hub
 * @returns {Tone}
 */
export function hubTone({ state }) {
  if (state === "connected") return "good";
  if (state === "connecting") return "waits";
  return state === "off" ? "off" : "bad";
}

/** @param {{ state: HubState, builtin?: boolean }} hub */
export function hubWord({ state, builtin }) {
  switch (state) {
    case "connected":
      return builtin ? t("built-in") : t("connected");
    case "connecting":
      return builtin ? t("starting the built-in one…") : t("connecting…");
    case "unreachable":
      return t("away");
    case "refused":
      return t("not let in");
    case "not_allowed":
      return t("not allowed to ask");
    case "no_assistant":
      return t("connected, but nothing answers");
    case "unconfigured":
      return t("not set up");
    case "off":
      return t("none");
  }
}

/**
 * Tells whether anybody has been in the room, as far as it remembers.
 *
 * @param {Status} status
 */
export function hasSomebodyBeen({ now, store, today }) {
  const hasHappened = now.some(({ kind }) => kind === "left" || kind === "removed");
  return hasHappened || today.people > 0 || store.messages > 0;
}
