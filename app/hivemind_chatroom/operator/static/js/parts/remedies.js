/** What to run on the hub about a trouble, each with what it is for. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { remediesOf } from "../words/troubles.js";
import { Command } from "./copy.js";

/** @import { Trouble } from "../words/troubles.js" */

/** @param {{ trouble: Trouble }} props */
export function Remedies({ trouble }) {
  const { room } = useDesk().status;
  return remediesOf(trouble, room.name).map(
    ({ words, command }) => html`<p>${words}</p><${Command} text=${command} />`,
  );
}
