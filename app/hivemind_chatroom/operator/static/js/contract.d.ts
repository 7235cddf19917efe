/** What the program and the operator's page say to each other: docs/operator-api.md, as types. */

export type HubState =
  | "off"
  | "unconfigured"
  | "connecting"
  | "connected"
  | "unreachable"
  | "refused"
  | "not_allowed"
  | "no_assistant";

export type HubChoice = "auto" | "identity" | "built-in" | "none";

/** All moments are RFC 3339, UTC. */
export interface Member {
  id: string;
  name: string;
  /** BCP-47. */
  lang: string;
  site_id: string;
  present: boolean;
  /** 0 to 7: the hue of the avatar. */
  color: number;
  muted_until: string | null;
  device: "phone" | "computer" | "";
  last_seen: string | null;
}

export interface Undo {
  id: string;
  kind: "mute" | "remove" | "rename";
  member_id: string;
  name: string;
  until: string;
}

export type HappeningKind =
  | "asked"
  | "answered"
  | "unmatched"
  | "refused"
  | "unanswered"
  | "joined"
  | "left"
  | "muted"
  | "unmuted"
  | "removed"
  | "let_in"
  | "renamed"
  | "guessed"
  | "hub"
  | "announced";

export interface Happening {
  at: string;
  kind: HappeningKind;
  name: string;
  detail: string;
  ms: number | null;
  is_problem: boolean;
}

export interface Today {
  asked: number;
  answered: number;
  people: number;
  median_ms: number | null;
  /** 24 numbers, from midnight here. */
  asked_by_hour: number[];
  answered_by_hour: number[];
  median_ms_by_hour: (number | null)[];
}

export interface HubStatus {
  choice: HubChoice;
  builtin: boolean;
  state: HubState;
  since: string;
  reason: string;
  command: string;
  address: string;
  latency_ms: number | null;
}

export interface RoomStatus {
  id: string;
  name: string;
  url: string;
  lan_url: string | null;
  /** Where a proxy lets people in. */
  public_url: string | null;
  port: number;
  port_wanted: number | null;
  code: string;
  /** Network addresses that have to wait after too many wrong codes. */
  locked_out: number;
  paused: boolean;
  present: number;
  members: number;
  members_max: number;
}

export interface LanInterface {
  name: string;
  addresses: string[];
  is_pinned: boolean;
}

/** Something that may keep phones from the room. */
export interface Hint {
  kind: "wifi" | "vpn" | "firewall";
  /** Of the VPN's interface, or of the firewall: `ufw`, `firewalld`, `windows`, `macos`. */
  name: string;
  commands: string[];
}

export interface LanStatus {
  state: "starting" | "ok" | "none" | "off" | "nameless" | "disabled";
  addresses: string[];
  /** By which others find the room now; not the wanted one if a neighbour has that. */
  name: string | null;
  machine_name: string | null;
  wanted_name: string;
  interfaces: LanInterface[];
  /** Empty: none was chosen. Chosen and none of them pinned: it is gone. */
  wanted_interface: string;
  last_visitor_at: string | null;
  /** Nothing until nobody has come for five minutes. */
  hints: Hint[];
}

export interface StoreStatus {
  state: "ok" | "full" | "away" | "memory";
  messages: number;
  bytes: number;
  free_bytes: number | null;
  set_aside: string | null;
}

export interface Status {
  app: {
    version: string;
    started_at: string;
    data_dir: string;
    log_dir: string | null;
    /** What this computer is called, without its domain. */
    computer: string;
    desktop: boolean;
    set_up: boolean;
  };
  room: RoomStatus;
  hub: HubStatus;
  lan: LanStatus;
  store: StoreStatus;
  members: Member[];
  undo: Undo[];
  /** The newest fifty, oldest first. */
  now: Happening[];
  today: Today;
}

export interface Settings {
  room_name: string;
  /** Empty: the room is open. */
  code: string;
  paused: boolean;
  keep_days: number;
  keep_messages: number;
  /** BCP-47. */
  languages: string[];
  members_max: number;
  /** Of this window. */
  language: string;
  /** Whether the room announces itself on the LAN. */
  lan: boolean;
  /** By which name, without `.local`. */
  lan_name: string;
  /** The network whose addresses others are told; empty for the likeliest. */
  lan_interface: string;
  set_up: boolean;
  /** 1 to 5: where the first steps go on. */
  set_up_step: number;
  /** They were left for later. */
  set_up_later: boolean;
  /** null: not on this system. */
  start_at_login: boolean | null;
  /** Who has decided a setting so that it can't be changed here. */
  fixed: Partial<Record<keyof Settings, string>>;
}

export interface Credentials {
  text?: string;
  key?: string;
  password?: string;
  host?: string;
  port?: number;
  site_id?: string;
}

/** A secret that is known, as it may be shown. */
export interface Secret {
  found: boolean;
  masked: string;
}

export interface Found {
  key: Secret;
  password: Secret;
  host: string;
  port: number | null;
  tls: boolean;
  site_id: string;
  weak: boolean;
}

export interface Identity {
  is_set: boolean;
  host: string;
  port: number | null;
  tls: boolean;
  site_id: string;
  key: Secret;
  password: Secret;
  file: string;
  broken: string;
}

export type CheckName = "reached" | "key" | "password" | "allowed" | "answered";

export interface Check {
  check: CheckName;
  state: "ok" | "failed" | "skipped";
  ms: number;
  code: string;
  text: string;
  command: string;
  address: string;
}

export interface SeenHub {
  name: string;
  host: string;
  port: number;
  tls: boolean;
  is_reachable: boolean | null;
}

export interface SeenHubs {
  hubs: SeenHub[];
  is_searching: boolean;
}

export interface Invite {
  url: string;
  addresses: string[];
  name_url: string | null;
  code: string;
  qr_svg: string;
}

/** A network that the printed sheet leads into. */
export interface Wifi {
  name: string;
  qr_svg: string;
}

export interface Message {
  id: number;
  kind: "person" | "assistant" | "announcement" | "media" | "notice";
  author: { id: string; name: string };
  to: { id: string; name: string } | null;
  text: string;
  lang: string;
  dir: "ltr" | "rtl";
  sent_at: string;
  media: { title: string; artist: string; uri: string; kind: string } | null;
}

export interface Page {
  /** Oldest first. */
  messages: Message[];
  more: boolean;
}

/** Why a call was of no use: a code of errors.py, or `offline` when nobody answered. */
export interface Refusal {
  code: string;
  /** Which setting it is about, or nothing. */
  setting: string;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };
