/** The reader's own settings: the language, the view, and leaving. */

import { OtherDevice } from "./device.js";
import { fillLanguages } from "./languages.js";
import { find } from "./markup.js";
import { NameField } from "./name.js";
import { NO_CONNECTION } from "./words.js";
import { SAVED } from "./words-settings.js";

/** @import { CodeEnd, Member } from "./contract" */
/** @import { Owner } from "./panels.js" */

export class Preferences {
  #owner;
  #title;
  #name;
  #device;
  #language;
  #simple;
  #aloud;
  #result;

  /**
   * @param {ParentNode} root
   * @param {Member} member
   * @param {Owner} owner
   */
  constructor(root, member, owner) {
    this.#owner = owner;
    const panel = find(root, "#preferences", HTMLElement);
    this.#title = find(panel, "bdi", HTMLElement);
    this.#name = new NameField(panel, owner.api, owner.changed);
    this.#device = new OtherDevice(panel, owner.api);
    this.#language = find(panel, "select", HTMLSelectElement);
    this.#simple = find(panel, "#simple", HTMLInputElement);
    this.#aloud = find(panel, "#read-aloud", HTMLInputElement);
    this.#result = find(panel, ":scope > [role=status]", HTMLElement);
    this.#language.addEventListener("change", () => void this.#changeLanguage());
    // The simple view reads to those who can't yet, or no longer; and out of it goes what it brought.
    this.#simple.addEventListener("change", () => this.#changeView(this.#simple.checked));
    this.#aloud.addEventListener("change", () => this.#changeView(this.#aloud.checked));
    for (const details of panel.querySelectorAll("details")) {
      details.addEventListener("toggle", () => showWhole(details));
    }
    find(panel, "#leave", HTMLButtonElement).addEventListener("click", () => void this.#goAway());
    this.show(member);
    this.#showView();
  }

  /**
   * Shows what is set.
   *
   * @param {Member} member
   */
  show(member) {
    this.#title.textContent = member.name;
    this.#name.show(member);
    this.#device.close();
    fillLanguages(this.#language, this.#owner.languages, member.lang);
  }

  /** @param {CodeEnd} why the code for another device is of no more use */
  endCode(why) {
    this.#device.end(why);
  }

  #showView() {
    this.#simple.checked = this.#owner.view.isSimple;
    this.#aloud.checked = this.#owner.view.readsAloud;
  }

  /** @param {boolean} readsAloud */
  #changeView(readsAloud) {
    this.#owner.view.change(this.#simple.checked, readsAloud);
    this.#showView();
  }

  async #changeLanguage() {
    const answer = await this.#owner.api.change({ lang: this.#language.value });
    if (answer.ok) {
      this.#result.textContent = SAVED;
      this.#owner.changed(answer.value.member);
    } else {
      this.#result.textContent = answer.refusal.message || NO_CONNECTION;
    }
  }

  async #goAway() {
    const refusal = await this.#owner.leave();
    if (refusal) this.#result.textContent = refusal.message || NO_CONNECTION;
  }
}

/**
 * Brings what was opened at the panel's end above its edge.
 *
 * @param {HTMLDetailsElement} details
 */
function showWhole(details) {
  if (details.open) details.lastElementChild?.scrollIntoView({ block: "nearest" });
}
