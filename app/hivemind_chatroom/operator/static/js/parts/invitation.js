/** How to come in: the QR code, the address, the code; and the sheet that is printed. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useInvite } from "../desk.js";
import { number, t } from "../translate.js";
import { CopyButton } from "./copy.js";
import { LockOut } from "./lockout.js";
import { Printing } from "./printing.js";
import { Qr } from "./qr.js";

/** @import { Invite } from "../contract" */

export function Invitation() {
  const { status } = useDesk();
  const [invite] = useInvite();
  if (!invite) return html`<p class="hint" role="status">${t("One moment…")}</p>`;
  if (status.lan.state === "none") {
    return html`<p class="result result-bad" role="status">${noNetworkText()}</p>`;
  }
  const { address, other } = addressesOf(invite);
  return html`<div class="invitation">
    <${Qr} svg=${invite.qr_svg} label=${t("QR code of the invitation")} />
    <div class="invitation-words">
      <dl class="ways">
        <dt>${t("Address")}</dt>
        <dd class="address"><bdi dir="ltr">${bare(address)}</bdi></dd>
        ${other && html`<dd><bdi dir="ltr">${bare(other)}</bdi></dd>`}
        ${invite.code && html`<dt>${t("Code")}</dt><dd class="code" dir="ltr">${invite.code}</dd>`}
      </dl>
      <${LockOut} />
      <${Printing}><${CopyButton} text=${invite.url} label=${t("Copy link")} /></${Printing}>
    </div>
  </div>`;
}

/** What paper shows, and the screen does not; a page has one. */
export function Sheet() {
  const { status, wifi } = useDesk();
  const [invite] = useInvite();
  if (!invite) return null;
  const { address, other } = addressesOf(invite);
  const isHereAlone = !status.room.public_url;
  return html`<section class="sheet" aria-hidden="true">
    <p class="sheet-name" dir="auto">${status.room.name}</p>
    ${!wifi && html`<p>${t("Point your phone's camera here, or type the address.")}</p>`}
    ${
      wifi
        ? html`<ol class="sheet-codes">
        <li>
          <p>${number(1)} ${t("Join the Wi-Fi")}</p>
          <${Qr} svg=${wifi.qr_svg} label="" />
          <p class="sheet-wifi"><bdi>${wifi.name}</bdi></p>
        </li>
        <li>
          <p>${number(2)} ${t("Open the room")}</p>
          <${Qr} svg=${invite.qr_svg} label="" />
        </li>
      </ol>`
        : html`<${Qr} svg=${invite.qr_svg} label="" />`
    }
    <div>
      <p class="sheet-address" dir="ltr">${bare(address)}</p>
      ${other && html`<p class="sheet-other" dir="ltr">${bare(other)}</p>`}
    </div>
    ${invite.code && html`<p class="sheet-code">${t("Code")} <bdi dir="ltr">${invite.code}</bdi></p>`}
    ${!wifi && isHereAlone && html`<p>${t("Your phone has to be in the Wi-Fi of this home.")}</p>`}
  </section>`;
}

export function noNetworkText() {
  return t(
    "This computer is on no network, so phones can't join. Connect it to Wi-Fi; the address then appears here by itself.",
  );
}

/**
 * Returns the address that every phone finds, and another one: the name, if the room has one.
 *
 * @param {Invite} invite
 * @returns {{ address: string, other: string | undefined }}
 */
function addressesOf({ url, name_url, addresses: [address = url, second] }) {
  return { address, other: name_url ?? second };
}

/** @param {string} address as people type it */
function bare(address) {
  return address.replace(/^http:\/\//, "").replace(/\/$/, "");
}
