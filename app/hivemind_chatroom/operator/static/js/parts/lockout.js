/** That somebody has typed wrong codes and has to wait; the host may let them try again. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";

export function LockOut() {
  const { api, status, tell } = useDesk();
  if (!status.room.locked_out) return null;
  const forgive = async () => {
    const answer = await api.ask("POST", "invite/unlock");
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  return html`<div class="lock-out" role="status">
    <p>${t("Somebody typed five wrong codes and has to wait a minute. The QR code lets them in at once.")}</p>
    <button type="button" class="button-edged" onClick=${forgive}>${t("Let them try again")}</button>
  </div>`;
}
