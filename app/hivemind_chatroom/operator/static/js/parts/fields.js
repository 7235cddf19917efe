/** Settings as fields: each is kept as soon as it is changed, and says so. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { fixedText, refusalText } from "../words/refusals.js";
import { withTick, withValue } from "./inputs.js";

/** @import { Refusal, Settings } from "../contract" */
/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

const SHOWN_MS = 3_000;

/**
 * Keeps a setting, and tells what came of it.
 *
 * @returns {{ result: string, isBad: boolean, save: (some: Partial<Settings>) => Promise<boolean> }}
 */
export function useSaving() {
  const { change } = useDesk();
  const [refusal, setRefusal] = useState(/** @type {Refusal | null} */ (null));
  const [isSaved, setSaved] = useState(false);
  useEffect(() => {
    if (!isSaved) return undefined;
    const timer = setTimeout(() => setSaved(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isSaved]);
  /** @param {Partial<Settings>} some */
  const save = async (some) => {
    const found = await change(some);
    setRefusal(found);
    setSaved(!found);
    return !found;
  };
  const result = refusal ? refusalText(refusal) : isSaved ? t("Saved.") : "";
  return { result, isBad: Boolean(refusal), save };
}

/**
 * @param {{ id: string, label: string, hint?: string, result?: string, isBad?: boolean,
 *   setting?: keyof Settings, children?: Child }} props
 */
export function Field({ id, label, hint = "", result = "", isBad = false, setting, children }) {
  const { settings } = useDesk();
  const fixed = setting && settings.fixed[setting];
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children}
    ${(fixed || hint) && html`<p class="hint" id=${`${id}-hint`}>${fixed ? fixedText(fixed) : hint}</p>`}
    <p class=${isBad ? "result result-bad" : "result"} role="status">${result}</p>
  </div>`;
}

/**
 * A text or a number that is kept when its field is left.
 *
 * @param {{ setting: "room_name" | "lan_name" | "code" | "keep_messages" | "members_max", label: string,
 *   hint?: string, type?: string, min?: number, max?: number }} props
 */
export function TextSetting({ setting, label, hint = "", type = "text", min, max }) {
  const { settings } = useDesk();
  const saving = useSaving();
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const id = `setting-${setting}`;
  const save = async () => {
    if (typed === null) return;
    const value = type === "number" ? Number(typed) : typed.trim();
    if (await saving.save({ [setting]: value })) setTyped(null);
  };
  return html`<${Field} id=${id} label=${label} hint=${hint} setting=${setting} ...${saving}>
    <input
      id=${id} type=${type} min=${min} max=${max} value=${typed ?? settings[setting]}
      autocomplete="off" dir="auto" aria-invalid=${saving.isBad ? "true" : null}
      aria-describedby=${hint ? `${id}-hint` : null}
      disabled=${Boolean(settings.fixed[setting])} onInput=${withValue(setTyped)} onChange=${save}
    />
  </${Field}>`;
}

/**
 * @param {{ label: string, hint?: string, isOn: boolean, disabled?: boolean,
 *   onChange: (isOn: boolean) => void }} props
 */
export function Switch({ label, hint = "", isOn, disabled = false, onChange }) {
  return html`<label class="switch">
    <span>${label}${hint && html`<span class="hint">${hint}</span>`}</span>
    <input
      type="checkbox" role="switch" checked=${isOn} disabled=${disabled}
      onChange=${withTick(onChange)}
    />
  </label>`;
}

/**
 * A choice from a list.
 *
 * @param {{ id: string, value: string, choices: readonly (readonly [string, string])[],
 *   disabled?: boolean, onChange: (value: string) => void }} props each choice has a value and a name
 */
export function Select({ id, value, choices, disabled = false, onChange }) {
  return html`<select
    id=${id} value=${value} disabled=${disabled}
    onChange=${withValue(onChange)}
  >
    ${choices.map(([tag, name]) => html`<option value=${tag} selected=${tag === value}>${name}</option>`)}
  </select>`;
}
