/** Putting a text on the clipboard: a button, and a command with its button. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
import { t } from "../translate.js";
import { Icon } from "./icon.js";

const SHOWN_MS = 2_500;

/** @param {{ text: string, label?: string }} props */
export function CopyButton({ text, label = t("Copy") }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => setCopied(await copied(text));
  return html`
    <button type="button" class="button-quiet copy" onClick=${copy}>
      <${Icon} name=${isCopied ? "good" : "copy"} /> ${isCopied ? t("Copied") : label}
    </button>
    <span class="sr" role="status">${isCopied ? t("Copied") : ""}</span>
  `;
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
