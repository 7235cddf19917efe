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
import { keepStep, stepKept } from "./place.js";
import { RoomStep } from "./room.js";

/** @import { Credentials, Settings } from "../contract" */

const ADDRESS = "wizard-address";
const STEPS = [HelloStep, AssistantStep, ConnectStep, RoomStep, InviteStep];

/**
 * What was typed and is not kept yet: it outlives a step back, and is nowhere but in the page, as
 * there are secrets in it.
 *
 * @typedef {object} Draft
 * @property {string} picked the way to the assistant, empty as long as nobody has chosen
 * @property {string} text what was pasted
 * @property {Credentials} named what was filled in by hand
 * @property {Partial<Settings> | null} room
 */

/**
 * What a step can do.
 *
 * @typedef {object} StepProps
 * @property {(steps?: number) => void} forward by so many steps
 * @property {() => void} back
 * @property {string} address of the hub, as far as the operator has chosen it
 * @property {(address: string) => void} setAddress
 * @property {Draft} draft
 * @property {(some: Partial<Draft>) => void} setDraft
 */

export function Wizard() {
  const { change, go, status, settings } = useDesk();
  const isFirst = !status.app.set_up;
  const [step, setStep] = useState(() => stepToBeginWith(settings));
  // Back leads to no step that was passed over.
  const [trail, setTrail] = useState(/** @type {number[]} */ ([]));
  const [address, setAddress] = useState(recall(ADDRESS));
  const [draft, setDraft] = useState(
    /** @type {() => Draft} */ (
      () => ({ picked: "", text: "", named: address ? { host: address } : {}, room: null })
    ),
  );

  /** @param {number} to */
  const goTo = (to) => {
    keepStep(to);
    setStep(to);
    scrollTo(0, 0);
    if (isFirst) void change({ set_up_step: to + 1 });
  };
  const finish = () => {
    keepStep(null);
    go("room");
    if (isFirst) void change({ set_up: true });
  };
  const leave = () => {
    go("room");
    if (isFirst) void change({ set_up_later: true });
    else keepStep(null);
  };
  /** @type {StepProps} */
  const props = {
    forward(steps = 1) {
      setTrail([...trail, step]);
      if (step + steps < STEPS.length) goTo(step + steps);
      else finish();
    },
    back() {
      setTrail(trail.slice(0, -1));
      goTo(trail.at(-1) ?? step - 1);
    },
    address,
    setAddress(to) {
      keep(ADDRESS, to);
      setAddress(to);
      setDraft((old) => ({ ...old, named: { ...old.named, host: to } }));
    },
    draft,
    setDraft: (some) => setDraft((old) => ({ ...old, ...some })),
  };
  return html`<div class="wizard">
    <header class="wizard-head">
      <${Progress} step=${step} />
      <button type="button" class="button-quiet" onClick=${leave}>
        ${isFirst ? t("Finish later") : t("Close")}
      </button>
    </header>
    <main class="wizard-body"><${STEPS[step]} key=${step} ...${props} /></main>
  </div>`;
}

/**
 * Returns the place of the step that the operator was at: before a reload, else before a restart.
 *
 * @param {Settings} settings
 */
function stepToBeginWith({ set_up: isSetUp, set_up_step: step }) {
  return Math.min(stepKept() ?? (isSetUp ? 0 : step - 1), STEPS.length - 1);
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
