/** What opens at the buttons of the header: people, search, the reader's own settings. */

import { find } from "./markup.js";
import { Panel } from "./panel.js";
import { NO_CONNECTION } from "./words.js";

/** @import { CodeEnd, Member, Refusal } from "./contract" */
/** @import { Api } from "./api.js" */
/** @import { Preferences } from "./preferences.js" */
/** @import { Search } from "./search.js" */
/** @import { View } from "./view.js" */

/**
 * Whose panels they are, and what comes of them.
 *
 * @typedef {object} Owner
 * @property {Api} api
 * @property {View} view
 * @property {readonly string[]} languages
 * @property {(member: Member) => void} changed the reader is called or speaks otherwise
 * @property {() => Promise<Refusal | null>} leave
 * @property {(id: number) => void} chosen a message was found
 */

/** What search and settings can do is fetched when somebody first opens them. */
export class Panels {
  #root;
  #owner;
  #member;
  #searchPanel;
  /** @type {Search | undefined} */
  #search;
  /** @type {Preferences | undefined} */
  #preferences;

  /**
   * @param {HTMLElement} root
   * @param {Member} member
   * @param {Owner} owner
   */
  constructor(root, member, owner) {
    this.#root = root;
    this.#member = member;
    this.#owner = owner;
    this.#panel("people");
    this.#searchPanel = this.#panel("search", () => this.#openSearch());
    this.#panel("preferences", () => this.#openPreferences());
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /**
   * Shows who the reader is now.
   *
   * @param {Member} member
   */
  show(member) {
    this.#member = member;
    this.#preferences?.show(member);
  }

  /** @param {CodeEnd} why the code for another device is of no more use */
  endCode(why) {
    this.#preferences?.endCode(why);
  }

  /**
   * @param {string} name
   * @param {() => Promise<{ ask?: () => void }>} [fill]
   */
  #panel(name, fill) {
    const button = find(this.#root, `#${name}-button`, HTMLButtonElement);
    const panel = find(this.#root, `#${name}`, HTMLElement);
    return new Panel(button, panel, () => fill && void this.#fill(panel, fill));
  }

  /**
   * @param {HTMLElement} panel
   * @param {() => Promise<{ ask?: () => void }>} fill
   */
  async #fill(panel, fill) {
    const result = find(panel, ":scope > [role=status]", HTMLElement);
    // Nobody shall set what would be set back.
    setInert(panel, true);
    // The next time it is opened it is fetched again.
    const filled = await fill().catch(() => null);
    setInert(panel, false);
    if (filled === null) result.textContent = NO_CONNECTION;
    else if (result.textContent === NO_CONNECTION) result.textContent = "";
    filled?.ask?.();
  }

  async #openSearch() {
    const { Search } = await import("./search.js");
    this.#search ??= new Search(this.#root, this.#owner.api, (id) => {
      this.#searchPanel.close();
      this.#owner.chosen(id);
    });
    return this.#search;
  }

  async #openPreferences() {
    const { Preferences } = await import("./preferences.js");
    this.#preferences ??= new Preferences(this.#root, this.#member, this.#owner);
    return {};
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    find(this.#root, "#search-button", HTMLButtonElement).click();
  }
}

/**
 * @param {HTMLElement} panel
 * @param {boolean} isInert its parts, not itself: a tap on them would be one elsewhere, and close it
 */
function setInert(panel, isInert) {
  for (const part of panel.children) part.toggleAttribute("inert", isInert);
}
