/** The reader's own settings: the language, the view, and leaving. */

import { fillLanguages } from "./languages.js";
import { find } from "./markup.js";
import { LANGUAGE_KEPT, NO_CONNECTION } from "./words.js";

/** @import { Api } from "./api.js" */
/** @import { Answer, Member } from "./contract" */
/** @import { View } from "./view.js" */

export class Preferences {
  #api;
  #name;
  #language;
  #simple;
  #aloud;
  #view;
  #result;
  #onChanged;
  #leave;

  /**
   * @param {ParentNode} root
   * @param {Api} api
   * @param {readonly string[]} languages
   * @param {(member: Member) => void} onChanged
   * @param {() => Promise<Answer<null>>} leave
   * @param {View} view
   */
  constructor(root, api, languages, onChanged, leave, view) {
    this.#api = api;
    this.#onChanged = onChanged;
    this.#leave = leave;
    const panel = find(root, "#preferences", HTMLElement);
    this.#name = find(panel, "bdi", HTMLElement);
    this.#language = find(panel, "select", HTMLSelectElement);
    this.#view = view;
    this.#simple = find(panel, "#simple", HTMLInputElement);
    this.#aloud = find(panel, "#read-aloud", HTMLInputElement);
    this.#result = find(panel, "[role=status]", HTMLElement);
    fillLanguages(this.#language, languages, languages[0] ?? "en");
    this.#language.addEventListener("change", () => void this.#changeLanguage());
    this.#showView();
    // The simple view reads to those who can't yet, or no longer; and out of it goes what it brought.
    this.#simple.addEventListener("change", () => this.#changeView(this.#simple.checked));
    this.#aloud.addEventListener("change", () => this.#changeView(this.#aloud.checked));
    find(panel, "#leave", HTMLButtonElement).addEventListener("click", () => void this.#goAway());
  }

  /**
   * Shows what is set.
   *
   * @param {Member} member
   */
  show(member) {
    this.#name.textContent = member.name;
    fillLanguages(
      this.#language,
      Array.from(this.#language.options, (option) => option.value),
      member.lang,
    );
  }

  #showView() {
    this.#simple.checked = this.#view.isSimple;
    this.#aloud.checked = this.#view.readsAloud;
  }

  /** @param {boolean} readsAloud */
  #changeView(readsAloud) {
    this.#view.change(this.#simple.checked, readsAloud);
    this.#showView();
  }

  async #changeLanguage() {
    const answer = await this.#api.change({ lang: this.#language.value });
    if (answer.ok) {
      this.#result.textContent = LANGUAGE_KEPT;
      this.#onChanged(answer.value.member);
    } else {
      this.#result.textContent = answer.refusal.message || NO_CONNECTION;
    }
  }

  async #goAway() {
    const answer = await this.#leave();
    if (!answer.ok) this.#result.textContent = answer.refusal.message || NO_CONNECTION;
  }
}
