/** What has just happened, in a corner for a moment, with Undo where there is one. */

import {
  html,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";

/** @import { Undo } from "../contract" */

const SHOWN_MS = 10_000;

/** More would hide the page; the oldest gives way. */
const TOASTS_MAX = 3;

/**
 * @typedef {{ about: string, text: string, undo: Undo | null }} Toast `about`: what it tells of, and
 *   of one thing there is one toast, the last
 * @typedef {object} ToastList
 * @property {Toast[]} list
 * @property {(text: string, about?: string) => void} tell
 * @property {(undo: Undo) => void} offerUndo
 * @property {(about: string) => void} drop
 */

/** @returns {ToastList} */
export function useToasts() {
  const [list, setList] = useState(/** @type {Toast[]} */ ([]));
  const calls = useMemo(() => {
    /** @param {(toast: Toast) => boolean} isWanted */
    const keepOnly = (isWanted) => setList((old) => old.filter(isWanted));
    /** @param {Toast} toast */
    const add = (toast) => {
      setList((old) =>
        [...old.filter(({ about }) => about !== toast.about), toast].slice(-TOASTS_MAX),
      );
      setTimeout(() => keepOnly((one) => one !== toast), SHOWN_MS);
    };
    return {
      /** @param {string} about */
      drop: (about) => keepOnly((toast) => toast.about !== about),
      tell: (/** @type {string} */ text, about = text) => add({ about, text, undo: null }),
      /** @param {Undo} undo */
      offerUndo: (undo) => add({ about: undo.id, text: undoText(undo), undo }),
    };
  }, []);
  return { list, ...calls };
}

/** @param {{ toasts: ToastList }} props */
export function Toasts({ toasts }) {
  const { api, status } = useDesk();
  useObsolete(toasts, status.undo);
  /** @param {Undo} undo */
  const takeBack = async (undo) => {
    toasts.drop(undo.id);
    const answer = await api.ask("POST", `undo/${undo.id}`);
    if (!answer.ok) toasts.tell(refusalText(answer.refusal));
  };
  return html`<div class="toasts" role="status">
    ${toasts.list.map(
      ({ about, text, undo }) => html`<p class="toast" key=${about}>
        <span>${text}</span>
        ${undo && html`<button type="button" class="button-quiet" onClick=${() => takeBack(undo)}>${t("Undo")}</button>`}
      </p>`,
    )}
  </div>`;
}

/**
 * Takes a toast away when what it offers to undo is undone, wherever that was done.
 *
 * @param {ToastList} toasts
 * @param {readonly Undo[]} undos those that there are now
 */
function useObsolete(toasts, undos) {
  const known = useRef(/** @type {readonly Undo[]} */ ([]));
  useEffect(() => {
    const before = known.current ?? [];
    known.current = undos;
    for (const { id } of before) {
      if (!undos.some((undo) => undo.id === id)) toasts.drop(id);
    }
  }, [undos]);
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
