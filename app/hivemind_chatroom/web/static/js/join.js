/** The card at the door: a name, a language, and the code where the room has one. */

import { fillLanguages } from "./languages.js";
import { find } from "./markup.js";
import { joinAs, NO_CONNECTION } from "./words.js";

/** @import { Api } from "./api.js" */
/** @import { Boot, Member, Refusal } from "./contract" */

/** @type {Readonly<Record<string, string>>} which field a refusal is about */
const FIELD_OF = Object.freeze({
  name_invalid: "name",
  name_taken: "name",
  lang_invalid: "lang",
  code_wrong: "code",
  too_many_tries: "code",
});

/**
 * What is on the card while the page is fetched in another language.
 *
 * @typedef {{ name: string, code: string }} Typed
 */

export class JoinCard {
  #view;
  #form;
  #name;
  #lang;
  #code;
  #button;
  #other;
  #api;
  #siteId;
  #onJoined;

  /**
   * @param {ParentNode} root
   * @param {Boot} boot
   * @param {Api} api
   * @param {(member: Member) => void} onJoined
   */
  constructor(root, boot, api, onJoined) {
    this.#view = find(root, "#join", HTMLElement);
    this.#form = find(this.#view, "form", HTMLFormElement);
    this.#name = find(this.#form, "[name=name]", HTMLInputElement);
    this.#lang = find(this.#form, "[name=lang]", HTMLSelectElement);
    this.#code = find(this.#form, "[name=code]", HTMLInputElement);
    this.#button = find(this.#form, "[type=submit]", HTMLButtonElement);
    this.#other = find(this.#form, "#join-other", HTMLButtonElement);
    this.#api = api;
    this.#siteId = boot.site_id;
    this.#onJoined = onJoined;
    fillLanguages(this.#lang, boot.languages, boot.lang);
    this.#lang.addEventListener("change", () => this.#speak(this.#lang.value));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#join();
    });
  }

  /** Asks whoever came. */
  ask() {
    this.#view.hidden = false;
    /** @type {Typed | null} */
    const typed = history.state;
    if (typed) {
      this.#name.value = typed.name;
      this.#code.value = typed.code;
    }
    this.#name.focus();
  }

  /**
   * Has the page come in another language, with what was typed so far.
   *
   * @param {string} lang
   */
  #speak(lang) {
    const address = new URL(location.href);
    address.searchParams.set("lang", lang);
    /** @type {Typed} */
    const typed = { name: this.#name.value, code: this.#code.value };
    history.replaceState(typed, "", address);
    location.reload();
  }

  async #join() {
    this.#button.disabled = true;
    this.#showRefusal(null);
    const answer = await this.#api.join({
      name: this.#name.value,
      lang: this.#lang.value,
      site_id: this.#siteId,
      code: this.#code.value.trim(),
    });
    this.#button.disabled = false;
    if (!answer.ok) {
      this.#showRefusal(answer.refusal);
      return;
    }
    this.#view.hidden = true;
    this.#onJoined(answer.value.member);
  }

  /** @param {Refusal | null} refusal */
  #showRefusal(refusal) {
    const about = refusal ? (FIELD_OF[refusal.code] ?? "form") : "";
    for (const place of this.#form.querySelectorAll("[data-about]")) {
      const isIt = place instanceof HTMLElement && place.dataset["about"] === about;
      place.textContent = isIt && refusal ? refusal.message || NO_CONNECTION : "";
    }
    const suggestion = refusal?.suggestion ?? "";
    this.#other.hidden = suggestion === "";
    this.#other.textContent = joinAs(suggestion);
    this.#other.onclick = () => {
      this.#name.value = suggestion;
      this.#form.requestSubmit();
    };
    for (const field of [this.#name, this.#lang, this.#code]) {
      field.setAttribute("aria-invalid", String(field.name === about));
      if (field.name === about) field.focus();
    }
  }
}
