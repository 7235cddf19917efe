/** How the room is found on the network: its name there, and the network that it is in. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Field, Select, Switch, TextSetting, useSaving } from "../parts/fields.js";
import { t } from "../translate.js";

/** @import { LanStatus } from "../contract" */

export function NetworkCard() {
  const { settings, status } = useDesk();
  const saving = useSaving();
  const { lan, room } = status;
  return html`<section class="card">
    <h2>${t("Network")}</h2>
    <${Switch}
      label=${t("Announce the room")} isOn=${settings.lan} disabled=${Boolean(settings.fixed.lan)}
      hint=${t("By a name that is easy to type, and in the lists of other rooms.")}
      onChange=${(isOn) => saving.save({ lan: isOn })}
    />
    ${
      settings.lan &&
      html`<${TextSetting} setting="lan_name" label=${t("Name on the network")}
      hint=${t("Without .local: letters, digits and hyphens.")} />
    <p class="preview">${nameText(lan, room.port)}</p>`
    }
    ${
      (lan.interfaces.length > 1 || settings.lan_interface) &&
      html`<${Field} id="lan-interface" label=${t("Address that others are told")} setting="lan_interface" ...${saving}>
      <${Select} id="lan-interface" value=${settings.lan_interface} choices=${choices(lan)}
        disabled=${Boolean(settings.fixed.lan_interface)}
        onChange=${(lan_interface) => saving.save({ lan_interface })} />
    </${Field}>`
    }
  </section>`;
}

/**
 * @param {LanStatus} lan
 * @param {number} port
 */
function nameText({ state, name, wanted_name: wanted }, port) {
  if (!name)
    return state === "starting" ? t("Asking whether the name is free…") : t("No name now.");
  const address = html`<bdi dir="ltr">${name}:${port}</bdi>`;
  if (name === wanted) return html`${t("Phones find it at")} ${address}`;
  return html`${t("{wanted} belongs to another computer; this room is {name}.", { wanted, name })}`;
}

/**
 * Returns the networks to choose from: the likeliest, and each by its name and first address.
 *
 * @param {LanStatus} lan
 */
function choices({ interfaces, wanted_interface: wanted }) {
  const isGone = wanted !== "" && !interfaces.some(({ name }) => name === wanted);
  return [
    /** @type {const} */ (["", t("the likeliest")]),
    ...interfaces.map(
      ({ name, addresses: [first = ""] }) => /** @type {const} */ ([name, `${first} (${name})`]),
    ),
    ...(isGone
      ? [/** @type {const} */ ([wanted, t("{name}, not there now", { name: wanted })])]
      : []),
  ];
}
