/** Which language the window speaks, and which ones the room offers. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { startAnew } from "../token.js";
import { autonym, LANG } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Select } from "./fields.js";
import { withTick } from "./inputs.js";

/** What this page has been translated into. */
const SPOKEN = ["en", "pt-PT", "fr", "de", "es", "ar"];

/** What OVOS skills are best translated into, and one from the right. */
const OFFERED = ["en", "pt-PT", "pt-BR", "fr", "de", "es", "ca", "gl", "it", "nl", "da", "ar"];

/** @param {{ id: string }} props */
export function LanguageSelect({ id }) {
  const { api, change, tell } = useDesk();
  /** @param {string} tag */
  const choose = async (tag) => {
    const refusal = await change({ language: tag });
    if (refusal) tell(refusalText(refusal));
    else startAnew(api.token);
  };
  const choices = SPOKEN.map((tag) => /** @type {const} */ ([tag, autonym(tag)]));
  return html`<${Select} id=${id} value=${LANG} choices=${choices} onChange=${choose} />`;
}

/**
 * The room's languages, each to be ticked.
 *
 * @param {{ chosen: readonly string[], onChange: (chosen: string[]) => void }} props
 */
export function LanguageTicks({ chosen, onChange }) {
  const all = [...OFFERED, ...chosen.filter((tag) => !OFFERED.includes(tag))];
  /**
   * @param {string} tag
   * @param {boolean} isOn
   */
  const turn = (tag, isOn) =>
    onChange(all.filter((one) => (one === tag ? isOn : chosen.includes(one))));
  return html`<div class="ticks">
    ${all.map(
      (tag) => html`<label class="tick">
        <input
          type="checkbox" checked=${chosen.includes(tag)} value=${tag}
          disabled=${chosen.length === 1 && chosen[0] === tag}
          onChange=${withTick((isOn) => turn(tag, isOn))}
        />
        <span lang=${tag}>${autonym(tag)}</span>
      </label>`,
    )}
  </div>`;
}
