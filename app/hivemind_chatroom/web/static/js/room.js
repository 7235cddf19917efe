/** The room once somebody is in it: every part of the page, and what each hears of the others. */

import { Chips } from "./chips.js";
import { Composer } from "./composer.js";
import { Excerpt } from "./excerpt.js";
import { Hub } from "./hub.js";
import { find } from "./markup.js";
import { Membership } from "./membership.js";
import { Messages } from "./messages.js";
import { Offline } from "./offline.js";
import { Panels } from "./panels.js";
import { Pending } from "./pending.js";
import { People } from "./people.js";
import { Permission } from "./permission.js";
import { readerOf } from "./reader.js";
import { Scroller } from "./scroller.js";
import { Speech } from "./speech.js";
import { Stream } from "./stream.js";
import { ThinkingHint } from "./thinking.js";
import { LANG, primary } from "./translate.js";

/** @import { Api } from "./api.js" */
/** @import { Audience, Boot, HubStatus, Member, Members, Message } from "./contract" */
/** @import { Decided, RoomNews } from "./contract" */
/** @import { View } from "./view.js" */

/** The room didn't let its log be read; it is tried again so much later. */
const RELOAD_MS = 2_000;

/** Whatever makes a page start over again and again, it shall not keep the room busy with it. */
const START_OVER_MIN_MS = 1_000;

