/** Whether the four things work that the room needs; each trouble with the next step. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Remedies } from "../parts/remedies.js";
import { bytes, t } from "../translate.js";
import { ASSISTANT, keepStep } from "../wizard/place.js";
import { hubTone, hubWord } from "../words/standing.js";
import { troubleText } from "../words/troubles.js";
import { Action, Item } from "./health-item.js";
import { LanHealth } from "./lan.js";
import { hasMoved, PortHealth } from "./port.js";

/** @import { Api } from "../api.js" */
/** @import { HubStatus, Status } from "../contract" */

export function HealthCard() {
  const { status } = useDesk();
  const urgency = isAnythingBad(status)
    ? "is-first is-bad"
    : hasMoved(status.room)
      ? "is-first"
      : "";
  return html`<section class=${`card card-health ${urgency}`} aria-labelledby="health-title">
    <h2 id="health-title">${t("Health")}</h2>
    <ul class="health">
      <${HubHealth} />
      <${LanHealth} />
      <${PortHealth} />
      <${DiskHealth} />
    </ul>
  </section>`;
}

function HubHealth() {
  const { api, status, go } = useDesk();
  const { hub } = status;
  const tone = hubTone(hub);
  if (tone !== "bad") {
    return html`<${Item} tone=${tone === "good" ? "good" : "waits"} name=${t("Assistant")}>
      ${hubWord(hub)} ${hub.address && !hub.builtin && html`<bdi dir="ltr">${hub.address}</bdi>`}
      ${hub.state === "off" && t("People chat without one.")}
    </${Item}>`;
  }
  const isOtherHub = hub.reason === "hub.key_changed";
  const isUnset = hub.state === "unconfigured";
  const isTriedAgain = hub.state === "unreachable" && hub.reason !== "hub.lost" && !hub.builtin;
  const change = () => {
    keepStep(ASSISTANT);
    go("wizard");
  };
  const trouble = { code: hub.reason, address: hub.address, command: hub.command };
  return html`<${Item} tone="bad" name=${t("Assistant")} actions=${html`
    ${isOtherHub && html`<${Action} name=${t("Trust the new key")} onPress=${() => api.ask("POST", "hub/trust-new-key")} />`}
    ${!isUnset && html`<${Action} name=${t("Try now")} onPress=${() => tryNow(api, hub)} />`}
    ${!hub.builtin && html`<${Action} name=${changeWord(hub)} onPress=${change} />`}
  `}>
    ${troubleText(trouble)} ${isTriedAgain && t("I'll keep trying.")}
    <${Remedies} trouble=${trouble} />
  </${Item}>`;
}

/** @param {HubStatus} hub */
function changeWord({ state }) {
  if (state === "unconfigured") return t("Set up");
  return state === "unreachable" ? t("Change address") : t("Change");
}

/**
 * Connects anew; where only the answers are missing, when somebody answers.
 *
 * @param {Api} api
 * @param {HubStatus} hub
 */
async function tryNow(api, hub) {
  if (hub.state === "no_assistant" && !hub.builtin) {
    let answers = false;
    for await (const end of api.test({})) {
      answers = end.ok && end.value.check === "answered" && end.value.state === "ok";
    }
    if (!answers) return;
  }
  await api.ask("POST", "hub/reconnect");
}

function DiskHealth() {
  const { state, bytes: taken, free_bytes: free, set_aside: aside } = useDesk().status.store;
  if (state === "full") {
    return html`<${Item} tone="bad" name=${t("Disk")}>
      ${t("The disk is full: nothing new can be said until there is room. Delete or move some files.")}
    </${Item}>`;
  }
  if (state === "away") {
    return html`<${Item} tone="bad" name=${t("Disk")}>
      ${t("The database does not answer: nothing new can be said until it is back. I'll keep trying.")}
    </${Item}>`;
  }
  if (aside) {
    return html`<${Item} tone="waits" name=${t("Disk")}>
      ${t("The room's memory was damaged and a new one was begun. The old one is kept at {place}.", { place: aside })}
    </${Item}>`;
  }
  if (state === "memory") {
    return html`<${Item} tone="waits" name=${t("Disk")}>
      ${t("Nothing is kept: what is said is gone when the program ends.")}
    </${Item}>`;
  }
  const word =
    free === null
      ? bytes(taken)
      : t("{taken}, {free} free", { taken: bytes(taken), free: bytes(free) });
  return html`<${Item} tone="good" name=${t("Disk")}>${word}</${Item}>`;
}

/** @param {Status} status */
function isAnythingBad({ hub, lan, store }) {
  const isKept = store.state !== "full" && store.state !== "away";
  return hubTone(hub) === "bad" || lan.state === "none" || !isKept;
}
