/** What was said: to search, to take with you, to forget. */

import {
  html,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { DownloadButton } from "../parts/download.js";
import { Icon } from "../parts/icon.js";
import { withValue } from "../parts/inputs.js";
import { ARROW, n, number, t, when } from "../translate.js";
import { refusalText } from "../words/refusals.js";

/** @import { Message, Page } from "../contract" */

const PAGE = 50;

/** After the last key, before it is searched. */
const PAUSE_MS = 250;

export function HistoryTab() {
  const { api, status, tell } = useDesk();
  const [words, setWords] = useState("");
  const log = useLog(words.trim());
  const [doomed, setDoomed] = useState(/** @type {Message | null} */ (null));
  const forget = async () => {
    const answer = await api.ask("DELETE", `messages/${doomed?.id}`);
    setDoomed(null);
    if (answer.ok) log.drop(doomed?.id ?? 0);
    else tell(refusalText(answer.refusal));
  };
  return html`<div class="column">
    <div class="row row-spread">
      <label class="search">
        <span class="sr">${t("Search what was said")}</span>
        <${Icon} name="search" />
        <input
          type="search" dir="auto" placeholder=${t("Search what was said")} value=${words}
          onInput=${withValue(setWords)}
        />
      </label>
      <div class="row" role="group" aria-label=${t("Save all as")}>
        <span class="muted">${t("Save all as")}</span>
        <${DownloadButton} path="export?format=html" label="HTML" />
        <${DownloadButton} path="export?format=text" label=${t("Text")} />
        <${DownloadButton} path="export?format=json" label="JSON" />
      </div>
    </div>
    <p class="hint" role="status">${countText(words, log.messages, status.store.messages)}</p>
    ${log.messages?.length === 0 && html`<${Empty} isSearch=${Boolean(words.trim())} />`}
    ${Boolean(log.messages?.length) && html`<${Lines} log=${log} onForget=${setDoomed} />`}
    ${
      doomed &&
      html`<${Confirm}
      title=${t("Forget this message?")} text=${t("It disappears for everybody, and can't be brought back.")}
      yes=${t("Forget")} onYes=${forget} onNo=${() => setDoomed(null)}
    />`
    }
  </div>`;
}

/**
 * The messages, oldest first; it begins at the newest.
 *
 * @param {{ log: ReturnType<typeof useLog>, onForget: (message: Message) => void }} props
 */
function Lines({ log, onForget }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const newest = log.messages?.at(-1)?.id;
  useLayoutEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [newest]);
  return html`<div class="log card" ref=${box} tabindex="0" role="region" aria-label=${t("History")}>
    ${log.hasMore && html`<button type="button" class="button-edged" onClick=${log.readOn}>${t("Show earlier ones")}</button>`}
    <ol>
      ${log.messages?.map((message) => html`<${Line} key=${message.id} message=${message} onForget=${onForget} />`)}
    </ol>
  </div>`;
}

/** @param {{ message: Message, onForget: (message: Message) => void }} props */
function Line({ message, onForget }) {
  const { author, to, text, lang, sent_at: at, media } = message;
  const said =
    text || [media?.artist, media?.title].filter(Boolean).join(" – ") || (media?.uri ?? "");
  return html`<li class=${`log-line log-${message.kind}`}>
    <div>
      <p class="log-head">
        <strong><bdi>${author.name}</bdi>${to && html` ${ARROW} <bdi>${to.name}</bdi>`}</strong>
        <time datetime=${at}>${when(at)}</time>
      </p>
      <p class="log-text"><bdi lang=${lang}>${said}</bdi></p>
    </div>
    <button type="button" class="button-icon" aria-label=${t("Forget this message")} onClick=${() => onForget(message)}>
      <${Icon} name="remove" />
    </button>
  </li>`;
}

/** @param {{ isSearch: boolean }} props */
function Empty({ isSearch }) {
  return html`<section class="card empty-card">
    <h2>${isSearch ? t("Nothing found") : t("Nothing has been said yet")}</h2>
    <p>${isSearch ? t("Try fewer or other words.") : t("What people say in the room is listed here. Private questions are not.")}</p>
  </section>`;
}

/**
 * Reads the newest part of the log, anew when something was said or other words are searched.
 *
 * @param {string} words
 */
function useLog(words) {
  const { api, status } = useDesk();
  const [messages, setMessages] = useState(/** @type {Message[] | null} */ (null));
  const [hasMore, setMore] = useState(false);
  const query = words ? `&q=${encodeURIComponent(words)}` : "";
  /** @param {string} place */
  const read = async (place) => {
    const answer = await api.ask("GET", `messages?limit=${PAGE}${query}${place}`);
    return answer.ok ? /** @type {Page} */ (answer.value) : null;
  };
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(
      async () => {
        const page = await read("");
        if (!isWanted || !page) return;
        setMessages(page.messages);
        setMore(page.more);
      },
      messages ? PAUSE_MS : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, query, status.store.messages]);
  return {
    messages,
    hasMore,
    async readOn() {
      const page = await read(`&before=${messages?.[0]?.id ?? 0}`);
      if (!page) return;
      setMessages((old) => [...page.messages, ...(old ?? [])]);
      setMore(page.more);
    },
    /** @param {number} id */
    drop: (id) => setMessages((old) => (old ?? []).filter((message) => message.id !== id)),
  };
}

/**
 * @param {string} words
 * @param {Message[] | null} messages
 * @param {number} all
 */
function countText(words, messages, all) {
  if (!messages) return "";
  if (words.trim()) return t("{count} shown", { count: number(messages.length) });
  return n("{count} message is kept", "{count} messages are kept", all);
}
