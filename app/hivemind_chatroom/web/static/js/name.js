/** The reader's own name, which they may change. */

import { find } from "./markup.js";
import { LANGUAGE_KEPT, NO_CONNECTION } from "./words.js";

/** @import { Api } from "./api.js" */
/** @import { Member } from "./contract" */

export class NameField {
  #api;
  #field;
  #result;
  #onChanged;

  /**
   * @param {ParentNode} root
   * @param {Api} api
   * @param {(member: Member) => void} onChanged
   */
  constructor(root, api, onChanged) {
    this.#api = api;
    this.#onChanged = onChanged;
    const form = find(root, "#name-form", HTMLFormElement);
    this.#field = find(form, "input", HTMLInputElement);
    this.#result = find(form, "[role=status]", HTMLElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#change();
    });
  }

  /** @param {Member} member */
  show({ name }) {
    this.#field.value = name;
  }

  async #change() {
    const answer = await this.#api.change({ name: this.#field.value });
    this.#field.setAttribute("aria-invalid", String(!answer.ok));
    if (answer.ok) this.#onChanged(answer.value.member);
    this.#result.textContent = answer.ok ? LANGUAGE_KEPT : answer.refusal.message || NO_CONNECTION;
  }
}
