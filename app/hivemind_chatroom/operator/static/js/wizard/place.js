/** At which step the wizard is, as far as a reload goes; the program knows it for a restart. */

import { keep, recall } from "../memory.js";

const STEP = "wizard-step";

/** The step that asks which assistant it shall be; the first one is 0. */
export const ASSISTANT = 1;

/** @param {number | null} step null: none, and it begins anew */
export function keepStep(step) {
  keep(STEP, step === null ? "" : String(step));
}

/** @returns {number | null} */
export function stepKept() {
  const kept = recall(STEP);
  return kept === "" ? null : Number(kept) || 0;
}
