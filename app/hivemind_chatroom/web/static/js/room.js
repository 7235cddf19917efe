/** The room once somebody is in it: every part of the page, and what each hears of the others. */

import { Composer } from "./composer.js";
import { Hub } from "./hub.js";
import { find } from "./markup.js";
import { Messages } from "./messages.js";
import { Panel } from "./panel.js";
import { Pending } from "./pending.js";
import { People } from "./people.js";
import { Preferences } from "./preferences.js";
import { Scroller } from "./scroller.js";
import { Stream } from "./stream.js";
import { ThinkingHint } from "./thinking.js";
import { keepUnsent } from "./unsent.js";

/** @import { Api } from "./api.js" */
/** @import { Boot, HubStatus, Member, Message } from "./contract" */

/** Messages read at once; the API gives no more. */
const PAGE = 100;

/** The room didn't let its log be read; it is tried again so much later. */
const RELOAD_MS = 2_000;

export class Room {
  #api;
  #member;
  #view;
  #offline;
  #people;
  #messages;
  #pending;
  #composer;
  #hub;
  #thinking;
  #preferences;
  #stream;

  /**
   * @param {ParentNode} root
   * @param {Boot} boot
   * @param {Api} api
   * @param {Member} member
   */
  constructor(root, boot, api, member) {
    this.#api = api;
    this.#member = member;
    this.#view = find(root, "#room", HTMLElement);
    this.#offline = find(this.#view, "#offline-banner", HTMLElement);
    this.#people = new People(this.#view, member.id);
    this.#messages = new Messages(
      this.#view,
      { ...member, colorOf: (id) => this.#people.colorOf(id) },
      new Scroller(this.#view),
      (before) => void this.#readEarlier(before),
    );
    this.#pending = new Pending(api, this.#messages, forgotten);
    this.#composer = new Composer(this.#view, (text, to) => this.#pending.send(text, to));
    this.#hub = new Hub(this.#view);
    this.#thinking = new ThinkingHint(this.#view);
    this.#preferences = new Preferences(
      this.#view,
      api,
      boot.languages,
      (changed) => this.#be(changed),
      () => this.#leave(),
    );
    this.#stream = new Stream(this.#listener());
    for (const name of ["people", "preferences"]) {
      new Panel(
        find(this.#view, `#${name}-button`, HTMLButtonElement),
        find(this.#view, `#${name}`, HTMLElement),
      );
    }
  }

  /** Shows the room and begins to listen. */
  enter() {
    this.#view.hidden = false;
    this.#be(this.#member);
    this.#composer.invite();
    void this.#read();
  }

  /** Reads what is there and goes on from it with what happens. */
  async #read() {
    const [members, page] = await Promise.all([
      this.#api.members(),
      this.#api.messages({ limit: PAGE }),
    ]);
    if (!members.ok || !page.ok) {
      this.#showOffline(true);
      setTimeout(() => void this.#read(), RELOAD_MS);
      return;
    }
    this.#people.show({ members: members.value, gone: [], complete: true });
    this.#messages.fill(page.value.messages, page.value.more);
    this.#stream.open(page.value.messages.at(-1)?.id ?? 0);
  }

  /** @param {number} before */
  async #readEarlier(before) {
    const page = await this.#api.messages({ before, limit: PAGE });
    if (page.ok) this.#messages.addEarlier(page.value.messages, page.value.more);
  }

  /** @returns {import("./stream.js").Listener} */
  #listener() {
    return {
      message: (message) => this.#arrived(message),
      update: (message) => this.#messages.update(message),
      removed: ({ ids }) => this.#messages.remove(ids),
      members: (members) => this.#people.show(members),
      hub: (status) => this.#hubChanged(status),
      thinking: (thinking) => this.#thinking.show(thinking),
      room: ({ name }) => this.#rename(name),
      reset: () => this.#messages.fill([], true),
      opened: () => this.#opened(),
      lost: () => this.#showOffline(true),
      failed: () => void this.#checkMembership(),
    };
  }

  /** @param {Message} message */
  #arrived(message) {
    if (message.author.id === this.#member.id) this.#pending.arrived(message);
    else this.#messages.add(message);
  }

  /** @param {HubStatus} status */
  #hubChanged(status) {
    this.#hub.show(status);
    const hasAssistant = status.state !== "off";
    this.#view.classList.toggle("no-assistant", !hasAssistant);
    if (!hasAssistant) this.#composer.speakToEveryone();
  }

  #opened() {
    this.#showOffline(false);
    this.#thinking.clear();
    void this.#checkMembership();
  }

  /** Stops listening first, or the room would end the stream and the page wonder why. */
  async #leave() {
    this.#stream.close();
    const answer = await this.#api.leave();
    if (answer.ok || answer.refusal.code === "not_joined") {
      keepUnsent([]);
      location.assign("/");
    } else {
      this.#stream.open();
    }
    return answer;
  }

  /** A room that was started anew may not know its members, and lets strangers read. */
  async #checkMembership() {
    const answer = await this.#api.me();
    if (!answer.ok && answer.refusal.code === "not_joined") forgotten();
  }

  /** @param {boolean} isOffline */
  #showOffline(isOffline) {
    this.#offline.hidden = !isOffline;
    this.#hub.showConnection(!isOffline);
  }

  /** @param {Member} member */
  #be(member) {
    this.#member = member;
    this.#preferences.show(member);
    // A reload, a bookmark, a shared address: name, site and language are in it.
    const parts = [member.name, member.site_id, member.lang].map(encodeURIComponent);
    history.replaceState(null, "", `/chatroom/${parts.join("/")}`);
  }

  /** @param {string} name */
  #rename(name) {
    find(this.#view, "h1 bdi", HTMLElement).textContent = name;
    document.title = name;
  }
}

/** The page that comes says so at the door, with name, language and site as the address has them. */
function forgotten() {
  location.reload();
}
