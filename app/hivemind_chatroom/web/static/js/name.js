/** The reader's own name, which they may change. */

import { find } from "./markup.js";
import { NO_CONNECTION } from "./words.js";
import { beCalled, SAVED } from "./words-settings.js";

/** @import { Api } from "./api.js" */
/** @import { Member } from "./contract" */

export class NameField {
  #api;
  #form;
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
    this.#form = find(root, "#name-form", HTMLFormElement);
    this.#field = find(this.#form, "input", HTMLInputElement);
    this.#result = find(this.#form, "[role=status]", HTMLElement);
    this.#form.addEventListener("submit", (event) => {
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
    this.#form.querySelector(".suggestion")?.remove();
    if (answer.ok) {
      this.#onChanged(answer.value.member);
      this.#result.textContent = SAVED;
      return;
    }
    this.#result.textContent = answer.refusal.message || NO_CONNECTION;
    if (answer.refusal.suggestion) this.#offer(answer.refusal.suggestion);
  }

  /** @param {string} name one that is free, as the wanted one isn't */
  #offer(name) {
    const button = document.createElement("button");
    button.className = "button-quiet suggestion";
    button.textContent = beCalled(name);
    button.onclick = () => {
      this.#field.value = name;
      // It goes, and takes the keyboard with it.
      find(this.#form, "[type=submit]", HTMLButtonElement).focus();
    };
    this.#form.append(button);
  }
}
