/** The five checks of a hub, one line each, green one by one. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk, useInView } from "../desk.js";
import { Icon } from "../parts/icon.js";
import { Remedies } from "../parts/remedies.js";
import { duration, t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { troubleName, troubleText } from "../words/troubles.js";

/** @import { Check, CheckName, Credentials } from "../contract" */

/** @type {readonly CheckName[]} */
const NAMES = ["reached", "key", "password", "allowed", "answered"];

/** The program has ended a test without saying why. */
const CUT_SHORT = { code: "", setting: "" };

/** From here on a check's time says nothing that helps. */
const TIMED = new Set(["reached", "answered"]);

/**
 * @typedef {object} Checks
 * @property {Check[]} ended in their order
 * @property {"" | "running" | "good" | "bad"} outcome
 * @property {string} refusal why there was no test, or no end of it
 * @property {() => Promise<void>} run
 * @property {() => Promise<void>} trust forget the key that the hub had, and run again
 */

/**
 * @param {Credentials} credentials what is tested; of anything else no check has ended
 * @returns {Checks}
 */
export function useChecks(credentials) {
  const { api } = useDesk();
  const wanted = JSON.stringify(credentials);
  const [tested, setTested] = useState("");
  const [ended, setEnded] = useState(/** @type {Check[]} */ ([]));
  const [outcome, setOutcome] = useState(/** @type {Checks["outcome"]} */ (""));
  const [refusal, setRefusal] = useState("");
  const newest = useRef(0);
  useEffect(
    () => () => {
      newest.current = null; // nobody looks any more
    },
    [],
  );

  const run = async () => {
    const number = (newest.current ?? 0) + 1;
    newest.current = number;
    setTested(wanted);
    setEnded([]);
    setRefusal("");
    setOutcome("running");
    /** @type {Check[]} */
    const checks = [];
    let why = refusalText(CUT_SHORT);
    for await (const answer of api.test(credentials)) {
      if (newest.current !== number) return;
      if (answer.ok) {
        checks.push(answer.value);
        setEnded([...checks]);
      } else why = refusalText(answer.refusal);
    }
    if (newest.current !== number) return;
    if (checks.length < NAMES.length) setRefusal(why);
    const isGood = checks.length === NAMES.length && checks.every(({ state }) => state === "ok");
    setOutcome(isGood ? "good" : "bad");
  };

  const trust = async () => {
    const answer = await api.ask("POST", "hub/trust-new-key", credentials);
    if (answer.ok) await run();
    else setRefusal(refusalText(answer.refusal));
  };
  if (tested !== wanted) return { ended: [], outcome: "", refusal: "", run, trust };
  return { ended, outcome, refusal, run, trust };
}

/** @param {{ checks: Checks }} props */
export function CheckList({ checks }) {
  const { ended, outcome, refusal } = checks;
  if (!outcome) return null;
  return html`
    <ol class="checks" aria-live="polite">
      ${NAMES.map(
        (name, index) => html`<${CheckLine}
        name=${name} check=${ended[index]} isRunning=${outcome === "running" && index === ended.length}
        onTrust=${checks.trust}
      />`,
      )}
    </ol>
    ${outcome === "good" && html`<${AllIsWell} />`}
    ${refusal && html`<p class="result result-bad" role="status">${refusal}</p>`}
  `;
}

function AllIsWell() {
  const words = useInView();
  return html`<p class="result result-good" role="status" ref=${words}>
    ${t("All is well. The assistant is ready.")}
  </p>`;
}

/**
 * @param {{ name: CheckName, check?: Check, isRunning: boolean, onTrust: () => void }} props
 */
function CheckLine({ name, check, isRunning, onTrust }) {
  const state = check?.state ?? (isRunning ? "running" : "waiting");
  const icon = check ? { ok: "good", failed: "bad", skipped: "skipped" }[check.state] : "waits";
  const time = check?.state === "ok" && TIMED.has(name) ? duration(check.ms) : "";
  return html`<li class=${`check check-${state}`}>
    <${Icon} name=${icon} />
    <div>
      <p class="check-name">
        ${check?.state === "failed" ? troubleName(check.code) || badName(name) : goodName(name, check?.address ?? "")}
        <span class="sr">${stateWord(state)}</span>
        ${time && html`<span class="check-time">${time}</span>`}
      </p>
      ${check?.state === "failed" && html`<${Failure} check=${check} onTrust=${onTrust} />`}
    </div>
  </li>`;
}

/** @param {{ check: Check, onTrust: () => void }} props */
function Failure({ check, onTrust }) {
  const words = useInView();
  const isOtherHub = check.code === "hub.key_changed";
  return html`<div class="failure" ref=${words}>
    <p>${troubleText(check)}</p>
    <${Remedies} trouble=${check} />
    ${isOtherHub && html`<button type="button" class="button-edged" onClick=${onTrust}>${t("Trust the new key")}</button>`}
  </div>`;
}

/**
 * @param {CheckName} name
 * @param {string} address
 */
function goodName(name, address) {
  switch (name) {
    case "reached":
      return address ? t("Reached {address}", { address }) : t("Address reached");
    case "key":
      return t("Key accepted");
    case "password":
      return t("Password agreed");
    case "allowed":
      return t("Allowed to ask");
    case "answered":
      return t("The assistant answers");
  }
}

/** @param {CheckName} name */
function badName(name) {
  switch (name) {
    case "reached":
      return t("Address not reached");
    case "key":
      return t("Key not accepted");
    case "password":
      return t("Password not agreed");
    case "allowed":
      return t("Not allowed to ask");
    case "answered":
      return t("The assistant doesn't answer");
  }
}

/** @param {string} state */
function stateWord(state) {
  switch (state) {
    case "ok":
      return t("good");
    case "failed":
      return t("failed");
    case "running":
      return t("being checked");
    default:
      return t("not checked");
  }
}
