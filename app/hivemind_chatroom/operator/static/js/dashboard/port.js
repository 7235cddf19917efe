/** The room's port: whether it is the one that printed sheets have, and the way back to it. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useFetched } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Action, Item } from "./health-item.js";

/** @import { RoomStatus } from "../contract" */

/** The room's port when nobody asks for another one. */
const USUAL_PORT = 8985;

const MOVING = "port";

/** @typedef {{ wanted: number, has_room: boolean }} Holder what is at the port that was wanted */

/** @param {RoomStatus} room */
export function hasMoved({ port, port_wanted }) {
  const wanted = port_wanted ?? USUAL_PORT;
  return wanted !== 0 && wanted !== port;
}

export function PortHealth() {
  const { room } = useDesk().status;
  if (hasMoved(room)) return html`<${Moved} room=${room} />`;
  const port = String(room.port);
  return html`<${Item} tone="good" name=${t("Port")}><bdi dir="ltr">${port}</bdi></${Item}>`;
}

/** @param {{ room: RoomStatus }} props */
function Moved({ room }) {
  const { api, tell } = useDesk();
  const [holder] = /** @type {[Holder | null, unknown]} */ (useFetched(api, "port", [room.port]));
  const [isAsking, setAsking] = useState(false);
  const isRoom = Boolean(holder?.has_room);
  const port = String(room.port);
  const wanted = String(room.port_wanted ?? USUAL_PORT);
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
    ${movedText(isRoom, { wanted, port })}
    ${
      isAsking &&
      html`<${Confirm}
      title=${t("Use {wanted} again?", { wanted })} isGrave=${false}
      text=${goBackText(isRoom, { wanted, port })}
      yes=${t("Use {wanted}", { wanted })} onYes=${goBack} onNo=${() => setAsking(false)}
    />`
    }
  </${Item}>`;
}

/** @typedef {{ wanted: string, port: string }} Ports where the room was to be, and where it is */

/**
 * @param {boolean} isRoom whether it is a room that has the port
 * @param {Ports} ports
 */
function movedText(isRoom, ports) {
  return isRoom
    ? t(
        "Port {wanted} is used by another room on this computer. This one moved to {port}: old links and printed sheets lead to the other.",
        ports,
      )
    : t(
        "Port {wanted} is used by another program. I moved the room to {port} — old links and printed sheets need the new QR.",
        ports,
      );
}

/**
 * @param {boolean} isRoom
 * @param {Ports} ports
 */
function goBackText(isRoom, ports) {
  return isRoom
    ? t(
        "Close the other room first. This one then closes for a second, and whoever came in by {port} opens it anew at {wanted}.",
        ports,
      )
    : t(
        "End the other program first. The room then closes for a second, and whoever came in by {port} opens it anew at {wanted}.",
        ports,
      );
}
