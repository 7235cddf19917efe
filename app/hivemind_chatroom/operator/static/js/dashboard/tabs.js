/** Tabs as keyboards and screen readers know them (ARIA Authoring Practices, "Tabs"). */

import { html, useRef } from "../../vendor/htm-preact-standalone.module.js";
import { Icon } from "../parts/icon.js";
import { t } from "../translate.js";

/** @import { VNode } from "../../vendor/htm-preact-standalone.module.js" */
/** @import { IconName } from "../parts/icon.js" */

/**
 * @typedef {object} TabDescription
 * @property {string} id
 * @property {string} name
 * @property {IconName} icon
 * @property {(props: { onGo: (tab: string) => void }) => VNode | null} body
 */

/**
 * @param {{ tabs: readonly TabDescription[], chosen: string, onChoose: (id: string) => void }} props
 */
export function Tabs({ tabs, chosen, onChoose }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const found = tabs.findIndex(({ id }) => id === chosen);
  const at = Math.max(found, 0);
  const current = tabs[at];
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const to = indexAfter(event.key, at, tabs.length);
    const tab = to === null ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    onChoose(tab.id);
    const button = list.current?.querySelector(`#tab-${tab.id}`);
    if (button instanceof HTMLElement) button.focus();
  };
  return html`<main>
    <div class="tabs" role="tablist" aria-label=${t("Parts of the page")} ref=${list} onKeyDown=${move}>
      ${tabs.map(
        ({ id, name, icon }) => html`<button
          type="button" role="tab" id=${`tab-${id}`} class="tab" aria-selected=${id === current?.id ? "true" : "false"}
          aria-controls="panel" tabindex=${id === current?.id ? 0 : -1} onClick=${() => onChoose(id)}
        ><${Icon} name=${icon} /> <span>${name}</span></button>`,
      )}
    </div>
    <div role="tabpanel" id="panel" aria-labelledby=${`tab-${current?.id}`} key=${current?.id}>
      ${current && html`<${current.body} onGo=${onChoose} />`}
    </div>
  </main>`;
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @returns {number | null}
 */
function indexAfter(key, at, count) {
  const isMirrored = document.documentElement.dir === "rtl";
  const steps = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }[key];
  if (steps) return (at + steps + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
