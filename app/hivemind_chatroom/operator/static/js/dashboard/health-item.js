/** One line of the health: a sign, words, and what can be done now. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { Icon } from "../parts/icon.js";
import { t } from "../translate.js";

/** @import { Child, VNode } from "../../vendor/htm-preact-standalone.module.js" */

/**
 * @param {{ tone: "good" | "waits" | "bad", name: string, children?: Child, actions?: VNode }} props
 */
export function Item({ tone, name, children, actions }) {
  const icons = { good: "good", waits: "waits", bad: "warn" };
  const words = { good: t("good"), waits: t("to note"), bad: t("problem") };
  return html`<li class=${`health-item health-${tone}`}>
    <${Icon} name=${icons[tone]} />
    <div>
      <p><strong>${name}</strong> <span class="sr">${words[tone]}</span></p>
      <div class="health-words">${children}</div>
      ${actions && html`<div class="row">${actions}</div>`}
    </div>
  </li>`;
}

/** @param {{ name: string, onPress: () => unknown }} props it waits for what comes of `onPress` */
export function Action({ name, onPress }) {
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    await onPress();
    setBusy(false);
  };
  return html`<button type="button" class="button-edged" disabled=${isBusy} onClick=${press}>
    ${isBusy ? t("One moment…") : name}
  </button>`;
}
