/** What was found in what was pasted, marked; and the fields to fill in what was not. */

import { html, useRef } from "../../vendor/htm-preact-standalone.module.js";
import { OWN_ADDRESSES } from "../parts/commands.js";
import { Command } from "../parts/copy.js";
import { Fold } from "../parts/fold.js";
import { Icon } from "../parts/icon.js";
import { withValue } from "../parts/inputs.js";
import { t } from "../translate.js";

/** @import { Credentials, Found, Identity } from "../contract" */

/** @param {{ found: Found | null, named: Credentials, saved: Identity | null }} props */
export function FoundFields({ found, named, saved }) {
  const known = knownOf(found, named, saved);
  return html`
    <ul class="found" aria-label=${t("Found")} aria-live="polite">
      <${FoundField} name=${t("Address")} value=${known.address} />
      <${FoundField} name=${t("Key")} value=${known.key} />
      <${FoundField} name=${t("Password")} value=${known.password} />
    </ul>
    ${found?.weak && html`<p class="result result-bad">${t("This password is too easy to guess; hubs refuse it.")}</p>`}
    ${
      found &&
      !isAnything(found) &&
      html`<p class="result result-bad" role="status">
      ${t("Nothing in this text looks like a key or a password. Copy all that the hub printed.")}
    </p>`
    }
  `;
}

/**
 * @param {{ found: Found | null, named: Credentials, onName: (named: Credentials) => void }} props
 */
export function ByHand({ found, named, onName }) {
  // What was pasted has the secrets and not the address: that is asked for without being looked for.
  const isOpen = useRef(false);
  isOpen.current ||= Boolean(found?.key.found) && !found?.host && !named.host;
  return html`<${Fold} summary=${t("Fill in by hand")} isOpen=${isOpen.current}>
    <div class="by-hand">
      <${HandField} id="hand-host" name=${t("Address")} placeholder="192.168.1.10:5678"
        value=${named.host ?? ""} onInput=${(host) => onName({ ...named, host })} />
      <${HandField} id="hand-key" name=${t("Key")} type="password"
        value=${named.key ?? ""} onInput=${(key) => onName({ ...named, key })} />
      <${HandField} id="hand-password" name=${t("Password")} type="password"
        value=${named.password ?? ""} onInput=${(password) => onName({ ...named, password })} />
      <div class="by-hand-hint">
        <p class="hint">${t("The address is that of the hub's computer. A terminal there tells it, as the first number:")}</p>
        <${Command} text=${OWN_ADDRESSES} />
      </div>
    </div>
  </${Fold}>`;
}

/** @param {{ name: string, value: string }} props */
function FoundField({ name, value }) {
  return html`<li class=${value ? "found-field is-found" : "found-field"}>
    <${Icon} name=${value ? "good" : "skipped"} />
    <span>${name}</span>
    <bdi dir="ltr">${value || html`<span class="sr">${t("missing")}</span>`}</bdi>
  </li>`;
}

/**
 * @param {{ id: string, name: string, type?: string, placeholder?: string, value: string,
 *   onInput: (value: string) => void }} props
 */
function HandField({ id, name, type = "text", placeholder = "", value, onInput }) {
  return html`<div class="field">
    <label for=${id}>${name}</label>
    <input
      id=${id} type=${type} dir="ltr" placeholder=${placeholder} value=${value}
      autocomplete="off" spellcheck=${false}
      onInput=${withValue((value) => onInput(value.trim()))}
    />
  </div>`;
}

/**
 * What is known, as it may be shown: what was typed, else what was pasted, else what is saved.
 *
 * @param {Found | null} found
 * @param {Credentials} named
 * @param {Identity | null} saved
 */
function knownOf(found, named, saved) {
  const host = named.host || hostOf(found) || hostOf(saved);
  return {
    address: host,
    key: named.key ? t("typed") : found?.key.masked || saved?.key.masked || "",
    password: named.password ? t("typed") : found?.password.masked || saved?.password.masked || "",
  };
}

/** @param {{ host: string, port: number | null } | null} from */
function hostOf(from) {
  if (!from?.host) return "";
  return from.port ? `${from.host}:${from.port}` : from.host;
}

/** @param {Found} found */
function isAnything(found) {
  return found.key.found || found.password.found || Boolean(found.host);
}
