/** What the room and its pages say to each other: docs/http-api.md, as types. */

export type Audience = "everyone" | "assistant" | "people";

export type Delivery =
  | "queued"
  | "sending"
  | "sent"
  | "answered"
  | "unmatched"
  | "refused"
  | "unanswered"
  | "unconfirmed"
  | "expired";

export type HubState =
  | "off"
  | "unconfigured"
  | "connecting"
  | "connected"
  | "unreachable"
  | "refused"
  | "not_allowed"
  | "no_assistant";

export interface Member {
  id: string;
  name: string;
  /** BCP-47. */
  lang: string;
  site_id: string;
  /** A page of theirs is open. */
  present: boolean;
  /** 0 to 7: the hue of the avatar. */
  color: number;
}

export interface Author {
  id: string;
  name: string;
}

export interface Media {
  title: string;
  artist: string;
  uri: string;
  kind: string;
}

export interface Message {
  /** 1, 2, 3 ...: the order of the room. */
  id: number;
  kind: "person" | "assistant" | "announcement" | "media" | "notice";
  author: Author;
  to: Author | null;
  text: string;
  /** The text as clean HTML, where the assistant has written Markdown. */
  html?: string;
  lang: string;
  dir: "ltr" | "rtl";
  private: boolean;
  /** RFC 3339, UTC. */
  sent_at: string;
  delivery: Delivery | null;
  in_reply_to: number | null;
  expects_reply: boolean;
  media: Media | null;
  /** Told to its author's browsers only; not in what all are sent. */
  client_id?: string;
}

export interface Draft {
  /** Made by this browser: the same one again is the same message. */
  client_id: string;
  text: string;
  to: Audience;
  /** BCP-47, where it isn't the reader's own language. */
  lang?: string;
}

export interface Page {
  /** Oldest first. */
  messages: Message[];
  more: boolean;
}

/** What a page shows of the log. */
export interface Part {
  /** Oldest first. */
  messages: Message[];
  hasEarlier: boolean;
  hasLater: boolean;
}

export interface Introduction {
  name: string;
  lang: string;
  site_id: string;
}

export interface HubStatus {
  state: HubState;
  /** RFC 3339, UTC. */
  since: string;
  /** A stable code such as `hub.key`, empty when all is well. */
  reason: string;
  /** What the host runs on the hub, empty when nothing helps there. */
  command: string;
  /** It is the room's own small assistant. */
  builtin: boolean;
}

/** What is new about who is here. */
export interface Members {
  /** Those who came, went or are called otherwise; everybody when `complete`. */
  members: Member[];
  /** The ids of those who left for good. */
  gone: string[];
  complete: boolean;
}

export interface Thinking {
  message_id: number;
  on: boolean;
}

export interface RoomNews {
  name: string;
  /** Nobody may write. */
  paused: boolean;
  /** Of which history the numbers of its messages are. */
  history: string;
  /** Where a stream begins: what it tells up to this number was said before. */
  newest?: number;
  /** Its host closes it, and the stream ends. */
  closing?: boolean;
}

/** What the host has decided about the reader; or that they have left, on another device of theirs. */
export interface Ruling {
  state: "free" | "muted" | "removed" | "left";
  /** RFC 3339, UTC; null when it has no end. */
  until: string | null;
}

/** Why the code for another device is of no more use. */
export type CodeEnd = "used" | "void";

/** What it comes to: who is told `paused` may not write either. */
export type Decided = Ruling & { paused: boolean };

/** What the event stream tells. */
export type RoomEvent =
  | { name: "message"; data: Message }
  | { name: "update"; data: Message }
  | { name: "removed"; data: { ids: number[] } }
  | { name: "members"; data: Members }
  | { name: "hub"; data: HubStatus }
  | { name: "thinking"; data: Thinking }
  | { name: "room"; data: RoomNews }
  | { name: "you"; data: Ruling }
  | { name: "device_code"; data: { state: CodeEnd } }
  /** `newest`: who reads the log now has all that it holds up to this number, seen or not. */
  | { name: "reset"; data: { newest: number } };

/** What a tab says to the shared worker. */
export type FromTab =
  | { kind: "attach"; after: number; memberId: string }
  | { kind: "detach" }
  | { kind: "wake" }
  | { kind: "here" };

/** What the shared worker says to a tab. */
export type ToTab =
  | { kind: "attached" }
  | { kind: "opened" }
  | { kind: "failed" }
  | { kind: "heard"; event: RoomEvent }
  | { kind: "pulse" }
  /** It was taken for gone, or for somebody else: what came meanwhile it has missed. */
  | { kind: "dropped" };

/** Why a call was of no use: a code of errors.py, or `offline` when nobody answered. */
export interface Refusal {
  code: string;
  /** A sentence for the reader, empty when nobody answered. */
  message: string;
  /** When the same call will work, in seconds; 0 when it isn't a matter of time. */
  retryAfterS: number;
  /** The name that is taken, as it is held. */
  name?: string;
  /** A name that is free, where another was taken. */
  suggestion?: string;
  /** How many more wrong codes are taken. */
  tries_left?: number;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** Another room on this network. */
export interface SeenRoom {
  id: string;
  name: string;
  /** With an address of numbers. */
  url: string;
  needs_code: boolean;
}

export interface SeenRooms {
  rooms: SeenRoom[];
  /** More may come. */
  is_searching: boolean;
}

/** What the server writes into the page. */
export interface Boot {
  lang: string;
  site_id: string;
  /** What led here and lets people in, the invitation or the join code; or empty. */
  code: string;
  member: Member | null;
  /** BCP-47 tags that the page offers. */
  languages: string[];
}

declare global {
  /** Where browsers have it: https://w3c.github.io/trusted-types/ */
  var trustedTypes:
    | {
        createPolicy(
          name: string,
          rules: {
            createScriptURL?(url: string): string;
            createHTML?(html: string): string;
          },
        ): { createScriptURL(url: string): unknown; createHTML(html: string): unknown };
      }
    | undefined;
}
