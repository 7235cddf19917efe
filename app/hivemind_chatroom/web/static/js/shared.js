/** A tab's end of the stream that all tabs of a browser share. */

/** @import { FromTab, ToTab } from "./contract" */
/** @import { SourceListener } from "./source.js" */

const WORKER = new URL("./worker.js", import.meta.url).href;

/** The worker says nothing for so long after it was called: it can't start here. */
const START_DEADLINE_MS = 6_000;

/** Nor when somebody looks again: it is gone. Phones end workers while nobody looks. */
const WAKE_DEADLINE_MS = 6_000;

/** More than three of its pulses: it is gone. */
const SILENCE_MAX_MS = 70_000;

/**
 * Tells whether this browser has shared workers at all; Chrome on Android has none.
 *
 * @returns {boolean}
 */
export function canShare() {
  return typeof SharedWorker === "function";
}

export class SharedSource {
  #listener;
  #memberId;
  #onUnavailable;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {unknown} the worker's address, vouched for */
  #address = null;
  #timer = 0;
  #isStarting = true;

  /**
   * @param {SourceListener} listener
   * @param {string} memberId
   * @param {() => void} onUnavailable the worker can't start in this browser
   */
  constructor(listener, memberId, onUnavailable) {
    this.#listener = listener;
    this.#memberId = memberId;
    this.#onUnavailable = onUnavailable;
  }

  /**
   * Listens from here on.
   *
   * @param {number} after the newest message of the log, read just now
   */
  open(after) {
    this.close();
    try {
      this.#port = this.#call();
    } catch {
      this.#giveUp();
      return;
    }
    this.#port.onmessage = (event) => this.#hear(event.data);
    this.#isStarting = true;
    this.#timer = setTimeout(() => this.#giveUp(), START_DEADLINE_MS);
    this.#tell({ kind: "attach", after, memberId: this.#memberId });
  }

  /** Listens no more, until somebody opens it anew. */
  close() {
    clearTimeout(this.#timer);
    this.#tell({ kind: "detach" });
    this.#port?.close();
    this.#port = null;
  }

  /** The network is back, or somebody looks. */
  wake() {
    if (!this.#port || this.#isStarting) return;
    this.#tell({ kind: "wake" });
    this.#expectWord(WAKE_DEADLINE_MS);
  }

  #call() {
    const options = /** @type {const} */ ({ type: "module", name: "stream" });
    this.#address ??= vouched();
    const worker = new SharedWorker(/** @type {string} */ (this.#address), options);
    worker.onerror = () => this.#giveUp();
    return worker.port;
  }

  #giveUp() {
    this.close();
    this.#onUnavailable();
  }

  /** @param {ToTab} word */
  #hear(word) {
    this.#isStarting = false;
    this.#expectWord(SILENCE_MAX_MS);
    if (word.kind === "heard") this.#listener.heard(word.event);
    else if (word.kind === "opened") this.#listener.opened();
    else if (word.kind === "failed") this.#listener.failed();
    else if (word.kind === "pulse") this.#tell({ kind: "here" });
    else if (word.kind === "dropped") this.#startOver();
  }

  /** @param {number} deadlineMs */
  #expectWord(deadlineMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#startOver(), deadlineMs);
  }

  /** Nobody knows what was missed; the log does. */
  #startOver() {
    this.close();
    this.#listener.heard({ name: "reset", data: { newest: 0 } });
  }

  /** @param {FromTab} word */
  #tell(word) {
    this.#port?.postMessage(word);
  }
}

/**
 * Returns the address of the worker as the page's policy wants it (Trusted Types): vouched for, this
 * one and no other.
 */
function vouched() {
  const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => WORKER });
  return policy?.createScriptURL("") ?? WORKER;
}
