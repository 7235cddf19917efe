/** One person, and what their host can do: mute, rename, remove; each can be undone. */

import {
  html,
  useLayoutEffect,
  useRef,
  useState,
} from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Icon } from "../parts/icon.js";
import { withValue } from "../parts/inputs.js";
import { autonym, t, when } from "../translate.js";
import { refusalText } from "../words/refusals.js";

/** @import { Member, Refusal, Undo } from "../contract" */

const SHORT_MIN = 10;
const LONG_MIN = 60;

/** From here on a mute has no end that anybody waits for. */
const ENDLESS_DAYS = 365;
const DAY_MS = 86_400_000;

/** @param {{ member: Member }} props */
export function PersonRow({ member }) {
  const [isOpen, setOpen] = useState(false);
  const { id, name, color, present } = member;
  const [initial = "?"] = name;
  return html`<li class=${present ? "person" : "person is-away"} data-color=${color}>
    <span class="disc" aria-hidden="true">${initial.toLocaleUpperCase()}</span>
    <div class="person-words">
      <strong class="person-name"><bdi>${name}</bdi></strong>
      <span class="person-details">${detailsOf(member)}</span>
    </div>
    <button
      type="button" class="button-icon" aria-expanded=${isOpen ? "true" : "false"} aria-controls=${`actions-${id}`}
      aria-label=${t("What to do about {name}", { name })} onClick=${() => setOpen(!isOpen)}
    ><${Icon} name="more" /></button>
    ${isOpen && html`<${Actions} member=${member} onDone=${() => setOpen(false)} />`}
  </li>`;
}

/** @param {{ member: Member, onDone: () => void }} props */
function Actions({ member, onDone }) {
  const { api, status, offerUndo, tell } = useDesk();
  const [isRenaming, setRenaming] = useState(false);
  /**
   * @param {string} what
   * @param {unknown} [body]
   */
  const act = async (what, body = {}) => {
    const answer = await api.ask("POST", `members/${member.id}/${what}`, body);
    if (!answer.ok) return answer.refusal;
    offerUndo(/** @type {Undo} */ (answer.value));
    onDone();
    return null;
  };
  /** @param {string} what @param {unknown} [body] */
  const press = async (what, body) => {
    const refusal = await act(what, body);
    if (refusal) tell(refusalText(refusal));
  };
  const mute = status.undo.find(
    ({ kind, member_id }) => kind === "mute" && member_id === member.id,
  );
  const unmute = async () => {
    const answer = await api.ask("POST", `undo/${mute?.id}`);
    if (!answer.ok) tell(refusalText(answer.refusal));
    onDone();
  };
  /** @param {string} name @param {() => void} onPress @param {string} icon @param {string} [more] */
  const button = (name, onPress, icon, more = "") => html`<button
    type="button" class=${`button-edged ${more}`} onClick=${onPress}
  ><${Icon} name=${icon} /> ${name}</button>`;
  return html`<div class="person-actions" id=${`actions-${member.id}`} role="group" aria-label=${member.name}>
    ${
      isRenaming
        ? html`<${Rename} member=${member} onRename=${(name) => act("rename", { name })} />`
        : html`
          ${mute && member.muted_until && button(t("Let them write"), unmute, "play")}
          ${
            !member.muted_until &&
            html`
            ${button(t("Mute 10 minutes"), () => press("mute", { minutes: SHORT_MIN }), "mute")}
            ${button(t("Mute 1 hour"), () => press("mute", { minutes: LONG_MIN }), "mute")}
            ${button(t("Mute"), () => press("mute", { minutes: null }), "mute")}
          `
          }
          ${button(t("Rename"), () => setRenaming(true), "rename")}
          ${button(t("Remove"), () => press("remove"), "remove", "is-bad")}
        `
    }
  </div>`;
}

/**
 * @param {{ member: Member, onRename: (name: string) => Promise<Refusal | null> }} props
 */
function Rename({ member, onRename }) {
  const [name, setName] = useState(member.name);
  const [refusal, setRefusal] = useState(/** @type {Refusal | null} */ (null));
  const result = `renamed-${member.id}`;
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.select(); // so that typing replaces the old name
  }, []);
  const change = (/** @type {string} */ to) => {
    setName(to);
    setRefusal(null);
  };
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    const found = await onRename(name.trim());
    setRefusal(found);
    if (found) box.current?.focus();
  };
  return html`<form class="rename" onSubmit=${submit}>
    <input
      aria-label=${t("New name")} dir="auto" maxlength="24" autocomplete="off" value=${name} ref=${box}
      aria-invalid=${refusal ? "true" : null} aria-describedby=${result} onInput=${withValue(change)}
    />
    <button class="button" disabled=${!name.trim()}>${t("Rename")}</button>
    <p class="result result-bad" id=${result} role="status">${refusal && refusalText(refusal)}</p>
  </form>`;
}

/** @param {Member} member */
function detailsOf({ device, lang, present, last_seen: seen, muted_until: muted }) {
  const devices = { phone: t("phone"), computer: t("computer"), "": "" };
  const parts = [devices[device], autonym(lang)];
  if (!present && seen) parts.push(t("last here {time}", { time: when(seen) }));
  if (muted) parts.push(mutedText(muted));
  return parts.filter(Boolean).join(" · ");
}

/** @param {string} until */
function mutedText(until) {
  const isEndless = Date.parse(until) - Date.now() > ENDLESS_DAYS * DAY_MS;
  return isEndless ? t("muted") : t("muted until {time}", { time: when(until) });
}
