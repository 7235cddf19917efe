/** How to come in: the QR code, the address, the code; and the sheet that is printed. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useInvite } from "../desk.js";
import { t } from "../translate.js";
import { CopyButton } from "./copy.js";
import { Icon } from "./icon.js";
import { Qr } from "./qr.js";

/** Addresses that are shown: a computer may have many, and each of them does. */
const SHOWN = 2;

/** @import { Invite } from "../contract" */

export function Invitation() {
  const { status } = useDesk();
  const [invite] = useInvite();
  if (!invite) return html`<p class="hint" role="status">${t("One moment…")}</p>`;
  if (status.lan.state === "none") {
    return html`<p class="result result-bad" role="status">${noNetworkText()}</p>`;
  }
  return html`<div class="invitation">
    <${Qr} svg=${invite.qr_svg} label=${t("QR code of the invitation")} />
    <div class="invitation-words">
      <dl class="ways">
        <dt>${t("Address")}</dt>
        ${addressesOf(invite).map((address) => html`<dd><bdi dir="ltr">${address}</bdi></dd>`)}
        ${invite.code && html`<dt>${t("Code")}</dt><dd class="code" dir="ltr">${invite.code}</dd>`}
      </dl>
      <div class="row">
        <button type="button" class="button-edged" onClick=${() => print()}>
          <${Icon} name="print" /> ${t("Print sheet")}
        </button>
        <${CopyButton} text=${invite.url} label=${t("Copy link")} />
      </div>
    </div>
  </div>`;
}

/** What paper shows, and the screen does not; a page has one. */
export function Sheet() {
  const { status } = useDesk();
  const [invite] = useInvite();
  if (!invite) return null;
  const [address = invite.url] = addressesOf(invite);
  return html`<section class="sheet" aria-hidden="true">
    <p class="sheet-name" dir="auto">${status.room.name}</p>
    <p>${t("Point your phone's camera here, or type the address.")}</p>
    <${Qr} svg=${invite.qr_svg} label="" />
    <p class="sheet-address" dir="ltr">${bare(address)}</p>
    ${invite.code && html`<p class="sheet-code">${t("Code")} <bdi dir="ltr">${invite.code}</bdi></p>`}
    <p>${t("Your phone has to be in the Wi-Fi of this home.")}</p>
  </section>`;
}

export function noNetworkText() {
  return t(
    "This computer is on no network, so phones can't join. Connect it to Wi-Fi; the address then appears here by itself.",
  );
}

/**
 * Returns the addresses to type, the one that is easiest to remember first.
 *
 * @param {Invite} invite
 */
export function addressesOf({ name_url, addresses }) {
  return [...(name_url ? [name_url] : []), ...addresses].slice(0, SHOWN);
}

/** @param {string} address as people type it */
function bare(address) {
  return address.replace(/^http:\/\//, "").replace(/\/$/, "");
}
