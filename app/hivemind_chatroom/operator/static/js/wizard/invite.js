/** Step 5: letting people in. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Hints } from "../parts/hints.js";
import { Invitation, Sheet } from "../parts/invitation.js";
import { t } from "../translate.js";
import { Step } from "./step.js";

/** @import { Status } from "../contract" */
/** @import { StepProps } from "./wizard.js" */

/** @param {StepProps} props */
export function InviteStep({ forward, back }) {
  const { status } = useDesk();
  return html`<${Step}
    title=${t("Your room is open")}
    lead=${t("Point a phone's camera at this code. Hang the sheet on the fridge for the others.")}
    onSubmit=${() => forward()}
    buttons=${html`
      <button type="button" class="button-edged" onClick=${back}>${t("Back")}</button>
      <button class="button">${t("Done")}</button>
    `}
  >
    <${Invitation} />
    <${Sheet} />
    ${status.lan.hints.length > 0 ? html`<${Hints} hints=${status.lan.hints} />` : firewallNote(status)}
  </${Step}>`;
}

/** @param {Status} status */
function firewallNote({ lan }) {
  if (lan.state === "none") return null;
  return html`<p class="hint">
    ${t("This computer may ask once whether others may connect: allow it for private networks.")}
  </p>`;
}
