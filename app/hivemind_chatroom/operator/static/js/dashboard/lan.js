/** How the room stands on the network: whether phones find it, by which name, and what to do. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Command } from "../parts/copy.js";
import { Hints } from "../parts/hints.js";
import { noNetworkText } from "../parts/invitation.js";
import { t, when } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Action, Item } from "./health-item.js";

/** @import { LanStatus } from "../contract" */

/** Has Avahi, the one that is known to forbid it, share with others (avahi-daemon.conf(5)). */
const SHARE =
  "sudo sed -i s/^disallow-other-stacks=yes/disallow-other-stacks=no/ /etc/avahi/avahi-daemon.conf && sudo systemctl restart avahi-daemon";

export function LanHealth() {
  const { lan } = useDesk().status;
  return html`<${State} lan=${lan} />
    ${lan.state !== "none" && lan.hints.length > 0 && html`<${Item} tone="waits" name=${t("Network")}><${Hints} hints=${lan.hints} /></${Item}>`}`;
}

/**
 * Says what is wrong before what may be: it may be why nobody has come. While nobody does, nothing is
 * called well.
 *
 * @param {{ lan: LanStatus }} props
 */
function State({ lan }) {
  const name = t("Network");
  if (lan.state === "none")
    return html`<${Item} tone="bad" name=${name}>${noNetworkText()}</${Item}>`;
  if (lan.state === "off") return html`<${Off} />`;
  if (lan.state === "disabled") return html`<${Disabled} />`;
  if (lan.state === "nameless")
    return html`<${Item} tone="waits" name=${name}>${namelessText()}</${Item}>`;
  const trouble = troubleOf(lan);
  if (trouble) return html`<${Item} tone="waits" name=${name}>${trouble}</${Item}>`;
  if (lan.hints.length > 0) return null;
  return html`<${Item} tone="good" name=${name}>
    <bdi dir="ltr">${lan.name ?? lan.addresses[0]}</bdi>
    ${lan.last_visitor_at && html`<p>${t("Last visit: {time}", { time: when(lan.last_visitor_at) })}</p>`}
  </${Item}>`;
}

function Off() {
  return html`<${Item} tone="waits" name=${t("Network")}>
    <p>${t("Another program here lets nobody else announce names, so the room has none. The QR code and the address work. If that program is Avahi, this has it share:")}</p>
    <${Command} text=${SHARE} />
  </${Item}>`;
}

function Disabled() {
  const { change, settings, tell } = useDesk();
  const announce = async () => {
    const refusal = await change({ lan: true });
    if (refusal) tell(refusalText(refusal));
  };
  const action = html`<${Action} name=${t("Announce it")} onPress=${announce} />`;
  return html`<${Item} tone="waits" name=${t("Network")} actions=${settings.fixed.lan ? undefined : action}>
    ${namelessText()}
  </${Item}>`;
}

function namelessText() {
  return t("The room is not announced: it has no name here. The QR code and the address work.");
}

/** @param {LanStatus} lan */
function troubleOf({ name, wanted_name: wanted, interfaces, wanted_interface: chosen }) {
  if (chosen && !interfaces.some((each) => each.is_pinned)) {
    return t(
      "The network {name}, which you have chosen, is not there. Until it is, others count.",
      {
        name: chosen,
      },
    );
  }
  if (name && wanted && name !== wanted) {
    return t("{wanted} belongs to another computer; this room is {name}.", { wanted, name });
  }
  return "";
}
