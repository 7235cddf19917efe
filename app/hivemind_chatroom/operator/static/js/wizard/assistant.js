/** Step 2: which assistant. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useFetched } from "../desk.js";
import { withValue } from "../parts/inputs.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Step } from "./step.js";

/** @import { SeenHub, SeenHubs } from "../contract" */
/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */
/** @import { StepProps } from "./wizard.js" */

/** @type {SeenHubs} */
const NOTHING_YET = { hubs: [], is_searching: true };

/** How far the steps are that a choice leads to. */
const TO_CONNECT = 1;
const TO_ROOM = 2;

/** @param {StepProps} props */
export function AssistantStep({ forward, back, address, setAddress, draft, setDraft }) {
  const { api, status, tell } = useDesk();
  // The status is told after each change, and often enough to have hubs asked whether they answer.
  const [seen] = /** @type {[SeenHubs | null, unknown]} */ (useFetched(api, "hubs", [status]));
  const { hubs: found, is_searching: isSearching } = seen ?? NOTHING_YET;
  const hubs = [...found.filter(mayAnswer), ...found.filter((hub) => !mayAnswer(hub))];
  const { picked } = draft;
  const setPicked = (/** @type {string} */ to) => setDraft({ picked: to });
  const [typed, setTyped] = useState(address);
  const [isMissing, setMissing] = useState(false);
  const first = hubs[0];
  const choice = picked || (address ? "typed" : first ? addressOf(first) : "built-in");

  // Whoever has begun to type keeps the box, even if a hub is found meanwhile.
  const type = (/** @type {string} */ value) => {
    setPicked("typed");
    setTyped(value);
    setMissing(false);
  };
  const next = async () => {
    if (choice === "built-in") {
      const answer = await api.ask("POST", "hub/built-in");
      return answer.ok ? forward(TO_ROOM) : tell(refusalText(answer.refusal));
    }
    const to = { typed: typed.trim(), pasted: "" }[choice] ?? choice;
    if (choice === "typed" && !to) return setMissing(true);
    setAddress(to);
    return forward(TO_CONNECT);
  };
  /** @param {string} value @param {Child} name @param {Child} hint @param {Child} [more] */
  const option = (value, name, hint, more) => html`<${Option}
    value=${value} name=${name} hint=${hint} isChosen=${choice === value} onChoose=${setPicked}
  >${more}</${Option}>`;
  // Where no hub is found the box is there all the same: who types into it has chosen it.
  const hasBox = choice === "typed" || (!first && !picked);
  return html`<${Step}
    title=${t("Find your assistant")}
    lead=${t("A hub is the HiveMind program on a computer at home that your assistant lives in. If there is none, the built-in assistant answers.")}
    onSubmit=${next}
    buttons=${html`
      <button type="button" class="button-quiet" onClick=${() => forward(TO_ROOM)}>${t("Skip for now")}</button>
      <button type="button" class="button-edged" onClick=${back}>${t("Back")}</button>
      <button class="button">${t("Next")}</button>
    `}
  >
    <fieldset class="options">
      <legend class="sr">${t("Where is your assistant?")}</legend>
      ${hubs.map((hub) => option(addressOf(hub), hub.name, hubHint(hub)))}
      ${option(
        "typed",
        first ? t("Not listed? Type its address") : t("Type its address"),
        t("As the hub's computer is called, or its number."),
        hasBox &&
          html`<${AddressBox} value=${typed} onInput=${type} isMissing=${isMissing}
          takesFocus=${isMissing || Boolean(seen && !first && !picked)} />`,
      )}
      ${option("pasted", t("Paste what the hub printed"), t("A print-out, a line, a file: the address may be in it."))}
      ${option("built-in", t("Use the built-in assistant"), t("Small, on this computer: time, timers, jokes. You can change this later."))}
    </fieldset>
    <p class="hint" role="status">${searchText(isSearching, hubs.length)}</p>
  </${Step}>`;
}

/**
 * One of several to choose from.
 *
 * @param {{ value: string, name: Child, hint: Child, isChosen: boolean, children?: Child,
 *   onChoose: (value: string) => void }} props
 */
function Option({ value, name, hint, isChosen, children, onChoose }) {
  return html`<div class="option">
    <label>
      <input type="radio" name="assistant" value=${value} checked=${isChosen} onChange=${() => onChoose(value)} />
      <span><strong>${name}</strong><span class="hint">${hint}</span></span>
    </label>
    ${children}
  </div>`;
}

/**
 * Where an address is typed or pasted.
 *
 * @param {{ value: string, onInput: (value: string) => void, isMissing: boolean,
 *   takesFocus: boolean }} props `takesFocus`: nothing else could be meant
 */
function AddressBox({ value, onInput, isMissing, takesFocus }) {
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (takesFocus) box.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return html`<div class="address-box">
    <input
      ref=${box} dir="ltr" aria-label=${t("Address of the hub")} placeholder="192.168.1.10:5678"
      autocomplete="off" spellcheck=${false} value=${value}
      aria-invalid=${isMissing ? "true" : null} aria-describedby="address-result"
      onInput=${withValue(onInput)}
    />
    <p class="result result-bad" id="address-result" role="status">
      ${isMissing && t("Type the address here, or choose another way.")}
    </p>
  </div>`;
}

/** @param {SeenHub} hub */
function mayAnswer(hub) {
  return hub.is_reachable !== false;
}

/** @param {SeenHub} hub */
function addressOf({ host, port, tls }) {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  return `${tls ? "wss://" : ""}${bracketed}:${port}`;
}

/** @param {SeenHub} hub */
function hubHint(hub) {
  const address = addressOf(hub);
  if (hub.is_reachable === true) return t("{address}, answers", { address });
  if (hub.is_reachable === false) return t("{address}, does not answer", { address });
  return html`<bdi dir="ltr">${address}</bdi>`;
}

/**
 * @param {boolean} isSearching
 * @param {number} count of the hubs that are found
 */
function searchText(isSearching, count) {
  if (isSearching) return t("Looking for hubs on your network…");
  return count ? "" : t("No hub has told of itself here. It need not: type its address.");
}
