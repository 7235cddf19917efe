/** Step 4: the room. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Field, Select, Switch } from "../parts/fields.js";
import { withValue } from "../parts/inputs.js";
import { KEEP_CHOICES, keepText } from "../parts/keeping.js";
import { LanguageTicks } from "../parts/languages.js";
import { t } from "../translate.js";
import { fixedText, refusalText } from "../words/refusals.js";
import { Step } from "./step.js";

/** @import { Refusal, Settings } from "../contract" */
/** @import { StepProps } from "./wizard.js" */

/** What a room is called that nobody has named. */
const NAMELESS = "HiveMind Chatroom";

/** Of a code that is made here; the room takes 4 to 12. */
const CODE_DIGITS = 6;

/** @param {StepProps} props */
export function RoomStep({ forward, back, draft: { room }, setDraft }) {
  const { settings, change, status } = useDesk();
  const [proposed] = useState(() => draftOf(settings, status.app.computer));
  const draft = room ?? proposed;
  const [refusal, setRefusal] = useState(/** @type {Refusal | null} */ (null));
  const { fixed } = settings;

  /** @param {Partial<Settings>} some */
  const alter = (some) => setDraft({ room: { ...draft, ...some } });
  const next = async () => {
    const found = await change(changed(draft, settings));
    setRefusal(found);
    if (found) return;
    setDraft({ room: null });
    forward();
  };
  return html`<${Step}
    title=${t("Your room")}
    onSubmit=${next}
    buttons=${html`
      <button type="button" class="button-edged" onClick=${back}>${t("Back")}</button>
      <button class="button">${t("Next")}</button>
    `}
  >
    <${Field} id="room-name" label=${t("Name of the room")} setting="room_name"
      result=${refusal ? refusalText(refusal) : ""} isBad=${Boolean(refusal)}>
      <input id="room-name" dir="auto" maxlength="64" autocomplete="off" value=${draft.room_name}
        disabled=${Boolean(fixed.room_name)} aria-invalid=${refusal?.setting === "room_name" ? "true" : null}
        onInput=${withValue((room_name) => alter({ room_name }))} />
    </${Field}>
    <${Preview} />
    <${Switch} label=${t("Ask for a code")} isOn=${Boolean(draft.code)} disabled=${Boolean(fixed.code)}
      hint=${codeHint(draft.code ?? "", fixed.code)}
      onChange=${(isOn) => alter({ code: isOn ? settings.code || newCode() : "" })} />
    ${
      settings.start_at_login !== null &&
      html`<${Switch}
      label=${t("Start with the computer")} isOn=${Boolean(draft.start_at_login)}
      disabled=${Boolean(fixed.start_at_login)}
      onChange=${(isOn) => alter({ start_at_login: isOn })} />`
    }
    <${Field} id="keep-days" label=${t("Keep what is said")} setting="keep_days">
      <${Select} id="keep-days" value=${String(draft.keep_days)} disabled=${Boolean(fixed.keep_days)}
        choices=${keepChoices(settings.keep_days)}
        onChange=${(days) => alter({ keep_days: Number(days) })} />
    </${Field}>
    <details class="fold">
      <summary>${t("Languages of the room")}</summary>
      <p class="hint">${t("Tick those that your assistant understands.")}</p>
      <${LanguageTicks} chosen=${draft.languages ?? []}
        onChange=${(languages) => alter({ languages })} />
    </details>
  </${Step}>`;
}

/** Where the room will be found: behind its proxy, or by its number, as every phone can; by its name. */
function Preview() {
  const { lan, room } = useDesk().status;
  const address = (room.public_url ?? room.lan_url ?? room.url).replace("http://", "");
  const named = lan.name && `${lan.name}:${room.port}`;
  return html`<p class="preview">
    ${t("Phones find it at")} <bdi dir="ltr">${address}</bdi>
    ${named && html`, <bdi dir="ltr">${named}</bdi>`}
  </p>`;
}

/**
 * The settings that this step is about; a room that was never set up begins with a name of its own
 * and a code.
 *
 * @param {Settings} settings
 * @param {string} computer what this one is called
 * @returns {Partial<Settings>}
 */
function draftOf(settings, computer) {
  const { room_name, code, keep_days, languages, start_at_login, fixed } = settings;
  const isNew = !settings.set_up;
  const isNameless = isNew && room_name === NAMELESS && computer && !fixed.room_name;
  return {
    room_name: isNameless ? t("{computer}'s room", { computer }) : room_name,
    code: code || (isNew && !fixed.code ? newCode() : ""),
    keep_days,
    languages,
    start_at_login,
  };
}

/**
 * @param {Partial<Settings>} draft
 * @param {Settings} settings
 * @returns {Partial<Settings>}
 */
function changed(draft, settings) {
  return Object.fromEntries(
    Object.entries(draft).filter(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(settings[/** @type {keyof Settings} */ (name)]),
    ),
  );
}

/**
 * @param {string} code
 * @param {string | undefined} fixed
 */
function codeHint(code, fixed) {
  if (fixed) return fixedText(fixed);
  if (!code) return t("Everybody on your network may come in.");
  return t("{code}. Who scans the QR code need not type it.", { code });
}

/** @param {number} days */
function keepChoices(days) {
  const all = KEEP_CHOICES.includes(days) ? KEEP_CHOICES : [days, ...KEEP_CHOICES];
  return all.map((each) => /** @type {const} */ ([String(each), keepText(each)]));
}

function newCode() {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return String(random % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, "0");
}
