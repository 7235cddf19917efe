/** A page that has one thing to say. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { Icon } from "./icon.js";

/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

/** @param {{ title: string, children?: Child }} props */
export function Notice({ title, children }) {
  return html`<main class="opening">
    <section class="card notice">
      <${Icon} name="logo" />
      <h1>${title}</h1>
      <p role="status">${children}</p>
    </section>
  </main>`;
}
