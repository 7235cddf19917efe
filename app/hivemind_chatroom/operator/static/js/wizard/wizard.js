/** Setting the room up: five steps, each one question; what is decided is kept at once. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { keep, recall } from "../memory.js";
import { Icon } from "../parts/icon.js";
import { t } from "../translate.js";
import { AssistantStep } from "./assistant.js";
import { ConnectStep } from "./connect.js";
import { HelloStep } from "./hello.js";
import { InviteStep } from "./invite.js";
import { RoomStep } from "./room.js";

const STEP = "wizard-step";
const ADDRESS = "wizard-address";
const STEPS = [HelloStep, AssistantStep, ConnectStep, RoomStep, InviteStep];

/**
 * What a step can do.
 *
 * @typedef {object} StepProps
 * @property {(steps?: number) => void} forward by so many steps
 * @property {() => void} back
 * @property {string} address of the hub, as far as the operator has chosen it
 * @property {(address: string) => void} setAddress
 */

export function Wizard() {
  const { change, go, status } = useDesk();
  const [step, setStep] = useState(() => Math.min(Number(recall(STEP)) || 0, STEPS.length - 1));
  const [address, setAddress] = useState(recall(ADDRESS));

  /** @param {number} to */
  const goTo = (to) => {
    keep(STEP, String(to));
    setStep(to);
    scrollTo(0, 0);
  };
  const finish = () => {
    keep(STEP, "");
    go("room");
    void change({ set_up: true });
  };
  /** @type {StepProps} */
  const props = {
    forward: (steps = 1) => (step + steps < STEPS.length ? goTo(step + steps) : finish()),
    back: () => goTo(step - 1),
    address,
    setAddress(to) {
      keep(ADDRESS, to);
      setAddress(to);
    },
  };
  return html`<div class="wizard">
    <header class="wizard-head">
      <${Progress} step=${step} />
      <button type="button" class="button-quiet" onClick=${() => go("room")}>
        ${status.app.set_up ? t("Close") : t("Finish later")}
      </button>
    </header>
    <main class="wizard-body"><${STEPS[step]} key=${step} ...${props} /></main>
  </div>`;
}

/** @param {{ step: number }} props */
function Progress({ step }) {
  const names = [t("Hello"), t("Assistant"), t("Connect"), t("Room"), t("Invite")];
  return html`<nav aria-label=${t("Steps")}>
    <ol class="steps">
      ${names.map(
        (name, index) => html`<li
          class=${index < step ? "step is-done" : "step"}
          aria-current=${index === step ? "step" : null}
        >
          <span class="step-number">${index < step ? html`<${Icon} name="good" />` : index + 1}</span>
          <span class="step-name">${name}</span>
        </li>`,
      )}
    </ol>
  </nav>`;
}
