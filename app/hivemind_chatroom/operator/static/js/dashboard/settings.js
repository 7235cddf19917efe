/** The room's name and languages, the assistant, and this window. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useFetched } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { Switch, TextSetting, useSaving } from "../parts/fields.js";
import { LanguageSelect, LanguageTicks } from "../parts/languages.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { hubWord } from "../words/standing.js";
import { NetworkCard } from "./network.js";

/** @import { Identity } from "../contract" */

export function SettingsTab() {
  return html`<div class="column">
    <${RoomCard} />
    <${AssistantCard} />
    <${NetworkCard} />
    <${WindowCard} />
  </div>`;
}

function RoomCard() {
  const { settings } = useDesk();
  const saving = useSaving();
  return html`<section class="card">
    <h2>${t("Room")}</h2>
    <${TextSetting} setting="room_name" label=${t("Name of the room")} />
    <h3>${t("Languages of the room")}</h3>
    <p class="hint">${t("Tick those that your assistant understands.")}</p>
    <${LanguageTicks} chosen=${settings.languages}
      onChange=${(languages) => saving.save({ languages })} />
    <p class=${saving.isBad ? "result result-bad" : "result"} role="status">${saving.result}</p>
  </section>`;
}

function AssistantCard() {
  const { api, status, go, tell } = useDesk();
  const { hub } = status;
  const [identity] = /** @type {[Identity | null, unknown]} */ (
    useFetched(api, "identity", [hub.address, hub.choice])
  );
  /** @param {string} route */
  const use = async (route) => {
    const answer = await api.ask("POST", `hub/${route}`);
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  return html`<section class="card">
    <h2>${t("Assistant")}</h2>
    <dl class="facts">
      <dt>${t("In use")}</dt>
      <dd>${t("{assistant}, {state}", { assistant: hub.builtin ? t("the built-in assistant") : hub.address || "–", state: hubWord({ state: hub.state }) })}</dd>
      ${
        identity?.is_set &&
        html`
        <dt>${t("Saved hub")}</dt><dd><bdi dir="ltr">${identity.host}${identity.port ? `:${identity.port}` : ""}</bdi></dd>
        <dt>${t("Key")}</dt><dd><bdi dir="ltr">${identity.key.masked}</bdi></dd>
      `
      }
    </dl>
    <div class="row">
      <button type="button" class="button-edged" onClick=${() => go("wizard")}>${t("Set up again")}</button>
      ${!hub.builtin && html`<button type="button" class="button-edged" onClick=${() => use("built-in")}>${t("Use the built-in assistant")}</button>`}
      ${hub.builtin && identity?.is_set && html`<button type="button" class="button-edged" onClick=${() => use("identity")}>${t("Use the saved hub")}</button>`}
      <button type="button" class="button-edged" onClick=${() => use("reconnect")}>${t("Connect anew")}</button>
    </div>
  </section>`;
}

function WindowCard() {
  const { api, settings, status, tell } = useDesk();
  const saving = useSaving();
  const [isAsking, setAsking] = useState(false);
  const quit = async () => {
    setAsking(false);
    const answer = await api.ask("POST", "window/quit");
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  return html`<section class="card">
    <h2>${t("This window")}</h2>
    <div class="field">
      <label for="window-language">${t("Language")}</label>
      <${LanguageSelect} id="window-language" />
    </div>
    ${
      settings.start_at_login !== null &&
      html`<${Switch}
      label=${t("Start with the computer")} isOn=${settings.start_at_login}
      disabled=${Boolean(settings.fixed.start_at_login)}
      onChange=${(isOn) => saving.save({ start_at_login: isOn })}
    />`
    }
    <p class=${saving.isBad ? "result result-bad" : "result"} role="status">${saving.result}</p>
    ${status.app.desktop && html`<button type="button" class="button-edged is-bad" onClick=${() => setAsking(true)}>${t("Close the room…")}</button>`}
    ${
      isAsking &&
      html`<${Confirm}
      title=${t("Close the room?")} text=${t("Phones lose the room until you start the program again. Nothing is forgotten.")}
      yes=${t("Close the room")} onYes=${quit} onNo=${() => setAsking(false)}
    />`
    }
  </section>`;
}
