/** A question that is asked once, before something that can't be taken back. */

import { html, useLayoutEffect, useRef } from "../../vendor/htm-preact-standalone.module.js";
import { t } from "../translate.js";

/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

/**
 * A dialog that is open as long as it is there.
 *
 * @param {{ title: string, children?: Child, onClose: () => void, class?: string }} props
 */
export function Dialog({ title, children, onClose, class: more = "" }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return html`<dialog class=${`dialog ${more}`} ref=${dialog} aria-labelledby="dialog-title" onClose=${onClose}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
  </dialog>`;
}

/**
 * @param {{ title: string, text: string, yes: string, isGrave?: boolean, onYes: () => void,
 *   onNo: () => void }} props `isGrave`: something is lost by it
 */
export function Confirm({ title, text, yes, isGrave = true, onYes, onNo }) {
  return html`<${Dialog} title=${title} onClose=${onNo}>
    <p>${text}</p>
    <div class="row row-end">
      <button type="button" class="button-quiet" onClick=${onNo}>${t("Cancel")}</button>
      <button type="button" class=${isGrave ? "button button-bad" : "button"} onClick=${onYes}>${yes}</button>
    </div>
  </${Dialog}>`;
}
