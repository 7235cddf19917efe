/** Whether the four things work that the room needs; each trouble with the next step. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Command } from "../parts/copy.js";
import { Icon } from "../parts/icon.js";
import { noNetworkText } from "../parts/invitation.js";
import { bytes, t } from "../translate.js";
import { hubTone, hubWord } from "../words/standing.js";
import { troubleText } from "../words/troubles.js";

/** @import { Status } from "../contract" */
/** @import { Child, VNode } from "../../vendor/htm-preact-standalone.module.js" */

/** After so long without anybody, the network may be what keeps people out. */
const ALONE_MS = 300_000;

/** The room's port when nobody asks for another one. */
const USUAL_PORT = 8985;

export function HealthCard() {
  const isBad = isAnythingBad(useDesk().status);
  return html`<section class=${isBad ? "card card-health is-bad" : "card card-health"} aria-labelledby="health-title">
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
  return html`<${Item} tone="bad" name=${t("Assistant")} actions=${html`
    ${isOtherHub && html`<${Action} name=${t("Trust the new key")} onPress=${() => api.ask("POST", "hub/trust-new-key")} />`}
    ${!isUnset && html`<${Action} name=${t("Try now")} onPress=${() => api.ask("POST", "hub/reconnect")} />`}
    ${!hub.builtin && html`<${Action} name=${isUnset ? t("Set up") : t("Change")} onPress=${() => go("wizard")} />`}
  `}>
    ${troubleText({ code: hub.reason, address: hub.address, command: hub.command })}
    ${hub.command && !isOtherHub && html`<${Command} text=${hub.command} />`}
  </${Item}>`;
}

function LanHealth() {
  const { app, lan } = useDesk().status;
  if (lan.state === "none") {
    return html`<${Item} tone="bad" name=${t("Network")}>${noNetworkText()}</${Item}>`;
  }
  if (!lan.last_visitor_at && Date.now() - Date.parse(app.started_at) > ALONE_MS) {
    return html`<${Item} tone="waits" name=${t("Network")}>
      ${t("No phone has come yet. Can't they? See that they are in the same Wi-Fi (not a guest one), without VPN, and that this computer's firewall lets them in.")}
    </${Item}>`;
  }
  return html`<${Item} tone="good" name=${t("Network")}><bdi dir="ltr">${lan.name ?? lan.addresses[0]}</bdi></${Item}>`;
}

function PortHealth() {
  const { port, port_wanted } = useDesk().status.room;
  const wanted = port_wanted ?? USUAL_PORT;
  if (wanted === port || wanted === 0) {
    return html`<${Item} tone="good" name=${t("Port")}><bdi dir="ltr">${port}</bdi></${Item}>`;
  }
  return html`<${Item} tone="waits" name=${t("Port")} actions=${html`<${Action} name=${t("Print sheet")} onPress=${() => print()} />`}>
    ${t("Another program uses port {wanted}, so the room has moved to {port}. Old links and printed sheets need the new QR code.", { wanted: String(wanted), port: String(port) })}
  </${Item}>`;
}

function DiskHealth() {
  const { state, bytes: taken, free_bytes: free, set_aside: aside } = useDesk().status.store;
  if (state === "full") {
    return html`<${Item} tone="bad" name=${t("Disk")}>
      ${t("The disk is full: nothing new can be said until there is room. Delete or move some files.")}
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

/**
 * @param {{ tone: "good" | "waits" | "bad", name: string, children?: Child, actions?: VNode }} props
 */
function Item({ tone, name, children, actions }) {
  const icons = { good: "good", waits: "waits", bad: "warn" };
  const words = { good: t("good"), waits: t("to note"), bad: t("problem") };
  return html`<li class=${`health-item health-${tone}`}>
    <${Icon} name=${icons[tone]} />
    <div>
      <p><strong>${name}</strong> <span class="sr">${words[tone]}</span></p>
      <div class="health-words">${children}</div>
      ${actions && html`<div class="row">${actions}</div>`}
    </div>
  </li>`;
}

/** @param {{ name: string, onPress: () => unknown }} props */
function Action({ name, onPress }) {
  return html`<button type="button" class="button-edged" onClick=${() => void onPress()}>${name}</button>`;
}

/** @param {Status} status */
function isAnythingBad({ hub, lan, store }) {
  return hubTone(hub) === "bad" || lan.state === "none" || store.state === "full";
}
