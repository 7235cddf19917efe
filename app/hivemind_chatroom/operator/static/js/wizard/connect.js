/** Step 3: the key and the password of the hub, and whether they work. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useFetched, useFocus } from "../desk.js";
import { addClient } from "../parts/commands.js";
import { Command } from "../parts/copy.js";
import { Fold } from "../parts/fold.js";
import { withValue } from "../parts/inputs.js";
import { list, t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { CheckList, useChecks } from "./checks.js";
import { ByHand, FoundFields } from "./found.js";
import { Step } from "./step.js";

/** @import { Credentials, Found, Identity } from "../contract" */
/** @import { StepProps } from "./wizard.js" */

/** @param {StepProps} props */
export function ConnectStep({ forward, back, draft, setDraft }) {
  const { api, status, tell } = useDesk();
  const [saved] = /** @type {[Identity | null, unknown]} */ (useFetched(api, "identity"));
  const { text, named } = draft;
  const found = useFound(text);
  const credentials = credentialsOf(text, named);
  const checks = useChecks(credentials);
  const missing = missingText(found, named, saved);
  const isBusy = checks.outcome === "running";
  const isGood = checks.outcome === "good";

  const next = async () => {
    const answer = await api.ask("PUT", "identity", credentials);
    if (answer.ok) forward();
    else tell(refusalText(answer.refusal));
  };
  return html`<${Step}
    takesFocus=${false}
    title=${t("Connect to your assistant")}
    lead=${t("Paste what the hub printed, all of it. What is needed is found in it.")}
    onSubmit=${() => (isGood ? next() : checks.run())}
    buttons=${html`
      <button type="button" class="button-quiet" onClick=${() => forward()}>${t("Skip for now")}</button>
      <button type="button" class="button-edged" onClick=${back}>${t("Back")}</button>
      <button class=${isGood ? "button-edged" : "button"} type=${isGood ? "button" : "submit"}
        aria-describedby="missing" disabled=${Boolean(missing) || isBusy}
        onClick=${isGood ? checks.run : null}>${t("Test")}</button>
      <button class=${isGood ? "button" : "button-edged"} type=${isGood ? "submit" : "button"}
        disabled=${Boolean(missing) || isBusy} onClick=${isGood ? null : next}>${t("Next")}</button>
    `}
  >
    <${PasteBox} value=${text} onInput=${(/** @type {string} */ to) => setDraft({ text: to })} />
    <${FoundFields} found=${found} named=${named} saved=${saved} />
    <p class="result" id="missing" role="status">${missing}</p>
    <div class="folds">
      <${ByHand} found=${found} named=${named}
        onName=${(/** @type {Credentials} */ to) => setDraft({ named: to })} />
      <${Fold} summary=${t("I have nothing to paste. What do I do?")}>
        <p>${t("Type this into a terminal on the hub's computer, and paste here what it answers:")}</p>
        <${Command} text=${addClient(status.room.name)} />
      </${Fold}>
    </div>
    <${CheckList} checks=${checks} />
  </${Step}>`;
}

/** @param {{ value: string, onInput: (text: string) => void }} props */
function PasteBox({ value, onInput }) {
  const box = useFocus();
  return html`<div class="field">
    <label for="paste">${t("Paste here")}</label>
    <textarea
      id="paste" class="paste" dir="ltr" rows="3" autocomplete="off" spellcheck=${false} ref=${box}
      placeholder=${"Access Key: 5498…\nPassword: e955…"} value=${value} aria-describedby="paste-hint"
      onInput=${withValue(onInput)}
    ></textarea>
    <p class="hint" id="paste-hint">${t("It shows as dots, so that nobody reads it over your shoulder.")}</p>
  </div>`;
}

/**
 * Asks the program what is in a text.
 *
 * @param {string} text
 * @returns {Found | null}
 */
function useFound(text) {
  const { api } = useDesk();
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  useEffect(() => {
    let isWanted = true;
    if (!text.trim()) {
      setFound(null);
      return undefined;
    }
    void api.ask("POST", "identity/parse", { text }).then((answer) => {
      if (isWanted && answer.ok) setFound(/** @type {Found} */ (answer.value));
    });
    return () => {
      isWanted = false;
    };
  }, [api, text]);
  return found;
}

/**
 * @param {string} text
 * @param {Credentials} named
 * @returns {Credentials}
 */
function credentialsOf(text, named) {
  const said = Object.fromEntries(Object.entries(named).filter(([, value]) => value));
  return text.trim() ? { text, ...said } : said;
}

/**
 * Says why nothing can be tested yet.
 *
 * @param {Found | null} found
 * @param {Credentials} named
 * @param {Identity | null} saved
 */
function missingText(found, named, saved) {
  const missing = [
    !(named.host || found?.host || saved?.host) && t("the address"),
    !(named.key || found?.key.found || saved?.key.found) && t("the key"),
    !(named.password || found?.password.found || saved?.password.found) && t("the password"),
  ].filter((each) => typeof each === "string");
  return missing.length
    ? t("Still missing for a test: {missing}.", { missing: list(missing) })
    : "";
}
