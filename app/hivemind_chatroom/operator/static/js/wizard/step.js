/** The frame of a step: its question, and the buttons below. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useFocus } from "../desk.js";

/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

/**
 * @param {{ title: string, lead?: Child, children?: Child, buttons: Child, onSubmit: () => void,
 *   sign?: Child, class?: string, takesFocus?: boolean }} props
 *   `takesFocus`: the heading does, so that it is read out; false where a field does
 */
export function Step(props) {
  const { title, sign, lead, children, buttons, onSubmit, class: more = "" } = props;
  const { takesFocus = true } = props;
  const heading = useFocus();
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    onSubmit();
  };
  return html`<form class=${`step-form ${more}`} onSubmit=${submit} novalidate>
    ${sign}
    <h1 ref=${takesFocus ? heading : null} tabindex="-1">${title}</h1>
    ${lead && html`<p class="lead">${lead}</p>`}
    <div class="step-content">${children}</div>
    <div class="step-buttons">${buttons}</div>
  </form>`;
}
