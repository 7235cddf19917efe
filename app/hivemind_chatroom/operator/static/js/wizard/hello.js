/** Step 1: what this is, and the language. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { Icon } from "../parts/icon.js";
import { LanguageSelect } from "../parts/languages.js";
import { t } from "../translate.js";
import { Step } from "./step.js";

/** @import { StepProps } from "./wizard.js" */

/** @param {StepProps} props */
export function HelloStep({ forward }) {
  return html`<${Step}
    class="hello"
    sign=${html`<img class="app-icon" src=${new URL("../../icon.svg", import.meta.url).href} alt="" />`}
    title=${t("Welcome")}
    lead=${t("This computer becomes the host of a chat room for your household. Phones join it by scanning a code, and everybody in it can ask the assistant.")}
    onSubmit=${() => forward()}
    buttons=${html`<button class="button">${t("Let's go")}</button>`}
  >
    <ul class="promises">
      <li><${Icon} name="phone" /> ${t("Nothing to install on the phones")}</li>
      <li><${Icon} name="home" /> ${t("What is said stays on this computer")}</li>
      <li><${Icon} name="clock" /> ${t("Ready in about a minute")}</li>
    </ul>
    <div class="field">
      <label for="language">${t("Language")}</label>
      <${LanguageSelect} id="language" />
    </div>
  </${Step}>`;
}
