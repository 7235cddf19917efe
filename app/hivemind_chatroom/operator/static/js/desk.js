/** What every part of the page may ask for: how things stand, and who carries a decision out. */

import {
  createContext,
  useContext,
  useEffect,
  useRef,
  useState,
} from "../vendor/htm-preact-standalone.module.js";
import { Live } from "./live.js";

/** @import { Api } from "./api.js" */
/** @import { Invite, Refusal, Settings, Status, Undo, Wifi } from "./contract" */
/** @import { Connection } from "./live.js" */

/**
 * @typedef {object} Desk
 * @property {Api} api
 * @property {Status} status as it was told last
 * @property {boolean} isLost whether the program is silent, so that nobody knows how things stand
 * @property {Settings} settings
 * @property {(some: Partial<Settings>) => Promise<Refusal | null>} change keeps settings
 * @property {(text: string, about?: string) => void} tell says something that happened, in place of
 *   what was said about the same before
 * @property {(undo: Undo) => void} offerUndo
 * @property {Wifi | null} wifi what is on the printed sheet beside the room; only this page has it
 * @property {(wifi: Wifi | null) => void} setWifi
 * @property {(place: "wizard" | "room") => void} go
 */

const DeskContext = createContext(/** @type {Desk | null} */ (null));

export const DeskProvider = DeskContext.Provider;

/** @returns {Desk} */
export function useDesk() {
  const desk = useContext(DeskContext);
  if (!desk) throw new TypeError("There is no desk around this part.");
  return desk;
}

/**
 * Follows how things stand.
 *
 * @param {Api} api
 * @returns {{ status: Status | null, connection: Connection }}
 */
export function useLive(api) {
  const [status, setStatus] = useState(/** @type {Status | null} */ (null));
  const [connection, setConnection] = useState(/** @type {Connection} */ ("opening"));
  useEffect(() => {
    const live = new Live(api, { heard: setStatus, turned: setConnection });
    live.start();
    return () => live.stop();
  }, [api]);
  return { status, connection };
}

/**
 * Reads something from the API, and anew when what it depends on has changed.
 *
 * @template T
 * @param {Api} api
 * @param {string} path
 * @param {readonly unknown[]} [dependsOn]
 * @returns {[T | null, (value: T) => void]}
 */
export function useFetched(api, path, dependsOn = []) {
  const [value, setValue] = useState(/** @type {T | null} */ (null));
  useEffect(() => {
    let isWanted = true;
    void api.ask("GET", path).then((answer) => {
      if (isWanted && answer.ok) setValue(/** @type {T} */ (answer.value));
    });
    return () => {
      isWanted = false;
    };
  }, [api, path, ...dependsOn]);
  return [value, setValue];
}

/**
 * Returns the invitation, which changes with the room, the code, the addresses, the name and the port.
 *
 * @returns {[Invite | null, (invite: Invite) => void]}
 */
export function useInvite() {
  const { api, status } = useDesk();
  const { room, lan } = status;
  const places = [room.url, room.lan_url, lan.name, ...lan.addresses].join();
  return useFetched(api, "invite", [room.id, room.code, places]);
}

/** Scrolls an element into view when it first appears. */
export function useInView() {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => element.current?.scrollIntoView({ block: "nearest" }), []);
  return element;
}

/**
 * Puts the focus on an element when it first appears.
 *
 * @template {HTMLElement} T
 */
export function useFocus() {
  const element = useRef(/** @type {T | null} */ (null));
  useEffect(() => element.current?.focus({ preventScroll: true }), []);
  return element;
}
