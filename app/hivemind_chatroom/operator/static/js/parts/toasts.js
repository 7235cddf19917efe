/** What has just happened, in a corner for a moment, with Undo where there is one. */

import { html, useMemo, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";

/** @import { Undo } from "../contract" */

const SHOWN_MS = 10_000;

/**
 * @typedef {{ id: string, text: string, undo: Undo | null }} Toast
 * @typedef {object} ToastList
 * @property {Toast[]} list
 * @property {(text: string) => void} tell
 * @property {(undo: Undo) => void} offerUndo
 * @property {(id: string) => void} drop
 */

/** @returns {ToastList} */
export function useToasts() {
  const [list, setList] = useState(/** @type {Toast[]} */ ([]));
  const calls = useMemo(() => {
    /** @param {string} id */
    const drop = (id) => setList((old) => old.filter((toast) => toast.id !== id));
    /** @param {Toast} toast */
    const add = (toast) => {
      setList((old) => [...old.filter(({ text }) => text !== toast.text), toast]);
      setTimeout(() => drop(toast.id), SHOWN_MS);
    };
    return {
      drop,
      /** @param {string} text */
      tell: (text) => add({ id: crypto.randomUUID(), text, undo: null }),
      /** @param {Undo} undo */
      offerUndo: (undo) => add({ id: undo.id, text: undoText(undo), undo }),
    };
  }, []);
  return { list, ...calls };
}

/** @param {{ toasts: ToastList }} props */
export function Toasts({ toasts }) {
  const { api } = useDesk();
  /** @param {Undo} undo */
  const takeBack = async (undo) => {
    toasts.drop(undo.id);
    const answer = await api.ask("POST", `undo/${undo.id}`);
    if (!answer.ok) toasts.tell(refusalText(answer.refusal));
  };
  return html`<div class="toasts" role="status">
    ${toasts.list.map(
      ({ id, text, undo }) => html`<p class="toast" key=${id}>
        <span>${text}</span>
        ${undo && html`<button type="button" class="button-quiet" onClick=${() => takeBack(undo)}>${t("Undo")}</button>`}
      </p>`,
    )}
  </div>`;
}

/** @param {Undo} undo */
function undoText({ kind, name }) {
  switch (kind) {
    case "mute":
      return t("{name} can read and not write.", { name });
    case "remove":
      return t("{name} was removed from the room.", { name });
    case "rename":
      return t("{name} has another name now.", { name });
  }
}
