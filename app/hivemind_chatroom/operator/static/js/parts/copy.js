/** Putting a text on the clipboard: a button, and a command with its button. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
import { t } from "../translate.js";
import { Icon } from "./icon.js";

const SHOWN_MS = 2_500;

/**
 * @param {{ text: string, label?: string, what?: string }} props `what` says to screen readers what
 *   is copied, where several buttons are beside each other
 */
export function CopyButton({ text, label = t("Copy"), what = "" }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => setCopied(await copied(text));
  return html`<button type="button" class="button-quiet copy" onClick=${copy}>
    <${Icon} name=${isCopied ? "good" : "copy"} />
    <span role="status">${isCopied ? t("Copied") : label}</span>
    ${what && html`<span class="sr">${what}</span>`}
  </button>`;
}

/**
 * Something to type into a terminal.
 *
 * @param {{ text: string }} props
 */
export function Command({ text }) {
  return html`<div class="command">
    <code dir="ltr">${text}</code>
    <${CopyButton} text=${text} />
  </div>`;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text); // a window that gives its page no clipboard
  }
}

/** @param {string} text */
function copiedByHand(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "sr";
  document.body.append(box);
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