export class Room {
  #api;
  #member;
  #membership;
  #view;
  #self;
  #offline;
  #excerpt;
  #chips;
  #panels;
  #isCutOff = false;
  #speech;
  #people;
  #messages;
  #pending;
  #composer;
  #permission;
  #hub;
  #thinking;
  #stream;
  #reloadTimer = 0;
  /** How often the log was begun to be read, or given up: what an older reading brings is stale. */
  #reading = 0;
  /** Milliseconds since the page began. */
  #startedOverAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {ParentNode} root
   * @param {Boot} boot
   * @param {Api} api
   * @param {Member} member
   * @param {View} view
   */
  constructor(root, boot, api, member, view) {
    this.#api = api;
    this.#member = member;
    this.#membership = new Membership(api, member.id, () => {
      this.#decide({ state: "removed", until: null });
    });
    this.#view = find(root, "#room", HTMLElement);
    this.#permission = new Permission(this.#view, api);
    this.#offline = new Offline(this.#view);
    this.#speech = new Speech(this.#view, view);
    this.#people = new People(this.#view, member.id);
    this.#self = readerOf(member, api, this.#people, this.#speech, (id) =>
      this.#messages.remove([id]),
    );
    const scroller = new Scroller(this.#view);
    this.#messages = new Messages(this.#view, this.#self, scroller);
    this.#excerpt = new Excerpt(api, this.#messages, scroller, () => this.#startOver());
    this.#pending = new Pending(api, this.#messages, member.id, () => this.#membership.lose());
    this.#composer = new Composer(this.#view, member.id, (text, to) => this.#say(text, to));
    this.#chips = new Chips(this.#view, (text) => this.#ask(text));
    this.#hub = new Hub(this.#view);
    this.#thinking = new ThinkingHint(this.#view);
    this.#stream = new Stream(this.#listener(), member.id);
    this.#panels = new Panels(this.#view, member, {
      api,
      view,
      languages: boot.languages,
      changed: (changed) => this.#be(changed),
      leave: () => this.#leave(),
      chosen: (id) => void this.#excerpt.show(id),
    });
    document.addEventListener("keydown", (event) => void this.#pressed(event));
    document.addEventListener("visibilitychange", () => this.#lookChanged());
    window.addEventListener("pagehide", () => this.#messages.leave());
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
    clearTimeout(this.#reloadTimer);
    this.#reading += 1;
    const reading = this.#reading;
    const members = await this.#api.members();
    if (reading !== this.#reading) return;
    if (members.ok) this.#people.show({ members: members.value, gone: [], complete: true });
    const newest = members.ok ? await this.#excerpt.read() : members;
    if (reading !== this.#reading) return;
    if (!newest.ok) {
      this.#cutOff();
      void this.#membership.check();
      this.#reloadTimer = setTimeout(() => void this.#read(), RELOAD_MS);
      return;
    }
    this.#chips.show(this.#messages.lines.hasOwn);
    this.#stream.open(newest.value);
  }

  /**
   * @param {string} text
   * @param {Audience} to
   * @param {string} [lang] where it isn't the reader's own
   */
  #say(text, to, lang) {
    this.#pending.send(text, to, lang);
    this.#chips.show(true);
  }

  /** @param {string} text what the assistant is asked, in the words of the page */
  #ask(text) {
    const to = this.#composer.audience;
    const isForeign = primary(this.#member.lang) !== primary(LANG);
    this.#say(text, to === "people" ? "everyone" : to, isForeign ? LANG : undefined);
  }

  /** @param {KeyboardEvent} event */
  async #pressed(event) {
    if (event.key !== "F6") return;
    event.preventDefault();
    // Should it not come, the next press asks again.
    const regions = await import("./regions.js").catch(() => null);
    regions?.walkRegions(this.#view, event.shiftKey ? -1 : 1);
  }

  /** Who doesn't look, or hears nothing, is told on return where they left off. */
  #lookChanged() {
    if (document.hidden || this.#isCutOff) this.#messages.leave();
    else this.#messages.comeBack();
  }

  /** @returns {import("./stream.js").Listener} */
  #listener() {
    return {
      message: (message) => this.#arrived(message),
      update: (message) => this.#messages.update(message),
      removed: ({ ids }) => this.#messages.remove(ids),
      members: (members) => this.#membersChanged(members),
      hub: (status) => this.#hubChanged(status),
      thinking: (thinking) => this.#thinking.show(thinking),
      room: (news) => this.#roomChanged(news),
      you: (ruling) => this.#decide(ruling),
      device_code: ({ state }) => this.#panels.endCode(state),
      reset: () => this.#startOver(),
      opened: () => this.#opened(),
      lost: () => this.#cutOff(),
      failed: () => this.#failed(),
    };
  }

  /** @param {Message} message */
  #arrived(message) {
    if (message.author.id === this.#member.id) this.#pending.arrived(message);
    else this.#messages.add(message);
    this.#speech.hear(message, this.#member.id, this.#api.ageOf(message.sent_at));
  }

  /** @param {HubStatus} status */
  #hubChanged(status) {
    this.#hub.show(status);
    const hasAssistant = status.state !== "off";
    this.#view.classList.toggle("no-assistant", !hasAssistant);
    if (!hasAssistant) this.#composer.speakToEveryone();
  }

  /** @param {Members} news */
  #membersChanged(news) {
    this.#people.show(news);
    // Another tab, or another device of the same member, may have changed the language.
    const now = news.members.find(({ id }) => id === this.#member.id);
    if (now && (now.name !== this.#member.name || now.lang !== this.#member.lang)) this.#be(now);
  }

  /** @param {Partial<Decided>} news */
  #decide(news) {
    if (news.state === "left") this.#membership.lose("left");
    else void this.#permission.decide(news);
    // The stream tries on: the host may take it back.
    if (this.#permission.isRemoved) this.#showOffline(false);
  }

  /** Who is removed is not cut off. */
  #cutOff() {
    this.#showOffline(!this.#permission.isRemoved);
  }

  #startOver() {
    this.#stopListening();
    const pauseMs = this.#startedOverAt + START_OVER_MIN_MS - performance.now();
    this.#reloadTimer = setTimeout(() => {
      this.#startedOverAt = performance.now();
      void this.#read();
    }, pauseMs);
  }

  #stopListening() {
    clearTimeout(this.#reloadTimer);
    this.#reading += 1;
    this.#stream.close();
  }

  #opened() {
    this.#showOffline(false);
    this.#thinking.clear();
    this.#pending.resume();
    void this.#membership.check();
  }

  #failed() {
    this.#pending.interrupt();
    void this.#membership.check();
  }

  /** Stops listening first, or the room would end the stream and the page wonder why. */
  async #leave() {
    this.#stopListening();
    const refusal = await this.#membership.leave();
    if (refusal) void this.#read();
    return refusal;
  }

  /** @param {boolean} isOffline */
  #showOffline(isOffline) {
    this.#isCutOff = isOffline;
    this.#lookChanged();
    this.#offline.show(isOffline);
    this.#hub.showConnection(!isOffline);
  }

  /** @param {Member} member */
  #be(member) {
    const isInOtherLanguage = member.lang !== this.#member.lang;
    this.#member = member;
    Object.assign(this.#self, member);
    this.#panels.show(member);
    // A reload, a bookmark, a shared address: name, site and language are in it.
    const parts = [member.name, member.site_id, member.lang].map(encodeURIComponent);
    history.replaceState(null, "", `/chatroom/${parts.join("/")}`);
    // The words of the page come from the server, in the member's language.
    if (isInOtherLanguage) location.reload();
  }

  /** @param {RoomNews} news */
  #roomChanged({ name, paused, newest, closing }) {
    if (closing) this.#offline.expect();
    if (newest !== undefined) this.#messages.catchUpTo(newest);
    this.#decide({ paused });
    find(this.#view, "h1 bdi", HTMLElement).textContent = name;
    document.title = name;
  }
}
