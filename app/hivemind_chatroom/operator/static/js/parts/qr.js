/** The QR code, as the server draws it; dark on white always, as phones read no other. */

import { html } from "../../vendor/htm-preact-standalone.module.js";

/** @param {{ svg: string, label: string }} props */
export function Qr({ svg, label }) {
  // An image runs nothing and loads nothing, whatever is in it.
  const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  return html`<img class="qr" src=${address} alt=${label} />`;
}
