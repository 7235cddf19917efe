/** The card at the door: a name, a language, and the code where the room has one. */

import { fillLanguages } from "./languages.js";
import { find } from "./markup.js";
import { NO_CONNECTION } from "./words.js";
import {
  isHere,
  joinAs,
  LEFT,
  LINK_OLD,
  LOST,
  tooManyCodes,
  tooManyTries,
  wrongCode,
} from "./words-door.js";

/** @import { Api } from "./api.js" */
/** @import { Boot, Member, Refusal } from "./contract" */

/** @type {Readonly<Record<string, string>>} which field a refusal is about */
const FIELD_OF = Object.freeze({
  name_invalid: "name",
  name_taken: "name",
  lang_invalid: "lang",
  code_wrong: "code",
  device_code_wrong: "device_code",
});

const SECOND_MS = 1_000;

/** The door's own address, to which `/` leads strangers. */
const DOOR = "/chatroom/anon_user/flask/en";

/**
 * What is on the card while the page is fetched anew, perhaps in another language.
 *
 * @typedef {{ name: string, code: string, invitation: string, lost?: undefined }} Typed
 */

/** @typedef {Typed | { lost: "left" | "unknown" }} Past what was typed, or how the reader came here */

export class JoinCard {
  #view;
  #form;
  #name;
  #lang;
  #code;
  #button;
  #choices;
  #other;
  #device;
  #deviceCode;
  /** The code of the invitation that led here, or nothing. */
  #invitation;
  #clock = 0;
  #hush = 0;
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
    this.#choices = find(this.#form, "#join-choices", HTMLElement);
    this.#other = find(this.#form, "#join-other", HTMLButtonElement);
    this.#device = find(this.#form, "#join-device", HTMLElement);
    this.#deviceCode = find(this.#device, "input", HTMLInputElement);
    this.#invitation = boot.code;
    this.#api = api;
    this.#siteId = boot.site_id;
    this.#onJoined = onJoined;
    fillLanguages(this.#lang, boot.languages, boot.lang);
    find(this.#form, "#join-same", HTMLButtonElement).onclick = () => this.#showDevice(true);
    this.#name.addEventListener("input", () => this.#showDevice(false));
    this.#lang.addEventListener("change", () => this.#speak(this.#lang.value));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#join();
    });
  }

  /** Asks whoever came. */
  ask() {
    this.#view.hidden = false;
    /** @type {Past | null} */
    const past = history.state;
    if (past?.lost) {
      const place = find(this.#form, "[data-about=form]", HTMLElement);
      place.textContent = past.lost === "left" ? LEFT : LOST;
    } else if (past) {
      this.#name.value = past.name;
      this.#code.value = past.code;
      this.#invitation = past.invitation;
      this.#code.parentElement?.classList.toggle("carried", this.#isInvited());
    } else if (this.#invitation) {
      // What lets people in is not left to be read in the address bar.
      this.#keep(new URL(DOOR + location.search, location.href));
    }
    this.#name.focus();
  }

  /** The code is what led here, and nothing that somebody typed. */
  #isInvited() {
    return this.#invitation !== "" && this.#code.value === this.#invitation;
  }

  /** @param {URL} address of the page with what was typed so far */
  #keep(address) {
    /** @type {Past} */
    const past = {
      name: this.#name.value,
      code: this.#code.value,
      invitation: this.#invitation,
    };
    history.replaceState(past, "", address);
  }

  /**
   * Has the page come in another language, with what was typed so far.
   *
   * @param {string} lang
   */
  #speak(lang) {
    const address = new URL(location.href);
    address.searchParams.set("lang", lang);
    this.#keep(address);
    location.reload();
  }

  /**
   * Asks for what the reader's other device shows, or no more.
   *
   * @param {boolean} isWanted
   */
  #showDevice(isWanted) {
    this.#device.hidden = !isWanted;
    this.#deviceCode.required = isWanted;
    this.#showRefusal(null);
    if (isWanted) this.#deviceCode.focus();
  }

  async #join() {
    this.#showRefusal(null);
    this.#button.disabled = true;
    const introduction = {
      name: this.#name.value,
      lang: this.#lang.value,
      site_id: this.#siteId,
      code: this.#code.value.trim(),
    };
    const device_code = this.#deviceCode.value.replace(/\D/g, "");
    const answer = await this.#api.join(
      this.#device.hidden ? introduction : { ...introduction, device_code },
    );
    if (!answer.ok) {
      this.#showRefusal(answer.refusal);
      return;
    }
    // Who was in already speaks a language, which need not be the one of this page.
    if (!this.#device.hidden) {
      location.reload();
      return;
    }
    this.#view.hidden = true;
    this.#onJoined(answer.value.member);
  }

  /** @param {Refusal | null} refusal */
  #showRefusal(refusal) {
    clearTimeout(this.#clock);
    clearTimeout(this.#hush);
    this.#button.disabled = false;
    const about = refusal ? this.#fieldOf(refusal) : "";
    for (const place of this.#form.querySelectorAll("[data-about]")) {
      if (!(place instanceof HTMLElement)) continue;
      const isIt = place.dataset["about"] === about;
      place.textContent = isIt && refusal ? this.#words(refusal) : "";
      place.removeAttribute("aria-live");
      if (isIt && refusal && isPause(refusal)) this.#countDown(place, refusal.retryAfterS, about);
    }
    this.#offerChoices(refusal);
    if (refusal?.code === "code_wrong" && this.#isInvited()) this.#code.value = "";
    for (const field of [this.#name, this.#lang, this.#code, this.#deviceCode]) {
      field.setAttribute("aria-invalid", String(field.name === about));
      if (field.name === about) field.focus();
    }
  }

  /** @param {Refusal} refusal */
  #fieldOf({ code }) {
    if (code === "too_many_tries") return this.#device.hidden ? "code" : "device_code";
    return FIELD_OF[code] ?? "form";
  }

  /** @param {Refusal} refusal */
  #words({ code, message, name, tries_left: triesLeft }) {
    if (code === "name_taken" && name) return isHere(name);
    if (code !== "code_wrong") return message || NO_CONNECTION;
    if (this.#isInvited()) return LINK_OLD;
    return wrongCode(triesLeft ?? 0);
  }

  /**
   * Says for how long nothing is taken, and takes it again when that is over. Screen readers hear
   * the first of it.
   *
   * @param {HTMLElement} place
   * @param {number} seconds
   * @param {string} about
   */
  #countDown(place, seconds, about) {
    const say = about === "code" ? tooManyCodes : tooManyTries;
    const until = Date.now() + seconds * SECOND_MS;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / SECOND_MS);
      this.#button.disabled = left > 0;
      place.textContent = left > 0 ? say(left) : "";
      if (left > 0) this.#clock = setTimeout(tick, SECOND_MS);
    };
    tick();
    this.#hush = setTimeout(() => place.setAttribute("aria-live", "off"), SECOND_MS / 2);
  }

  /** @param {Refusal | null} refusal */
  #offerChoices(refusal) {
    const { name = "", suggestion = "" } = refusal ?? {};
    this.#choices.hidden = suggestion === "";
    // To ask for the same name again would lead nowhere.
    this.#button.hidden = suggestion !== "";
    this.#other.textContent = joinAs(name, suggestion);
    this.#other.onclick = () => {
      this.#name.value = suggestion;
      this.#form.requestSubmit();
    };
  }
}

/** @param {Refusal} refusal */
function isPause({ code, tries_left: triesLeft }) {
  return code === "too_many_tries" || triesLeft === 0;
}
