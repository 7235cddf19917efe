/** The operator's API (docs/operator-api.md); what goes wrong comes back as a value with a code. */

import { linesOf } from "./lines.js";
import { LANG } from "./translate.js";

/** @import { Answer, Check, Credentials, Refusal } from "./contract" */

const HEADER = "X-Operator-Token";
const JSON_TYPE = "application/json";
const ZIP_TYPE = "application/zip";

const ANSWER_DEADLINE_MS = 15_000;

/** A backup of a large room takes its time. */
const FILE_DEADLINE_MS = 300_000;

/** @type {Refusal} */
const OFFLINE = Object.freeze({ code: "offline", setting: "" });

const FILE_NAME = /filename="?([^";]+)"?/;

export class Api {
  #token;

  /** @param {string} token */
  constructor(token) {
    this.#token = token;
  }

  get token() {
    return this.#token;
  }

  /**
   * Asks for something, or for something to be done.
   *
   * @template T
   * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path below `/api/`
   * @param {unknown} [body] sent as JSON
   * @returns {Promise<Answer<T>>}
   */
  async ask(method, path, body = method === "GET" ? undefined : {}) {
    const sent = body === undefined ? null : JSON.stringify(body);
    return contentOf(await this.#fetch(method, path, sent, JSON_TYPE, ANSWER_DEADLINE_MS));
  }

  /**
   * Runs the five checks, and yields each as it ends; a refusal ends it too.
   *
   * @param {Credentials} credentials
   * @returns {AsyncGenerator<Answer<Check>, void, void>}
   */
  async *test(credentials) {
    const body = JSON.stringify(credentials);
    const answer = await this.#fetch("POST", "identity/test", body, JSON_TYPE, ANSWER_DEADLINE_MS);
    if (!answer.ok) {
      yield answer;
      return;
    }
    try {
      for await (const line of linesOf(answer.value)) {
        if (line) yield { ok: true, value: JSON.parse(line) };
      }
    } catch {
      yield { ok: false, refusal: OFFLINE };
    }
  }

  /**
   * Opens the stream of what happens.
   *
   * @param {AbortSignal} signal closes it
   * @returns {Promise<Response>}
   */
  events(signal) {
    return fetch("/api/events", { headers: this.#headers(), signal, cache: "no-store" });
  }

  /**
   * Fetches a file: an address of its own could not carry the token.
   *
   * @param {string} path below `/api/`
   * @returns {Promise<Answer<File>>}
   */
  async file(path) {
    const answer = await this.#fetch("GET", path, null, JSON_TYPE, FILE_DEADLINE_MS);
    if (!answer.ok) return answer;
    const response = answer.value;
    const disposition = response.headers.get("Content-Disposition") ?? "";
    const name = FILE_NAME.exec(disposition)?.[1] ?? path.replace(/\W+/g, "-");
    try {
      const blob = await response.blob();
      return { ok: true, value: new File([blob], name, { type: blob.type }) };
    } catch {
      return { ok: false, refusal: OFFLINE };
    }
  }

  /**
   * Has a backup looked into; nothing changes.
   *
   * @param {File} backup
   * @returns {Promise<Answer<{ made_at: string }>>}
   */
  async lookInto(backup) {
    const path = "restore/check";
    return contentOf(await this.#fetch("POST", path, backup, ZIP_TYPE, FILE_DEADLINE_MS));
  }

  /**
   * Puts a backup in place of what is there.
   *
   * @param {File} backup
   * @returns {Promise<Refusal | null>}
   */
  async restore(backup) {
    const answer = await this.#fetch("POST", "restore", backup, ZIP_TYPE, FILE_DEADLINE_MS);
    return answer.ok ? null : answer.refusal;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {BodyInit | null} body
   * @param {string} type
   * @param {number} deadlineMs
   * @returns {Promise<Answer<Response>>}
   */
  async #fetch(method, path, body, type, deadlineMs) {
    const headers = this.#headers();
    if (body !== null) headers.set("Content-Type", type);
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const response = await fetch(`/api/${path}`, { method, headers, body, signal });
      if (response.ok) return { ok: true, value: response };
      return { ok: false, refusal: await refusalOf(response) };
    } catch {
      return { ok: false, refusal: OFFLINE };
    }
  }

  #headers() {
    return new Headers({ [HEADER]: this.#token, "Accept-Language": LANG });
  }
}

/**
 * @template T
 * @param {Answer<Response>} answer
 * @returns {Promise<Answer<T>>} what is in it
 */
async function contentOf(answer) {
  if (!answer.ok) return answer;
  try {
    const value = answer.value.status === 204 ? null : await answer.value.json();
    return { ok: true, value };
  } catch {
    return { ok: false, refusal: OFFLINE };
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Refusal>}
 */
async function refusalOf(response) {
  /** @type {{ error?: Partial<Refusal> }} */
  const body = await response.json().catch(() => ({}));
  return {
    code: body.error?.code ?? `http_${response.status}`,
    setting: body.error?.setting ?? "",
  };
}
