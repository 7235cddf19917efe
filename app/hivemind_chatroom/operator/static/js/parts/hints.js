/** What may keep phones out of a room to which nobody has come for long, and what lets them in. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { t } from "../translate.js";
import { Command } from "./copy.js";

/** @import { Hint } from "../contract" */

/** @param {{ hints: readonly Hint[] }} props */
export function Hints({ hints }) {
  return html`<div class="hints">
    <p>${t("No phone has come yet. Can't they?")}</p>
    <ul>${hints.map(
      (hint) => html`<li key=${hint.kind + hint.name}>
      <p>${hintText(hint)}</p>
      ${hint.commands.map((command) => html`<${Command} text=${command} />`)}
    </li>`,
    )}</ul>
  </div>`;
}

/** @param {Hint} hint */
function hintText({ kind, name }) {
  switch (kind) {
    case "wifi":
      return t(
        "Phones have to be in the same Wi-Fi as this computer, not in one for guests, and without a VPN.",
      );
    case "vpn":
      return t("This computer is in a VPN ({name}), which may keep phones out. Try without it.", {
        name,
      });
    case "firewall":
      return firewallText(name);
  }
}

/** @param {string} name of the firewall */
function firewallText(name) {
  switch (name) {
    case "windows":
      return t(
        "Windows lets phones in only where the network is a private one. These open its firewall there, run as an administrator:",
      );
    case "macos":
      return t(
        "If this computer's firewall is on, let the program in: System Settings, Network, Firewall.",
      );
    default:
      return t("A firewall is on ({name}). These commands let phones in:", { name });
  }
}
