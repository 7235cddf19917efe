/** How the hub stands, in a word or two. */

import { t } from "../translate.js";

/** @import { HubState } from "../contract" */

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
      return t("connecting…");
    case "unreachable":
      return t("away");
    case "refused":
      return t("not let in");
    case "not_allowed":
      return t("not allowed to ask");
    case "no_assistant":
      return t("silent");
    case "unconfigured":
      return t("not set up");
    case "off":
      return t("none");
  }
}
