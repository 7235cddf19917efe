/** The room's port: whether it is the one that printed sheets have, and the way back to it. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Action, Item } from "./health-item.js";

/** @import { RoomStatus } from "../contract" */

/** The room's port when nobody asks for another one. */
const USUAL_PORT = 8985;

const MOVING = "port";

/** @param {RoomStatus} room */
export function hasMoved({ port, port_wanted }) {
  const wanted = port_wanted ?? USUAL_PORT;
  return wanted !== 0 && wanted !== port;
}

export function PortHealth() {
  const { api, status, tell } = useDesk();
  const [isAsking, setAsking] = useState(false);
  const { room } = status;
  const port = String(room.port);
  const wanted = String(room.port_wanted ?? USUAL_PORT);
  if (!hasMoved(room)) {
    return html`<${Item} tone="good" name=${t("Port")}><bdi dir="ltr">${port}</bdi></${Item}>`;
  }
  const goBack = async () => {
    setAsking(false);
    const answer = await api.ask("POST", "port");
    const told = answer.ok
      ? t("The room moves back to {wanted}.", { wanted })
      : refusalText(answer.refusal);
    tell(told, MOVING);
  };
  return html`<${Item} tone="waits" name=${t("Port")} actions=${html`
    <${Action} name=${t("Print sheet")} onPress=${() => print()} />
    <${Action} name=${t("Use {wanted} again", { wanted })} onPress=${() => setAsking(true)} />
  `}>
    ${t("Port {wanted} is used by another program. I moved the room to {port} — old links and printed sheets need the new QR.", { wanted, port })}
    ${
      isAsking &&
      html`<${Confirm}
      title=${t("Use {wanted} again?", { wanted })} isGrave=${false}
      text=${t("End the other program first. The room then closes for a second, and whoever came in by {port} opens it anew at {wanted}.", { wanted, port })}
      yes=${t("Use {wanted}", { wanted })} onYes=${goBack} onNo=${() => setAsking(false)}
    />`
    }
  </${Item}>`;
}
