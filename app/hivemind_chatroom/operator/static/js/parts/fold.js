/** What is there for those who want it: folded away, and wholly in view when it is unfolded. */

import { html } from "../../vendor/htm-preact-standalone.module.js";

/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

/** @param {{ summary: string, isOpen?: boolean, children?: Child }} props */
export function Fold({ summary, isOpen = false, children }) {
  return html`<details class="fold" open=${isOpen} onToggle=${show}>
    <summary>${summary}</summary>
    ${children}
  </details>`;
}

/** @param {Event & { currentTarget: HTMLDetailsElement }} event */
function show({ currentTarget: fold }) {
  if (fold.open) fold.scrollIntoView({ block: "nearest" });
}
