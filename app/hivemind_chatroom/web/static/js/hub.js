/** How the assistant's hub stands: a dot with a word, and a banner where people should know more. */

import { when } from "./clock.js";
import { find, write } from "./markup.js";
import {
  HUB_BACK,
  HUB_BANNER,
  HUB_WORD,
  HUB_WORD_BUILTIN,
  NO_CONNECTION,
  RECONNECTING,
} from "./words.js";

/** @import { HubState, HubStatus } from "./contract" */

/** Long enough to be read once. */
const BACK_SHOWN_MS = 6_000;

/** @type {ReadonlySet<HubState>} */
const FINE = new Set(["connected", "off"]);

export class Hub {
  #root;
  #word;
  #banner;
  #text;
  #host;
  #hostReason;
  #hostCommand;
  #note;
  #hint;
  /** @type {HubStatus | null} */
  #status = null;
  #isConnected = true;
  #backTimer = 0;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#root = find(root, "#hub", HTMLElement);
    this.#word = find(this.#root, ".hub-word", HTMLElement);
    this.#banner = find(root, "#hub-banner", HTMLElement);
    this.#text = find(this.#banner, ".banner-text", HTMLElement);
    this.#host = find(this.#banner, "details", HTMLDetailsElement);
    this.#hostReason = find(this.#host, "p", HTMLElement);
    this.#hostCommand = find(this.#host, "code", HTMLElement);
    this.#note = find(root, "#builtin-note", HTMLElement);
    this.#hint = find(root, "#ask-hint", HTMLElement);
    this.#host.addEventListener("toggle", () => void this.#explain());
  }

  /**
   * Shows how the hub stands now.
   *
   * @param {HubStatus} status
   */
  show(status) {
    const wasAway = this.#status !== null && HUB_BANNER[this.#status.state]("") !== "";
    this.#status = status;
    this.#hint.hidden = status.state !== "connected";
    this.#note.hidden = !(status.builtin && status.state === "connected");
    this.#showDot();
    clearTimeout(this.#backTimer);
    if (status.state === "connected" && wasAway) this.#showBack();
    else this.#showBanner(HUB_BANNER[status.state](when(status.since)), status);
  }

  /**
   * Shows whether the page itself is connected: while it isn't, it knows nothing of the hub.
   *
   * @param {boolean} isConnected
   */
  showConnection(isConnected) {
    this.#isConnected = isConnected;
    this.#showDot();
  }

  #showDot() {
    const state = this.#status?.state ?? "connecting";
    const isFine = this.#isConnected && FINE.has(state);
    this.#root.dataset["state"] = isFine ? "ok" : "lost";
    this.#word.textContent = this.#wordFor(state);
  }

  /** @param {HubState} state */
  #wordFor(state) {
    if (!this.#isConnected) return RECONNECTING;
    return state === "connected" && this.#status?.builtin ? HUB_WORD_BUILTIN : HUB_WORD[state];
  }

  #showBack() {
    this.#banner.dataset["tone"] = "good";
    this.#text.textContent = HUB_BACK;
    this.#host.hidden = true;
    this.#banner.hidden = false;
    this.#backTimer = setTimeout(() => {
      this.#banner.hidden = true;
    }, BACK_SHOWN_MS);
  }

  /**
   * @param {string} text
   * @param {HubStatus} status
   */
  #showBanner(text, status) {
    this.#banner.dataset["tone"] = "bad";
    write(this.#text, text);
    this.#hostCommand.textContent = status.command;
    this.#host.hidden = !status.command && !status.reason;
    this.#banner.hidden = text === "";
    void this.#explain();
  }

  /** Says to whoever opened it what the matter is; most never ask. */
  async #explain() {
    if (!this.#host.open) return;
    try {
      const { HUB_REASON } = await import("./words-host.js");
      this.#hostReason.textContent = HUB_REASON[this.#status?.reason ?? ""] ?? "";
    } catch {
      this.#hostReason.textContent = NO_CONNECTION;
    }
  }
}
