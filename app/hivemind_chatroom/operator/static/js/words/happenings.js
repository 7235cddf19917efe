/** What has just happened in the room; never what anybody wrote. */

import { duration, t } from "../translate.js";
import { hubWord } from "./standing.js";

/** @import { Happening, HubState } from "../contract" */

const HUB_STATES = [
  "off",
  "unconfigured",
  "connecting",
  "connected",
  "unreachable",
  "refused",
  "not_allowed",
  "no_assistant",
];

/**
 * How the hub stands when it is for this reason.
 *
 * @type {Readonly<Record<string, HubState>>}
 */
const STATE_OF = Object.freeze({
  "hub.unreachable": "unreachable",
  "hub.lost": "unreachable",
  "hub.name": "unreachable",
  "hub.silent": "unreachable",
  "hub.not_hivemind": "unreachable",
  "hub.built_in": "unreachable",
  "hub.tls": "refused",
  "hub.scheme": "refused",
  "hub.version": "refused",
  "hub.key": "refused",
  "hub.password": "refused",
  "hub.weak_password": "refused",
  "hub.pin": "refused",
  "hub.key_changed": "refused",
  "hub.denied": "not_allowed",
  "hub.no_agent": "no_assistant",
  "identity.missing": "unconfigured",
  "identity.broken": "unconfigured",
});

/**
 * @param {Happening} happening
 * @returns {string}
 */
export function happeningText({ kind, name, detail, ms }) {
  switch (kind) {
    case "asked":
      return t("{name} asked", { name });
    case "answered":
      return ms === null
        ? t("{name} was answered", { name })
        : t("{name} was answered in {time}", { name, time: duration(ms) });
    case "unmatched":
      return t("The assistant had no answer for {name}", { name });
    case "refused":
      return t("The hub refused what {name} asked", { name });
    case "unanswered":
      return t("{name} got no answer", { name });
    case "joined":
      return t("{name} joined", { name });
    case "left":
      return t("{name} left", { name });
    case "renamed":
      return t("{name} is called {other} now", { name, other: detail });
    case "muted":
      return t("{name} was muted", { name });
    case "unmuted":
      return t("{name} may write again", { name });
    case "removed":
      return t("{name} was removed", { name });
    case "let_in":
      return t("{name} may come in again", { name });
    case "guessed":
      return t("Somebody has typed wrong codes too often");
    case "announced":
      return t("The assistant told everybody something");
    case "hub":
      return t("Assistant: {state}", { state: hubDetail(detail) });
  }
}

/**
 * @param {string} detail how the hub stands, or the code of why
 * @returns {string}
 */
function hubDetail(detail) {
  const state = STATE_OF[detail] ?? detail;
  return HUB_STATES.includes(state) ? hubWord({ state: /** @type {HubState} */ (state) }) : detail;
}
