/** The one stream of a browser, handed to all of its tabs. */

import { Backlog, isNewsAfter } from "./backlog.js";
import { Source } from "./source.js";
import { Standing } from "./standing.js";

/** @import { FromTab, RoomEvent, ToTab } from "./contract" */

/** How often tabs are asked whether they are still there. */
const PULSE_MS = 20_000;

/** A tab that answered none of so many is gone: it crashed, or the phone put it to sleep. */
const PULSES_MISSED_MAX = 3;

/** What is remembered apart, as only its latest state matters. */
const STANDING = new Set(["hub", "members", "thinking", "room", "you"]);

/**
 * A tab that listens.
 *
 * @typedef {object} Tab
 * @property {number} after the newest message it has
 * @property {number} pulses sent since it was last heard
 */

export class Switchboard {
  /** @type {Map<MessagePort, Tab>} */
  #tabs = new Map();
  /** Whose stream it is: the room tells each member other things. */
  #memberId = "";
  #source = new Source({
    heard: (event) => this.#heard(event),
    opened: () => this.#opened(),
    failed: () => this.#tellAll({ kind: "failed" }),
  });
  #backlog = new Backlog(0);
  #standing = new Standing();
  #pulse = 0;
  /** Milliseconds on the clock of the day. */
  #pulsedAt = 0;

  /**
   * Listens to a tab that has come.
   *
   * @param {MessagePort} port
   */
  connect(port) {
    port.onmessage = (event) => this.#hear(port, event.data);
  }

  /** The network is back, or somebody looks. */
  wake() {
    this.#source.wake();
  }

  /** The network is said to be gone. */
  doubt() {
    this.#source.doubt();
  }

  /**
   * @param {MessagePort} port
   * @param {FromTab} word
   */
  #hear(port, word) {
    const tab = this.#tabs.get(port);
    if (tab) tab.pulses = 0;
    if (word.kind === "attach") this.#attach(port, word);
    else if (word.kind === "detach") this.#detach(port);
    else if (word.kind === "wake") this.#wokenBy(port);
  }

  /** @param {MessagePort} port */
  #wokenBy(port) {
    this.wake();
    tell(port, { kind: "pulse" });
  }

  /**
   * Takes a tab in that has read the log a moment ago. One that read it before the stream began
   * reads it once more. So does one that can't know whether it did: the newest message that it
   * found may be older than the stream because newer ones were removed.
   *
   * @param {MessagePort} port
   * @param {{ after: number, memberId: string }} place
   */
  #attach(port, { after, memberId }) {
    if (this.#tabs.size === 0 || memberId !== this.#memberId) this.#begin(after, memberId);
    if (!this.#backlog.continues(after)) {
      this.#detach(port);
      const data = { newest: this.#backlog.from };
      tell(port, { kind: "heard", event: { name: "reset", data } });
      return;
    }
    this.#tabs.set(port, { after, pulses: 0 });
    tell(port, { kind: "attached" });
    if (!this.#source.isOpen) return;
    tell(port, { kind: "opened" });
    for (const event of [...this.#standing.told(), ...this.#backlog.since(after)]) {
      this.#pass(port, event);
    }
  }

  /**
   * @param {number} after
   * @param {string} memberId
   */
  #begin(after, memberId) {
    // The browser is somebody else now, or was before: tabs that are wrong about it find out, and
    // those that are right come back.
    this.#tellAll({ kind: "failed" });
    this.#tellAll({ kind: "dropped" });
    this.#tabs.clear();
    this.#memberId = memberId;
    this.#backlog = new Backlog(after);
    this.#standing = new Standing();
    this.#source.open(after);
    this.#pulsedAt = Date.now();
    clearInterval(this.#pulse);
    this.#pulse = setInterval(() => this.#feelPulse(), PULSE_MS);
  }

  /** @param {MessagePort} port */
  #detach(port) {
    this.#tabs.delete(port);
    if (this.#tabs.size > 0) return;
    this.#source.close();
    clearInterval(this.#pulse);
  }

  #opened() {
    this.#standing.begin();
    this.#tellAll({ kind: "opened" });
  }

  /** @param {RoomEvent} event */
  #heard(event) {
    for (const port of this.#tabs.keys()) this.#pass(port, event);
    if (event.name === "reset") this.#sendAllBackToTheLog();
    else if (STANDING.has(event.name)) this.#standing.take(event);
    // It is about a code that was shown then, and not about one that is shown by now.
    else if (event.name !== "device_code") this.#backlog.add(event);
  }

  /** What comes now doesn't continue what anybody has: the first that has read anew begins anew. */
  #sendAllBackToTheLog() {
    for (const port of [...this.#tabs.keys()]) this.#detach(port);
  }

  /**
   * @param {MessagePort} port
   * @param {RoomEvent} event
   */
  #pass(port, event) {
    const tab = this.#tabs.get(port);
    if (!tab || !isNewsAfter(event, tab.after)) return;
    if (event.name === "message") tab.after = event.data.id;
    tell(port, { kind: "heard", event });
  }

  #feelPulse() {
    const hasSlept = Date.now() - this.#pulsedAt > 2 * PULSE_MS;
    this.#pulsedAt = Date.now();
    if (hasSlept) this.wake();
    for (const [port, tab] of [...this.#tabs]) {
      if (tab.pulses < PULSES_MISSED_MAX) {
        tab.pulses += 1;
        tell(port, { kind: "pulse" });
      } else {
        this.#detach(port);
        // A tab that only slept hears it when it wakes.
        tell(port, { kind: "dropped" });
        port.close();
      }
    }
  }

  /** @param {ToTab} word */
  #tellAll(word) {
    for (const port of this.#tabs.keys()) tell(port, word);
  }
}

/**
 * @param {MessagePort} port
 * @param {ToTab} word
 */
function tell(port, word) {
  port.postMessage(word);
}
